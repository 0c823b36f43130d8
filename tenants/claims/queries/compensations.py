"""Reads of payments to banks."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from kernel.access.queries import visible
from tenants.claims.models import Compensation
from tenants.guarantees.models import Guarantee
from tenants.guarantees.services.compensating import liability

__all__ = ["book", "liability", "of"]


def book(user: Any) -> QuerySet[Compensation]:
    """Compensations of the guarantees that the user may see, newest first."""
    rows = Compensation.objects.select_related("guarantee__customer", "guarantee__product")
    rows = visible(user, rows, owner="guarantee__owner", department="guarantee__department")
    return rows.order_by("-paid_on", "-id")


def of(guarantee: Guarantee) -> QuerySet[Compensation]:
    """Compensations of one guarantee, oldest first."""
    return Compensation.objects.filter(guarantee=guarantee).order_by("paid_on", "id")
