"""`python -m infra.embedded up|env|down [--profile P] [--delete]`: the servers by hand."""

from __future__ import annotations

import argparse
import sys

from infra.embedded import down, ensure, profiles
from infra.embedded.home import EmbeddedError


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.embedded", description=__doc__)
    parser.add_argument("verb", choices=["up", "env", "down"])
    parser.add_argument("--profile", help="run, test or another; default: run; for down: all")
    parser.add_argument("--delete", action="store_true", help="with down: remove the data as well")
    asked = parser.parse_args()
    write = sys.stdout.write
    try:
        if asked.verb == "down":
            for profile in [asked.profile] if asked.profile else profiles():
                names = down(profile, delete=asked.delete)
                write(f"{profile}: stopped {', '.join(names) or 'nothing'}{'; data removed' if asked.delete else ''}\n")
            return 0
        found = ensure(asked.profile or "run")
        if asked.verb == "env":
            for name, value in found.items():
                write(f"export {name}='{value}'\n")
    except EmbeddedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
