"""Reads of the settlement: accounts current, the board with its breaks, and the loss of a guarantee by party."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from kernel.cash import queries as money
from kernel.cash.models import Due
from kernel.parameters.queries import value
from reguarantee.claims.models import Claim, OutwardClaim, Payment
from reguarantee.filings.models import Filing
from reguarantee.recoveries import queries as recoveries
from reguarantee.settlements.flow import STATEMENT
from reguarantee.settlements.models import Break, Row, Statement
from reguarantee.settlements.services.closing import open_dues
from reguarantee.settlements.services.drafting import NoSuchStatement

__all__ = [
    "KINDS",
    "STATES",
    "accounts",
    "breaks",
    "counterparties",
    "counts",
    "events",
    "disputes",
    "get",
    "last_period",
    "listing",
    "losses",
    "open_dues",
    "rows",
]

STATES, KINDS = Statement.State.choices, Statement.Kind.choices
_DEAD = ("REJECTED", "WITHDRAWN")


def listing(*, counterparty: str = "") -> QuerySet[Statement]:
    """Accounts current, newest period first."""
    # Beside each row of a page, not over all rows that ever were.
    lines = Row.objects.filter(statement=OuterRef("pk")).order_by().values("statement").annotate(n=Count("pk")).values("n")
    found = Statement.objects.annotate(lines=Coalesce(Subquery(lines), 0))
    return found.filter(counterparty=counterparty) if counterparty else found


def get(statement_id: int) -> Statement:
    """Raises NoSuchStatement."""
    found = listing().filter(pk=statement_id).first()
    if found is None:
        raise NoSuchStatement
    return found


def rows(statement_id: int) -> QuerySet[Row]:
    """The lines of one, in the order of their days."""
    return Row.objects.filter(statement_id=statement_id)


def disputes(statement: Statement) -> list[dict[str, Any]]:
    """Rows that the other side does not accept: `[{"key", "text"}]`."""
    return json.loads(statement.answer) if statement.answer else []


def events(statement: Statement) -> list[str]:
    """What can be done with it now."""
    return STATEMENT.events(statement.state)


def last_period(*, on: date) -> str:
    """The last period that is over, as the parameter has it: "2026-03" or "2026-Q1"."""
    if value("rg.settlement.period", on=on) == "QUARTER":
        year, quarter = divmod(on.year * 4 + (on.month - 1) // 3 - 1, 4)
        return f"{year}-Q{quarter + 1}"
    year, month = divmod(on.year * 12 + on.month - 2, 12)
    return f"{year}-{month + 1:02d}"


def counterparties() -> list[str]:
    """Everyone with whom money is or was due."""
    return list(Due.objects.order_by("counterparty").values_list("counterparty", flat=True).distinct())


def accounts(*, today: date) -> list[dict[str, Any]]:
    """Per counterparty: what it owes us, what we owe it, what of both is late, in fen. One statement."""
    left = F("fen") - F("moved_fen")
    sums = {
        name: Coalesce(Sum(left, filter=which), 0)
        for name, which in (("in_fen", Q(direction="IN")), ("out_fen", Q(direction="OUT")), ("late_fen", Q(due_on__lt=today)))
    }
    return list(money.dues(open_only=True).order_by("counterparty").values("counterparty").annotate(**sums))


def breaks(*, open_only: bool = True) -> QuerySet[Break]:
    """Breaks that the nightly comparison found, newest first."""
    found = Break.objects.all()
    return found.filter(cleared_on=None) if open_only else found


def counts(*, today: date) -> dict[str, int]:
    """How many rows of the board are in which break now, orphans as UNEXPECTED."""
    found = {
        row["break_code"]: row["n"] for row in money.breaks(today=today).order_by().values("break_code").annotate(n=Count("pk"))
    }
    if orphans := money.orphan_reports().order_by().values("counterparty", "key").distinct().count():
        found["UNEXPECTED"] = orphans
    return found


def losses(filing: Filing) -> dict[str, int]:
    """The loss of a guarantee by party of its treaty, in fen, from immutable records only (domain.md 12, last rows).

    The bank's claim less what the member paid it; the payment less what the group paid; the group's payments less what
    the funds paid; and everyone's part of what came back, where a part that the member holds stays with it. They sum
    to the bank's claims less all net recoveries, whatever moved so far.
    """
    claims = list(Claim.objects.filter(filing=filing).exclude(status__in=_DEAD))
    roles = _roles(filing, claims)
    at = {role: party for party, role in reversed(list(roles.items()))}
    bank, member, group = at["BANK"], at["GUARANTOR"], at["REGUARANTOR"]
    loss = dict.fromkeys(roles, 0)
    for claim in claims:
        loss[bank] += claim.principal_fen + claim.interest_fen - claim.compensation_fen
        loss[member] += claim.compensation_fen
    paid = Payment.objects.filter(claim__in=claims).aggregate(total=Sum("fen"))["total"] or 0
    loss[member] -= paid
    loss[group] += paid
    for outward in OutwardClaim.objects.filter(claim__in=claims):
        came = outward.paid_fen
        loss[group] -= came
        loss[outward.party] += came
    for row in recoveries.of_filing(filing.pk):
        for share in row.shares.all():
            _came_back(loss, share, member, group)
        if row.reverses_id:  # what an undone recovery had taken off the claim is owed to the member again
            loss[member] += row.netted_fen
            loss[group] -= row.netted_fen
    return loss


def _came_back(loss: dict[str, int], share: Any, member: str, group: str) -> None:
    """One party's part of a recovery. Held parts are with the member; a fund's part that was not passed on is the group's."""
    loss[member] -= share.held_fen
    left = share.fen - share.held_fen
    if share.role in ("FUND", "GOVERNMENT"):
        loss[share.party] -= share.passed_fen
        # Held parts were netted out of the claims, so the group had nothing of them to pass on.
        loss[group] -= left - share.passed_fen
    else:
        loss[share.party] -= left


def _roles(filing: Filing, claims: list[Claim]) -> dict[str, str]:
    for claim in claims:
        if claim.roles:
            return claim.roles
    return {row["party"]: row["role"] for row in filing.split}
