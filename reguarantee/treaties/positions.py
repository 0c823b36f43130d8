"""What the losses under a version have used up, held while one more is shared (design.md 5).

A claim on a treaty with a cap or a stop loss depends on the claims before it. So the row is locked while the engine runs,
and two claims at once are shared one after the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from reguarantee.treaties import engine
from reguarantee.treaties.models import Position, TreatyVersion


class Held:
    """The locked row of one version. `position` is what the engine takes; `save` keeps what it gives back."""

    def __init__(self, row: Position) -> None:
        self._row = row

    @property
    def position(self) -> engine.Position:
        return engine.Position.from_json(json.loads(self._row.totals))

    def save(self, position: engine.Position) -> None:
        """Keep the position that a result left behind."""
        self._row.totals = json.dumps(position.to_json())
        self._row.save(update_fields=["totals"])


@contextmanager
def held(version: TreatyVersion) -> Iterator[Held]:
    """Hold a version's position: `with held(version) as row: …; row.save(apply(terms, row.position, loss).position)`.

    The row stays locked until the caller's transaction ends (one is opened where there is none).
    """
    with transaction.atomic():
        rows = Position.objects.select_for_update()
        row = rows.filter(version_id=version.pk).first()
        if row is None:
            # Whoever comes first opens the row; a second one waits for the unique index and then finds it.
            Position.objects.bulk_create([Position(version_id=version.pk)], ignore_conflicts=True)
            row = rows.get(version_id=version.pk)
        yield Held(row)


def standing(version: TreatyVersion) -> engine.Position:
    """The position as it stands, without holding it; for pages."""
    row = Position.objects.filter(version_id=version.pk).first()
    return engine.Position.from_json(json.loads(row.totals)) if row else engine.Position()
