"""Background work of admission; sent to the group's house (infra/celery.py has the times)."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from kernel.access.actors import SYSTEM
from reguarantee.admission import services


@shared_task(name="admission.open_due", ignore_result=True)
def open_due() -> int:
    """Open the evaluations that fall due; again on the same day it opens nothing."""
    return services.open_due(actor=SYSTEM, today=timezone.localdate())
