"""Bytes in an S3 bucket. Imported only where a deployment names one (storage.store)."""

from __future__ import annotations

from typing import Any, BinaryIO

import boto3
from botocore.client import Config
from botocore.exceptions import ClientError
from django.conf import settings

from kernel.documents.storage import FileGone


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
