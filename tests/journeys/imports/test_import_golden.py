"""20,000 real loans over 51 members: every figure equals one that was computed outside this program, to the cent."""

from __future__ import annotations

import csv
import io
import json
import lzma
from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from kernel.codes import uscc_ok
from registry import queries
from registry.tenancy import inside
from reguarantee.monitoring import queries as monitoring
from tests.factories.houses import ANHE, BOYU
from tests.journeys.imports.importing import GOLDEN, SAMPLE, differences, read_books, run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SAMPLE.exists(), reason="the sample of real loans is not on this machine"),
]

# Each breaks the books of one member a little, as a wrong import would; the comparison must see every one.
DAMAGE = {
    "a row is missing": "delete from guarantees_guarantee where id = (select min(id) from guarantees_guarantee)",
    "one fen too much guaranteed": "update guarantees_guarantee set guaranteed_fen = guaranteed_fen - 1"
    " where id = (select min(id) from guarantees_guarantee)",
    "one fen too much compensated": "update guarantees_guarantee set compensation_fen = compensation_fen + 1"
    " where id = (select min(id) from guarantees_guarantee where state = 'COMPENSATED')",
    "another century": "update guarantees_guarantee set approved_on = approved_on + interval '100 years'"
    " where id = (select min(id) from guarantees_guarantee)",
    "charge-off dates forgotten": "update guarantees_guarantee set ended_on = due_on",
    "drawdown dates forgotten": "update guarantees_guarantee set start_on = approved_on",
    "terms a month too long": "update guarantees_guarantee set term_months = term_months + 1",
    "a status taken for another": "update guarantees_guarantee set state = 'LAPSED' where id ="
    " (select min(id) from guarantees_guarantee where state = 'RELEASED')",
    "a bank's name trimmed": "update guarantees_guarantee set bank_name = left(bank_name, 12)",
}


def test_the_whole_portfolio(fresh_database: None) -> None:
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    days = list(golden["in_force"])
    rehearsed = run(SAMPLE, "--mapping", "sba", "--open-members", "--dry-run")
    assert rehearsed == {"rows": 20000, "accepted": 20000, "unchanged": 0, "rejected": []}
    assert [member.code for member in queries.members()] == [ANHE, BOYU]

    told = run(SAMPLE, "--mapping", "sba", "--open-members")
    assert told == {"rows": 20000, "accepted": 20000, "unchanged": 0, "rejected": []}
    assert len(golden["by_state"]) == 51
    assert set(golden["by_state"]) == {member.code for member in queries.members()} - {ANHE, BOYU}
    assert differences(read_books(days), golden) == []
    _borrowers_are_nobody()
    _the_console_says_the_same(golden)
    _all_have_a_state_of_cover()

    again = run(SAMPLE, "--mapping", "sba", "--open-members")
    assert again == {"rows": 20000, "accepted": 0, "unchanged": 20000, "rejected": []}
    assert differences(read_books(days), golden) == []
    _damage_is_seen(golden, days)


def _consolidated(by: str, day: str) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
    out = io.StringIO()
    call_command("consolidated", "--by", by, "--as-of", day, "--json", stdout=out)
    told = json.loads(out.getvalue())
    return {row["key"]: row for row in told["rows"]}, told["total"]


_NAMES = {
    "count": "count", "loan_fen": "loan_cents", "guaranteed_fen": "guaranteed_cents", "released_count": "n_PIF",
    "compensated_count": "n_CHGOFF", "compensation_fen": "claim_cents",
}  # fmt: skip
_NAMES_IN_FORCE = {
    "in_force_count": "count", "in_force_loan_fen": "loan_cents", "in_force_guaranteed_fen": "guaranteed_cents",
    "in_force_balance_fen": "guaranteed_straightline_cents",
}  # fmt: skip


def _the_console_says_the_same(golden: dict) -> None:
    """The group's consolidated book, by every dimension the golden file has, and in force on each of its days."""

    def same(ours: dict[str, int], theirs: dict[str, Any], names: dict[str, str] = _NAMES) -> None:
        assert {name: ours[name] for name in names} == {name: theirs[golden_name] for name, golden_name in names.items()}

    members, total = _consolidated("member", "2026-11-26")
    same(total, golden["total"])
    assert {code for code, row in members.items() if row["count"]} == set(golden["by_state"])
    for code, theirs in golden["by_state"].items():
        same(members[code], theirs)
    banks, _ = _consolidated("bank", "2026-11-26")
    for theirs in golden["bank_top20_by_guaranteed"]:
        same(banks[theirs["bank"]], theirs)
    months, _ = _consolidated("month", "2026-11-26")
    for year, theirs in golden["by_approval_year"].items():
        rows = [row for key, row in months.items() if key.startswith(year)]
        same({name: sum(row[name] for row in rows) for name in _NAMES}, theirs)
    for day, theirs in golden["in_force"].items():
        members, total = _consolidated("member", day)
        same(total, theirs["total"], _NAMES_IN_FORCE)
        for code, each in theirs["by_state"].items():
            same(members[code], each, _NAMES_IN_FORCE)


def _all_have_a_state_of_cover() -> None:
    """On their own day all 20,000 are not covered, because nobody has filed them: the three states add up to the whole."""
    out = io.StringIO()
    call_command("coverage", "--as-of", "2014-12-31", "--json", stdout=out)
    found = json.loads(out.getvalue())
    assert sum(row["count"] for row in found.values()) == 20_000
    with inside(queries.group()), connection.cursor() as cursor:
        cursor.execute("select count(*), sum(guaranteed_fen) from monitoring_fact")
        assert cursor.fetchone() == (20_000, sum(row["guaranteed_fen"] for row in found.values()))
        reasons = {
            (row.coverage, row.reason_code): row.figures["count"] for row in monitoring.by_reason(as_of=date(2014, 12, 31))
        }
        assert reasons == {("UNCOVERED", "NOT_FILED"): 20_000}
        half = monitoring.coverage(as_of=date(2000, 1, 1))
    assert 0 < sum(row["count"] for row in half.values()) < 20_000


def _borrowers_are_nobody() -> None:
    """As many customers as borrowers; none has a name or a word of the file, all have sound codes of nowhere."""
    with lzma.open(SAMPLE, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    borrowers = {(row["State"], row["Name"]) for row in rows}
    loans = Counter((row["State"], row["Name"]) for row in rows)
    seen = 0
    for member in queries.members():
        with inside(member), connection.cursor() as cursor:
            cursor.execute(
                "select name, id_number, (select count(*) from guarantees_guarantee g where g.customer_id = c.id)"
                " from customers_customer c"
            )
            found = cursor.fetchall()
        seen += len(found)
        assert all(uscc_ok(code) and code.startswith("9199") and not any("a" <= letter.lower() <= "z" for letter in name)
                   for name, code, _ in found)  # fmt: skip
        assert sorted(count for _, _, count in found) == sorted(
            count for (state, _), count in loans.items() if state == member.code
        )
    assert seen == len(borrowers)


def _damage_is_seen(golden: dict, days: list[str]) -> None:
    member = queries.institution("AZ")
    for name, statement in DAMAGE.items():
        with transaction.atomic():
            with inside(member), connection.cursor() as cursor:
                cursor.execute("reset role")
                cursor.execute("set local session_replication_role = replica")
                cursor.execute("alter table guarantees_guarantee drop constraint guarantees_amounts cascade")
                cursor.execute(statement)
                assert cursor.rowcount, name
            assert differences(read_books(days), golden), name
            transaction.set_rollback(True)
    assert differences(read_books(days), golden) == []
