"""The clock of premiums (infra/celery.py has the time); sent to the group's house."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from reguarantee.premiums import services


@shared_task(name="premiums.roll", ignore_result=True)
def roll() -> int:
    """One round for all members. Returns the number of bills made."""
    return services.roll(today=timezone.localdate()).bills
