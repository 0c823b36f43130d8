"""What the banks' door remembers (public schema)."""

from __future__ import annotations

from django.db import models


class Exchange(models.Model):
    """The answer to one idempotent request: replayed byte for byte for 24 hours."""

    partner_key_id = models.BigIntegerField()
    idempotency_key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64, help_text="SHA-256 over method, path and body")
    status = models.PositiveSmallIntegerField()
    # Text, not json: the replay must have the same bytes, and jsonb reorders keys.
    body = models.TextField()
    content_type = models.CharField(max_length=60)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner_key_id", "idempotency_key"], name="api_exchange_once"),
        ]
        indexes = [models.Index(fields=["at"], name="api_exchange_at")]
