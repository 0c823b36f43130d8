"""Where bytes lie: S3 in any deployment that names one, a folder otherwise; always under the institution's prefix."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO, Protocol

from django.conf import settings
from django.core.files.storage import FileSystemStorage

from kernel.errors import NotFound, gettext_noop


class FileGone(NotFound):
    code = "FILE_GONE"
    sentence = gettext_noop("The stored file is missing. Tell your system administrator its number: %(key)s.")


class Store(Protocol):
    def put(self, key: str, data: BinaryIO, content_type: str) -> None: ...
    def open(self, key: str) -> BinaryIO: ...


class FolderStore:
    """For machines without an S3 server; same keys."""

    def __init__(self) -> None:
        self.root = Path(settings.FILES_DIR)

    def put(self, key: str, data: BinaryIO, content_type: str) -> None:
        path = self.root / key
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as out:
            for chunk in iter(lambda: data.read(1 << 16), b""):
                out.write(chunk)

    def open(self, key: str) -> BinaryIO:
        try:
            return (self.root / key).open("rb")
        except FileNotFoundError as error:
            raise FileGone(key=key) from error


_store: Store | None = None


def store() -> Store:
    global _store
    if _store is None:
        if settings.S3_ENDPOINT_URL:
            # The S3 client's libraries bind a socket and take a third of a second to load.
            from kernel.documents.s3 import S3Store

            _store = S3Store()
        else:
            _store = FolderStore()
    return _store


class HouseStorage(FileSystemStorage):
    """Django's default storage must never be used by accident: files go through kernel.documents.services."""

    def _save(self, name: str, content: Any) -> str:
        raise RuntimeError("Store files with kernel.documents.services.store, which checks type, size and institution.")
