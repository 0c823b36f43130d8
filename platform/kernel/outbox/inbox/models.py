"""What a house has read."""

from django.db import models


class Receipt(models.Model):
    """A letter that this house has read: a second delivery of the same letter changes nothing."""

    sender = models.CharField(max_length=20)
    letter_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    read_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sender", "letter_id"], name="inbox_receipt_once")]
