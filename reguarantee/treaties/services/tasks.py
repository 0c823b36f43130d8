"""The clock of treaties (infra/celery.py has the time); sent to the group's house."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from kernel.access.actors import SYSTEM
from reguarantee.treaties import services


@shared_task(name="treaties.tell_uses", ignore_result=True)
def tell_uses() -> int:
    """Tell every member how far its lines are used. Returns the number of letters."""
    return services.tell_uses(actor=SYSTEM, today=timezone.localdate())
