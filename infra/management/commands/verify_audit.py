"""manage.py verify_audit: recompute every institution's chain and name the first broken line."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kernel.audit import queries as audit
from registry import queries as registry
from registry.tenancy import inside


class Command(BaseCommand):
    help = "Verify the hash chain of the audit trail of every institution, or of one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--institution", help="code; all without it")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["institution"]:
            houses = [registry.institution(options["institution"])]
        else:
            houses = ([registry.group()] if registry.has_group() else []) + registry.members()
        report = []
        for house in houses:
            with inside(house):
                verdict = audit.verify()
            report.append(
                {"institution": house.code, "lines": verdict.lines, "broken_id": verdict.broken_id, "reason": verdict.reason}
            )
        broken = [row for row in report if row["broken_id"] is not None]
        if options["json"]:
            self.stdout.write(json.dumps({"institutions": report, "broken": len(broken)}, ensure_ascii=False))
        else:
            for row in broken:
                self.stdout.write(f"{row['institution']}: line {row['broken_id']} {row['reason']}")
            self.stdout.write(f"{sum(row['lines'] for row in report)} lines in {len(report)} institutions, {len(broken)} broken")
        if broken:
            raise SystemExit(1)
