"""In-app messages to people of one institution."""

from django.conf import settings
from django.db import models


class Notice(models.Model):
    """One message to one person. The sentence is an English message id; it is translated when shown."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    sentence = models.CharField(max_length=300)
    facts = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["user", "-id"], condition=models.Q(read_at=None), name="notices_notice_unread"),
            models.Index(fields=["user", "-id"], name="notices_notice_user"),
        ]
