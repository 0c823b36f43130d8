"""Files and where they are kept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kernel.documents import storage

PDF = b"%PDF-1.7\n" + b"x" * 100
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 100


@pytest.fixture(params=["server", "folder"])
def kept(request: pytest.FixtureRequest, settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The same on a real S3 server and in a folder."""
    if request.param == "folder":
        settings.S3_ENDPOINT_URL, settings.FILES_DIR = "", tmp_path
    elif not os.environ.get("S3_ENDPOINT_URL"):
        pytest.skip("no S3 server can be started on this machine")
    monkeypatch.setattr(storage, "_store", None)
    return request.param
