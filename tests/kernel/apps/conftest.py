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
    else:
        assert os.environ.get("S3_ENDPOINT_URL"), "No S3 server could be started here: name one in TEST_S3_ENDPOINT_URL."
    monkeypatch.setattr(storage, "_store", None)
    return request.param
