"""Reads of guarantees: lists, one guarantee, what a bank or the group sees. Figures stand in figures.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.access.permissions import may
from kernel.access.queries import visible
from kernel.approval import queries as approvals
from tenants import timeline as story
from tenants.guarantees.channels import Brought, brought, by_it
from tenants.guarantees.figures import (
    IN_FORCE,
    Figures,
    Month,
    Slice,
    by_bank,
    by_industry,
    by_product,
    figures,
    series,
)
from tenants.guarantees.flow import GUARANTEE
from tenants.guarantees.models import (
    Drawdown,
    FilingList,
    FilingListRow,
    Guarantee,
    Movement,
    Repayment,
    ReportedGuarantee,
    ReportingScope,
)
from tenants.guarantees.services.extending import extension_of
from tenants.guarantees.services.funnel import NoSuchGuarantee

__all__ = [
    "Brought",
    "Figures",
    "Month",
    "Slice",
    "brought",
    "by_bank",
    "by_industry",
    "by_it",
    "by_product",
    "figures",
    "series",
]
STATES = Guarantee.State.choices
COVERAGES = Guarantee.Coverage.choices
FILINGS = Guarantee.Filing.choices
S = Guarantee.State
DEFECTS: dict[str, Any] = {
    "CONTRACT_NO": gettext_lazy("The number of the loan contract is missing or wrong"),
    "IOU_NO": gettext_lazy("The number of the drawdown note is missing or wrong"),
    "AMOUNT": gettext_lazy("Amounts do not agree with the contract"),
    "DATES": gettext_lazy("Dates do not agree with the contract"),
    "OBLIGOR": gettext_lazy("Name or identity of the borrower is wrong"),
    "BANK": gettext_lazy("The bank or its branch is wrong"),
    "INDUSTRY": gettext_lazy("Industry or size class is wrong"),
    "RATE": gettext_lazy("Interest or fee is missing or wrong"),
    "EXTENSION": gettext_lazy("The guarantee that is prolonged is not named"),
    "CONSENT": gettext_lazy("The counter-guarantors' consent is missing"),
    "OTHER": gettext_lazy("Something else"),
}
"""What the group may want corrected, by the code that its letter carries."""
_TODO: dict[str, Any] = {
    "": gettext_lazy("It is filed by itself when the loan is fully drawn; an imported one by list."),
    "SUBMITTED": gettext_lazy("Nothing to do: the group's answer comes in a moment."),
    "REVIEWING": gettext_lazy("Nothing to do: the group decides case by case."),
    "RETURNED": gettext_lazy("Correct what is named and file it again."),
    "REJECTED": gettext_lazy("The risk stays with us. File again when the reason is gone."),
    "WITHDRAWN": gettext_lazy("The risk stays with us. It can be filed again while it is in force."),
}
_VERBS = (
    ("drawdown", ("draw",), "guarantees.register"),
    ("complete", ("complete",), "guarantees.register"),
    ("repay", ("repay",), "guarantees.register"),
    ("mark_overdue", ("mark_overdue",), "guarantees.register"),
    ("cure", ("cure",), "guarantees.register"),
    ("pay", ("compensate",), "claims.pay"),
    ("extend", ("extend",), "guarantees.issue"),
    ("release", ("release",), "guarantees.release"),
    ("lapse", ("lapse",), "guarantees.release"),
    ("cancel", ("cancel",), "guarantees.release"),
)


def _rows() -> QuerySet[Guarantee]:
    return Guarantee.objects.select_related("customer", "product", "owner", "department", "application")


def book(user: Any) -> QuerySet[Guarantee]:
    """The guarantees that the user's data scope shows him, newest first."""
    return visible(user, _rows()).order_by("-id")


def find(
    user: Any,
    *,
    q: str = "",
    state: str = "",
    bank: str = "",
    product: str = "",
    industry: str = "",
    coverage: str = "",
    issued_from: date | None = None,
    issued_to: date | None = None,
    due_to: date | None = None,
) -> QuerySet[Guarantee]:
    """`book`, narrowed; `q` looks in number, customer, external reference. `state` may also be OPEN (has a balance)."""
    rows = book(user)
    if q := q.strip():
        rows = rows.filter(Q(number__icontains=q) | Q(customer__name__icontains=q) | Q(external_ref__istartswith=q))
    if state == "OPEN":
        rows = rows.filter(state__in=IN_FORCE)
    elif state:
        rows = rows.filter(state=state)
    wanted = {
        "bank_name": bank,
        "product__code": product,
        "industry": industry,
        "coverage": coverage,
        "issued_on__gte": issued_from,
        "issued_on__lte": issued_to,
        "due_on__lte": due_to,
    }
    return rows.filter(**{name: value for name, value in wanted.items() if value})


