"""Tell people something; mark it read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from kernel.access import queries as people
from kernel.notices.models import Notice


def tell(
    *, sentence: str, facts: dict[str, Any] | None = None, url: str = "", user_ids: Iterable[int] = (), post: str = ""
) -> None:
    """Leave one message for each person named, or for all holders of a post, in the caller's transaction."""
    ids = set(user_ids) | ({user.id for user in people.holders(post)} if post else set())
    Notice.objects.bulk_create(Notice(user_id=user_id, sentence=sentence, facts=facts or {}, url=url) for user_id in sorted(ids))


def mark_read(*, actor: Any, notice_id: int | None = None) -> None:
    """Mark one message, or all, of this person as read."""
    mine = Notice.objects.filter(user_id=actor.id, read_at=None)
    (mine if notice_id is None else mine.filter(id=notice_id)).update(read_at=timezone.now())
