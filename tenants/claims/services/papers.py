"""The claim's papers of a guarantee, kept from the first day of its cover, and how ready they are (domain.md 5.8.3)."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, BinaryIO

from kernel.access.permissions import check
from kernel.documents import services as documents
from kernel.documents.models import Document
from kernel.errors import Invalid, gettext_noop
from tenants.acts import act
from tenants.claims.models import ClaimFile, ClaimTerms, Compensation
from tenants.claims.slots import AFTER_PAYMENT, REQUIRED, SLOTS
from tenants.guarantees.models import Guarantee
from tenants.guarantees.services import hold


class NoSuchSlot(Invalid):
    code = "NO_SUCH_SLOT"
    sentence = gettext_noop("A claim has no papers of the kind “%(slot)s”. Choose one from the list.")


def subject_of(guarantee_id: int) -> str:
    """Whose the papers are for kernel.documents."""
    return f"claim_file:{guarantee_id}"


def terms_of(guarantee: Guarantee) -> ClaimTerms | None:
    """What the guarantee's agreement asks of a claim, as last told by the group."""
    return ClaimTerms.objects.filter(treaty_code=guarantee.treaty_code).order_by("-version").first()


def required(guarantee: Guarantee) -> list[str]:
    """Codes of the papers that a claim on this guarantee must bring."""
    terms = terms_of(guarantee)
    return list(terms.documents) if terms and terms.documents else list(REQUIRED)


def expected(guarantee: Guarantee) -> list[str]:
    """Those of them that can be there now: all after a payment to the bank, before it only what exists from the start."""
    whole = required(guarantee)
    if Compensation.objects.filter(guarantee=guarantee).exists():
        return whole
    return [slot for slot in whole if slot not in AFTER_PAYMENT]


def attach(*, actor: Any, today: date, guarantee_id: int, slot: str, name: str, file: BinaryIO) -> Document:
    """Put a paper into a slot of the guarantee's claim file. Needs claims.file. Raises NoSuchSlot, TooLarge, WrongType."""
    check(actor, "claims.file")
    with act("claims.attach", actor=actor):
        guarantee = hold(guarantee_id)
        if slot not in SLOTS and slot not in required(guarantee):
            raise NoSuchSlot(field="slot", slot=slot)
        kept = documents.store(actor=actor, today=today, subject=subject_of(guarantee.pk), name=name, file=file, kind=slot)
        refresh(guarantee)
    return kept


def remove(*, actor: Any, today: date, guarantee_id: int, document_id: Any) -> None:
    """Take a paper out of the claim file; it stays on record. Needs claims.file. Raises NoSuchDocument."""
    check(actor, "claims.file")
    with act("claims.remove", actor=actor):
        guarantee = hold(guarantee_id)
        documents.remove(actor=actor, subject=subject_of(guarantee.pk), document_id=document_id)
        refresh(guarantee)


def refresh(guarantee: Guarantee) -> ClaimFile:
    """Count again which slots hold a paper, and the score: 100 when all that can be there is there. The row is held."""
    kinds = Document.objects.filter(subject=subject_of(guarantee.pk), removed_at=None).order_by("kind")
    present = list(kinds.values_list("kind", flat=True).distinct())
    wanted = expected(guarantee)
    there = sum(slot in present for slot in wanted)
    score = 100 * there // len(wanted) if wanted else 100
    found, _ = ClaimFile.objects.update_or_create(guarantee=guarantee, defaults={"present": present, "score": score})
    return found


def adopt_terms(*, actor: Any, today: date, code: str, version: int, terms: str) -> ClaimTerms:
    """Keep what an agreement (terms document, JSON text) asks of claims. Called by the reader of AGREEMENT_TOLD."""
    document = json.loads(terms)
    asked = document.get("claims") or {}
    told = {
        "documents": list(asked.get("documents") or []),
        "deadline_days": asked.get("deadline_days"),
        "loss_base": document.get("loss_base", "PRINCIPAL"),
    }
    with act("claims.adopt_terms", actor=actor):
        kept, _ = ClaimTerms.objects.update_or_create(treaty_code=code, version=version, defaults=told)
        for file in ClaimFile.objects.select_related("guarantee").filter(guarantee__treaty_code=code):
            refresh(file.guarantee)
    return kept
