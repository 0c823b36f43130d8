"""Which rate holds for a filing on a day: the treaty's table, or an approved standard that replaces or reduces it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q

from kernel.parameters import queries as parameters
from reguarantee.filings.models import Filing, Status
from reguarantee.premiums.models import Standard
from reguarantee.premiums.tariff import ONE_DAY, Table, rate_of, read_table
from reguarantee.treaties import queries as treaties

FUND = "FUND"
_FEES = ("rg.nfgf.fee_threshold_fen", "rg.nfgf.fee_le5m", "rg.nfgf.fee_gt5m")


@dataclass(frozen=True)
class Rate:
    """A rate per year and how it was found."""

    rate: Decimal
    found_by: dict[str, Any]


class Tariffs:
    """The tariffs of one member for one run: standards, parameters and sizes are read once, however many filings."""

    def __init__(self, member_code: str, *, on: date) -> None:
        self.member_code, self.on = member_code, on
        self._values: dict[tuple[str, str], list[tuple[date, Any]]] = {}
        self._sizes: dict[int, int] = {}

    @cached_property
    def _standards(self) -> list[Standard]:
        mine = Q(member_code__in=["", self.member_code]) & (Q(filing=None) | Q(filing__member_code=self.member_code))
        return list(Standard.objects.filter(mine, state=Standard.State.APPROVED).order_by("-effective_from", "-id"))

    def value(self, key: str, filing: Filing, *, on: date | None = None) -> Any:
        """A parameter's value for the filing's product at this member, on a day (the run's)."""
        return next(value for since, value in reversed(self._history(key, filing)) if since <= (on or self.on))

    def _history(self, key: str, filing: Filing) -> list[tuple[date, Any]]:
        place = (key, filing.product_code)
        if place not in self._values:
            self._values[place] = parameters.history(key, member=self.member_code, product=filing.product_code)
        return self._values[place]

    def agreed(self, filing: Filing, name: str) -> str:
        """`base`, `day_count` or `threshold`: what the treaty says, else the parameter as it was when cover began."""
        said = treaties.terms_of(filing.treaty_version).document.get("premium") or {}
        return said.get(name) or self.value(f"rg.premium.{name}", filing, on=filing.drawdown_on)

    def size(self, filings: Iterable[Filing]) -> None:
        """Read the obligors' totals of these filings, one statement: principal at all members on the day of drawdown."""
        wanted = [filing for filing in filings if filing.pk not in self._sizes]
        others = defaultdict(list)
        rows = Filing.objects.filter(status=Status.CONFIRMED, obligor_key__in={row.obligor_key for row in wanted})
        for row in rows.values_list("obligor_key", "id", "principal_fen", "drawdown_on", "due_on", "ended_on"):
            others[row[0]].append(row[1:])
        for filing in wanted:
            on = filing.drawdown_on
            self._sizes[filing.pk] = filing.principal_fen + sum(
                fen
                for pk, fen, drawn, due, ended in others[filing.obligor_key]
                if pk not in (filing.pk, filing.extends_id) and drawn <= on < due and (ended is None or on < ended)
            )

    def size_of(self, filing: Filing) -> int:
        """By what size the rate is found: the obligor's total, or the single loan (domain.md 11.14)."""
        if self.agreed(filing, "threshold") == "LOAN":
            return filing.principal_fen
        if filing.pk not in self._sizes:
            self.size([filing])
        return self._sizes[filing.pk]

    def rate(self, filing: Filing, day: date, *, payee: str = "", size_fen: int | None = None) -> Rate:
        """The rate on a day of what the member pays, or (FUND) of what a fund gets of it."""
        size = self.size_of(filing) if size_fen is None else size_fen
        table = self._standard(filing, day, payee, Standard.Kind.TABLE)
        rows = read_table(table.table) if table else self._treaty_table(filing, payee, day)
        rate = rate_of(rows, size)
        found: dict[str, Any] = {"size_fen": size, "table": f"standard:{table.pk}" if table else "treaty", "rate": str(rate)}
        factor = self._standard(filing, day, payee, Standard.Kind.FACTOR)
        if factor is not None:
            found |= {"factor": str(factor.factor), "by": f"standard:{factor.pk}"}
            rate *= factor.factor
        return Rate(rate, found)

    def turning_days(self, filing: Filing, first: date, last: date, payee: str = "") -> list[date]:
        """Days after `first` up to `last` on which another standard, or another value of a parameter, begins to count."""
        days = {since for key in _FEES for since, _ in self._history(key, filing)} if self._by_parameter(filing, payee) else set()
        for row in self._matching(filing, payee):
            days.add(row.effective_from)
            if row.effective_to is not None:
                days.add(row.effective_to + ONE_DAY)
        return sorted(day for day in days if first < day <= last)

    def _by_parameter(self, filing: Filing, payee: str) -> bool:
        """What a fund gets, and what the member pays where the treaty names no rates, is in parameters."""
        return payee == FUND or not (treaties.terms_of(filing.treaty_version).document.get("premium") or {}).get("rates")

    def _treaty_table(self, filing: Filing, payee: str, day: date) -> Table:
        if not self._by_parameter(filing, payee):
            return read_table(treaties.terms_of(filing.treaty_version).document["premium"]["rates"])
        limit, low, high = (self.value(key, filing, on=day) for key in _FEES)
        return ((limit, low), (None, high))

    def _matching(self, filing: Filing, payee: str) -> list[Standard]:
        treaty = filing.treaty_version.treaty.code
        return [
            row
            for row in self._standards
            if row.payee == payee
            and row.filing_id in (None, filing.pk)
            and row.product_code in ("", filing.product_code)
            and row.treaty_code in ("", treaty)
        ]

    def _standard(self, filing: Filing, day: date, payee: str, kind: str) -> Standard | None:
        """The most specific standard of a day: for the filing, the member, the product, the treaty; the latest of equals."""
        rows = [
            row
            for row in self._matching(filing, payee)
            if row.kind == kind and row.effective_from <= day and (row.effective_to is None or day <= row.effective_to)
        ]
        named = ("filing_id", "member_code", "product_code", "treaty_code")
        return min(rows, key=lambda row: [not getattr(row, name) for name in named], default=None)


def told(found: list[dict[str, Any]]) -> str:
    """How a rate was found, as it is kept with an item."""
    return json.dumps(found, ensure_ascii=False)
