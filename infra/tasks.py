"""Background work. A task started by the clock names `public` and opens the house it works in."""

from __future__ import annotations

from celery import shared_task
from django.db import connection
from django.utils import timezone

from infra import wiring
from kernel.outbox import services as outbox
from registry import queries as registry
from registry.tenancy import inside
from reguarantee.monitoring import services as monitoring

_LOCK_DELIVER = 7_001


def _alone(lock: int) -> bool:
    """Whether this session now holds the advisory lock: a slow run must not be joined by the next beat's."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [lock])
        return bool(cursor.fetchone()[0])


def _release(lock: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_unlock(%s)", [lock])


@shared_task(in_public=True)
def deliver() -> int:
    """Deliver letters until nothing is due. Two at once are harmless, one is enough."""
    if not _alone(_LOCK_DELIVER):
        return 0
    try:
        return wiring.deliver()
    finally:
        _release(_LOCK_DELIVER)


@shared_task(in_public=True)
def project() -> None:
    """Carry reported changes into the group's figures."""
    if registry.has_group():
        monitoring.project_all()


@shared_task(in_public=True)
def roll() -> None:
    """Bring the in-force figures to today's date."""
    if registry.has_group():
        with inside(registry.group()):
            monitoring.roll(today=timezone.localdate())


@shared_task(in_public=True)
def compare() -> None:
    """Compare the group's figures with every member's own."""
    if registry.has_group():
        monitoring.compare(today=timezone.localdate())
