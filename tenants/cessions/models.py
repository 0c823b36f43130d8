"""What a member and the group have to do with each other: agreements, premiums, accounts, standing, the institution's file.

Everything that the group decides came by a letter and stands here as it was told; what the member says goes back by one.
Money is in kernel.cash.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Agreement(models.Model):
    """An agreement with the group as it was last told; `line_fen` is the member's own line of the year, or none."""

    class Status(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        ACTIVE = "ACTIVE", _("In effect")
        ENDED = "ENDED", _("Ended")

    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=Status.choices)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    terms = models.TextField()
    year = models.PositiveSmallIntegerField()
    line_fen = models.BigIntegerField(null=True, blank=True)
    used_fen = models.BigIntegerField(default=0)
    reserved_fen = models.BigIntegerField(default=0)
    told_on = models.DateField()

    class Meta:
        ordering = ["code", "-version"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="cessions_agreement_once")]

    def __str__(self) -> str:
        return f"{self.code}/{self.version}"

    @property
    def left_fen(self) -> int | None:
        """What may still be ceded this year; None without an own line."""
        return None if self.line_fen is None else self.line_fen - self.used_fen - self.reserved_fen

    @property
    def document(self) -> dict[str, Any]:
        return json.loads(self.terms)


class Standing(models.Model):
    """How the cooperation stands since a day: the latest row counts."""

    class Status(models.TextChoices):
        ACTIVE = "ACTIVE", _("Active")
        WATCH = "WATCH", _("Watched")
        SUSPENDED = "SUSPENDED", _("Suspended for new cessions")
        EXITED = "EXITED", _("Ended")

    status = models.CharField(max_length=10, choices=Status.choices)
    on = models.DateField()
    reason = models.CharField(max_length=500, blank=True)
    grade = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["-id"]


class PremiumList(models.Model):
    """The group's list of a month's premiums, to be confirmed or disputed row by row."""

    class State(models.TextChoices):
        ISSUED = "ISSUED", _("To be confirmed")
        AGREED = "AGREED", _("Agreed")
        DISPUTED = "DISPUTED", _("Disputed")

    number = models.CharField(max_length=30, unique=True)
    period = models.CharField(max_length=7)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ISSUED)
    round = models.PositiveSmallIntegerField(default=1)
    told_on = models.DateField()
    confirm_by = models.DateField()
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-period", "-id"]

    def __str__(self) -> str:
        return self.number


class PremiumRow(models.Model):
    """One row of a list, fen, as the group reckons it; `dispute` is what we say against it."""

    list = models.ForeignKey(PremiumList, on_delete=models.CASCADE, related_name="rows")
    item = models.BigIntegerField(default=0, help_text=_("The group's own number of the row"))
    guarantee_id = models.BigIntegerField()
    number = models.CharField(max_length=60)
    treaty = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=10, blank=True)
    base_fen = models.BigIntegerField()
    ceded_fen = models.BigIntegerField()
    first = models.DateField()
    last = models.DateField()
    days = models.PositiveIntegerField()
    rate = models.DecimalField(max_digits=9, decimal_places=8)
    premium_fen = models.BigIntegerField()
    vat = models.CharField(max_length=7)
    answer = models.CharField(max_length=500, blank=True, help_text=_("What the group answered to a dispute"))
    dispute = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]


class Bill(models.Model):
    """A premium bill or (negative) a credit note, as the group told it. Its money is the due with the same `key`."""

    class Status(models.TextChoices):
        ISSUED = "ISSUED", _("To pay")
        OVERDUE = "OVERDUE", _("Overdue")
        SETTLED = "SETTLED", _("Settled")
        CREDITED = "CREDITED", _("Credited")

    number = models.CharField(max_length=30, unique=True)
    period = models.CharField(max_length=7)
    vat = models.CharField(max_length=7, choices=[("EXEMPT", _("Free of VAT")), ("TAXABLE", _("With VAT"))])
    premium_fen = models.BigIntegerField()
    net_fen = models.BigIntegerField()
    tax_fen = models.BigIntegerField()
    refund_fen = models.BigIntegerField(default=0)
    credits = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="credit_notes")
    due_on = models.DateField()
    key = models.CharField(max_length=120, unique=True)
    status = models.CharField(max_length=10, choices=Status.choices)
    lists = models.JSONField(default=list)
    stops = models.BooleanField(default=False, help_text=_("The group refuses new cessions because of it"))
    told_on = models.DateField()

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=Q(premium_fen=F("net_fen") + F("tax_fen")), name="cessions_bill_sum")]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"premium-bill:{self.pk}"


