"""The business audit trail of one institution: append-only and hash-chained."""

from django.db import models


class Entry(models.Model):
    """Who did what to which thing. The chain columns are filled by the database at commit."""

    at = models.DateTimeField(auto_now_add=True)
    actor_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=120)
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    facts = models.TextField(default="{}", help_text="JSON as text: its bytes are part of the hash")
    position = models.BigIntegerField(null=True, unique=True, help_text="Place in the chain, without gaps, from 1")
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["subject", "id"], name="audit_entry_subject")]
