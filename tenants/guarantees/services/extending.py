"""The loan runs on (展期): asked for by one person and approved in the short form by others (domain.md 7.1, step 19).

A guarantee of its own takes over what is outstanding, and is filed as the extension of the one before.
"""

from __future__ import annotations

from copy import copy
from datetime import date
from typing import Any

from kernel.access.permissions import check
from kernel.approval import queries as approvals
from kernel.approval import services as approval
from kernel.audit import services as audit
from kernel.calendar import whole_months
from kernel.documents.numbering import next_number
from kernel.errors import Conflict, Invalid, gettext_noop
from kernel.parameters.queries import value
from tenants.acts import act
from tenants.guarantees.flow import GUARANTEE
from tenants.guarantees.furnish import FLOW, furnish
from tenants.guarantees.models import Drawdown, Guarantee, Repayment
from tenants.guarantees.services.filing import file, tell_end
from tenants.guarantees.services.funnel import change, hold, own_share

F = Guarantee.Filing
SUBJECT = "extension"
_WITH_THE_GROUP = (F.SUBMITTED, F.REVIEWING, F.CONFIRMED)
_TAKEN_OVER = ("customer", "product", "bank_code", "bank_name", "region_code", "industry", "fee_rate", "contract_no", "loan_rate",
               "owner", "department", "source")  # fmt: skip


class NotLonger(Invalid):
    code = "EXTENSION_NOT_LONGER"
    sentence = gettext_noop("The guarantee runs until %(due_on)s already. Enter a later day.")


class ConsentMissing(Invalid):
    code = "CONSENT_MISSING"
    sentence = gettext_noop("An extension needs the written consent of the bank and of every counter-guarantor. Enter both.")


class ExtensionReasonMissing(Invalid):
    code = "REASON_MISSING"
    sentence = gettext_noop("Give the reason of the extension.")


class ExtendedTooOften(Conflict):
    code = "EXTENDED_TOO_OFTEN"
    sentence = gettext_noop("This loan was extended %(times)s times already; more is not allowed.")


class NothingToExtend(Conflict):
    code = "NOTHING_TO_EXTEND"
    sentence = gettext_noop("Nothing is outstanding, or a part was compensated already. Such a guarantee is not extended.")


def ask_extension(
    *,
    actor: Any,
    today: date,
    guarantee_id: int,
    due_on: date,
    bank_consent: str,
    counter_consents: str,
    reason: str,
) -> Guarantee:
    """Ask for an extension of the loan to `due_on`; nothing changes before others have approved it (domain.md 7.1, 7.4, 11.18).

    `bank_consent` is the number of the bank's extension agreement, `counter_consents` who consented in writing ("none" is
    a word too). Raises MissingPermission, WrongState, NotLonger, ConsentMissing, ExtensionReasonMissing, ExtendedTooOften,
    NothingToExtend, NoSuchGuarantee, CaseRunning.
    """
    check(actor, "guarantees.issue")
    bank_consent, counter_consents, reason = bank_consent.strip()[:80], counter_consents.strip()[:300], reason.strip()[:200]
    if not bank_consent or not counter_consents:
        raise ConsentMissing(field="counter_consents" if bank_consent else "bank_consent")
    if not reason:
        raise ExtensionReasonMissing(field="reason")
    with act("guarantees.ask_extension", actor=actor):
        old = hold(guarantee_id)
        _guard(old, due_on, today)
        asked = {
            "due_on": due_on.isoformat(), "bank_consent": bank_consent, "counter_consents": counter_consents, "reason": reason,
        }  # fmt: skip
        facts = {**asked, "amount_fen": old.outstanding_fen, "guaranteed_fen": own_share(old, old.outstanding_fen)}
        title = f"{old.customer.name} {old.number}"
        furnish("member")  # a house that was opened before this drawing shipped gets it at its first use
        approval.start(actor=actor, today=today, subject=extension_of(old), title=title, facts=facts, code=FLOW)
        audit.leave(actor=actor, act="guarantees.ask_extension", subject=old.subject, facts={"number": old.number, **asked})
    return old


def extension_of(guarantee: Guarantee) -> str:
    """The subject under which an extension of a guarantee is approved."""
    return f"{SUBJECT}:{guarantee.pk}"


