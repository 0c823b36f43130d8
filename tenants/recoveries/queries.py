"""Reads of recoveries: cases with their sums, one case, receipts with the group's answer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import BigIntegerField, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat

from kernel.access.queries import visible
from kernel.cash.models import Due
from tenants.guarantees.models import Guarantee
from tenants.recoveries.models import Case, Cost, CostKind, Entry, Method, Receipt
from tenants.recoveries.services.cases import CaseMissing, debt, open_cost, still_owed
from tenants.recoveries.services.receipts import NoSuchReceipt

__all__ = [
    "COSTS",
    "ENTRIES",
    "METHODS",
    "STAGES",
    "STATES",
    "book",
    "case",
    "case_of",
    "debt",
    "long_running",
    "money_of",
    "older",
    "open_cost",
    "receipt",
    "receipts",
    "still_owed",
    "to_pursue",
]

METHODS, COSTS, STAGES, STATES, ENTRIES = (
    Method.choices,
    CostKind.choices,
    Case.Stage.choices,
    Case.State.choices,
    Entry.Kind.choices,
)


def _sum(model: Any, field: str) -> Any:
    rows = model.objects.filter(case=OuterRef("pk")).order_by().values("case").annotate(total=Sum(field))
    return Coalesce(Subquery(rows.values("total")), 0, output_field=BigIntegerField())


def book(user: Any) -> QuerySet[Case]:
    """Cases of the guarantees that the user may see, newest first; adds `net_fen`, `spent_fen`, `received`. One statement."""
    rows = Case.objects.select_related("guarantee__customer", "guarantee__product").annotate(
        net_fen=_sum(Receipt, "net_fen"),
        spent_fen=_sum(Cost, "fen"),
        received=Count("receipts", filter=Q(receipts__reverses=None, receipts__reversed_by=None)),
    )
    return visible(user, rows, owner="guarantee__owner", department="guarantee__department").order_by("-id")


def older(rows: QuerySet[Case], *, today: date, days: int) -> QuerySet[Case]:
    """Of cases: those whose compensation lies more than so many days back (REC-08)."""
    return rows.filter(guarantee__compensated_on__lt=today - timedelta(days=days))


def long_running(user: Any, *, today: date, days: int) -> QuerySet[Case]:
    """Cases that are older than so many days, the oldest first."""
    return older(book(user), today=today, days=days).order_by("guarantee__compensated_on")


def to_pursue(user: Any) -> QuerySet[Guarantee]:
    """Guarantees for which the member paid and has not begun to pursue the debtor, the oldest payment first."""
    rows = Guarantee.objects.select_related("customer", "product").filter(compensation_fen__gt=0, recovery_case=None)
    return visible(user, rows).order_by("compensated_on", "id")


def case(user: Any, case_id: int) -> Case:
    """Raises CaseMissing, also for a case that the user may not see."""
    found = book(user).filter(pk=case_id).first()
    if found is None:
        raise CaseMissing
    return found


def case_of(guarantee_id: int) -> Case | None:
    return Case.objects.filter(guarantee_id=guarantee_id).first()


def receipts(user: Any) -> QuerySet[Receipt]:
    """Recoveries that the user may see, newest first, with the group's answer; adds `sent_fen`, passed on so far."""
    sent = Due.objects.filter(purpose="RECOVERY", subject=OuterRef("due_subject"))
    rows = (
        Receipt.objects.select_related("case__guarantee__customer", "sharing", "reverses", "reversed_by")
        .annotate(due_subject=_subject())
        .annotate(sent_fen=Coalesce(Subquery(sent.values("moved_fen")[:1]), 0, output_field=BigIntegerField()))
    )
    return visible(user, rows, owner="case__guarantee__owner", department="case__guarantee__department")


def receipt(user: Any, receipt_id: int) -> Receipt:
    """Raises NoSuchReceipt, also for one that the user may not see."""
    found = receipts(user).filter(pk=receipt_id).first()
    if found is None:
        raise NoSuchReceipt
    return found


def _subject() -> Any:
    return Concat(Value("recovery:"), Cast(F("pk"), CharField()), output_field=CharField())


def money_of(case: Case) -> QuerySet[Due]:
    """What is due because of a case: to the group, to the bank, and back; oldest first."""
    subjects = [f"recovery:{pk}" for pk in case.receipts.values_list("pk", flat=True)]
    return Due.objects.filter(subject__in=subjects).prefetch_related("orders").order_by("id")
