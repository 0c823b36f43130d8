"""The fuse: how much of the cap a member has used under a treaty, and what each level sets off (domain.md 5.7).

A treaty that caps by a RATE_CAP layer is cut by the engine, party by party. One that has a fuse and no such layer is cut
here: payable = max(0, cap − paid). Levels warn in both.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import translation
from django.utils.translation import gettext

from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.errors import Conflict, NotFound, gettext_noop
from kernel.letters import CaseMessage
from kernel.money import half_up, times, yuan
from kernel.notices import services as notices
from kernel.parameters.queries import value
from reguarantee.claims.models import Claim, Fuse, FuseEvent, Level
from reguarantee.claims.services import records
from reguarantee.claims.services.checking import needed
from reguarantee.claims.services.reckoning import released_base
from reguarantee.partners import services as partners
from reguarantee.treaties import queries as treaties
from reguarantee.treaties.engine import Terms

OWED = ("APPROVED", "PAYING", "PAID", "CLOSED")
_RANKS = list(Level.values)
_TELLS = {
    Level.YELLOW: gettext_noop("Claims under %(treaty)s have used %(used)s%% of the cap."),
    Level.ORANGE: gettext_noop(
        "Claims under %(treaty)s have used %(used)s%% of the cap. Only what is approved may be drawn; send a plan to the group."
    ),
    Level.RED: gettext_noop("Claims under %(treaty)s have reached the cap. New filings are stopped until the group releases it."),
}


class NoSuchFuse(NotFound):
    code = "NO_SUCH_FUSE"
    sentence = gettext_noop("There is no such fuse.")


class NotBlown(Conflict):
    code = "FUSE_NOT_BLOWN"
    sentence = gettext_noop("This fuse has not blown, so there is nothing to release.")


def cap_rate(terms: Terms, *, on: date, product: str) -> Decimal | None:
    """The cap by which levels are measured: the treaty's, else the parameter's where the treaty has a fuse; None without."""
    layers = [Decimal(layer["cap_rate"]) for layer in terms.document["layers"] if layer["kind"] == "RATE_CAP"]
    if layers:
        return min(layers)
    return value("rg.ordinary.claim_cap", on=on, product=product) if terms.document.get("fuse") else None


def _scope(claim: Claim, on: date) -> dict[str, str]:
    kind = value("rg.fuse.scope", on=on)
    filing = claim.filing
    assert filing is not None
    return {
        "product": filing.product_code if "PRODUCT" in kind else "",
        "bank": filing.bank_code if "BANK" in kind else "",
    }


def _figures(claim: Claim, scope: dict[str, str], *, on: date) -> tuple[int, int, int] | None:
    """(owed without this claim, cap, base) in fen of the fuse's scope; None without a cap or without any base to measure by."""
    version, filing = claim.treaty_version, claim.filing
    assert version is not None and filing is not None
    rate = cap_rate(treaties.terms_of(version), on=on, product=filing.product_code)
    if rate is None:
        return None
    base = released_base(version, today=on, member_code=claim.member_code, product=filing.product_code)
    if not base:
        return None
    rows = Claim.objects.filter(treaty_version=version, member_code=claim.member_code, status__in=OWED).exclude(id=claim.id)
    narrowed = {f"filing__{name}_code": code for name, code in scope.items() if code}
    owed = rows.filter(**narrowed).aggregate(total=Sum("approved_fen"))["total"] or 0
    return owed, times(base, rate), base


def left_under_cap(claim: Claim, *, today: date) -> int | None:
    """What may still be paid under a treaty that has a fuse and no cap layer: max(0, cap − paid); None: no such limit."""
    assert claim.treaty_version is not None
    document = treaties.terms_of(claim.treaty_version).document
    if not document.get("fuse") or any(layer["kind"] == "RATE_CAP" for layer in document["layers"]):
        return None
    figures = _figures(claim, _scope(claim, today), on=today)
    return None if figures is None else max(figures[1] - figures[0], 0)


