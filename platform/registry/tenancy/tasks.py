"""Celery tasks belong to one institution and fail closed (tenancy.md H)."""

from __future__ import annotations

from typing import Any

from django.db import connection
from tenant_schemas_celery.app import CeleryApp, get_schema_name_from_task
from tenant_schemas_celery.task import TenantTask

from kernel.errors import DomainError, gettext_noop
from registry.tenancy import PUBLIC_SCHEMA


class TaskOutsideHouse(DomainError):
    code = "TASK_OUTSIDE_HOUSE"
    status = 500
    sentence = gettext_noop("Task %(task)s names no institution, or another than the one it runs in.")


class HouseTask(TenantTask):
    """Refuses to run unless the message names a house and the connection is in it.

    The library falls back to `public` for a message without a house and for a house that no longer exists.
    """

    abstract = True
    in_public = False
    """True for the few tasks that work on public tables (delivering letters), and nowhere else."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        named = get_schema_name_from_task(self, kwargs)
        if not named or (named == PUBLIC_SCHEMA) is not self.in_public or connection.schema_name != named:
            raise TaskOutsideHouse(task=self.name)
        return super().__call__(*args, **kwargs)


class HouseCelery(CeleryApp):
    task_cls = HouseTask
