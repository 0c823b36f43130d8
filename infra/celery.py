"""The worker and its clock. Every task belongs to one institution (registry/tenancy/tasks.py)."""

from __future__ import annotations

import os
from typing import Any

from celery.schedules import crontab
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "infra.settings")

from registry.tenancy import GROUP_SCHEMA, PUBLIC_SCHEMA
from registry.tenancy.tasks import HouseCelery


def _beat(task: str, schedule: Any, *, house: str = PUBLIC_SCHEMA, **options: Any) -> dict[str, Any]:
    """A task of the clock. The clock stands in no house, so the message names the one to work in."""
    return {"task": task, "schedule": schedule, "options": {"headers": {"_schema_name": house}, **options}}


_LOCK = 7_001

app = HouseCelery("zaidan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    timezone="Asia/Shanghai",
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=2000,
    task_ignore_result=True,
    task_tenant_cache_seconds=30,
    # A task of a killed worker comes back after this long; it must be longer than the longest task.
    broker_transport_options={
        "visibility_timeout": 3600,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
    },
    broker_connection_retry_on_startup=True,
    # The clock only wakes work that reads its own backlog from the database, so a lost or doubled
    # beat changes nothing. Tasks of the clock start in public and enter their house by themselves.
    beat_schedule={
        "deliver letters": _beat("post.deliver", 0.5, expires=5),
        "project reported changes": _beat("monitoring.project", 0.5, house=GROUP_SCHEMA, expires=5),
        "roll the figures to a new day": _beat("monitoring.roll", crontab(minute="*/5"), house=GROUP_SCHEMA),
        "compare with every member": _beat("monitoring.compare", crontab(hour="2", minute="10"), house=GROUP_SCHEMA),
        "open evaluations that fall due": _beat("admission.open_due", crontab(hour="3", minute="5"), house=GROUP_SCHEMA),
        "hold banks' grades against the minimum": _beat(
            "partners.recheck_banks", crontab(hour="0", minute="20"), house=GROUP_SCHEMA
        ),
        "tell members of their lines": _beat("treaties.tell_uses", crontab(hour="1", minute="30"), house=GROUP_SCHEMA),
        "make refusals of claims final": _beat("claims.lapse", crontab(hour="1", minute="10"), house=GROUP_SCHEMA),
        "lists, bills and arrears of premiums": _beat("premiums.roll", crontab(hour="3", minute="20"), house=GROUP_SCHEMA),
        "name the breaks of money": _beat("settlements.check", crontab(hour="2", minute="30"), house=GROUP_SCHEMA),
    },
)
app.autodiscover_tasks(
    [
        "reguarantee.monitoring",
        "reguarantee.treaties.services",
        "reguarantee.premiums",
        "reguarantee.admission",
        "reguarantee.partners",
        "reguarantee.claims.services",
        "reguarantee.settlements",
    ]
)


@setup_logging.connect
def _own_logging(**_: Any) -> None:
    """The settings' logging stands; Celery must not lay its own over it."""


@app.task(name="post.deliver", in_public=True)
def deliver() -> int:
    """Deliver letters until nothing is due. Two at once would be harmless; one is enough."""
    # Imported when it runs: the application object exists before Django is set up.
    from django.db import connection

    from infra import wiring

    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        try:
            return wiring.deliver()
        finally:
            cursor.execute("select pg_advisory_unlock(%s)", [_LOCK])