def filings(user: Any) -> QuerySet[Guarantee]:
    """Visible guarantees as filings: those filed and those that still have to be, what needs the member first."""
    return book(user).exclude(filing_status="", state__in=[S.CANCELLED, S.LAPSED, S.RELEASED, S.COMPENSATED])


def filings_to_mend(user: Any) -> int:
    """How many filings the group has returned."""
    return book(user).filter(filing_status=Guarantee.Filing.RETURNED).count()


def what_to_do(guarantee: Guarantee) -> str:
    """What the member does next about the cover of a guarantee, in a sentence; "" when all is well."""
    if guarantee.filing_status == Guarantee.Filing.CONFIRMED:
        return _("A limit is near; ask the group before you promise more.") if guarantee.line_near else ""
    if guarantee.ended_on is not None:
        return ""
    return str(_TODO.get(guarantee.filing_status, ""))


def filing_actions(user: Any, guarantee: Guarantee) -> list[str]:
    """file, correct, withdraw: possible now and permitted."""
    if not may(user, "guarantees.file"):
        return []
    running = guarantee.state in (S.IN_FORCE, S.OVERDUE)
    status = guarantee.filing_status
    verbs = []
    if running and status == Guarantee.Filing.RETURNED:
        verbs.append("correct")
    elif running and status in ("", Guarantee.Filing.REJECTED, Guarantee.Filing.WITHDRAWN):
        verbs.append("file")
    if guarantee.ended_on is None and status in ("SUBMITTED", "REVIEWING", "RETURNED", "CONFIRMED"):
        verbs.append("withdraw")
    return verbs


def filing_lists() -> QuerySet[FilingList]:
    """Lists that were filed at one go, newest first, with `.rows_count` and `.filed`."""
    filed = Count("rows", filter=Q(rows__code="FILED"))
    return FilingList.objects.annotate(rows_count=Count("rows"), filed=filed).order_by("-id")


def filing_list(list_id: int) -> FilingList:
    """Raises NoSuchGuarantee when there is no such list."""
    found = filing_lists().filter(pk=list_id).first()
    if found is None:
        raise NoSuchGuarantee
    return found


def filing_list_rows(list_id: int) -> QuerySet[FilingListRow]:
    """The rows of a list in the order of the file."""
    return FilingListRow.objects.filter(list=list_id).select_related("guarantee").order_by("line")


def one(user: Any, guarantee_id: int) -> Guarantee:
    """One visible guarantee. Raises NoSuchGuarantee."""
    found = book(user).filter(pk=guarantee_id).first()
    if found is None:
        raise NoSuchGuarantee
    return found


def of_customer(user: Any, customer_id: int) -> QuerySet[Guarantee]:
    """The visible guarantees of one customer (CUS-14)."""
    return book(user).filter(customer_id=customer_id)


def due_soon(user: Any, today: date, days: int = 30) -> QuerySet[Guarantee]:
    """Guarantees with a balance that end within `days`, overdue ones included; the earliest first (BUS-97)."""
    rows = visible(user, _rows()).filter(ended_on__isnull=True, state__in=IN_FORCE)
    return rows.filter(due_on__lte=today + timedelta(days=days)).order_by("due_on", "id")


def for_bank(bank_code: str, *, after: int | None = None, limit: int = 50, state: str = "") -> list[Guarantee]:
    """A page of the guarantees of this bank's loans, newest first; `after` is the last id of the page before."""
    rows = _rows().filter(bank_code=bank_code)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    if state:
        rows = rows.filter(state=state)
    return list(rows.order_by("-id")[:limit])


def one_for_bank(bank_code: str, guarantee_id: int) -> Guarantee:
    """One guarantee of this bank's loan. For any other bank it does not exist: raises NoSuchGuarantee."""
    found = _rows().filter(bank_code=bank_code, pk=guarantee_id).first()
    if found is None:
        raise NoSuchGuarantee
    return found


@dataclass(frozen=True)
class Money:
    """The money of one guarantee, each list in the order of its days."""

    drawdowns: list[Drawdown]
    repayments: list[Repayment]
    movements: list[Movement]


