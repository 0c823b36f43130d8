"""manage.py consolidated --as-of D --by member|bank|industry|region|month [--json]: the group's book in figures."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext

from kernel.errors import DomainError
from kernel.money import yuan
from registry import fleet
from registry import queries as registry
from registry.tenancy import inside
from reguarantee.monitoring import queries, services

COLUMNS = (
    ("count", "count"),
    ("loan_fen", "loan"),
    ("guaranteed_fen", "guaranteed"),
    ("released_count", "released"),
    ("compensated_count", "comp."),
    ("compensation_fen", "compensation"),
    ("in_force_count", "in force"),
    ("in_force_balance_fen", "balance"),
)


class Command(BaseCommand):
    """Figures current to the last committed change, also where no worker runs: what waits is projected first."""

    help = "Consolidated figures of all members, as of a day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", type=date.fromisoformat, help="YYYY-MM-DD; today if left out")
        parser.add_argument("--by", choices=["member", "bank", "industry", "region", "month"], default="member")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        fleet.awaken(group=True)
        try:
            with inside(registry.group()):
                report = services.catch_up(today=today)
                figures = queries.consolidated(by=options["by"], as_of=options["as_of"] or today)
        except DomainError as error:
            raise CommandError(gettext(error.sentence) % error.facts, returncode=2) from None
        for trouble in report.troubled.values():
            self.stderr.write(f"not current: {trouble}")
        if options["json"]:
            self.stdout.write(json.dumps(figures, ensure_ascii=False))
        else:
            self._table(figures)

    def _table(self, figures: dict[str, Any]) -> None:
        rows = [[figures["by"], *(title for _, title in COLUMNS)]]
        for row in [*figures["rows"], {"key": "", **figures["total"]}]:
            cells = [yuan(row[name]) if name.endswith("_fen") else str(row[name]) for name, _ in COLUMNS]
            rows.append([row["key"], *cells])
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        self.stdout.write(f"{figures['as_of']}  (yuan)")
        for row in rows:
            cells = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
            self.stdout.write("  ".join([row[0].ljust(widths[0]), *cells]).rstrip())
