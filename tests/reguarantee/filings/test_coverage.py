"""Every guarantee is covered, partly covered or not, and the three add up to the whole (issue 3; AGR-18, BUS-47)."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

from django.core.management import call_command
from django.utils import timezone

from infra import wiring
from registry.tenancy import inside
from reguarantee.monitoring import queries, services
from tests.factories import members
from tests.factories.houses import ANHE, BOYU, GROUP, house, staff
from tests.reguarantee.engine.terms import MILLION
from tests.reguarantee.filings.test_filings import publish

NAMES = ("count", "guaranteed_fen", "ceded_fen")


def test_each_guarantee_has_one_state_and_they_add_up(db: None) -> None:
    """Covered by treaty, partly above a limit, refused, never drawn: each once, and the sum is the book."""
    with inside(house(GROUP)):
        publish(staff(GROUP), above_limits="PART", scope={"principal_max_fen": 5 * MILLION, "term_max_months": 24})
    with inside(house(ANHE)):
        made = [
            members.make_guarantee(state="IN_FORCE"),
            members.make_guarantee(state="IN_FORCE", loan_fen=10 * MILLION),
            members.make_guarantee(state="IN_FORCE", term_months=36),
            members.make_guarantee(state="ISSUED"),
            members.make_guarantee(state="PARTLY_DRAWN"),
        ]
    with inside(house(BOYU)):  # shows the group only what is ceded; its refused filing counts all the same
        made += [members.make_guarantee(state="IN_FORCE", term_months=36), members.make_guarantee(state="IN_FORCE")]
    wiring.deliver()
    today = timezone.localdate()
    with inside(house(GROUP)):
        services.catch_up(today=today)
        found = queries.coverage(as_of=today)
        reasons = {(row.coverage, row.reason_code): row.figures["count"] for row in queries.by_reason(as_of=today)}
        rows = list(queries.covers(as_of=today))
        before = queries.coverage(as_of=members.TODAY - timedelta(days=1))
        per_member = {row["member_code"]: row["count"] for row in queries.by_member(as_of=today)}
    assert reasons == {
        ("COVERED", "WITHIN_TREATY"): 2,
        ("PARTLY", "PRINCIPAL_ABOVE_LIMIT"): 1,
        ("UNCOVERED", "TERM_ABOVE_LIMIT"): 2,
        ("UNCOVERED", "NOT_DRAWN"): 2,
    }
    assert {row.number for row in rows if row.member_code == ANHE} == {one.number for one in made[:5]}
    assert len(rows) == len(made) == sum(row["count"] for row in found.values())
    assert sum(row["guaranteed_fen"] for row in found.values()) == sum(one.guaranteed_fen for one in made)
    assert found["COVERED"]["ceded_fen"] == 4 * MILLION and found["PARTLY"]["ceded_fen"] == 2 * MILLION
    assert all(row.covered_fen + row.uncovered_fen == row.guaranteed_fen for row in rows)
    assert sum(row["count"] for row in before.values()) == 0
    assert per_member == {ANHE: 5, BOYU: 2}


def test_the_command_prints_the_contract(db: None) -> None:
    """`manage.py coverage --as-of D --json` has three keys of three figures each, and nothing else."""
    with inside(house(ANHE)):
        members.make_guarantee(state="IN_FORCE")
    wiring.deliver()
    out = StringIO()
    call_command("coverage", "--as-of", timezone.localdate().isoformat(), "--json", stdout=out)
    found = json.loads(out.getvalue())
    assert list(found) == ["COVERED", "PARTLY", "UNCOVERED"]
    assert all(tuple(row) == NAMES for row in found.values())
    assert found["UNCOVERED"] == {"count": 1, "guaranteed_fen": 4 * MILLION, "ceded_fen": 0}
    plain = StringIO()
    call_command("coverage", stdout=plain)
    assert "NO_TREATY" in plain.getvalue()