class Statement(models.Model):
    """The group's account current of a period. Positive closing: we owe the group."""

    class Status(models.TextChoices):
        DRAFTED = "DRAFTED", _("To be confirmed")
        LOCKED = "LOCKED", _("Locked")
        PAID = "PAID", _("Paid")

    class Answer(models.TextChoices):
        NONE = "", _("Not answered")
        AGREED = "AGREED", _("Agreed")
        DISPUTED = "DISPUTED", _("Disputed")

    number = models.CharField(max_length=40, unique=True)
    period = models.CharField(max_length=10)
    opening_fen = models.BigIntegerField()
    closing_fen = models.BigIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices)
    answer = models.CharField(max_length=10, choices=Answer.choices, default="", blank=True)
    told_on = models.DateField()
    confirm_by = models.DateField(null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.number


class StatementRow(models.Model):
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="rows")
    key = models.CharField(max_length=120)
    purpose = models.CharField(max_length=40)
    subject = models.CharField(max_length=200, blank=True)
    on = models.DateField(null=True)
    due_fen = models.BigIntegerField(default=0)
    moved_fen = models.BigIntegerField(default=0)
    dispute = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]


class InstitutionFile(models.Model):
    """What the group holds of this institution, as last accepted; one row. A change is reported before it stands here."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    name = models.CharField(_("Name"), max_length=200, blank=True)
    uscc = models.CharField(_("Unified social credit code"), max_length=18, blank=True)
    established_on = models.DateField(_("Established on"), null=True, blank=True)
    legal_rep = models.CharField(_("Legal representative"), max_length=60, blank=True)
    licence_no = models.CharField(_("Licence number"), max_length=80, blank=True)
    licence_issuer = models.CharField(_("Licence issued by"), max_length=120, blank=True)
    licence_valid_to = models.DateField(_("Licence valid until"), null=True, blank=True)
    registered_capital_fen = models.BigIntegerField(_("Registered capital"), null=True, blank=True)
    paid_in_capital_fen = models.BigIntegerField(_("Paid-in capital"), null=True, blank=True)
    address = models.CharField(_("Address"), max_length=300, blank=True)
    shareholders = models.JSONField(_("Shareholders"), default=list, blank=True)
    management = models.JSONField(_("Management"), default=list, blank=True)
    contacts = models.JSONField(_("Contacts"), default=list, blank=True)
    bank_accounts = models.JSONField(_("Bank accounts"), default=list, blank=True)
    staff = models.JSONField(_("Staff by department"), default=list, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="cessions_one_file")]


class Change(models.Model):
    """A change of the institution's file that was reported to the group (PAR-24)."""

    class State(models.TextChoices):
        REPORTED = "REPORTED", _("Waits for the group")
        ACCEPTED = "ACCEPTED", _("Accepted")
        REFUSED = "REFUSED", _("Refused")

    number = models.CharField(max_length=30, unique=True)
    changes = models.JSONField(help_text=_('Field → {"from", "to"}'))
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=State.choices, default=State.REPORTED)
    reported_on = models.DateField()
    reported_by = models.CharField(max_length=120)
    decided_on = models.DateField(null=True, blank=True)
    decision_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="REPORTED"), name="cessions_one_open_change"),
        ]


class Employee(models.Model):
    """One person of the institution's staff list (PAR-25): whoever works there, with or without a log-in."""

    name = models.CharField(_("Name"), max_length=80)
    department = models.CharField(_("Department"), max_length=80, blank=True)
    position = models.CharField(_("Position"), max_length=80)
    is_executive = models.BooleanField(_("Director, supervisor or senior manager"), default=False)
    education = models.CharField(_("Schooling"), max_length=80, blank=True)
    qualification = models.CharField(_("Qualification"), max_length=200, blank=True)
    mobile = models.CharField(_("Mobile"), max_length=20, blank=True)
    joined_on = models.DateField(_("Joined on"))
    left_on = models.DateField(_("Left on"), null=True, blank=True)

    class Meta:
        ordering = ["left_on", "department", "name", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")), name="cessions_employee_period")
        ]
