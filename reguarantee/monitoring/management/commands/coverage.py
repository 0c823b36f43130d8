"""manage.py coverage --as-of D [--json]: every guarantee that the group knows of, as covered, partly covered or not."""

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
from reguarantee.monitoring import services
from reguarantee.monitoring.queries.coverage import by_reason, coverage


class Command(BaseCommand):
    """Figures current to the last committed change, also where no worker runs: what waits is projected first."""

    help = "Coverage of all guarantees known to the group, as of a day; the three states add up to the whole."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", type=date.fromisoformat, help="YYYY-MM-DD; today if left out")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        as_of = options["as_of"] or today
        fleet.awaken(group=True)
        try:
            with inside(registry.group()):
                report = services.catch_up(today=today)
                figures = coverage(as_of=as_of)
                reasons = [] if options["json"] else by_reason(as_of=as_of)
        except DomainError as error:
            raise CommandError(gettext(error.sentence) % error.facts, returncode=2) from None
        for trouble in report.troubled.values():
            self.stderr.write(f"not current: {trouble}")
        if options["json"]:
            self.stdout.write(json.dumps(figures, ensure_ascii=False))
            return
        self.stdout.write(f"{as_of}  (yuan)")
        for code, row in figures.items():
            self.stdout.write(f"{code:<10}{row['count']:>9}{yuan(row['guaranteed_fen']):>24}{yuan(row['ceded_fen']):>24}")
            for one in (one for one in reasons if one.coverage == code):
                amounts = f"{yuan(one.figures['guaranteed_fen']):>24}{yuan(one.figures['ceded_fen']):>24}"
                self.stdout.write(f"  {one.reason_code:<24}{one.figures['count']:>9}{amounts}")
