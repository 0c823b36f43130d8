"""Whatever is killed at whatever moment of the journey, nothing acknowledged is lost and nothing is done twice.

The program runs as its processes on a PostgreSQL of its own (with fsync, unlike the tests' server), while a hand at
seeded-random moments kills the web workers, the Celery worker and PostgreSQL itself. The bank and the people repeat what
was not acknowledged, as they would.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, connections
from django.utils import timezone

from infra.embedded.home import Home, listens
from infra.embedded.postgres import PostgreSQL
from kernel.access.actors import SYSTEM
from kernel.audit import queries as audit
from kernel.outbox.inbox.models import Receipt
from kernel.outbox.models import Letter
from registry import queries as registry
from registry import services as houses
from registry.tenancy import PUBLIC, inside
from reguarantee.filings import queries as filings
from reguarantee.filings.models import Filing
from reguarantee.monitoring import queries as book
from reguarantee.treaties import services as treaties
from tenants.applications import services as applications
from tenants.applications.models import Application
from tenants.guarantees import services as guarantees
from tenants.guarantees.models import Drawdown, Guarantee, Repayment
from tests.factories.houses import ANHE, BANK, GROUP, house, staff
from tests.factories.members import applicant, sign_all
from tests.factories.treaties import sign
from tests.reguarantee.engine.terms import N_4222, document, quota

CASES = 3
LOAN = 10_000_000
GUARANTEED = LOAN * 8 // 10
CEDED = LOAN * 4 // 10  # the group's and the fund's fifth each
SEED = 20261126
PATIENCE = 90.0
T = TypeVar("T")


class Program:
    """gunicorn, a Celery worker and its clock, over a PostgreSQL that may be killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres = PostgreSQL(Home(folder, "kills"))
        self.postgres.path.mkdir(parents=True, exist_ok=True)
        self.postgres.start()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.env = {
            **os.environ, **self.postgres.env(), "CELERY_EAGER": "off", "DJANGO_SETTINGS_MODULE": "infra.settings",
            "PYTHONUNBUFFERED": "1", "LOG_LEVEL": "WARNING",
        }  # fmt: skip
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def fill(self, source: str) -> None:
        """Copy a database of the tests' server into ours."""
        dump = subprocess.run(
            [settings.PG_DUMP, "--rows-per-insert=500", source], check=True, capture_output=True, text=True
        ).stdout
        text = "\n".join(line for line in dump.splitlines() if not line.startswith("\\"))
        with closing(psycopg2.connect(self.env["DATABASE_URL"])) as line, line, line.cursor() as cursor:
            for role in sorted(set(re.findall(r"\bzd_\w+", text))):
                cursor.execute(f'create role "{role}" nologin')
            cursor.execute(text)

    def start(self, *names: str) -> None:
        celery = [sys.executable, "-m", "celery", "-A", "infra.celery:app"]
        commands = {
            "web": [sys.executable, "-m", "gunicorn", "infra.doors.wsgi:application", "--bind", f"127.0.0.1:{self.port}",
                    "--workers", "2", "--preload", "--no-control-socket"],
            "worker": [*celery, "worker", "--concurrency", "1", "--loglevel", "ERROR"],
            "clock": [*celery, "beat", "--pidfile", "", "--schedule", str(self.folder / "beat"), "--loglevel", "ERROR"],
        }  # fmt: skip
        for name in names:
            with (self.folder / f"{name}.log").open("ab") as log:
                self.running[name] = subprocess.Popen(
                    commands[name], cwd=settings.BASE_DIR, env=self.env, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                    start_new_session=True,
                )  # fmt: skip

    def kill(self, victim: str) -> None:
        """kill -9, and what a supervisor does then."""
        if victim == "postgres":
            pid, port, _ = self.postgres._postmaster()
            os.kill(pid, signal.SIGKILL)
            while listens(port):  # it dies in its own time; a start meanwhile would look for another port
                time.sleep(0.01)
            self.postgres.start()
        elif victim == "web":  # one of the workers; gunicorn starts another
            for child in _children(self.running["web"].pid)[:1]:
                os.kill(child, signal.SIGKILL)
        else:
            os.killpg(self.running[victim].pid, signal.SIGKILL)
            self.running[victim].wait()
            self.start(victim)

    def stop(self) -> None:
        for process in self.running.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.postgres.stop(now=True)
        self.postgres.home.delete()


