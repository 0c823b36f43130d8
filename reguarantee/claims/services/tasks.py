"""The clock of claims (infra/celery.py has the time); sent to the group's house."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from kernel.access.actors import SYSTEM
from reguarantee.claims import services

_log = logging.getLogger(__name__)


@shared_task(name="claims.lapse", ignore_result=True)
def lapse() -> int:
    """Make refusals final that nobody appealed against in time. Returns how many; again it is none."""
    done = services.lapse(actor=SYSTEM, today=timezone.localdate())
    for trouble in done.troubles:
        _log.error("a refused claim stays open: %s", trouble)
    return done.closed
