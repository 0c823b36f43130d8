"""Money of one institution: what is due, what its counterparty says, and what has moved.

Three records that are written by different hands and compared on one board. Movements, their allocation, the lines of a
due and reports are append-only (a trigger keeps them); a mistake is undone by a reversal, so the ledger can post each
row once.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Direction(models.TextChoices):
    OUT = "OUT", _("To pay")
    IN = "IN", _("To receive")


class Due(models.Model):
    """What has to move, once: `key` is the business event's and the same in both institutions' houses.

    `fen` is the sum of its lines, `moved_fen` of its allocations: kept beside them under the row lock.
    """

    key = models.CharField(max_length=120, unique=True)
    direction = models.CharField(max_length=3, choices=Direction.choices)
    purpose = models.CharField(max_length=40, help_text=_("CLAIM, RECOVERY, PREMIUM … : the room's own code"))
    counterparty = models.CharField(max_length=40, help_text=_("Code of an institution, a bank or a fund"))
    subject = models.CharField(max_length=80)
    fen = models.BigIntegerField()
    moved_fen = models.BigIntegerField(default=0)
    opened_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(fen__gte=0, moved_fen__gte=0), name="cash_due_signs"),
            models.CheckConstraint(condition=Q(moved_fen__lte=F("fen")), name="cash_due_not_over"),
        ]
        indexes = [
            models.Index(fields=["counterparty", "opened_on"], name="cash_due_counterparty"),
            models.Index(fields=["due_on"], condition=~Q(fen=F("moved_fen")), name="cash_due_open"),
            models.Index(fields=["subject"], name="cash_due_subject"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def open_fen(self) -> int:
        return self.fen - self.moved_fen


class DueLine(models.Model):
    """Why a due is as large as it is: its first amount and every change, signed fen."""

    due = models.ForeignKey(Due, on_delete=models.PROTECT, related_name="lines")
    on = models.DateField()
    fen = models.BigIntegerField()
    why = models.CharField(max_length=300)
    by = models.CharField(max_length=120)

    class Meta:
        ordering = ["id"]


class Report(models.Model):
    """What the other side says moved. Its word, not ours: it changes no balance."""

    key = models.CharField(max_length=120)
    counterparty = models.CharField(max_length=40)
    purpose = models.CharField(max_length=40)
    fen = models.BigIntegerField()
    on = models.DateField()
    voucher_no = models.CharField(max_length=80)
    said = models.CharField(max_length=10, choices=[("SENT", _("Sent")), ("ARRIVED", _("Arrived"))])
    reference = models.CharField(max_length=60, blank=True, help_text=_("The other side's own number of its entry"))
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["counterparty", "key", "voucher_no", "said", "reference"], name="cash_report_once"),
            models.CheckConstraint(condition=~Q(fen=0), name="cash_report_fen"),
        ]
        indexes = [models.Index(fields=["key"], name="cash_report_key")]


class Order(models.Model):
    """A payment that one person prepared and another confirms (maker and checker)."""

    class State(models.TextChoices):
        PREPARED = "PREPARED", _("Prepared")
        CONFIRMED = "CONFIRMED", _("Paid out")
        CANCELLED = "CANCELLED", _("Cancelled")

    number = models.CharField(max_length=20, unique=True)
    due = models.ForeignKey(Due, on_delete=models.PROTECT, related_name="orders")
    fen = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARED)
    account_name = models.CharField(max_length=200)
    account_no = models.CharField(max_length=60)
    account_bank = models.CharField(max_length=200)
    prepared_by_id = models.BigIntegerField()
    prepared_by = models.CharField(max_length=120)
    prepared_on = models.DateField()
    settled_by_id = models.BigIntegerField(null=True, blank=True)
    settled_by = models.CharField(max_length=120, blank=True)
    settled_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(fen__gt=0), name="cash_order_fen"),
            models.CheckConstraint(
                condition=~Q(state="CONFIRMED") | (Q(settled_by_id__isnull=False) & ~Q(settled_by_id=F("prepared_by_id"))),
                name="cash_order_two_people",
            ),
            # Two open orders would pay one due twice.
            models.UniqueConstraint(fields=["due"], condition=Q(state="PREPARED"), name="cash_one_open_order"),
        ]


class Movement(models.Model):
    """Money that left or came, or (negative) the reversal of that. Never changed: the ledger posts each row once."""

    number = models.CharField(max_length=20, unique=True)
    direction = models.CharField(max_length=3, choices=Direction.choices)
    counterparty = models.CharField(max_length=40, blank=True, help_text=_("Empty while nobody knows whose it is"))
    fen = models.BigIntegerField()
    on = models.DateField()
    voucher_no = models.CharField(max_length=80, help_text=_("The bank's number of the transfer"))
    attempt = models.PositiveSmallIntegerField(default=0, help_text=_("How often this transfer was booked and reversed before"))
    text = models.CharField(max_length=300, blank=True)
    order = models.OneToOneField(Order, null=True, blank=True, on_delete=models.PROTECT, related_name="movement")
    reverses = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by")
    by = models.CharField(max_length=120)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reverses=None, fen__gt=0) | Q(reverses__isnull=False, fen__lt=0), name="cash_movement_sign"
            ),
            models.UniqueConstraint(
                fields=["direction", "voucher_no", "attempt"], condition=Q(reverses=None), name="cash_movement_voucher"
            ),
        ]
        indexes = [models.Index(fields=["counterparty", "on"], name="cash_movement_counterparty")]


class Allocation(models.Model):
    """Which due a movement settles, signed fen. Of one movement never more than it holds (a deferred trigger)."""

    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="allocations")
    due = models.ForeignKey(Due, on_delete=models.PROTECT, related_name="allocations")
    fen = models.BigIntegerField()
    on = models.DateField()
    by = models.CharField(max_length=120)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(fen=0), name="cash_allocation_fen")]