def watch(claim: Claim, *, actor: Any, today: date) -> Fuse | None:
    """Measure the fuse after a claim was approved; a higher level tells people, red stops new filings."""
    version = claim.treaty_version
    assert version is not None
    scope = _scope(claim, today)
    figures = _figures(claim, scope, on=today)
    if figures is None:
        return None
    owed, cap, base = figures[0] + claim.approved_fen, figures[1], figures[2]
    level = _level(treaties.terms_of(version), owed, cap, today)
    fuse, _ = Fuse.objects.select_for_update().get_or_create(
        treaty_version=version, member_code=claim.member_code, **scope, defaults={"since": today}
    )
    rises = _RANKS.index(level) > _RANKS.index(fuse.level)
    changed = level != fuse.level
    fuse.level, fuse.paid_fen, fuse.cap_fen, fuse.base_fen = level, owed, cap, base
    if changed:
        fuse.since, fuse.released_on = today, None
    fuse.save()
    if changed:
        _event(fuse, "RISE" if rises else "FALL", "", actor, today)
    if rises:
        _set_off(fuse, claim, actor=actor, today=today)
    return fuse


def _level(terms: Terms, owed: int, cap: int, on: date) -> str:
    limits = terms.document.get("fuse") or {}
    for level, name in ((Level.RED, "stop"), (Level.ORANGE, "hold"), (Level.YELLOW, "warn")):
        rate = Decimal(limits[name]) if name in limits else value(f"rg.fuse.{name}", on=on)
        if owed >= times(cap, rate):
            return level.value
    return Level.NONE.value


def _set_off(fuse: Fuse, claim: Claim, *, actor: Any, today: date) -> None:
    facts = {"treaty": fuse.treaty_version.treaty.code, "used": str(fuse.used or 0), "member": fuse.member_code}
    sentence = _TELLS[Level(fuse.level)]
    for post in ("CLAIMS_HEAD", "TREATY_MANAGER"):
        notices.tell(post=post, sentence=sentence, facts=facts, url="/claims/fuses/")
    with translation.override(settings.LANGUAGE_CODE):
        text = gettext(sentence) % facts
    letter = CaseMessage(subject=f"claim:{claim.claim_no}", author="SYSTEM:fuse", text=text, on=today)
    records.post(letter, claim)
    if fuse.level == Level.RED:
        partners.stop(
            actor=actor, today=today, member_code=fuse.member_code, reason_code="FUSE", product=fuse.product, bank=fuse.bank,
            treaty=fuse.treaty_version.treaty.code, sentence=sentence,
            facts={**facts, "paid": yuan(fuse.paid_fen), "cap": yuan(fuse.cap_fen)},
        )  # fmt: skip


@transaction.atomic
def release(*, actor: Any, today: date, fuse_id: int, text: str) -> Fuse:
    """Let new filings in again, by a decision with its reason. Needs reguarantee_claims.fuse. Raises NoSuchFuse, NotBlown.

    The level stays what the figures say; the next claim that is approved may blow the fuse again only by a new rise.
    """
    check(actor, "reguarantee_claims.fuse")
    fuse = Fuse.objects.select_for_update(of=("self",)).select_related("treaty_version__treaty").filter(id=fuse_id).first()
    if fuse is None:
        raise NoSuchFuse
    if fuse.level != Level.RED or fuse.released_on is not None:
        raise NotBlown
    words = needed(text)
    fuse.released_on = today
    fuse.save(update_fields=["released_on"])
    partners.lift(
        actor=actor, today=today, member_code=fuse.member_code, reason_code="FUSE", product=fuse.product, bank=fuse.bank,
        treaty=fuse.treaty_version.treaty.code,
    )  # fmt: skip
    _event(fuse, "RELEASE", words, actor, today)
    return fuse


def _event(fuse: Fuse, event: str, text: str, actor: Any, today: date) -> None:
    facts = {"paid_fen": fuse.paid_fen, "cap_fen": fuse.cap_fen, "base_fen": fuse.base_fen}
    rate = half_up(fuse.paid_fen * 10_000, fuse.base_fen) if fuse.base_fen else None
    FuseEvent.objects.create(
        fuse=fuse, level=fuse.level, event=event, text=text[:300], facts_text=json.dumps({**facts, "rate_bp": rate}), on=today,
        by=actor.label,
    )  # fmt: skip
    told = {"member": fuse.member_code, "treaty": fuse.treaty_version.treaty.code, "level": fuse.level, "event": event, **facts}
    audit.leave(actor=actor, act="reguarantee_claims.fuse", subject=f"fuse:{fuse.id}", facts=told)
