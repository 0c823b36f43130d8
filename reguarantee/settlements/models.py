"""Accounts current with members and funds, and the breaks that the nightly comparison found."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Statement(models.Model):
    """The account current of one counterparty and period. Positive: the counterparty owes the group.

    `closing_fen` is opening plus the rows. From LOCKED on neither it nor its rows change (a trigger keeps them): what is
    booked later for an earlier day stands in the next statement.
    """

    class State(models.TextChoices):
        DRAFTED = "DRAFTED", _("Drafted")
        ISSUED = "ISSUED", _("With the other side")
        DISPUTED = "DISPUTED", _("Disputed")
        CONFIRMED = "CONFIRMED", _("Confirmed")
        LOCKED = "LOCKED", _("Locked")
        PAID = "PAID", _("Paid")

    class Kind(models.TextChoices):
        MEMBER = "MEMBER", _("Member")
        FUND = "FUND", _("Fund")

    number = models.CharField(_("Number"), max_length=20, unique=True)
    counterparty = models.CharField(_("Counterparty"), max_length=40)
    kind = models.CharField(_("Kind"), max_length=6, choices=Kind.choices)
    period = models.CharField(_("Period"), max_length=7, help_text=_("2026-03 or 2026-Q1"))
    from_on = models.DateField(_("From"))
    to_on = models.DateField(_("To"))
    state = models.CharField(_("State"), max_length=9, choices=State.choices, default=State.DRAFTED)
    opening_fen = models.BigIntegerField(_("Opening balance"))
    closing_fen = models.BigIntegerField(_("Closing balance"))
    confirm_by = models.DateField(_("Confirm by"), null=True, blank=True)
    answer = models.TextField(_("Answer"), blank=True, help_text=_("JSON: rows that the other side disputes"))
    drafted_by_id = models.BigIntegerField(null=True)
    drafted_by = models.CharField(_("Drafted by"), max_length=120)
    drafted_on = models.DateField(_("Drafted on"))
    confirmed_by = models.CharField(_("Confirmed by"), max_length=120, blank=True)
    confirmed_on = models.DateField(_("Confirmed on"), null=True, blank=True)
    locked_by = models.CharField(_("Locked by"), max_length=120, blank=True)
    locked_on = models.DateField(_("Locked on"), null=True, blank=True)
    paid_on = models.DateField(_("Paid on"), null=True, blank=True)

    class Meta:
        verbose_name = _("statement")
        ordering = ["-to_on", "counterparty"]
        constraints = [
            models.UniqueConstraint(fields=["counterparty", "period"], name="settlements_period_once"),
            models.CheckConstraint(condition=Q(from_on__lte=models.F("to_on")), name="settlements_days"),
            # One period is open at a time, or a row could not know where it belongs.
            models.UniqueConstraint(
                fields=["counterparty"], condition=~Q(state__in=["LOCKED", "PAID"]), name="settlements_one_open"
            ),
        ]


class Row(models.Model):
    """One line of an account current: an amount that became due, or money that settled one (kernel.cash).

    `source` names the record, "line:12" or "allocation:7", so that it stands in one statement only.
    """

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="rows")
    source = models.CharField(max_length=40, unique=True)
    key = models.CharField(_("Key"), max_length=120)
    purpose = models.CharField(_("Purpose"), max_length=40)
    subject = models.CharField(_("Subject"), max_length=80)
    text = models.CharField(_("Text"), max_length=300, blank=True)
    on = models.DateField(_("On"))
    due_fen = models.BigIntegerField(_("Due"), default=0)
    moved_fen = models.BigIntegerField(_("Moved"), default=0)

    class Meta:
        ordering = ["on", "id"]
        indexes = [models.Index(fields=["key"], name="settlements_row_key")]


class Break(models.Model):
    """A row of the board that did not agree on some night; open until a later night finds it in order."""

    key = models.CharField(_("Key"), max_length=120)
    counterparty = models.CharField(_("Counterparty"), max_length=40)
    purpose = models.CharField(_("Purpose"), max_length=40)
    code = models.CharField(_("Break"), max_length=16)
    expected_fen = models.BigIntegerField(_("Expected"))
    reported_fen = models.BigIntegerField(_("Reported"))
    moved_fen = models.BigIntegerField(_("Moved"))
    found_on = models.DateField(_("Found on"))
    seen_on = models.DateField(_("Last seen on"))
    cleared_on = models.DateField(_("Cleared on"), null=True, blank=True)

    class Meta:
        ordering = ["-found_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["counterparty", "key", "code"], condition=Q(cleared_on=None), name="settlements_break_open_once"
            )
        ]
