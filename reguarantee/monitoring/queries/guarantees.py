"""From a figure to the guarantees behind it: any combination of filters, in pages, with the totals of what is listed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db import connection

from kernel.errors import Invalid, NotFound, gettext_noop
from reguarantee.monitoring.figures import MEASURES, sums
from reguarantee.monitoring.models import Member

ROW = (
    "institution_id", "guarantee_id", "number", "customer_name", "product_code", "region_code", "industry",
    "approved_on", "loan_fen", "guaranteed_fen", "term_months", "start_on", "due_on", "ended_on", "state",
    "released", "compensated", "compensated_on", "compensation_fen", "coverage", "ceded_fen", "in_force", "balance_fen",
)  # fmt: skip
_NAMES = ("member_code", "member_name", "bank_name", *ROW)
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_CURSOR = re.compile(r"(\d{4}-\d\d-\d\d)\.(\d{1,5})\.(\d{1,18})")


class BadFilter(Invalid):
    """A filter or a page cursor that cannot be read."""

    code = "BAD_FILTER"
    sentence = gettext_noop("“%(text)s” is not a value of the filter %(name)s.")


class NoSuchGuarantee(NotFound):
    """The consolidated book does not show the guarantee."""

    code = "NO_SUCH_REPORTED_GUARANTEE"
    sentence = gettext_noop("No guarantee %(guarantee_id)s of %(member)s is reported to the group.")


@dataclass(frozen=True)
class Wanted:
    """Which guarantees; None wants any, and an empty text wants those without a value (industry, region)."""

    member: str | None = None
    bank: str | None = None
    industry: str | None = None
    region: str | None = None
    month: str | None = None
    """YYYY-MM of approval."""
    product: str | None = None
    state: str | None = None
    coverage: str | None = None
    in_force: str | None = None
    """"1": only those in force on the day; "0": only the others."""
    search: str | None = None
    """A part of the number or of the customer's name."""

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Wanted:
        """From a page's query parameters; others are ignored. Raises `BadFilter`."""
        wanted = cls(**{one.name: parameters[one.name] for one in fields(cls) if one.name in parameters})
        if wanted.month is not None and not _MONTH.fullmatch(wanted.month):
            raise BadFilter(field="month", name="month", text=wanted.month)
        if wanted.in_force not in (None, "0", "1"):
            raise BadFilter(field="in_force", name="in_force", text=wanted.in_force)
        return wanted

    def parameters(self) -> dict[str, str]:
        """The query parameters that `of` reads back."""
        return {one.name: value for one in fields(self) if (value := getattr(self, one.name)) is not None}

    def condition(self) -> tuple[str, dict[str, Any]]:
        """SQL over rows `s` of monitoring_standing(), and its values."""
        plain = {"industry": "industry", "region": "region_code", "product": "product_code", "state": "state",
                 "coverage": "coverage"}  # fmt: skip
        values: dict[str, Any] = {}
        terms = []
        for name, column in plain.items():
            if getattr(self, name) is not None:
                terms.append(f"s.{column} = %({name})s")
                values[name] = getattr(self, name)
        if self.member is not None:
            terms.append("s.institution_id = (select m.id from monitoring_member m where m.code = %(member)s)")
            values["member"] = self.member.upper()
        if self.bank is not None:
            terms.append("s.bank_id = (select b.id from monitoring_bank b where b.name = %(bank)s)")
            values["bank"] = self.bank
        if self.month is not None:
            terms.append("s.approved_month = %(month)s")
            values["month"] = int(self.month.replace("-", ""))
        if self.in_force is not None:
            terms.append("s.in_force" if self.in_force == "1" else "not s.in_force")
        if self.search:
            terms.append("(s.number ilike %(search)s or s.customer_name ilike %(search)s)")
            values["search"] = "%" + re.sub(r"([\\%_])", r"\\\1", self.search.strip()) + "%"
        return " and ".join(terms) or "true", values


@dataclass(frozen=True)
class Page:
    """Guarantees, the latest approved first, and the cursor of the next page ("" at the end)."""

    rows: list[dict[str, Any]]
    following: str


def guarantees(*, wanted: Wanted, as_of: date, after: str = "", size: int = 50) -> Page:
    """One page of guarantees with their standing on the day; `after` is the previous page's `following`.

    The cursor names the last row seen, so a page costs the same however deep it lies. Raises `BadFilter`.
    """
    condition, values = wanted.condition()
    if after:
        condition += " and (s.approved_on, s.institution_id, s.guarantee_id) < (%(a)s, %(i)s, %(g)s)"
        values |= _position(after)
    rows = _select(condition, {**values, "day": as_of, "size": size + 1})
    last = rows[size - 1] if len(rows) > size else None
    following = f"{last['approved_on']}.{last['institution_id']}.{last['guarantee_id']}" if last else ""
    return Page(rows[:size], following)


def totals(*, wanted: Wanted, as_of: date) -> dict[str, int]:
    """The measures over all guarantees wanted: one pass over the facts."""
    condition, values = wanted.condition()
    with connection.cursor() as cursor:
        cursor.execute(f"select {sums()} from monitoring_standing(%(day)s) s where {condition}", {**values, "day": as_of})
        return dict(zip(MEASURES, cursor.fetchone(), strict=True))


def guarantee(*, member: str, guarantee_id: int, as_of: date) -> dict[str, Any]:
    """One guarantee as the group sees it on the day, with its `movements` [(day, balance_fen)]. Raises `NoSuchGuarantee`."""
    condition, values = Wanted(member=member).condition()
    found = _select(f"{condition} and s.guarantee_id = %(id)s", {**values, "id": guarantee_id, "day": as_of, "size": 1})
    if not found:
        raise NoSuchGuarantee(member=member, guarantee_id=guarantee_id)
    row = found[0]
    with connection.cursor() as cursor:
        cursor.execute(
            'select "on", balance_fen from monitoring_factmovement where institution_id = %s and guarantee_id = %s order by "on"',
            [row["institution_id"], row["guarantee_id"]],
        )
        row["movements"] = cursor.fetchall()
    return row


def members() -> list[Member]:
    """The members whose books are read, by code; `trouble` says why one cannot be."""
    return list(Member.objects.order_by("code"))


def _position(cursor: str) -> dict[str, Any]:
    found = _CURSOR.fullmatch(cursor)
    try:
        if found is None:
            raise ValueError(cursor)
        return {"a": date.fromisoformat(found[1]), "i": int(found[2]), "g": int(found[3])}
    except ValueError:
        raise BadFilter(field="after", name="after", text=cursor) from None


def _select(condition: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    columns = ", ".join(f"s.{name}" for name in ROW)
    with connection.cursor() as cursor:
        # The page is cut out of the facts before names are joined and balances looked up.
        cursor.execute(
            f"select m.code, m.name, b.name, {columns} from ("
            f"  select s.* from monitoring_standing(%(day)s) s where {condition}"
            "   order by s.approved_on desc, s.institution_id desc, s.guarantee_id desc limit %(size)s) s"
            " join monitoring_member m on m.id = s.institution_id join monitoring_bank b on b.id = s.bank_id"
            " order by s.approved_on desc, s.institution_id desc, s.guarantee_id desc",
            values,
        )
        return [dict(zip(_NAMES, row, strict=True)) for row in cursor.fetchall()]
