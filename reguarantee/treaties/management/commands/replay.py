"""`manage.py replay TERMS.json LOSSES.csv [--json]`: what losses cost each party. Needs no database."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext

from kernel.errors import DomainError
from kernel.money import yuan
from reguarantee.treaties.engine import cli


class Command(BaseCommand):
    """Prints the shares of each loss and the totals; exit code 2 and a sentence for bad input."""

    help = "Run losses (CSV) through the terms of one or several treaties (JSON)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the two files and --json."""
        parser.add_argument("terms", type=Path, help="a treaty's terms, or a list of them")
        parser.add_argument("losses", type=Path, help="loss_id,date,guaranteed_fen,principal_fen,interest_fen,…")
        parser.add_argument("--json", action="store_true", help="print the layers too, as JSON in fen")

    def handle(self, *args: Any, **options: Any) -> None:
        """Replay and print."""
        try:
            outcome = cli.replay(options["terms"], options["losses"])
        except DomainError as error:
            raise CommandError(_said(error), returncode=2) from None
        if options["json"]:
            self.stdout.write(json.dumps(outcome, ensure_ascii=False))
            return
        for loss in outcome["losses"]:
            self.stdout.write(f"{loss['loss_id']}  {_listed(loss['shares'])}")
        self.stdout.write(f"=  {_listed(outcome['totals'])}")


def _said(error: DomainError) -> str:
    """Return the error in the user's language, a reason inside it too."""
    facts = {name: _said(fact) if isinstance(fact, DomainError) else fact for name, fact in error.facts.items()}
    return gettext(error.sentence) % facts


def _listed(shares: dict[str, int]) -> str:
    return "  ".join(f"{party} {yuan(fen)}" for party, fen in shares.items())
