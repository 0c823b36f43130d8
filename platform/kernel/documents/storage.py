"""Where bytes lie: S3 in any deployment that names one, a folder otherwise; always under the institution's prefix."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO, Protocol

import boto3
from botocore.client import Config
from botocore.exceptions import ClientError
from django.conf import settings
from django.core.files.storage import FileSystemStorage

from kernel.errors import NotFound, gettext_noop


class FileGone(NotFound):
    code = "FILE_GONE"
    sentence = gettext_noop("The stored file is missing. Tell your system administrator its number: %(key)s.")


class Store(Protocol):
    def put(self, key: str, data: BinaryIO, content_type: str) -> None: ...
    def open(self, key: str) -> BinaryIO: ...


class S3Store:
    """One bucket; keys are `<schema>/<document id>`. Bytes are encrypted at rest by the server."""

    def __init__(self) -> None:
        self.client: Any = boto3.client(
            "s3",
            endpoint_url=settings.S3_ENDPOINT_URL,
            aws_access_key_id=settings.S3_ACCESS_KEY,
            aws_secret_access_key=settings.S3_SECRET_KEY,
            region_name="us-east-1",
            config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
        )
        self.bucket = settings.S3_BUCKET

    def put(self, key: str, data: BinaryIO, content_type: str) -> None:
        call = {"Bucket": self.bucket, "Key": key, "Body": data, "ContentType": content_type, "ServerSideEncryption": "AES256"}
        try:
            self.client.put_object(**call)
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchBucket":
                raise
            self.client.create_bucket(Bucket=self.bucket)
            data.seek(0)
            self.client.put_object(**call)

    def open(self, key: str) -> BinaryIO:
        try:
            return self.client.get_object(Bucket=self.bucket, Key=key)["Body"]
        except ClientError as error:
            raise FileGone(key=key) from error


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
        _store = S3Store() if settings.S3_ENDPOINT_URL else FolderStore()
    return _store


class HouseStorage(FileSystemStorage):
    """Django's default storage must never be used by accident: files go through kernel.documents.services."""

    def _save(self, name: str, content: Any) -> str:
        raise RuntimeError("Store files with kernel.documents.services.store, which checks type, size and institution.")
