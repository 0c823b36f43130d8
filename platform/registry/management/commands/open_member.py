"""manage.py open_member CODE NAME --region R"""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel.errors import DomainError
from registry import fleet, services
from registry.models import Institution


class Command(BaseCommand):
    help = "Open a member company: schema, role, host name. Atomic: a failure leaves nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code")
        parser.add_argument("name")
        parser.add_argument("--region", required=True)
        parser.add_argument("--scope", choices=Institution.ReportingScope.values, default="CEDED")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        fleet.awaken()
        try:
            opened = services.open_member(
                code=options["code"], name=options["name"], region=options["region"], reporting_scope=options["scope"]
            )
        except DomainError as error:
            raise CommandError(str(error), returncode=2) from error
        result = {"code": opened.institution.code, "host": opened.host, "seconds": round(opened.seconds, 3)}
        text = json.dumps(result, ensure_ascii=False) if options["json"] else f"{result['host']} in {result['seconds']} s"
        self.stdout.write(text)
