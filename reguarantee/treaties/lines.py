"""Taking from a line without two takers getting the same fen (domain.md 5.10.3).

Every cession counts on two rows: its member's and the one all members share. Both are locked, always in the same
order, before what is left is read, and they stay locked until the transaction ends.
"""

from __future__ import annotations

from collections.abc import Sequence

from reguarantee.treaties.models import EVERY_MEMBER, Line
from reguarantee.treaties.services.telling import crossed, tell_line


class Hold:
    """The locked rows of one treaty, member and year. Exists only inside a transaction."""

    def __init__(self, rows: Sequence[Line]) -> None:
        self.rows = rows

    @property
    def left_fen(self) -> int | None:
        """The least that any of the rows has left, in fen; None without a limit."""
        return min((row.left_fen for row in self.rows if row.left_fen is not None), default=None)

    def change(self, *, used_fen: int = 0, reserved_fen: int = 0) -> None:
        """Count more (or, negative, less) as used and reserved. The database refuses what a line does not hold.

        A member is told when its own line passes 80 % or is full (AGR-23); in between a night's letter is enough.
        """
        if not used_fen and not reserved_fen:
            return
        for row in self.rows:
            before = row.used_fen + row.reserved_fen
            row.used_fen += used_fen
            row.reserved_fen += reserved_fen
            row.save(update_fields=["used_fen", "reserved_fen"])
            if crossed(row, before):
                tell_line(row)


def hold(*, treaty_id: int, member_code: str, year: int) -> Hold:
    """Lock the rows that count a cession of `member_code` under a treaty in a calendar year of drawdown."""
    holders = sorted({EVERY_MEMBER, member_code})
    rows = Line.objects.select_for_update().filter(treaty_id=treaty_id, year=year, member_code__in=holders)
    locked = list(rows.order_by("id"))
    if len(locked) < len(holders):
        # Whoever comes first opens the rows; a second one waits for the unique index and then finds them.
        Line.objects.bulk_create(
            [Line(treaty_id=treaty_id, member_code=holder, year=year) for holder in holders], ignore_conflicts=True
        )
        locked = list(rows.order_by("id"))
    return Hold(locked)
