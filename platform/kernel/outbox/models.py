"""Letters between houses: posted to public, read in the recipient's house."""

from __future__ import annotations

from django.db import models


class Letter(models.Model):
    """One letter on its way. Lives in `public`; a member may only insert (design.md 3)."""

    sender = models.CharField(max_length=20)
    recipient = models.CharField(max_length=20)
    subject = models.CharField(max_length=80, help_text="Letters of one subject are read in order")
    kind = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    body = models.TextField()
    posted_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(auto_now_add=True)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["sender", "recipient", "subject", "id"],
                condition=models.Q(delivered_at__isnull=True),
                name="outbox_letter_waiting",
            )
        ]
