"""What every embedded server has in common: a process of ours, started once, found again, stopped alone."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from infra.embedded.home import EmbeddedError, Home, listens


class Server:
    name: ClassVar[str]
    variables: ClassVar[tuple[str, ...]]  # the first names the address

    def __init__(self, home: Home) -> None:
        self.home = home
        self.path = home.path / self.name

    def up(self) -> bool:
        """Whether it answers. Cheap: every management command asks."""
        raise NotImplementedError

    def start(self) -> None:
        """Start it; called under its lock while it is not up."""
        raise NotImplementedError

    def stop(self, *, now: bool = False) -> bool:
        """Stop it if this checkout started it; False when there was nothing to stop. `now`: its data need not be kept."""
        raise NotImplementedError

    def env(self) -> dict[str, str]:
        raise NotImplementedError


class Daemon(Server):
    """A server that we spawn ourselves: `pid` names the process, `ready` repeats it once the server serves."""

    def mark(self) -> str:
        """What stands in our process's command line and in no other's."""
        return str(self.path)

    def pid(self, file: str = "pid") -> int:
        try:
            return int((self.path / file).read_text())
        except (FileNotFoundError, ValueError):
            return 0

    def up(self) -> bool:
        pid = self.pid("ready")
        ports = self.home.ports(self.name, 0)
        return bool(pid) and alive(pid, self.mark()) and bool(ports) and listens(ports[0])

    def launch(self, argv: Sequence[str]) -> None:
        """Spawn, then wait until `serving` holds."""
        self.stop()  # one that hangs half started would hold the data
        (self.path / "ready").unlink(missing_ok=True)
        pid = spawn(argv, self.path / "log")
        (self.path / "pid").write_text(str(pid))
        limit = time.monotonic() + 60
        while not self.serving():
            # Not `alive`: for a moment after the spawn the command line is still empty.
            if os.waitpid(pid, os.WNOHANG)[0]:
                raise EmbeddedError(f"{self.name} did not start: {tail(self.path / 'log')}")
            if time.monotonic() > limit:
                raise EmbeddedError(f"{self.name} did not answer within 60 s: {tail(self.path / 'log')}")
            time.sleep(0.02)
        (self.path / "ready").write_text(str(pid))

    def serving(self) -> bool:
        raise NotImplementedError

    def stop(self, *, now: bool = False) -> bool:
        pid = self.pid()
        return bool(pid) and end(pid, self.mark(), firmly=now)


def start_all(servers: Sequence[Server]) -> None:
    """Start several servers side by side; the first failure is raised when all have settled."""
    from concurrent.futures import ThreadPoolExecutor

    def start(server: Server) -> None:
        with server.home.lock(server.name):
            if not server.up():
                server.path.mkdir(mode=0o700, exist_ok=True)
                server.start()

    with ThreadPoolExecutor(len(servers)) as pool:
        for outcome in [pool.submit(start, server) for server in servers]:
            outcome.result()


def spawn(argv: Sequence[str], log: Path) -> int:
    """A process in its own session (Ctrl-C in our terminal does not reach it) that writes to `log`."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, descriptor, 1),
            (os.POSIX_SPAWN_DUP2, descriptor, 2),
        ]
        return os.posix_spawn(argv[0], list(argv), {**os.environ, "TMPDIR": str(log.parent)}, file_actions=actions, setsid=True)
    finally:
        os.close(descriptor)


def command_line(pid: int) -> str:
    """The command line of a living process; empty for a zombie or none."""
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    import subprocess

    return subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True).stdout


def alive(pid: int, mark: str) -> bool:
    """Whether `pid` lives and is ours: pids are reused, so the command line must carry our mark."""
    return mark in command_line(pid)


def end(pid: int, mark: str, *, seconds: float = 10, firmly: bool = False) -> bool:
    """End our process gently (unless `firmly`), then firmly; False when there is none."""
    if not alive(pid, mark):
        return False
    for sign in (signal.SIGKILL,) if firmly else (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(pid, sign)
        except ProcessLookupError:
            return True
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if not alive(pid, mark):
                return True
            time.sleep(0.02)
    raise EmbeddedError(f"Process {pid} does not end.")


def tail(log: Path, lines: int = 6) -> str:
    try:
        return " | ".join(log.read_text(errors="replace").splitlines()[-lines:]) or "its log is empty"
    except OSError:
        return "it wrote no log"
