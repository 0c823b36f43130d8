#!/usr/bin/env python
"""Django's commands, with this checkout's own servers running unless the environment names others."""

import os
import sys

# Commands that only compute. They get addresses where nobody listens, so that they cannot reach a database by mistake.
WITHOUT_SERVERS = {"replay"}
NOWHERE = {"SECRET_KEY": "unused", "DATABASE_URL": "postgresql://nobody@localhost:1/none", "REDIS_URL": "redis://localhost:1/0"}


def main() -> None:
    if sys.argv[1:2] and sys.argv[1] in WITHOUT_SERVERS:
        os.environ.update(NOWHERE)
    else:
        from infra.embedded import ensure

        for name, value in ensure("run").items():
            os.environ.setdefault(name, value)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "infra.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
