"""Verbs of the consolidated book. Nothing is entered here: they keep it equal to what the members publish."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from django.db import connection, transaction

from kernel.audit import services as audit
from kernel.errors import NotFound, gettext_noop
from registry import queries as registry
from registry.tenancy import PROJECTOR, inside
from reguarantee.monitoring import comparison, projector
from reguarantee.monitoring.models import Comparison
from reguarantee.monitoring.projector import Report

_PAUSE_SECONDS = 0.05

project = projector.project
roll = projector.roll


class NotAMember(NotFound):
    """Only a member has a book to read."""

    code = "NOT_A_MEMBER"
    sentence = gettext_noop("%(code)s is not a member whose book the group reads.")


def catch_up(*, today: date, seconds: float | None = None) -> Report:
    """Project until nothing waits, or for so many seconds; the sums of all runs.

    Also waits for a run of another process: what it has taken is visible only when it is done.
    """
    start = time.perf_counter()
    total = Report()
    while True:
        report = projector.project(today=today)
        total.ran |= report.ran
        total.rolled |= report.rolled
        total.changes += report.changes
        total.guarantees += report.guarantees
        total.written += report.written
        total.troubled.update(report.troubled)
        total.more = report.more if report.ran else projector.waiting()
        total.seconds = time.perf_counter() - start
        if not total.more or (seconds is not None and total.seconds >= seconds):
            return total
        if not report.ran:
            time.sleep(_PAUSE_SECONDS)


@transaction.atomic
def resync(*, actor: Any, today: date, member: str) -> None:
    """Have every guarantee of a member read again. Run inside the group's house; raises `NotAMember`."""
    institution = registry.institution(member)
    if institution.kind != institution.Kind.MEMBER:
        raise NotAMember(field="member", code=member)
    with inside(PROJECTOR), connection.cursor() as cursor:
        projector.mark(cursor, institution.id)
    facts = {"member": institution.code, "on": today}
    audit.leave(actor=actor, act="monitoring.resync", subject=f"institution:{institution.id}", facts=facts)


def compare(*, today: date) -> Comparison:
    """Bring the book up to date, then compare it with every member's views; the result is kept and shown."""
    catch_up(today=today, seconds=60)
    return comparison.compare(today=today)
