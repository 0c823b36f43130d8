"""manage.py premiums [--on D] [--json]: the month's round of premiums by hand, as the clock does it every night."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from registry import fleet
from registry import queries as registry
from registry.tenancy import inside
from reguarantee.premiums import services


class Command(BaseCommand):
    """Draws and sends last month's lists, bills what is agreed, looks for arrears, closes periods with the funds."""

    help = "One round of premiums for all members. Repeating it does nothing more."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, help="YYYY-MM-DD; today if left out")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        fleet.awaken(group=True)
        with inside(registry.group()):
            done = asdict(services.roll(today=options["on"] or timezone.localdate()))
        if options["json"]:
            self.stdout.write(json.dumps(done, ensure_ascii=False))
            return
        for name, value in done.items():
            self.stdout.write(f"{name:12} {value if not isinstance(value, list) else len(value)}")
        for trouble in done["troubles"]:
            self.stdout.write(trouble)
