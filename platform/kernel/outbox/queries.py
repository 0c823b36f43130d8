"""Reads of the post, for the operators' page and for tests."""

from __future__ import annotations

from django.db.models import QuerySet

from kernel.outbox.models import Letter


def waiting() -> QuerySet[Letter]:
    """Letters not yet read, oldest first."""
    return Letter.objects.filter(delivered_at__isnull=True).order_by("id")
