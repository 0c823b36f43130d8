"""Run the import as its users do, and read the members' books by plain SQL."""

from __future__ import annotations

import io
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection

from registry import queries
from registry.tenancy import inside

DATA = Path(os.environ.get("ZAIDAN_DATA", Path(__file__).resolve().parents[4] / "shared" / "data"))
SAMPLE = DATA / "sba_sample20k.csv.xz"
GOLDEN = DATA / "sba_sample20k_golden.json"

_MONEY = ("count", "loan_cents", "guaranteed_cents", "n_PIF", "n_CHGOFF", "n_UNKNOWN", "claim_cents")
_CUMULATIVE = """
select {key}, count(*), sum(loan_fen)::bigint, sum(guaranteed_fen)::bigint, count(*) filter (where state = 'RELEASED'),
       count(*) filter (where state = 'COMPENSATED'), count(*) filter (where state = 'LAPSED'), sum(compensation_fen)::bigint
from guarantees_guarantee where source = 'IMPORT' group by 1
"""
# Whole months from start to the day: one less when the clamped anniversary has not come.
_IN_FORCE = """
select count(*), coalesce(sum(loan_fen), 0)::bigint, coalesce(sum(guaranteed_fen), 0)::bigint,
       coalesce(sum(case when term_months = 0 then 0 else
         div(2::numeric * guaranteed_fen * greatest(term_months - whole, 0) + term_months, 2 * term_months) end), 0)::bigint
from (
  select *, months - case when (start_on + make_interval(months => months))::date > %(on)s then 1 else 0 end as whole
  from (select *, ((extract(year from %(on)s::date) - extract(year from start_on)) * 12
                   + extract(month from %(on)s::date) - extract(month from start_on))::int as months
        from guarantees_guarantee where source = 'IMPORT') g) h
where start_on <= %(on)s and (ended_on is null or ended_on > %(on)s)
"""


def run(*arguments: str | Path) -> dict[str, Any]:
    """What the command prints with --json."""
    out = io.StringIO()
    call_command("import_portfolio", *map(str, arguments), "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert list(told) == ["rows", "accepted", "unchanged", "rejected"]
    assert told["rows"] == told["accepted"] + told["unchanged"] + len(told["rejected"])
    assert all(list(reject) == ["line", "column", "code", "reason"] and reject["reason"] for reject in told["rejected"])
    return told


@dataclass
class Books:
    """Figures over all members' tables, named as the golden file names them."""

    by_state: dict[str, dict[str, int]] = field(default_factory=dict)
    by_year: dict[str, dict[str, int]] = field(default_factory=dict)
    by_bank: dict[str, dict[str, int]] = field(default_factory=dict)
    in_force: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)

    @property
    def total(self) -> dict[str, int]:
        return {name: sum(figures[name] for figures in self.by_state.values()) for name in _MONEY}


def read_books(days: list[str]) -> Books:
    books = Books()
    for member in queries.members():
        with inside(member), connection.cursor() as cursor:
            for key, into in (
                (f"'{member.code}'", books.by_state),
                ("extract(year from approved_on)::int::text", books.by_year),
                ("bank_name", books.by_bank),
            ):
                cursor.execute(_CUMULATIVE.format(key=key))
                for name, *figures in cursor.fetchall():
                    known = into.setdefault(name, dict.fromkeys(_MONEY, 0))
                    for at, figure in zip(_MONEY, figures, strict=True):
                        known[at] += figure
            for day in days:
                cursor.execute(_IN_FORCE, {"on": day})
                names = ("count", "loan_cents", "guaranteed_cents", "guaranteed_straightline_cents")
                figures = dict(zip(names, cursor.fetchone(), strict=True))
                if figures["count"]:
                    books.in_force.setdefault(day, {})[member.code] = figures
    return books


def differences(books: Books, golden: dict[str, Any]) -> list[str]:
    """Every figure in which the books and the golden file differ; empty when they agree to the cent."""
    found: list[str] = []

    def compare(name: str, ours: dict[str, int] | None, theirs: dict[str, Any] | None) -> None:
        for figure in set(ours or {}) & set(theirs or {}) or {"count"}:
            if (ours or {}).get(figure) != (theirs or {}).get(figure):
                found.append(f"{name}.{figure}: {(ours or {}).get(figure)} is not {(theirs or {}).get(figure)}")

    compare("total", books.total, golden["total"])
    for name, ours, theirs in (
        ("state", books.by_state, golden["by_state"]),
        ("year", books.by_year, golden["by_approval_year"]),
    ):
        for key in sorted(set(ours) | set(theirs)):
            compare(f"{name} {key}", ours.get(key), theirs.get(key))
    if len(books.by_bank) != golden["n_banks"]:
        found.append(f"banks: {len(books.by_bank)} is not {golden['n_banks']}")
    for top in ("bank_top20_by_guaranteed", "bank_top20_by_count"):
        for each in golden.get(top, []):
            compare(f"bank {each['bank']}", books.by_bank.get(each["bank"]), each)
    for day, theirs in golden["in_force"].items():
        ours = books.in_force.get(day, {})
        for state in sorted(set(ours) | set(theirs["by_state"])):
            compare(f"in force {day} {state}", ours.get(state), theirs["by_state"].get(state))
        total = {name: sum(figures[name] for figures in ours.values()) for name in theirs["total"]}
        compare(f"in force {day}", total, theirs["total"])
    return found
