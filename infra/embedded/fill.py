"""Fills the empty database named by DATABASE_URL for the tests: all migrations, then the group and two members."""

from __future__ import annotations

import sys

import django
from django.core.management import call_command


def main() -> None:
    django.setup()
    call_command("migrate", verbosity=0, stdout=sys.stdout)
    from tests.factories import houses

    houses.build()


if __name__ == "__main__":
    main()
