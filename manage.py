#!/usr/bin/env python
"""Django's commands, with this checkout's own servers running unless the environment names others."""

import os
import sys


def main() -> None:
    from infra.embedded import ensure

    for name, value in ensure("run").items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "infra.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
