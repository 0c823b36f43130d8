"""`make down`: stops what this checkout started, and nothing else."""

from __future__ import annotations

import fcntl
import sys

from infra.bootstrap.environment import CHECKOUT
from infra.embedded import down, profiles
from infra.embedded.server import end


def stop(*, delete: bool) -> int:
    """Stop the supervisor with its children, then the servers of every profile; `delete` removes their data too."""
    if _end_supervisor():
        sys.stdout.write("run: stopped the program\n")
    for profile in profiles():
        names = down(profile, delete=delete)
        sys.stdout.write(f"{profile}: stopped {', '.join(names) or 'nothing'}{'; data removed' if delete else ''}\n")
    return 0


def _end_supervisor() -> bool:
    """End the process that holds the supervisor's lock; a stale file names nobody."""
    claim = CHECKOUT / ".embedded" / "run" / "supervisor"
    if not claim.exists():
        return False
    with open(claim, "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return False
        except BlockingIOError:
            return end(int(file.read()), "infra.bootstrap", seconds=25)
