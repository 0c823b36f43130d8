"""The case: opened for a compensated guarantee, its log, and the costs of the pursuit."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Sum

from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.documents.numbering import next_number
from kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from tenants.acts import act
from tenants.claims.models import Compensation
from tenants.guarantees import services as guarantees
from tenants.guarantees.models import Guarantee
from tenants.recoveries.models import Case, Cost, CostKind, Entry


class CaseMissing(NotFound):
    code = "NO_SUCH_RECOVERY_CASE"
    sentence = gettext_noop("There is no such recovery case.")


class NothingToPursue(Conflict):
    code = "NOTHING_TO_PURSUE"
    sentence = gettext_noop("Nothing was paid to the bank for %(number)s yet, so there is nothing to recover.")


class NotInTheFuture(Invalid):
    code = "RECOVERY_IN_THE_FUTURE"
    sentence = gettext_noop("%(on)s has not come yet.")


class NoCost(Invalid):
    code = "NO_COST"
    sentence = gettext_noop("Enter costs above nothing and choose their kind.")


class NothingSaid(Invalid):
    code = "NOTHING_SAID"
    sentence = gettext_noop("Say what happened, or choose the stage that the case has reached.")


def hold(guarantee_id: int, *, actor: Any, today: date) -> Case:
    """The case of a guarantee with its row locked; opened when there is none. Raises NothingToPursue."""
    guarantee = guarantees.hold(guarantee_id)
    case = Case.objects.select_for_update(of=("self",)).select_related("guarantee").filter(guarantee=guarantee).first()
    if case is not None:
        return case
    if not guarantee.compensation_fen:
        raise NothingToPursue(number=guarantee.number)
    case = Case.objects.create(number=next_number(kind="ZC", today=today), guarantee=guarantee, opened_on=today)
    audit.leave(actor=actor, act="recoveries.open", subject=guarantee.subject, facts={"case": case.number})
    return case


def open_case(*, actor: Any, today: date, guarantee_id: int) -> Case:
    """Start to pursue the debtor of a compensated guarantee; the standing case when there is one. Needs recoveries.record.

    Raises NothingToPursue, NoSuchGuarantee.
    """
    check(actor, "recoveries.record")
    with act("recoveries.open", actor=actor):
        return hold(guarantee_id, actor=actor, today=today)


def note(
    *,
    actor: Any,
    today: date,
    guarantee_id: int,
    kind: str,
    on: date,
    text: str = "",
    stage: str = "",
    deadline: date | None = None,
) -> Entry:
    """Write a line of the case's log; a STAGE line moves the case there and keeps its deadline (domain.md 7.8).

    Needs recoveries.record. Raises NothingSaid, NotInTheFuture, NothingToPursue.
    """
    check(actor, "recoveries.record")
    is_stage = kind == Entry.Kind.STAGE
    if (is_stage and stage not in Case.Stage.values) or (not is_stage and not text.strip()):
        raise NothingSaid(field="stage" if is_stage else "text")
    if on > today:
        raise NotInTheFuture(field="on", on=on)
    with act("recoveries.note", actor=actor):
        case = hold(guarantee_id, actor=actor, today=today)
        told = {"kind": Entry.Kind(kind), "stage": stage if is_stage else "", "on": on, "deadline": deadline}
        entry = Entry.objects.create(case=case, text=text.strip()[:1000], by=actor.label, **told)
        if is_stage:
            case.stage = stage
        if is_stage or deadline:
            case.next_deadline = deadline
        case.save(update_fields=["stage", "next_deadline"])
        facts = {"case": case.number, "kind": kind, "stage": stage, "on": on}
        audit.leave(actor=actor, act="recoveries.note", subject=case.guarantee.subject, facts=facts)
    return entry


def spend(*, actor: Any, today: date, guarantee_id: int, kind: str, fen: int, on: date) -> Cost:
    """Write down a cost of the pursuit; the next receipt carries it. Needs recoveries.record. Raises NoCost."""
    check(actor, "recoveries.record")
    with act("recoveries.spend", actor=actor):
        case = hold(guarantee_id, actor=actor, today=today)
        cost = add_cost(case, kind, fen, on, actor=actor, today=today)
        facts = {"case": case.number, "kind": kind, "fen": fen, "on": on}
        audit.leave(actor=actor, act="recoveries.spend", subject=case.guarantee.subject, facts=facts)
    return cost


def add_cost(case: Case, kind: str, fen: int, on: date, *, actor: Any, today: date) -> Cost:
    if fen <= 0 or kind not in CostKind.values:
        raise NoCost(field="fen")
    if on > today:
        raise NotInTheFuture(field="on", on=on)
    return Cost.objects.create(case=case, kind=kind, fen=fen, on=on, by=actor.label)


def open_cost(case: Case) -> int:
    """Costs in fen that no receipt has carried yet."""
    spent = case.costs.aggregate(total=Sum("fen"))["total"] or 0
    carried = case.receipts.aggregate(total=Sum("cost_fen"))["total"] or 0
    return spent - carried


def debt(guarantee: Guarantee) -> int:
    """What the debtor owed the bank when we paid, the bank's own part included, in fen (domain.md 12: the bank shares)."""
    rows = Compensation.objects.filter(guarantee=guarantee).aggregate(p=Sum("principal_fen"), i=Sum("interest_fen"))
    # An imported guarantee may say only what was paid for it.
    return max((rows["p"] or 0) + (rows["i"] or 0), guarantee.compensation_fen)


def compensated_principal(guarantee: Guarantee) -> int:
    """Unpaid principal of the whole loan in all payments to the bank, in fen: what the group's claims are about (5.8.1)."""
    return Compensation.objects.filter(guarantee=guarantee).aggregate(total=Sum("principal_fen"))["total"] or 0


def still_owed(case: Case) -> int:
    """What of the debt has not come back yet, in fen."""
    return debt(case.guarantee) - (case.receipts.aggregate(total=Sum("net_fen"))["total"] or 0)
