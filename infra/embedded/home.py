"""Where a profile's servers keep their state, and as whom they run."""

from __future__ import annotations

import fcntl
import hashlib
import os
import random
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# Below the range that Linux hands out to outgoing connections (32768 and up), so that a kept port stays free.
_PATIENCE_SECONDS = 3.0
_PORTS = range(11000, 21000)


class EmbeddedError(RuntimeError):
    """An embedded server could not be started; the sentence says why and what to do."""


class Account:
    """An existing account without rights of its own: PostgreSQL refuses to run as root."""

    def __init__(self) -> None:
        import grp
        import pwd

        for name in ("postgres", "nobody"):
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            self.name, self.uid, self.gid = name, entry.pw_uid, entry.pw_gid
            self.groups = {self.gid, *(group.gr_gid for group in grp.getgrall() if name in group.gr_mem)}
            return
        raise EmbeddedError("Started as root, and neither account `postgres` nor `nobody` exists. Start as an ordinary user.")

    def reaches(self, path: Path) -> bool:
        """Whether this account may walk to `path` (a checkout under root's 0700 home is out of its reach)."""
        for step in [*reversed(path.parents), path]:
            status = step.stat()
            bit = 0o100 if status.st_uid == self.uid else 0o010 if status.st_gid in self.groups else 0o001
            if not status.st_mode & bit:
                return False
        return True


class Home:
    """`.embedded/<profile>` of one checkout: passwords, ports, locks and a folder for every server."""

    def __init__(self, checkout: Path, profile: str) -> None:
        self.checkout = checkout
        self.profile = profile
        self.fast = profile == "test"  # tests lose their data anyway: no fsync
        self.path = checkout / ".embedded" / profile
        marker = self.path / "home"
        if not marker.exists():
            try:
                self.path.mkdir(parents=True, exist_ok=True)
                # Another account must be able to walk through, not to look around.
                self.path.parent.chmod(0o711)
                self.path.chmod(0o711)
                marker.touch()
            except PermissionError as error:
                raise EmbeddedError(f"{error.filename} belongs to someone else. Start as that user, or remove it.") from error

    def account(self) -> Account | None:
        """Whom servers that refuse root run as; None when the caller is not root."""
        return Account() if os.geteuid() == 0 else None

    def outside(self) -> Path:
        """A folder for another account's files when the checkout is out of its reach."""
        return Path("/var/lib/zaidan-embedded") / self._digest()

    def memory(self) -> Path:
        """A folder in memory, for data that may be lost."""
        return Path("/dev/shm/zaidan-embedded") / self._digest()

    def _digest(self) -> str:
        return hashlib.sha256(str(self.checkout).encode()).hexdigest()[:16]

    def secret(self, name: str) -> str:
        """A random password, made once and kept in a file only the caller can read."""
        path = self.path / name
        try:
            return path.read_text()
        except FileNotFoundError:
            pass
        draft = self.path / f"{name}.{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(24))
        try:
            os.link(draft, path)  # the first of several wins, and nobody ever reads half a file
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        return path.read_text()

    def ports(self, name: str, count: int, *, renew: bool = False) -> list[int]:
        """The ports kept for a server; `renew` (under its lock, before a start) replaces those a stranger holds."""
        path = self.path / f"{name}.ports"
        try:
            kept = [int(text) for text in path.read_text().split()]
        except FileNotFoundError:
            kept = []
        if not renew:
            return kept
        if len(kept) != count or not _soon_free(kept):
            kept = []
            while len(kept) < count:
                port = random.choice(_PORTS)
                if port not in kept and _free(port) and _free(port + 10000):
                    kept.append(port)
            draft = path.with_suffix(".new")
            draft.write_text(" ".join(str(port) for port in kept))
            draft.replace(path)
        return kept

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Only one process at a time; a killed process leaves no lock behind."""
        with open(self.path / f"{name}.lock", "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def delete(self) -> None:
        """Remove this profile's data for good."""
        import shutil

        outside = self.outside()
        for path in (self.path, outside / self.profile, self.memory() / self.profile):
            if path.exists():
                # Away in one step: somebody who starts servers meanwhile begins with an empty folder, not half a one.
                doomed = path.with_name(f"{path.name}.deleted-{secrets.token_hex(4)}")
                path.rename(doomed)
                shutil.rmtree(doomed)
        with suppress(OSError):  # another profile still has something there
            self.memory().rmdir()
        if outside.exists() and not any(not child.name.startswith("binaries") for child in outside.iterdir()):
            shutil.rmtree(outside)


def _soon_free(ports: list[int]) -> bool:
    """Whether all are free within a few seconds.

    A server that was just killed may hold its port for a moment; programs that run know its address, so it must not move.
    """
    limit = time.monotonic() + _PATIENCE_SECONDS
    while not all(_free(port) for port in ports):
        if time.monotonic() > limit:
            return False
        time.sleep(0.05)
    return True


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError:
        return False
    return True
