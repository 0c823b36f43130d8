"""Background work of the consolidated book; every task is sent to the group's house (infra/celery.py has the times)."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from reguarantee.monitoring import services

# The clock calls `project` several times a second; one call works at most so long, so that a worker can be stopped.
LONGEST_SECONDS = 20


@shared_task(name="monitoring.project", ignore_result=True)
def project() -> int:
    """Project until nothing waits, at most LONGEST_SECONDS; also rolls to a new day. Returns the guarantees read again."""
    return services.catch_up(today=timezone.localdate(), seconds=LONGEST_SECONDS).guarantees


@shared_task(name="monitoring.roll", ignore_result=True)
def roll() -> bool:
    """Roll the in-force columns to today, shortly after midnight; `project` does the same when it comes first."""
    return services.roll(today=timezone.localdate())


@shared_task(name="monitoring.compare", ignore_result=True)
def compare() -> int:
    """Compare facts and marginals with every member's views, nightly. Returns the number of breaks."""
    return services.compare(today=timezone.localdate()).breaks
