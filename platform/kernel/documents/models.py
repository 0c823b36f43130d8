"""Files and numbers of one institution."""

from __future__ import annotations

import uuid

from django.db import models


class Document(models.Model):
    """One uploaded or generated file. Its bytes lie in S3 under the institution's own prefix."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.CharField(max_length=80, help_text="What it belongs to, for example application:12")
    kind = models.CharField(max_length=40, blank=True, help_text="Slot: business licence, loan contract …")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    by_id = models.BigIntegerField(null=True)
    by = models.CharField(max_length=120)
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at"]
        indexes = [models.Index(fields=["subject", "at"], name="documents_document_subject")]


class Counter(models.Model):
    """The last number given of a kind in a year; see numbering.py."""

    kind = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "year"], name="documents_one_counter")]
