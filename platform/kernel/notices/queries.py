"""Reads of messages."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from kernel.notices.models import Notice


def of(user: Any) -> QuerySet[Notice]:
    """A person's messages, newest first."""
    return Notice.objects.filter(user_id=user.id)


def unread(user: Any) -> int:
    return of(user).filter(read_at=None).count()
