"""manage.py import_portfolio FILE --mapping M [--as-of D] [--dry-run] [--rejects FILE] [--open-members] [--json]

One file may hold the books of many members. It is read once; then each member's rows land in that member's house in
one transaction of its own, so that an import that was killed is completed by running it again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext

from kernel.access.actors import Actor
from kernel.errors import DomainError
from kernel.intake import services as intake
from kernel.intake.landing.sorting import Parcel, Sorted, sort
from kernel.intake.mapping import Mapping, load
from kernel.intake.reading import Table, open_table
from kernel.intake.refusals import Reject
from registry import queries, services
from registry.models import Institution
from registry.tenancy import inside


class Command(BaseCommand):
    help = "Import a portfolio of guarantees from csv, csv.xz or xlsx into the houses of its members."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", required=True, help="A shipped mapping (sba, portfolio) or the path of one")
        parser.add_argument("--as-of", type=date.fromisoformat, help="The day for which the file speaks; today when absent")
        parser.add_argument("--member", help="Where rows go that name no member; rows of another are refused")
        parser.add_argument("--open-members", action="store_true", help="Open the members that are missing")
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen and write nothing")
        parser.add_argument("--rejects", type=Path, help="Write the rejected rows to this csv file")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        try:
            mapping = _mapping(options["mapping"])
            table = open_table(options["file"])
            home = queries.institution(options["member"]).code if options["member"] else None
            done = sort(table, mapping, as_of=options["as_of"] or today, home=home)
        except DomainError as error:
            raise CommandError(gettext(error.sentence) % error.facts, returncode=2) from error
        try:
            accepted, unchanged, late = self._land(done, table, mapping, today, options)
        finally:
            done.close()
        rejects = intake.merged(table, done, late)
        if options["rejects"]:
            with options["rejects"].open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
                intake.write_rejects(file, table.header, rejects)
        self._tell(done.rows, accepted, unchanged, rejects, as_json=options["json"])

    def _land(
        self, done: Sorted, table: Table, mapping: Mapping, today: date, options: dict[str, Any]
    ) -> tuple[int, int, list[Reject]]:
        accepted = unchanged = 0
        late: list[Reject] = []
        houses = {member.code: member for member in queries.members()}
        actor = Actor("IMPORT", f"{mapping.name}:{table.name}")
        for code, parcel in sorted(done.parcels.items()):
            house = houses.get(code)
            if house is None:
                refusal = _open_refusal(mapping, code, options)
                if refusal:
                    late.extend(Reject(line, column, refusal, {"value": code}) for line, column in _lines(parcel, mapping))
                    continue
                if options["dry_run"]:
                    accepted += parcel.rows  # a house that is not there yet holds nothing that could speak against a row
                    continue
                house = _open(mapping, code)
            with inside(house):
                brought = intake.bring_in(
                    actor=actor, today=today, mapping=mapping, table=table, parcel=parcel,
                    as_of=options["as_of"] or today, dry_run=options["dry_run"],
                )  # fmt: skip
            accepted, unchanged = accepted + brought.accepted, unchanged + brought.unchanged
            late.extend(brought.rejects)
        return accepted, unchanged, late

    def _tell(self, rows: int, accepted: int, unchanged: int, rejects: list[Reject], *, as_json: bool) -> None:
        told = [
            {"line": reject.line, "column": reject.column, "code": reject.code, "reason": intake.reason(reject)}
            for reject in rejects
        ]
        if as_json:
            result = {"rows": rows, "accepted": accepted, "unchanged": unchanged, "rejected": told}
            self.stdout.write(json.dumps(result, ensure_ascii=False))
            return
        for row in told:
            self.stdout.write(f"{row['line']} {row['column']} {row['code']} {row['reason']}")
        self.stdout.write(f"{rows} rows: {accepted} accepted, {unchanged} unchanged, {len(told)} rejected")


def _mapping(named: str) -> Mapping:
    return load(Path(named)) if "." in named or "/" in named else intake.mapping_named(named)


def _open_refusal(mapping: Mapping, code: str, options: dict[str, Any]) -> str:
    if not options["open_members"]:
        return "HOUSE_NOT_OPEN"
    return "" if mapping.house_name(code) else "HOUSE_UNKNOWN"


def _lines(parcel: Parcel, mapping: Mapping) -> Iterator[tuple[int, str]]:
    column = mapping.column_of("member")
    return ((line, column) for line in parcel.lines.values())


def _open(mapping: Mapping, code: str) -> Institution:
    """The member, opened now unless another import was faster."""
    name = mapping.house_name(code)
    try:
        return services.open_member(
            code=code, name=name or code, region=code, reporting_scope=Institution.ReportingScope.ALL_BUSINESS
        ).institution
    except services.CodeTaken:
        return queries.institution(code)