def _children(pid: int) -> list[int]:
    told = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True).stdout
    return [int(word) for word in told.split()]


@pytest.fixture
def program(fresh_database: None, tmp_path: Path) -> Iterator[Program]:
    """The program runs, and this process looks at the same database."""
    source, before = os.environ["DATABASE_URL"], dict(connection.settings_dict)
    program = Program(tmp_path)
    try:
        program.fill(source)
        at = urlsplit(program.env["DATABASE_URL"])
        connections.close_all()
        connection.settings_dict.update(
            HOST=at.hostname, PORT=str(at.port), USER=at.username, PASSWORD=at.password, NAME=at.path.lstrip("/")
        )
        program.start("web", "worker", "clock")
        yield program
    finally:
        connections.close_all()
        connection.settings_dict.update(before)
        program.stop()


class Hand:
    """Kills at random moments until all on its list are done or it is told to stop."""

    def __init__(self, program: Program) -> None:
        self.program, self.done, self.trouble, self.over = program, [], [], threading.Event()
        self.dice = random.Random(SEED)
        self.victims = ["web"] * 5 + ["postgres"] * 3 + ["worker"] * 2
        self.dice.shuffle(self.victims)
        self.thread = threading.Thread(target=self._work)

    def _work(self) -> None:
        try:
            for victim in self.victims:
                if self.over.wait(self.dice.uniform(0.2, 1.2)):
                    return
                self.program.kill(victim)
                self.done.append(victim)
        except BaseException as error:  # noqa: BLE001 - shown by the test that started us
            self.trouble.append(error)


class Unanswered(Exception):
    """An answer that says: again, with the same key."""


def persist(act: Callable[[], T | None], what: str) -> T:
    """Repeat until it is acknowledged: a broken line is no answer, and None is "not yet"."""
    limit = time.monotonic() + PATIENCE
    last: object = None
    while time.monotonic() < limit:
        try:
            if (told := act()) is not None:
                return told
        except (OperationalError, InterfaceError, OSError, HTTPException, Unanswered) as error:
            last = error
            connection.close()
        time.sleep(0.1)
    raise AssertionError(f"{what}: not acknowledged within {PATIENCE:.0f} s; last: {last!r}")


class Bank:
    """A bank's program: the same Idempotency-Key until there is an answer."""

    def __init__(self, port: int, key: str) -> None:
        self.port, self.key = port, key

    def post(self, path: str, body: dict[str, Any], once: str) -> dict[str, Any]:
        headers = {"Host": "api.localhost", "Authorization": f"Bearer {self.key}", "Idempotency-Key": once,
                   "Content-Type": "application/json"}  # fmt: skip

        def send() -> dict[str, Any] | None:
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=20)) as line:
                line.request("POST", f"/v1/institutions/{ANHE}/{path}", json.dumps(body), headers)
                answer = line.getresponse()
                text = answer.read()
            if answer.status >= 500 or b'"IN_PROGRESS"' in text:
                raise Unanswered(answer.status, text.decode(errors="replace"))
            assert answer.status == 201, text
            return json.loads(text)

        return persist(send, f"POST {path}")


def people_decide(application_id: int) -> int:
    """Take it up, sign, issue; each step looks first whether an earlier try, unanswered, was kept."""
    today = timezone.localdate()

    def step() -> int | None:
        with inside(house(ANHE)):
            seats, found = staff(ANHE), Application.objects.get(id=application_id)
            if found.state == "SUBMITTED":
                applications.take_up(actor=seats["manager"], today=today, application_id=found.id)
            elif found.state == "IN_REVIEW":
                sign_all(found.subject, today=today)
            elif found.state == "APPROVED":
                guarantees.issue(actor=seats["operations"], today=today, application_id=found.id)
            elif found.state == "ISSUED":
                return Guarantee.objects.get(application_id=found.id).id
        return None

    return persist(step, "the people's part")


