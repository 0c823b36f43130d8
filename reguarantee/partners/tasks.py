"""Background work of partner institutions; sent to the group's house (infra/celery.py has the times)."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from kernel.access.actors import SYSTEM
from reguarantee.partners import services


@shared_task(name="partners.recheck_banks", ignore_result=True)
def recheck_banks() -> int:
    """Hold the banks' grades against the minimum of the day; again on the same day it changes nothing."""
    return services.recheck_banks(actor=SYSTEM, today=timezone.localdate())
