"""Reads of partner institutions. Lists are QuerySets; the number of statements does not grow with the rows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from kernel.errors import NotFound, gettext_noop
from kernel.parameters.queries import value
from reguarantee.partners.flow import PARTNER
from reguarantee.partners.models import (
    EVERY_MEMBER,
    LISTS,
    Branch,
    CapitalSource,
    Category,
    Grade,
    Kind,
    Partner,
    PartnerChange,
    Status,
    Stop,
)

__all__ = [
    "CAPITAL_SOURCES", "CATEGORIES", "GRADES", "KINDS", "LISTS", "STATUSES", "NoSuchBranch", "NoSuchPartner", "WORKING",
    "bank_below_minimum", "branch", "branches", "branches_of", "changes", "codes", "codes_of", "events", "expiring_licences",
    "find", "get", "is_policy", "listing", "open_stops", "policy_codes", "standing", "stops", "stops_ever",
]  # fmt: skip

STATUSES, KINDS, GRADES = Status.choices, Kind.choices, Grade.choices
CAPITAL_SOURCES, CATEGORIES = CapitalSource.choices, Category.choices
# A house stands behind these; the others have none yet, or keep it only to read.
WORKING = (Status.ACTIVE, Status.WATCH, Status.SUSPENDED)


class NoSuchPartner(NotFound):
    code = "NO_SUCH_PARTNER"
    sentence = gettext_noop("There is no partner institution %(code)s.")


class NoSuchBranch(NotFound):
    code = "NO_SUCH_BRANCH"
    sentence = gettext_noop("This bank has no such branch in the register.")


def find(code: str) -> Partner | None:
    return Partner.objects.filter(code=code).first()


def get(code: str) -> Partner:
    """One partner. Raises NoSuchPartner."""
    partner = find(code)
    if partner is None:
        raise NoSuchPartner(code=code)
    return partner


def codes() -> list[str]:
    """The codes of everybody in the register."""
    return list(Partner.objects.values_list("code", flat=True))


def codes_of(category: str) -> QuerySet[Partner, str]:
    """The codes of the guarantee companies of one type (BUS-65, BUS-66), for `member_code__in`."""
    return Partner.objects.filter(kind=Kind.MEMBER, category=category).values_list("code", flat=True)


def policy_codes() -> QuerySet[Partner, str]:
    """The codes of the policy institutions (AGR-14), for `member_code__in`."""
    return Partner.objects.filter(kind=Kind.MEMBER, is_policy=True).values_list("code", flat=True)


def is_policy(member_code: str) -> bool:
    """Whether a member is a policy institution, on which caps of fees and subsidies depend (AGR-14)."""
    return policy_codes().filter(code=member_code).exists()


def standing(member_code: str) -> str:
    """The status of a member. A member whose house was opened without an admission case is ACTIVE."""
    found = Partner.objects.filter(code=member_code, kind=Kind.MEMBER).values_list("status", flat=True).first()
    return found or Status.ACTIVE.value


def stops(member_code: str, *, product: str = "", bank: str = "", treaty: str = "", on: date) -> list[Stop]:
    """The stops that forbid a new cession of this member on a day: general ones and those of this product, bank or treaty.

    A scope that is not given matches only stops without that scope. One statement.
    """
    return list(
        _open(on).filter(
            member_code__in=[member_code, EVERY_MEMBER],
            product__in={"", product},
            bank__in={"", bank},
            treaty__in={"", treaty},
        )
    )


def open_stops(*, on: date, member_code: str = "") -> QuerySet[Stop]:
    """All stops in force on a day, of one member or of everybody: the page's list."""
    rows = _open(on)
    return rows.filter(member_code__in=[member_code, EVERY_MEMBER]) if member_code else rows


def stops_ever(code: str) -> QuerySet[Stop]:
    """Every stop of a member or of a bank, newest first."""
    return Stop.objects.filter(Q(member_code=code) | Q(member_code=EVERY_MEMBER, bank=code)).order_by("-id")


def _open(on: date) -> QuerySet[Stop]:
    return Stop.objects.filter(since__lte=on).filter(Q(lifted_on=None) | Q(lifted_on__gt=on))


def listing(
    *, today: date, kind: str = "", status: str = "", grade: str = "", q: str = "", overdue: bool = False
) -> QuerySet[Partner]:
    """Partners with `.stopped`: whether a stop is in force for them. `overdue`: the evaluation's day has passed."""
    stopped = _open(today).filter(Q(member_code=OuterRef("code")) | Q(member_code=EVERY_MEMBER, bank=OuterRef("code")))
    rows = Partner.objects.annotate(stopped=Exists(stopped))
    if kind:
        rows = rows.filter(kind=kind)
    if status:
        rows = rows.filter(status=status)
    if grade:
        rows = rows.filter(grade=grade)
    if q:
        rows = rows.filter(Q(code__icontains=q) | Q(name__icontains=q) | Q(uscc__icontains=q))
    if overdue:
        rows = rows.filter(next_evaluation_on__lt=today, status__in=WORKING)
    return rows


def expiring_licences(*, today: date) -> QuerySet[Partner]:
    """Partners whose licence ends within rg.licence.warn_days or has ended, the first to end first (PAR-31)."""
    until = today + timedelta(days=value("rg.licence.warn_days", on=today))
    return Partner.objects.exclude(status=Status.EXITED).filter(licence_valid_to__lte=until).order_by("licence_valid_to", "code")


def branches(*, on: date, bank: str = "") -> QuerySet[Branch]:
    """Branches of banks with their bank; adds `holds`: whether the terms hold on a day (PAR-29)."""
    holds = Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gte=on))
    rows = Branch.objects.select_related("partner").annotate(holds=ExpressionWrapper(holds, output_field=BooleanField()))
    return rows.filter(partner__code=bank) if bank else rows


def branch(branch_id: int) -> Branch:
    """One branch with its bank. Raises NoSuchBranch."""
    found = Branch.objects.select_related("partner").filter(pk=branch_id).first()
    if found is None:
        raise NoSuchBranch
    return found


def branches_of(partner: Partner, *, on: date) -> dict[str, Any]:
    """The branches of a bank, and of those whose terms hold on a day the number and the lines together, in fen."""
    rows = list(branches(on=on, bank=partner.code))
    live = [row for row in rows if row.holds]
    return {"rows": rows, "count": len(live), "line_fen": sum(row.line_fen or 0 for row in live)}


def changes(partner: Partner) -> QuerySet[PartnerChange]:
    """Everything that ever changed of a partner, newest first."""
    return partner.changes.all()


def events(partner: Partner) -> list[str]:
    """The events of its life that are possible now."""
    return PARTNER.events(partner.status)


def bank_below_minimum(bank_code: str, *, on: date) -> bool:
    """Whether a bank has a grade and it is below rg.bank.min_grade on the day (PAR-27, PAR-28)."""
    grade = Partner.objects.filter(code=bank_code, kind=Kind.BANK).values_list("grade", flat=True).first()
    return bool(grade) and str(grade) > value("rg.bank.min_grade", on=on)
