"""manage.py migrate: public, the group, the template of members, and every member."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.core.management.commands.makemigrations import Command as MakeMigrations

from registry import fleet


class Command(BaseCommand):
    help = "Bring all houses up to date. Resumable; one query when there is nothing to do."
    requires_system_checks: list[str] = []

    @property
    def autodetector(self) -> Any:
        return MakeMigrations.autodetector

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        report = fleet.migrate_all(
            tell=lambda text: self.stderr.write(f"migrate: {text}"), verbosity=max(0, options["verbosity"] - 1)
        )
        if options["json"]:
            self.stdout.write(json.dumps(vars(report)))
        elif report.migrated or report.failed:
            self.stderr.write(f"migrate: {report.migrated} members in {report.seconds:.1f} s")
        if report.failed:
            raise SystemExit(f"{len(report.failed)} members were left out; run migrate again: {', '.join(report.failed)}")
