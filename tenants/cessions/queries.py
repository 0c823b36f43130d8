"""Reads of a member's business with the group. Lists are QuerySets with constant statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Count, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from kernel.cash import queries as money
from kernel.documents import queries as documents
from kernel.documents.models import Document
from kernel.errors import NotFound, gettext_noop
from kernel.money import half_up
from tenants.cessions import terms
from tenants.cessions.models import (
    Agreement,
    Bill,
    Change,
    Employee,
    InstitutionFile,
    PremiumList,
    PremiumRow,
    Standing,
    Statement,
    StatementRow,
)
from tenants.cessions.services import ARCHIVE, NoSuchEmployee, NoSuchPremiumList, NoSuchStatement
from tenants.cessions.services.institution import FIELDS, file
from tenants.guarantees.models import Guarantee

AGREEMENT_STATUSES, STANDINGS = Agreement.Status.choices, Standing.Status.choices
LIST_STATES, BILL_STATUSES, VATS = PremiumList.State.choices, Bill.Status.choices, Bill._meta.get_field("vat").choices
STATEMENT_STATUSES, ANSWERS, CHANGE_STATES = Statement.Status.choices, Statement.Answer.choices, Change.State.choices
FILE_LABELS = {name: InstitutionFile._meta.get_field(name).verbose_name for name in FIELDS}
_YEAR_DAYS = {"ACT/365": 365, "ACT/360": 360, "30/360": 360}
# The group rounds once over a running total and shows the average rounded: our own reckoning may be off by so much.
_TOLERANCE_FEN = 2

UNKNOWN, NUMBER, NOT_CEDED, CEDED, DAYS, AMOUNT, NOTHING = (
    "UNKNOWN", "NUMBER", "NOT_CEDED", "CEDED", "DAYS", "AMOUNT", ""
)  # fmt: skip
CHECKS = {
    UNKNOWN: _("No such guarantee here"),
    NUMBER: _("Another number here"),
    NOT_CEDED: _("Not ceded here"),
    CEDED: _("Another ceded amount here"),
    DAYS: _("Days outside the loan"),
    AMOUNT: _("We reckon another premium"),
    NOTHING: _("Agrees with our books"),
}


class NoSuchAgreement(NotFound):
    code = "NO_SUCH_AGREEMENT"
    sentence = gettext_noop("There is no such agreement.")


class NoSuchBill(NotFound):
    code = "NO_SUCH_PREMIUM_BILL"
    sentence = gettext_noop("There is no such bill.")


def agreements() -> QuerySet[Agreement]:
    """Every version that the group told us, our own only: the letters bring nothing of other members."""
    return Agreement.objects.all()


def agreement(agreement_id: int) -> Agreement:
    """Raises NoSuchAgreement."""
    row = Agreement.objects.filter(pk=agreement_id).first()
    if row is None:
        raise NoSuchAgreement
    return row


def wording(row: Agreement) -> tuple[list[dict[str, Any]], list[str]]:
    """Who bears how much, and the terms in sentences."""
    return terms.shares(row.document), terms.sentences(row.document)


def standing() -> Standing | None:
    """How the cooperation stands; None while the group has said nothing (which is: active)."""
    return Standing.objects.first()


def standings() -> QuerySet[Standing]:
    return Standing.objects.all()


@dataclass(frozen=True)
class Banner:
    """What stands over the pages when new cessions are refused or the cooperation is watched."""

    standing: Standing | None
    bills: list[Bill]

    @property
    def stops(self) -> bool:
        return bool(self.bills) or (self.standing is not None and self.standing.status in ("SUSPENDED", "EXITED"))

    @property
    def shown(self) -> bool:
        return self.stops or (self.standing is not None and self.standing.status == "WATCH")


def banner() -> Banner:
    """Two statements."""
    late = Bill.objects.filter(stops=True, status=Bill.Status.OVERDUE).order_by("due_on")
    return Banner(standing(), list(late))


def lists() -> QuerySet[PremiumList]:
    """Premium lists; adds `count`, `premium_fen` and `disputed`."""
    rows = PremiumRow.objects.filter(list=OuterRef("pk"))
    return PremiumList.objects.annotate(
        count=_each(rows, Count("pk")), premium_fen=_each(rows, Sum("premium_fen")),
        disputed=_each(rows.exclude(dispute=""), Count("pk")),
    )  # fmt: skip


def _each(rows: QuerySet[PremiumRow], what: Any) -> Any:
    """A total beside each list of a page: it reads the rows of those shown, not of all that ever were."""
    total = rows.order_by().values("list").annotate(total=what).values("total")
    return Coalesce(Subquery(total), Value(0), output_field=BigIntegerField())


def premium_list(list_id: int) -> PremiumList:
    """Raises NoSuchPremiumList."""
    row = lists().filter(pk=list_id).first()
    if row is None:
        raise NoSuchPremiumList
    return row


def checked(row: PremiumList) -> list[PremiumRow]:
    """The rows of a list, each with `check` (a code of CHECKS), `check_label` and `ours_fen`: what we reckon, or None.

    Two statements: our guarantees and our agreements are read once.
    """
    rows = list(row.rows.all())
    own = {one.pk: one for one in Guarantee.objects.filter(pk__in=[entry.guarantee_id for entry in rows])}
    counts = {
        str(told): (told.document.get("premium") or {}).get("day_count", "ACT/365") for told in Agreement.objects.all()
    }  # fmt: skip
    for entry in rows:
        entry.guarantee = own.get(entry.guarantee_id)
        entry.check, entry.ours_fen = _check(entry, entry.guarantee, counts.get(entry.treaty, "ACT/365"))
        entry.check_label = CHECKS[entry.check]
    return rows


def _check(row: PremiumRow, guarantee: Guarantee | None, day_count: str) -> tuple[str, int | None]:
    if guarantee is None:
        return UNKNOWN, None
    numerator, denominator = Decimal(row.rate).as_integer_ratio()
    ours = half_up(row.ceded_fen * numerator * row.days, denominator * _YEAR_DAYS.get(day_count, 365))
    if guarantee.number != row.number:
        return NUMBER, ours
    if row.kind == "CORRECTION":
        return NOTHING, None
    if guarantee.coverage == "UNCOVERED" or not guarantee.ceded_fen:
        return NOT_CEDED, 0
    if row.ceded_fen > guarantee.ceded_fen or (row.kind == "COVER" and row.ceded_fen != guarantee.ceded_fen):
        return CEDED, ours
    if guarantee.start_on is None or row.first < guarantee.start_on or (guarantee.due_on and row.last > guarantee.due_on):
        return DAYS, ours
    # By 30/360 and where the rate turned within the days our figure is only near; those rows are not judged.
    if day_count != "30/360" and row.kind == "COVER" and abs(ours - row.premium_fen) > _TOLERANCE_FEN:
        return AMOUNT, ours
    return NOTHING, ours


def bills() -> QuerySet[Bill]:
    """Bills and credit notes; adds `open_fen` and `moved_fen` of their money."""
    due = money.dues().filter(key=OuterRef("key"))
    return Bill.objects.select_related("credits").annotate(
        open_fen=Coalesce(Subquery(due.annotate(left=F("fen") - F("moved_fen")).values("left")[:1]), Value(0)),
        moved_fen=Coalesce(Subquery(due.values("moved_fen")[:1]), Value(0)),
    )


def bill(bill_id: int) -> Bill:
    """Raises NoSuchBill."""
    row = bills().filter(pk=bill_id).first()
    if row is None:
        raise NoSuchBill
    return row


def bill_by_key(key: str) -> Bill:
    """Raises NoSuchBill."""
    row = bills().filter(key=key).first()
    if row is None:
        raise NoSuchBill
    return row


def premium_order(order_id: int) -> Any:
    """A prepared payment of one of our premium bills. Raises NoSuchBill for any other."""
    order = money.orders().filter(pk=order_id, due__purpose="PREMIUM").first()
    if order is None:
        raise NoSuchBill
    return order


def lists_of(row: Bill) -> QuerySet[PremiumList]:
    return lists().filter(number__in=row.lists)


def expected() -> QuerySet[Any]:
    """What the group has to pay us: claims, refunds. Dues, oldest first."""
    return money.dues(counterparty="GROUP").filter(direction="IN").order_by("due_on", "id")


def expected_one(due_id: int) -> Any:
    """One amount that the group has to pay us. Raises NoSuchBill."""
    due = expected().filter(pk=due_id).first()
    if due is None:
        raise NoSuchBill
    return due


def statements() -> QuerySet[Statement]:
    return Statement.objects.all()


def statement(statement_id: int) -> Statement:
    """Raises NoSuchStatement."""
    row = Statement.objects.filter(pk=statement_id).first()
    if row is None:
        raise NoSuchStatement
    return row


def compared(row: Statement) -> list[StatementRow]:
    """The rows of an account, each with `agrees`: our books know the same amount due, or the same movement, of that key.

    Four statements, however many rows.
    """
    rows = list(row.rows.all())
    found = money.dues().filter(key__in={entry.key for entry in rows}).prefetch_related("lines", "allocations")
    own = {due.key: due for due in found}
    for entry in rows:
        due = own.get(entry.key)
        events = () if due is None else due.allocations.all() if entry.moved_fen else due.lines.all()
        # The group signs what we owe with +, our books know a direction instead: amounts are compared.
        entry.agrees = any(abs(event.fen) == abs(entry.moved_fen or entry.due_fen) for event in events)
    return rows


def institution() -> InstitutionFile:
    """The institution's file as last accepted by the group."""
    return file()


def changes() -> QuerySet[Change]:
    return Change.objects.all()


def open_change() -> Change | None:
    return Change.objects.filter(state=Change.State.REPORTED).first()


def employees() -> QuerySet[Employee]:
    return Employee.objects.all()


def employee(employee_id: int) -> Employee:
    """Raises NoSuchEmployee."""
    row = Employee.objects.filter(pk=employee_id).first()
    if row is None:
        raise NoSuchEmployee
    return row


def archive() -> QuerySet[Document]:
    """The institution's own archive, newest first."""
    return documents.of(ARCHIVE).order_by("-on", "-id")


def waiting(today: date) -> int:
    """What waits for our answer: lists and accounts."""
    lists_open = PremiumList.objects.filter(state=PremiumList.State.ISSUED).count()
    return lists_open + Statement.objects.filter(status=Statement.Status.DRAFTED, answer="").count()