def money(guarantee: Guarantee) -> Money:
    """Drawdowns, repayments and the daily balances of a guarantee; three queries."""
    return Money(
        list(guarantee.drawdowns.order_by("on", "id")),
        list(guarantee.repayments.order_by("on", "id")),
        list(guarantee.movements.order_by("on")),
    )


def actions(user: Any, guarantee: Guarantee) -> list[str]:
    """The verbs for which the user gets a button: possible in this state and permitted."""
    possible = set(GUARANTEE.events(guarantee.state))
    verbs = [verb for verb, events, permission in _VERBS if possible & set(events) and may(user, permission)]
    if guarantee.outstanding_fen:
        if "extend" in verbs and extension_asked(guarantee) is not None:
            verbs.remove("extend")
        return [verb for verb in verbs if verb != "release"]
    return [verb for verb in verbs if verb not in ("repay", "pay", "extend")]


def extension_asked(guarantee: Guarantee) -> dict[str, Any] | None:
    """What is asked for by an extension that waits for its approval (`due_on`, consents, reason, amounts in fen), or None."""
    case = approvals.case_of(extension_of(guarantee))
    if case is None or case.status != "RUNNING":
        return None
    return {**case.facts, "due_on": date.fromisoformat(case.facts["due_on"]), "by": case.started_by_label}


def to_extend(user: Any, guarantee_id: int, today: date) -> tuple[Guarantee, dict[str, Any]]:
    """The guarantee and what is asked, for whoever has a task of this extension. Raises NoSuchGuarantee for anybody else."""
    guarantee = _rows().filter(pk=guarantee_id).first()
    asked = extension_asked(guarantee) if guarantee is not None else None
    if guarantee is None or asked is None or not approvals.mine(user, extension_of(guarantee), today):
        raise NoSuchGuarantee
    return guarantee, asked


def chain(guarantee: Guarantee) -> list[Guarantee]:
    """The loan's guarantees from the first to the last extension; one alone is no chain: []."""
    first = guarantee
    while first.extends is not None:
        first = first.extends
    found, ahead = [], [first]
    while ahead:
        found += ahead
        ahead = list(Guarantee.objects.filter(extends__in=ahead).order_by("id"))
    return found if len(found) > 1 else []


def steps(guarantee: Guarantee) -> list[dict[str, Any]]:
    """The step bar from application to the end. Keys label, state (done, now, todo, failed), note."""
    state = guarantee.state
    drawn = {S.ISSUED: "now", S.PARTLY_DRAWN: "now"}.get(S(state), "done" if guarantee.start_on else "todo")
    running = {S.IN_FORCE: "now", S.OVERDUE: "failed"}.get(S(state), "done")
    if state in (S.ISSUED, S.PARTLY_DRAWN) or not guarantee.start_on:
        running = "todo"
    ended = guarantee.ended_on is not None
    failed = state in (S.COMPENSATED, S.LAPSED, S.CANCELLED)
    return [
        {"label": _("Approved"), "state": "done", "note": f"{guarantee.approved_on}"},
        {"label": _("Guarantee issued"), "state": "done", "note": f"{guarantee.issued_on}"},
        {"label": _("Drawdown"), "state": drawn, "note": f"{guarantee.start_on or ''}"},
        {
            "label": guarantee.get_state_display() if state == S.OVERDUE else _("In force"),
            "state": running,
            "note": f"{guarantee.overdue_on or guarantee.due_on or ''}",
        },
        {
            "label": guarantee.get_state_display() if ended else _("Released"),
            "state": ("failed" if failed else "done") if ended else "todo",
            "note": f"{guarantee.ended_on or ''}",
        },
    ]


def timeline(guarantee: Guarantee) -> list[story.TimelineEntry]:
    """The whole story, newest first: application, opinions, issue, money, the group's decision, the end."""
    if guarantee.application_id is None:
        return story.of(guarantee.subject)
    return story.of(f"application:{guarantee.application_id}", guarantee.subject)


def reporting_scope() -> ReportingScope | None:
    """The reporting scope in force; None: the group sees nothing."""
    return ReportingScope.objects.filter(replaced_on=None).first()


def reported(user: Any = None) -> QuerySet[ReportedGuarantee]:
    """What the group sees of this member, newest first: the published view itself; of it what the user's scope shows him."""
    rows = ReportedGuarantee.objects.order_by("-id")
    return rows if user is None else rows.filter(pk__in=visible(user, Guarantee.objects.all()).values("pk"))
