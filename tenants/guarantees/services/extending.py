"""The loan runs on (展期): a guarantee of its own takes over what is outstanding, and is filed as its extension."""

from __future__ import annotations

from copy import copy
from datetime import date
from typing import Any

from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.calendar import whole_months
from kernel.documents.numbering import next_number
from kernel.errors import Conflict, Invalid, gettext_noop
from kernel.parameters.queries import value
from tenants.acts import act
from tenants.guarantees.flow import GUARANTEE
from tenants.guarantees.models import Drawdown, Guarantee, Repayment
from tenants.guarantees.services.filing import file, tell_end
from tenants.guarantees.services.funnel import change, hold, own_share

F = Guarantee.Filing
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


def extend(
    *,
    actor: Any,
    today: date,
    guarantee_id: int,
    due_on: date,
    bank_consent: str,
    counter_consents: str,
    reason: str,
) -> Guarantee:
    """Extend the loan to `due_on` and return the guarantee that goes on for the added time (domain.md 7.4, 11.18).

    What is outstanding moves to it on one day, so that the balance in force never counts twice: today, or the day on
    which the old term ended. `bank_consent` is the number of the bank's extension agreement, `counter_consents` who
    consented in writing ("none" is a word too). It is filed, pointing to the guarantee it extends, when that one is with
    the group. Raises MissingPermission, WrongState, NotLonger, ConsentMissing, ExtensionReasonMissing, ExtendedTooOften,
    NothingToExtend, NoSuchGuarantee.
    """
    check(actor, "guarantees.issue")
    bank_consent, counter_consents, reason = bank_consent.strip()[:80], counter_consents.strip()[:300], reason.strip()[:200]
    if not bank_consent or not counter_consents:
        raise ConsentMissing(field="counter_consents" if bank_consent else "bank_consent")
    if not reason:
        raise ExtensionReasonMissing(field="reason")
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
    return new


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
