"""Background work of the roof: carrying the post. The rooms' own tasks lie in the rooms."""

from __future__ import annotations

from celery import shared_task
from django.db import connection

from infra import wiring

_LOCK = 7_001


@shared_task(in_public=True)
def deliver() -> int:
    """Deliver letters until nothing is due. Two at once would be harmless; one is enough."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        try:
            return wiring.deliver()
        finally:
            cursor.execute("select pg_advisory_unlock(%s)", [_LOCK])