def one_case(bank: Bank, number: int) -> tuple[int, int]:
    """Application → approval → issue → drawdown → a repayment of a tenth; returns the ids that were acknowledged."""
    firm, today = applicant(), timezone.localdate().isoformat()
    body = {
        "bank_reference": f"KILL-{number}", "product": "WORKING_CAPITAL", "amount_fen": LOAN, "term_months": 12,
        "purpose": "采购",
        "obligor": {"kind": firm.kind, "name": firm.name, "id_number": firm.id_number, "region_code": "340100", "industry": "C"},
    }  # fmt: skip
    application = bank.post("applications", body, f"apply-{number}")["id"]
    guarantee = people_decide(application)
    bank.post(f"guarantees/{guarantee}/drawdowns", {"iou_no": f"J{number}", "on": today, "amount_fen": LOAN}, f"draw-{number}")
    bank.post(
        f"guarantees/{guarantee}/repayments", {"reference": "R1", "on": today, "principal_fen": LOAN // 10}, f"repay-{number}"
    )
    return application, guarantee


def prepare() -> str:
    """A treaty in force and a bank's key."""
    today = timezone.localdate()
    year = {"from": f"{today.year}-01-01", "to": f"{today.year}-12-31", "by": "drawdown"}
    with inside(house(GROUP)):
        version = treaties.draft(actor=SYSTEM, today=today, code="P4222", title="协议", members=["*"],
                                 terms=document(quota(**N_4222), attaches=year), above_limits="REVIEW")  # fmt: skip
        sign(version, actor=SYSTEM, today=today)
    return houses.issue_key(bank=BANK, scopes=["applications:write", "guarantees:write"])[1]


def settled() -> dict[str, Any] | None:
    """The book's line of ANHE once every filing is answered and projected."""
    with inside(house(ANHE)):
        if Guarantee.objects.filter(filing_status="CONFIRMED").count() < CASES:
            return None
    with inside(house(GROUP)):
        rows = book.consolidated(by="member", as_of=timezone.localdate())["rows"]
        line = {row["key"]: row for row in rows}.get(ANHE)
        ceded = sum(row["ceded_fen"] for row in filings.ceded_in_force(timezone.localdate()) if row["member_code"] == ANHE)
    wanted = CASES * (GUARANTEED - GUARANTEED // 10)
    right = line is not None and line["count"] == CASES and line["in_force_balance_fen"] == wanted
    return {**line, "ceded": ceded} if right else None


@pytest.mark.slow
def test_killed_at_any_moment_nothing_is_lost_or_doubled(program: Program) -> None:
    bank = Bank(program.port, prepare())
    hand = Hand(program)
    hand.thread.start()
    try:
        told = [one_case(bank, number) for number in range(CASES)]
        hand.thread.join(timeout=PATIENCE)  # the letters and the book are under way, and it strikes on
    finally:
        hand.over.set()
        hand.thread.join(timeout=PATIENCE)
    assert not hand.trouble, hand.trouble
    assert hand.done == hand.victims
    line = persist(settled, "the consolidated book")
    assert line["ceded"] == CASES * CEDED
    with inside(house(ANHE)):
        assert {row.id for row in Application.objects.all()} == {application for application, _ in told}
        assert {row.id for row in Guarantee.objects.all()} == {guarantee for _, guarantee in told}
        for model, amount in ((Drawdown, "amount_fen"), (Repayment, "principal_fen")):
            rows = model.objects.values_list("guarantee_id", amount)
            assert sorted(rows) == sorted((guarantee, LOAN if model is Drawdown else LOAN // 10) for _, guarantee in told)
        assert {row.ceded_fen for row in Guarantee.objects.all()} == {CEDED}
        numbers = sorted(Guarantee.objects.values_list("number", flat=True))
        assert [int(number[-6:]) for number in numbers] == [1, 2, 3]
        assert Receipt.objects.filter(kind="FILING_DECIDED").count() == CASES
    with inside(house(GROUP)):
        assert sorted(Filing.objects.values_list("guarantee_id", "status")) == sorted((pk, "CONFIRMED") for _, pk in told)
        assert Receipt.objects.filter(kind="FILING_SUBMITTED").count() == CASES
    with inside(PUBLIC):
        letters = Counter(Letter.objects.values_list("kind", flat=True))
        assert letters["FILING_DECIDED"] == letters["FILING_SUBMITTED"] == CASES, letters
        assert not Letter.objects.filter(delivered_at=None).exists()
    for institution in [registry.group(), *registry.members()]:
        with inside(institution):
            verdict = audit.verify()
        assert (verdict.broken_id, verdict.reason) == (None, "")
