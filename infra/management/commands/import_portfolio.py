"""manage.py import_portfolio FILE --mapping M [--as-of D] [--dry-run] [--rejects FILE] [--open-members] [--json]

One file may hold the books of many members. It is read once; then each member's rows land in that member's house in
one transaction of its own, so that an import that was killed is completed by running it again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext

from kernel.access.actors import Actor
from kernel.errors import DomainError
from kernel.intake import services as intake
from kernel.intake.landing.land import Outcome
from kernel.intake.landing.sorting import Parcel, Sorted, sort, stream
from kernel.intake.mapping import Mapping, load
from kernel.intake.reading import open_table
from kernel.intake.refusals import Reject
from registry import fleet, queries, services
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
        self.today = timezone.localdate()
        self.as_of = options["as_of"] or self.today
        self.dry_run, self.may_open = options["dry_run"], options["open_members"]
        try:
            self.mapping = _mapping(options["mapping"])
            self.table = open_table(options["file"])
            fleet.awaken(group=self.may_open)
            if options["member"]:
                done, outcome = self._one_house(queries.institution(options["member"]))
            else:
                done = sort(self.table, self.mapping, as_of=self.as_of)
                outcome = self._all_houses(done)
        except DomainError as error:
            raise CommandError(gettext(error.sentence) % error.facts, returncode=2) from error
        rejects = intake.merged(self.table, done, outcome.rejects)
        if options["rejects"]:
            with options["rejects"].open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
                intake.write_rejects(file, self.table.header, rejects)
        self._tell(done.rows, outcome.accepted, outcome.unchanged, rejects, as_json=options["json"])

    def _one_house(self, house: Institution) -> tuple[Sorted, Outcome]:
        done, outcome = Sorted(), Outcome()
        self._bring_in(house, stream(done, self.table, self.mapping, as_of=self.as_of, home=house.code), outcome)
        return done, outcome

    def _all_houses(self, done: Sorted) -> Outcome:
        outcome = Outcome()
        houses = {member.code: member for member in queries.members()}
        try:
            for code, parcel in sorted(done.parcels.items()):
                house = houses.get(code)
                refusal = "" if house else self._refusal(code)
                if refusal:
                    column = self.mapping.column_of("member")
                    outcome.rejects += [Reject(line, column, refusal, {"value": code}) for line in done.lines[code].values()]
                elif house is None and self.dry_run:
                    # A house that is not there yet holds nothing that could speak against a row.
                    outcome.accepted += parcel.rows
                else:
                    self._bring_in(house or _open(self.mapping, code), [parcel], outcome)
        finally:
            done.close()
        return outcome

    def _refusal(self, code: str) -> str:
        if not self.may_open:
            return "HOUSE_NOT_OPEN"
        return "" if self.mapping.house_name(code) else "HOUSE_UNKNOWN"

    def _bring_in(self, house: Institution, parcels: Iterable[Parcel], outcome: Outcome) -> None:
        actor = Actor("IMPORT", f"{self.mapping.name}:{self.table.name}")
        with inside(house):
            brought = intake.bring_in(
                actor=actor, today=self.today, mapping=self.mapping, table=self.table, parcels=parcels,
                as_of=self.as_of, dry_run=self.dry_run,
            )  # fmt: skip
        outcome.accepted += brought.accepted
        outcome.unchanged += brought.unchanged
        outcome.rejects += brought.rejects

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


def _open(mapping: Mapping, code: str) -> Institution:
    """The member, opened now unless another import was faster."""
    name = mapping.house_name(code)
    try:
        return services.open_member(
            code=code, name=name or code, region=code, reporting_scope=Institution.ReportingScope.ALL_BUSINESS
        ).institution
    except services.CodeTaken:
        return queries.institution(code)
