"""The web server, the worker and the clock as children: started, watched, restarted, ended together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None  # loaded before any fork


@dataclass
class Child:
    name: str
    argv: list[str]
    log: Path
    cwd: Path
    env: dict[str, str]
    once: bool = False  # it ends by itself when its work is done
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    next_start: float = field(default=0.0)

    def start(self) -> None:
        parent = os.getpid()

        def die_with_parent() -> None:
            # kill -9 of the supervisor must not leave a web server holding the port.
            if _LIBC is not None:
                _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
                if os.getppid() != parent:
                    os._exit(1)

        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.argv,
                cwd=self.cwd,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches the supervisor, which ends them in order
                preexec_fn=die_with_parent,
            )
        self.started = time.monotonic()

    def died(self) -> int | None:
        """The exit code of a child that ended, noted once; it may start again after a pause that grows to half a minute."""
        if self.process is None or self.process.poll() is None:
            return None
        code = self.process.returncode
        if self.once and code == 0:
            self.next_start = float("inf")
            self.process = None
            return None
        lived = time.monotonic() - self.started
        self.deaths = 1 if lived > 60 else self.deaths + 1
        self.next_start = time.monotonic() + min(2 ** (self.deaths - 1), 30)
        self.process = None
        return code

    def due(self) -> bool:
        return self.process is None and time.monotonic() >= self.next_start

    def last_words(self, lines: int = 15) -> str:
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        except FileNotFoundError:
            return ""


def end_all(children: list[Child], *, seconds: float = 10) -> None:
    """Ask all to end, wait, then end those that do not listen."""
    running = [child.process for child in children if child.process is not None]
    for process in running:
        process.terminate()
    limit = time.monotonic() + seconds
    for process in running:
        try:
            process.wait(max(limit - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
