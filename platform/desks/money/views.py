"""Lists and pages of money."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Count, F, When
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from design.lists import list_page
from desks.money.tables import (
    BoardFilter,
    BoardTable,
    DueFilter,
    DueTable,
    MovementFilter,
    MovementTable,
    OrderFilter,
    OrderTable,
)
from desks.money.words import BREAKS, SAID, TONES, page_of, purpose, reference
from desks.pages import Request, here, today
from kernel.access.permissions import may, needs
from kernel.cash import queries


@needs("cash.view")
def dues(request: Request) -> HttpResponse:
    """Everything that has to move, with what is open and late on top."""
    context = {
        "sums": queries.sums(today=today()),
        "url": here(request, "money"),
        "receipts_url": here(request, "money_receipts"),
    }
    settled = Case(When(fen=F("moved_fen"), then=True), default=False)
    late = Case(When(fen=F("moved_fen"), then=None), default=F("due_on"))
    rows = queries.dues().order_by(settled, late.asc(nulls_last=True), "-id")
    return list_page(
        request, title=_("Money due"), table=DueTable, rows=rows, filterset=DueFilter, template="desks/money/dues.html",
        context=context,
    )  # fmt: skip


@needs("cash.view")
def due(request: Request, pk: int) -> HttpResponse:
    """One due: why it is as large as it is, what moved, what the other side says, and what comes next."""
    found = queries.board(today=today(), pk=pk).first() or queries.one(pk)
    whole = queries.one(pk)
    waiting = next((order for order in whole.orders.all() if order.state == "PREPARED"), None)
    user = request.user
    context = {
        "title": f"{purpose(found.purpose)} {reference(found.key)}",
        "face": request.resolver_match.namespace,
        "due": found,
        "purpose": purpose(found.purpose),
        "break_label": BREAKS.get(found.break_code, ""),
        "break_tone": TONES.get(found.break_code, "grey"),
        "lines": whole.lines.all(),
        "parts": whole.allocations.all(),
        "orders": whole.orders.all(),
        "reports": [{"row": row, "said": SAID.get(row.said, row.said)} for row in queries.reports(found.key)],
        "subject_url": page_of(request, found.subject),
        "waiting": waiting,
        "next": _next(found, waiting, user),
        "may_prepare": may(user, "cash.prepare") and found.direction == "OUT" and found.open_fen > 0 and waiting is None,
        "may_receive": may(user, "cash.receive") and found.direction == "IN" and found.open_fen > 0,
        "may_confirm": may(user, "cash.confirm") and waiting is not None and waiting.prepared_by_id != user.id,
        "may_cancel": waiting is not None and (may(user, "cash.confirm") or may(user, "cash.prepare")),
    }
    return render(request, "desks/money/due.html", context)


def _next(due: Any, waiting: Any, user: Any) -> str:
    """One sentence that says what has to happen now."""
    if not due.open_fen:
        return _("Nothing is open any more.")
    if waiting is not None:
        return (
            _("You prepared the payment; another person confirms it.")
            if waiting.prepared_by_id == user.id
            else _("Payment %(number)s waits: confirm it with the bank's number of the transfer.") % {"number": waiting.number}
        )
    if due.direction == "OUT":
        return _("Prepare the payment; another person then confirms it.")
    return _("Register the money when it has arrived.")


@needs("cash.view")
def orders(request: Request) -> HttpResponse:
    """Payments; those that wait for a second person stand on top."""
    waiting = queries.orders().order_by("id")
    context = {
        "face": request.resolver_match.namespace,
        "waiting": [{"order": row, "own": row.prepared_by_id == request.user.id} for row in waiting],
        "may_confirm": may(request.user, "cash.confirm"),
    }
    return list_page(
        request, title=_("Payments"), table=OrderTable, rows=queries.orders(state=""), filterset=OrderFilter,
        template="desks/money/orders.html", context=context,
    )  # fmt: skip


@needs("cash.view")
def receipts(request: Request) -> HttpResponse:
    """Money that came and settles nothing yet, each with the dues that it may be for."""
    rows = [
        {"movement": row, "left": left, "proposals": fits}
        for row, left, fits in queries.proposed(list(queries.unallocated()[:50]))
    ]
    actions = []
    if may(request.user, "cash.receive"):
        actions = [{"label": _("Register a receipt"), "url": here(request, "money_receipt_new")}]
    context = {
        "title": _("Receipts to match"),
        "face": request.resolver_match.namespace,
        "rows": rows,
        "actions": actions,
        "may_receive": may(request.user, "cash.receive"),
    }
    return render(request, "desks/money/receipts.html", context)


@needs("cash.view")
def movements(request: Request) -> HttpResponse:
    return list_page(
        request, title=_("Cash movements"), table=MovementTable, rows=queries.movements(), filterset=MovementFilter
    )  # fmt: skip


@needs("cash.view")
def movement(request: Request, pk: int) -> HttpResponse:
    """One movement, what it settles, and how it is undone."""
    found = queries.movement(pk)
    standing = found.reverses_id is None and not hasattr(found, "reversed_by")
    left = found.fen - found.allocated_fen
    matched: dict[int, dict[str, Any]] = {}
    for part in found.allocations.all():
        row = matched.setdefault(part.due_id, {"due": part.due, "fen": 0})
        row["fen"] += part.fen
    context = {
        "title": found.number,
        "face": request.resolver_match.namespace,
        "movement": found,
        "standing": standing,
        "left": left,
        "matched": [row for row in matched.values() if row["fen"]],
        "opposite": getattr(found, "reversed_by", None),
        "may_match": standing and found.direction == "IN" and left > 0 and may(request.user, "cash.receive"),
        "may_unmatch": standing and found.direction == "IN" and may(request.user, "cash.receive"),
        "may_reverse": standing and may(request.user, "cash.confirm"),
    }
    return render(request, "desks/money/movement.html", context)


@needs("cash.view")
def board(request: Request) -> HttpResponse:
    """Expected, reported and moved side by side; each break is a row that opens."""
    rows = queries.board(today=today()).order_by("-worst", "due_on", "id")
    counts = {
        row["break_code"]: row["n"] for row in rows.exclude(break_code="").order_by().values("break_code").annotate(n=Count("pk"))
    }
    orphans = queries.orphan_reports()
    context = {
        "url": here(request, "money_board"),
        "kinds": [
            {"code": code, "label": BREAKS[code], "tone": TONES[code], "n": counts.get(code, 0)} for code in list(BREAKS)[:4]
        ],
        "orphans": [{"row": row, "said": SAID.get(row.said, row.said), "purpose": purpose(row.purpose)} for row in orphans[:50]],
    }
    return list_page(
        request, title=_("Three-way board"), table=BoardTable, rows=rows, filterset=BoardFilter,
        template="desks/money/board.html", context=context,
    )  # fmt: skip
