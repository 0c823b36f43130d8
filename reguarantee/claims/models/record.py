"""What was done about a claim, by whom and when. Append-only, but for what closes a step, mends a deficiency, waives a check."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reguarantee.claims.models.claim import Claim, Status


class Step(models.Model):
    """The clock of one stage: opened, to be done by (working days), closed (domain.md 5.8.2)."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="steps")
    status = models.CharField(max_length=10, choices=Status.choices)
    opened_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["claim"], condition=Q(closed_on=None), name="rg_claims_one_open_step"),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(closed_on=None), name="rg_claims_open_steps")]


class Amount(models.Model):
    """One figure of a claim at one stage: who set it, when and why. A trigger keeps the rows."""

    class Stage(models.TextChoices):
        ASKED = "ASKED", _("Asked")
        CHECKED = "CHECKED", _("Amount checked")
        APPROVED = "APPROVED", _("Amount approved")
        DENIED = "DENIED", _("Denied")
        NETTED = "NETTED", _("Netted")
        PAID = "PAID", _("Paid out")

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="amounts")
    stage = models.CharField(max_length=10, choices=Stage.choices)
    fen = models.BigIntegerField()
    why = models.TextField()
    facts_text = models.TextField(default="{}")
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=120)

    class Meta:
        ordering = ["id"]

    @property
    def why_text(self) -> str:
        """The reason in the active language; its facts are words already."""
        return gettext(self.why) % json.loads(self.facts_text)


class Check(models.Model):
    """The outcome of one automatic check of one round (domain.md 5.8.4)."""

    class Outcome(models.TextChoices):
        OK = "OK", _("Right")
        WARN = "WARN", _("To be looked at")
        FAIL = "FAIL", _("Wrong")

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="checks")
    run = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=30)
    outcome = models.CharField(max_length=4, choices=Outcome.choices)
    sentence = models.TextField()
    facts_text = models.TextField(default="{}")
    on = models.DateField()
    waived_by = models.CharField(max_length=120, blank=True)
    waived_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["claim", "run", "code"], name="rg_claims_check_once")]

    @property
    def facts(self) -> dict[str, Any]:
        return dict(json.loads(self.facts_text))

    @property
    def is_blocking(self) -> bool:
        return self.outcome == "FAIL" and not self.waived_by


class Deficiency(models.Model):
    """What a returned claim lacks. Mended when it comes back."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="deficiencies")
    round = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=30)
    slot = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=300, blank=True)
    on = models.DateField()
    by = models.CharField(max_length=120)
    mended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["id"]


class Denial(models.Model):
    """A part of the claim that is not paid, with its reason, while the rest is."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="denials")
    code = models.CharField(max_length=30)
    fen = models.BigIntegerField()
    text = models.CharField(max_length=300, blank=True)
    on = models.DateField()
    by = models.CharField(max_length=120)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(fen__gt=0), name="rg_claims_denial_fen")]


class Ruling(models.Model):
    """What was decided about a claim and told: received, returned, approved, refused, paid …"""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="rulings")
    event = models.CharField(max_length=20)
    reason_code = models.CharField(max_length=40, blank=True)
    text = models.TextField(blank=True)
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=120)

    class Meta:
        ordering = ["id"]


class CaseNote(models.Model):
    """A message between a member and us about a case, usually a claim."""

    claim = models.ForeignKey(Claim, null=True, blank=True, on_delete=models.PROTECT, related_name="notes")
    member_code = models.CharField(max_length=20)
    subject = models.CharField(max_length=80, help_text=_("As the letter names it: claim:<claim_no> or filing:<guarantee>"))
    is_ours = models.BooleanField()
    author = models.CharField(max_length=120)
    text = models.TextField()
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
