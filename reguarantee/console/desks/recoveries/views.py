"""Recoveries of the members: the list, one with its parts and what became of them, write-offs."""

from __future__ import annotations

from typing import Any

import django_filters
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2.utils import A

from design.lists import (
    Column,
    DayColumn,
    DayRangeFilter,
    LinkColumn,
    MoneyColumn,
    OnlyFilter,
    SearchFilter,
    StateColumn,
    Table,
    list_page,
)
from desks.institutions import named
from desks.money.words import purpose
from kernel.access.permissions import may, needs
from reguarantee.console.pages import today
from reguarantee.console.tables.business import Filters, _members
from reguarantee.console.words import called
from reguarantee.recoveries import queries
from reguarantee.settlements import queries as settlements

_SEE = "reguarantee_recoveries.view"


class RecoveryTable(Table):
    recovery_no = LinkColumn("console:recovery", args=[A("pk")], verbose_name=gettext_lazy("Number"), note=named("member_code"))
    filing__number = Column(verbose_name=gettext_lazy("Guarantee"), note="claim_no")
    answer = StateColumn(verbose_name=gettext_lazy("Answer"), labels=dict(queries.ANSWERS))
    net_fen = MoneyColumn(verbose_name=gettext_lazy("Net"))
    remit_fen = MoneyColumn(verbose_name=gettext_lazy("To be passed on"))
    arrived_fen = MoneyColumn(verbose_name=gettext_lazy("Arrived"))
    held_fen = MoneyColumn(verbose_name=gettext_lazy("Held"))
    on = DayColumn(verbose_name=gettext_lazy("Received on"))
    due_on = DayColumn(verbose_name=gettext_lazy("Due on"))


def _late(rows: Any, _name: str, value: Any) -> Any:
    return queries.late(rows, today=today()) if value else rows


class RecoveryFilter(Filters):
    rows = {"member_code": _members}

    q = SearchFilter(fields=["recovery_no", "filing__number", "claim_no"], placeholder=gettext_lazy("Number, guarantee, claim"))
    member_code = django_filters.ChoiceFilter(label=gettext_lazy("Member"))
    answer = django_filters.ChoiceFilter(choices=queries.ANSWERS, label=gettext_lazy("Answer"))
    late = OnlyFilter(gettext_lazy("Only late ones"), method=_late, label=gettext_lazy("Late"))
    on = DayRangeFilter(field_name="on", label=gettext_lazy("Received on"))


@needs(_SEE)
def listing(request: HttpRequest) -> HttpResponse:
    """All recoveries, with what is late on top."""
    late = list(queries.overdue(today=today()))
    context = {
        "sums": queries.sums(),
        "late": late,
        "late_fen": sum(row.expected_fen - row.arrived_fen for row in late),
        "url": reverse("console:recoveries"),
    }
    return list_page(
        request, title=_("Recoveries"), table=RecoveryTable, rows=queries.listing(), filterset=RecoveryFilter,
        template="console/recoveries/list.html", context=context,
    )  # fmt: skip


@needs(_SEE)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    row = queries.get(pk)
    losses = settlements.losses(row.filing) if row.filing and row.shares.all() else {}
    names = called({share.party: share.role for share in row.shares.all()})
    context = {
        "title": row.recovery_no,
        "row": row,
        "shares": [{"share": share, "name": names[share.party]} for share in row.shares.all()],
        "money": [{"due": due, "purpose": purpose(due.purpose)} for due in queries.money_of(row)],
        "losses": [{"party": names.get(party, party), "fen": fen} for party, fen in losses.items() if fen],
        "total": sum(losses.values()),
        "others": [one for one in queries.of_filing(row.filing_id) if one.pk != row.pk] if row.filing_id else [],
        "next": _next(row),
        "money_open": may(request.user, "cash.view"),
        "filing_open": may(request.user, "filings.view"),
    }
    return render(request, "console/recoveries/detail.html", context)


def _next(row: Any) -> dict[str, str]:
    """What has to happen now, in a sentence."""
    if row.reverses_id:
        return {"tone": "warning", "title": _("This undoes an earlier recovery.")}
    if row.answer == "NOT_COVERED":
        return {"tone": "info", "title": _("The guarantee is not covered: nothing is due to the group.")}
    if row.expected_fen > row.arrived_fen:
        late = row.due_on and row.due_on < today()
        title = _("The member passes it on by %(on)s.") % {"on": row.due_on}
        return {"tone": "danger" if late else "info", "title": title}
    if hasattr(row, "reversed_by"):
        return {"tone": "warning", "title": _("%(number)s undoes this recovery.") % {"number": row.reversed_by.recovery_no}}
    if queries.held(row):
        return {"tone": "info", "title": _("The member holds our part until its claim comes; then it is taken off.")}
    if row.held_fen > row.netted_fen:
        return {"tone": "success", "title": _("Less was approved than was asked: the rest of what the member holds is its own.")}
    return {"tone": "success", "title": _("Nothing is open of it.")}


class WriteOffTable(Table):
    resolution_no = Column(verbose_name=gettext_lazy("Resolution"), note=named("member_code"))
    filing__number = Column(verbose_name=gettext_lazy("Guarantee"))
    written_off_fen = MoneyColumn(verbose_name=gettext_lazy("Written off"))
    on = DayColumn(verbose_name=gettext_lazy("On"))
    reason = Column(verbose_name=gettext_lazy("Reason"), css="clip")


class WriteOffFilter(Filters):
    rows = {"member_code": _members}

    q = SearchFilter(fields=["resolution_no", "filing__number", "reason"], placeholder=gettext_lazy("Resolution, guarantee"))
    member_code = django_filters.ChoiceFilter(label=gettext_lazy("Member"))


@needs(_SEE)
def write_offs(request: HttpRequest) -> HttpResponse:
    return list_page(
        request, title=_("Write-offs"), table=WriteOffTable, rows=queries.write_offs(), filterset=WriteOffFilter
    )  # fmt: skip
