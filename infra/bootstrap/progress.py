"""Says step by step what happens and how long it took; runs the commands of set-up so that all of them can be ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path


class StepFailed(RuntimeError):
    """A step did not work; the sentence says which and shows the end of what it said."""


class Progress:
    """Lines for people, on stderr where stdout belongs to a figure."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self._running: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()
        self._stopped = False

    def say(self, text: str) -> None:
        with self._lock:
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        start = time.monotonic()
        yield
        self.say(f"  {time.monotonic() - self.began:5.1f} s  {title} ({time.monotonic() - start:.1f} s)")

    def run(self, argv: Sequence[str | Path], *, cwd: Path, env: dict[str, str] | None = None) -> str:
        """Run a command to its end and return its stdout; what it said is shown only when it fails."""
        command = [str(part) for part in argv]
        with self._lock:
            if self._stopped:
                raise StepFailed("stopped")
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env={**os.environ, **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,  # a group of its own, so that `stop` reaches its children as well
            )
            self._running.add(process)
        out, err = process.communicate()
        self._running.discard(process)
        if process.returncode:
            raise StepFailed(f"{' '.join(command)} failed ({process.returncode}):\n{(out + err).strip()[-3000:]}")
        return out

    def stop(self) -> None:
        """End what still runs; nothing starts any more. Every step can be repeated, so none is worth waiting for."""
        with self._lock:
            self._stopped = True
        limit = time.monotonic() + 2
        for sign in (signal.SIGTERM, signal.SIGKILL):
            for process in list(self._running):
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, sign)
            while self._running and time.monotonic() < limit:
                time.sleep(0.05)
