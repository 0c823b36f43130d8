"""What an applicant does: apply, send papers, answer, apply again, withdraw. The private link is all it has.

The link's token is long and random; only its SHA-256 is kept, so nobody can read it here, not even in the database.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from io import BytesIO
from typing import Any, BinaryIO

from django.db import IntegrityError, transaction

from kernel import codes
from kernel.access.actors import Actor
from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.documents import services as documents
from kernel.documents.models import Document
from kernel.documents.numbering import next_number
from kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from kernel.notices import services as notices
from reguarantee.admission.models import Ask, Case, Standard, State
from reguarantee.admission.services.answers import read_answers
from reguarantee.admission.services.cases import advance, analysed, because, begin, hold, within, written
from reguarantee.partners import queries as partners

_APPLIED = gettext_noop("%(name)s has applied for cooperation (%(number)s).")
_ANSWERED = gettext_noop("%(name)s has answered what was asked for (%(number)s).")
OFFICERS = "ADMISSION_OFFICER"
_OPEN = (State.APPLIED, State.RETURNED, State.DOCUMENTS)


class NotNow(Conflict):
    """Says the same whether a case is open or the institution works with us: a stranger learns nothing."""

    code = "APPLICATION_NOT_TAKEN"
    sentence = gettext_noop(
        "An application for this institution cannot be taken now. If it has applied already, open the private link it was given."
    )


class NoStandard(Conflict):
    code = "NO_ADMISSION_STANDARD"
    sentence = gettext_noop("No standard is in force for this kind of institution yet. Publish one first.")


class NoSuchLink(NotFound):
    code = "NO_SUCH_APPLICATION_LINK"
    sentence = gettext_noop("This link opens no application. Check that you have copied all of it.")


class Ended(Conflict):
    code = "APPLICATION_ENDED"
    sentence = gettext_noop("This application has ended; nothing can be added to it.")


class NoSuchSlot(Invalid):
    code = "NO_SUCH_PAPER"
    sentence = gettext_noop("Choose one of the papers in the list.")


class NoSuchAsk(NotFound):
    code = "NO_SUCH_REQUEST"
    sentence = gettext_noop("There is no open request like this.")


class TooManyFiles(Conflict):
    code = "TOO_MANY_FILES"
    sentence = gettext_noop("%(limit)s files are the most that an application can hold. Remove one first.")


FILES_MAX = 60
TABLE = "FIGURES"
"""Kind of document: the table that an application's figures were read from."""
LINK_DAYS_AFTER_END = 90
"""For so long after its end a case can still be read by its link: the applicant keeps a copy, the link stays no key for ever."""


def applicant(case: Case) -> Actor:
    """Who acts when the holder of the private link does."""
    return Actor("APPLICANT", case.number)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def apply(
    *,
    actor: Any,
    today: date,
    kind: str,
    name: str,
    uscc: str,
    code: str,
    region_code: str = "",
    answers: Mapping[str, Any],
    table: tuple[str, bytes] | None = None,
) -> tuple[Case, str]:
    """Take an application with its figures; the program judges it at once. Returns the case and the link's token, once.

    `actor` is the applicant (an Actor) or an officer who enters it from paper (needs admission.handle). `code` is the
    code wished for. The standard in force on `today` is the one it will be judged by. Of two at once for one institution
    one is taken. `table` is the name and bytes of a table from which the figures came; it is kept with the case (PAR-22).
    Raises BadUscc, BadAnswer, NotNow, NoStandard.
    """
    if actor.id is not None:
        check(actor, "admission.handle")
    told = read_answers(kind, answers)
    uscc = codes.uscc(uscc)
    standard = (
        Standard.objects.filter(kind=kind, published_on__isnull=False, effective_from__lte=today).order_by("-version").first()
    )
    if standard is None:
        raise NoStandard
    if partners.listing(today=today, kind=kind, q=uscc).exclude(status__in=["CANDIDATE", "EXITED"]).filter(uscc=uscc).exists():
        raise NotNow(field="uscc")
    token = secrets.token_urlsafe(32)
    case = Case(
        number=next_number(kind="ZR", today=today),
        kind=kind,
        name=name.strip(),
        uscc=uscc,
        code=code.strip().upper(),
        region_code=region_code,
        answers=written(told),
        standard=standard,
        source="PUBLIC" if actor.id is None else "OFFICER",
        token_hash=digest(token),
        applied_on=today,
    )
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError as error:
        if "admission_case_one_open" not in str(error):
            raise
        raise NotNow(field="uscc") from error
    begin(case, today=today)
    _keep_table(case, table, actor=actor, today=today)
    analysed(case, actor=actor, today=today, preliminary=True)
    notices.tell(
        post=OFFICERS, sentence=_APPLIED, facts={"name": case.name, "number": case.number}, url=f"/admission/cases/{case.pk}/"
    )
    audit.leave(actor=actor, act="admission.apply", subject=case.subject, facts={"number": case.number, "kind": kind})
    return case, token


