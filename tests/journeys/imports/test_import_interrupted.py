"""An import that is killed, or runs twice at once, loses and doubles nothing."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError
from django.db import connection, connections

from registry import queries
from registry.tenancy import inside
from tests.factories.houses import ANHE, BOYU
from tests.journeys.imports.importing import run

STATES = ("AK", "DC", "HI", "WY")
EACH = 25
HEADING = (
    "LoanNr_ChkDgt,Name,State,Bank,NAICS,ApprovalDate,ApprovalFY,Term,ChgOffDate,DisbursementDate,MIS_Status,ChgOffPrinGr,"
    "GrAppv,SBA_Appv"
)


@pytest.fixture
def portfolio(tmp_path: Path) -> Path:
    """100 loans of four members, row by row in turn."""
    path = tmp_path / "loans.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADING.split(","))
        for number in range(EACH * len(STATES)):
            writer.writerow(
                [1_000_000_000 + number, f"B{number}", STATES[number % len(STATES)], "BANK", "722110", "28-Feb-97", 1997, 60, "",
                 "30-Nov-97", "P I F", "$0.00 ", "$300.00 ", "$225.00 "]
            )  # fmt: skip
    return path


def imported() -> Counter[str]:
    """Guarantees by member, after asking that references, batches and landed rows agree with them."""
    found: Counter[str] = Counter()
    for member in queries.members():
        if member.code in (ANHE, BOYU):
            continue
        with inside(member), connection.cursor() as cursor:
            cursor.execute(
                "select (select count(*) from guarantees_guarantee),"
                " (select count(distinct external_ref) from guarantees_guarantee),"
                " (select coalesce(sum(accepted), 0) from intake_importbatch),"
                " (select count(*) from intake_landed where kind = 'guarantee'), (select count(*) from customers_customer),"
                " (select count(*) from audit_entry where act = 'intake.import'), (select count(*) from intake_importbatch)"
            )
            guarantees, references, accepted, landed, customers, lines, batches = cursor.fetchone()
        assert guarantees == references == accepted == landed == customers
        assert lines == batches
        found[member.code] = guarantees
    return found


KILL = """
import os, signal, django
django.setup()
from django.core.management import call_command
from kernel.intake import services
note, calls = services._note, []
def dying(*arguments):
    note(*arguments)
    calls.append(1)
    if len(calls) == {after}:
        os.kill(os.getpid(), signal.SIGKILL)
services._note = dying
call_command("import_portfolio", {path!r}, "--mapping", "sba", "--open-members")
"""


@pytest.mark.parametrize("after", [1, 3])
def test_killed_before_a_member_is_committed(fresh_database: None, portfolio: Path, after: int) -> None:
    program = KILL.format(after=after, path=str(portfolio))
    killed = subprocess.run([sys.executable, "-c", program], cwd=settings.BASE_DIR, env=os.environ, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()[-2000:]
    before = imported()
    # Whole members or nothing: the one that was being written has nothing.
    assert sorted(before.values()) == [0] + [EACH] * (after - 1)
    told = run(portfolio, "--mapping", "sba", "--open-members")
    assert (told["accepted"], told["unchanged"]) == (EACH * (len(STATES) - after + 1), EACH * (after - 1))
    assert imported() == dict.fromkeys(STATES, EACH)
    assert run(portfolio, "--mapping", "sba")["unchanged"] == EACH * len(STATES)


def test_twice_at_once(fresh_database: None, portfolio: Path) -> None:
    def once(_: int) -> dict:
        try:
            return run(portfolio, "--mapping", "sba", "--open-members")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(once, range(2)))
    assert sum(each["accepted"] for each in told) == EACH * len(STATES)
    assert sum(each["unchanged"] for each in told) == EACH * len(STATES)
    assert [each["rejected"] for each in told] == [[], []]
    assert imported() == dict.fromkeys(STATES, EACH)


def test_twice_at_once_bites_without_the_lock(fresh_database: None, portfolio: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the lock the second import meets the first one's rows as broken rules, not as unchanged rows."""
    waiting: list[str] = []
    monkeypatch.setattr("kernel.intake.services.landing.lock", lambda target: waiting.append(target.name))
    with pytest.raises((AssertionError, CommandError)):
        for _ in range(5):
            test_twice_at_once(None, portfolio)
            _empty()
    assert waiting


def _empty() -> None:
    for member in queries.members():
        with inside(member, as_owner=True), connection.cursor() as cursor:
            cursor.execute("truncate guarantees_guarantee, customers_customer, intake_landed, intake_importbatch cascade")
