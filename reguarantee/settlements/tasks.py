"""The nightly work of the settlement. Runs in the group's house and can run twice."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from reguarantee.settlements import services


@shared_task(name="settlements.check")
def check() -> dict[str, int]:
    """Name the rows of the board that do not agree, and say which accounts current are paid."""
    today = timezone.localdate()
    return services.check(today=today) | {"paid": services.mark_paid(today=today)}