def by_token(token: str, *, on: date) -> Case:
    """The case of a private link. Raises NoSuchLink, also for one that was replaced or whose case ended long ago."""
    case = Case.objects.select_related("standard").filter(token_hash=digest(token)).first()
    if case is None or (case.closed_on is not None and on > case.closed_on + timedelta(days=LINK_DAYS_AFTER_END)):
        raise NoSuchLink
    return case


@transaction.atomic
def renew_link(*, actor: Any, today: date, case_id: int) -> tuple[Case, str]:
    """Give the applicant a new private link: the old one is lost, is known to others, or there never was one (an officer's
    entry). The old one opens nothing from now on. Returns the case and the new token, once. Needs admission.handle.

    Raises Ended.
    """
    check(actor, "admission.handle")
    case = hold(case_id)
    if case.closed_on is not None:
        raise Ended
    token = secrets.token_urlsafe(32)
    case.token_hash = digest(token)
    case.save(update_fields=["token_hash"])
    audit.leave(actor=actor, act="admission.renew_link", subject=case.subject, facts={"number": case.number})
    return case, token


@transaction.atomic
def reapply(
    *,
    actor: Any,
    today: date,
    case_id: int,
    name: str,
    region_code: str,
    answers: Mapping[str, Any],
    table: tuple[str, bytes] | None = None,
) -> Case:
    """Apply again after a return, with corrected figures, perhaps from a `table`. Raises BadAnswer, WrongState."""
    case = hold(case_id)
    told = read_answers(case.kind, answers)
    case.name, case.region_code, case.answers = name.strip(), region_code, written(told)
    advance(case, "reapply", actor=actor, today=today)
    _keep_table(case, table, actor=actor, today=today)
    analysed(case, actor=actor, today=today, preliminary=True)
    _tell_owner(case, _APPLIED)
    return case


def _keep_table(case: Case, table: tuple[str, bytes] | None, *, actor: Any, today: date) -> None:
    if table is not None:
        name, data = table
        documents.store(actor=actor, today=today, subject=case.subject, name=name, file=BytesIO(data), kind=TABLE)


@transaction.atomic
def attach(*, actor: Any, today: date, case_id: int, slot: str, name: str, file: BinaryIO) -> Document:
    """Keep a paper of a kind that the case's standard lists. Answers an open request for it.

    An applicant may send papers until the analysis begins, and later when one is asked for.
    Raises Ended, NoSuchSlot, NotInStep, TooManyFiles, TooLarge, WrongType.
    """
    case = hold(case_id)
    if actor.id is None and case.closed_on is not None:
        raise Ended
    slots = {row["code"] for row in case.standard.document["documents"]}
    asked = case.asks.filter(slot=slot, answered_on=None).first() if slot else None
    if slot not in slots:
        raise NoSuchSlot(field="slot")
    if actor.id is None and asked is None:
        within(case, *_OPEN)
    elif actor.id is not None:
        check(actor, "admission.handle")
    sent = Document.objects.filter(subject=case.subject)
    # Bytes of removed files stay for the record, so sending and removing without end is bounded too.
    if sent.filter(removed_at=None).count() >= FILES_MAX or sent.count() >= 3 * FILES_MAX:
        raise TooManyFiles(field="file", limit=FILES_MAX)
    document = documents.store(actor=actor, today=today, subject=case.subject, name=name, file=file, kind=slot)
    if asked is not None:
        asked.answered_on, asked.answer = today, document.name
        asked.save(update_fields=["answered_on", "answer"])
        _tell_owner(case, _ANSWERED)
    return document


@transaction.atomic
def detach(*, actor: Any, today: date, case_id: int, document_id: Any) -> None:
    """Take a paper out again while papers may still be sent. Raises NotInStep, NoSuchDocument."""
    case = hold(case_id)
    if actor.id is not None:
        check(actor, "admission.handle")
    within(case, *_OPEN)
    documents.remove(actor=actor, subject=case.subject, document_id=document_id)


@transaction.atomic
def answer(*, actor: Any, today: date, case_id: int, ask_id: int, text: str) -> Ask:
    """Answer a question of the group. Raises Ended, NoSuchAsk, ReasonRequired."""
    case = hold(case_id)
    if case.closed_on is not None:
        raise Ended
    ask = case.asks.select_for_update().filter(pk=ask_id, slot="", answered_on=None).first()
    if ask is None:
        raise NoSuchAsk
    ask.answered_on, ask.answer = today, because(text)[:2000]
    ask.save(update_fields=["answered_on", "answer"])
    audit.leave(actor=actor, act="admission.answer", subject=case.subject, facts={"ask": ask.pk})
    _tell_owner(case, _ANSWERED)
    return ask


@transaction.atomic
def withdraw(*, actor: Any, today: date, case_id: int, reason: str) -> Case:
    """The applicant takes its application back. Raises ReasonRequired, WrongState."""
    case = hold(case_id)
    if actor.id is not None:
        check(actor, "admission.handle")
    return advance(case, "withdraw", actor=actor, today=today, text=because(reason))


def _tell_owner(case: Case, sentence: str) -> None:
    whom: dict[str, Any] = {"user_ids": [case.owner_id]} if case.owner_id else {"post": OFFICERS}
    notices.tell(sentence=sentence, facts={"name": case.name, "number": case.number}, url=f"/admission/cases/{case.pk}/", **whom)