def extension_closed(*, case: Any, outcome: str, actor: Any, today: date) -> None:
    """The approval has ended (kernel.approval listener): the loan is extended, or all stays as it is.

    What was true when it was asked for must still be; else the last signature is refused with the reason.
    """
    guarantee_id, told = int(case.subject.partition(":")[2]), case.facts
    if outcome == "APPROVED":
        _extend(
            actor=actor, today=today, guarantee_id=guarantee_id, due_on=date.fromisoformat(told["due_on"]),
            bank_consent=told["bank_consent"], counter_consents=told["counter_consents"], reason=told["reason"],
        )  # fmt: skip
        return
    with act("guarantees.refuse_extension", actor=actor):
        old = hold(guarantee_id)
        last = approvals.timeline(case.subject).last()
        facts = {"number": old.number, "due_on": told["due_on"], "reason": last.text if last is not None else ""}
        audit.leave(actor=actor, act="guarantees.refuse_extension", subject=old.subject, facts=facts)


def _extend(
    *, actor: Any, today: date, guarantee_id: int, due_on: date, bank_consent: str, counter_consents: str, reason: str
) -> None:
    """Let the loan run on in a guarantee of the added time.

    What is outstanding moves to it on one day, so that the balance in force never counts twice: today, or the day on
    which the old term ended. It is filed, pointing to the guarantee it extends, when that one is with the group.
    """
    with act("guarantees.extend", actor=actor):
        old = hold(guarantee_id)
        _guard(old, due_on, today)
        on = _first_day(old, today)
        facts = {"due_on": due_on, "bank_consent": bank_consent, "counter_consents": counter_consents, "reason": reason}
        carried = old.outstanding_fen
        new = _issue(old, on=on, due_on=due_on, today=today)
        audit.leave(
            actor=actor,
            act="guarantees.issue_extension",
            subject=new.subject,
            facts={"number": new.number, "of": old.number, **facts},
        )
        old.repaid_fen += carried
        old.release_certificate, old.end_reason = bank_consent, f"{new.number} {reason}"[:300]
        change(old, "extend", actor=actor, today=today, on=on, facts={"by": new.number, **facts})
        Repayment.objects.create(guarantee=old, reference=new.number, on=on, principal_fen=carried)
        new.drawn_fen = carried
        change(new, "draw_all", actor=actor, today=today, on=on, facts={"iou_no": bank_consent, "amount_fen": carried, "on": on})
        Drawdown.objects.create(guarantee=new, iou_no=bank_consent, on=on, amount_fen=carried)
        tell_end(old, carried_fen=carried)  # first: what goes on may not run beside it
        if old.filing_status in _WITH_THE_GROUP:
            file(new, today=today)


def _guard(old: Guarantee, due_on: date, today: date) -> None:
    GUARANTEE.move(copy(old), "extend")  # the wrong state is heard before anything is looked at
    if not old.outstanding_fen or not own_share(old, old.outstanding_fen) or old.compensated_principal_fen:
        raise NothingToExtend
    if due_on <= max(old.due_on, today):
        raise NotLonger(due_on=max(old.due_on, today), field="due_on")
    times, first = 0, old
    while first.extends is not None:
        times, first = times + 1, first.extends
    if times >= value("proc.extension.max_count", on=today):
        raise ExtendedTooOften(times=times)


def _first_day(old: Guarantee, today: date) -> date:
    """Today, at the latest the end of the old term: no day is covered twice, none stays without cover."""
    moved = old.movements.order_by("-on").values_list("on", flat=True).first() or old.start_on
    return min(today, max(old.due_on, moved))


def _issue(old: Guarantee, *, on: date, due_on: date, today: date) -> Guarantee:
    """The guarantee of the added time, of what is outstanding, with the share fixed at the first issue."""
    new = Guarantee(
        number=next_number(kind="DB", today=today),
        approved_on=on,
        issued_on=today,
        loan_fen=old.outstanding_fen,
        guaranteed_fen=own_share(old, old.outstanding_fen),
        term_months=max(whole_months(on, due_on), 1),
        state=GUARANTEE.initial,
        extends=old,
        **{name: getattr(old, name) for name in _TAKEN_OVER},
    )
    new.save(force_insert=True)
    new.start_on, new.due_on = on, due_on  # kept with the drawdown that follows
    return new
