"""Which tables live in which kind of house."""

from __future__ import annotations

from typing import Any

from django.db import connections
from django_tenants.routers import TenantSyncRouter


class Router(TenantSyncRouter):
    """Tables follow TENANT_TYPES; outside every house nothing may be migrated."""

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool | None:
        if connections[db].schema_name is None:
            return False
        return super().allow_migrate(db, app_label, model_name, **hints)
