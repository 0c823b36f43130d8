"""Compensation (代偿): the member pays the bank for a borrower who did not, and claims the group's part of it."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Compensation(models.Model):
    """One payment to the bank. `principal_fen` and `interest_fen` are the bank's whole claim, its own part included;
    `paid_fen` is what the member paid on it, at most its share (domain.md 5.8.1, 12)."""

    guarantee = models.ForeignKey(
        "guarantees.Guarantee", verbose_name=_("Guarantee"), on_delete=models.PROTECT, related_name="compensations"
    )
    voucher_no = models.CharField(_("Voucher number"), max_length=80)
    bank_notice_on = models.DateField(_("Bank's notice of"))
    paid_on = models.DateField(_("Paid on"))
    principal_fen = models.BigIntegerField(_("Principal claimed"))
    interest_fen = models.BigIntegerField(_("Interest claimed"))
    paid_fen = models.BigIntegerField(_("Paid"))

    class Meta:
        verbose_name = _("compensation")
        constraints = [
            models.UniqueConstraint(fields=["guarantee", "voucher_no"], name="claims_voucher"),
            models.CheckConstraint(
                condition=Q(principal_fen__gt=0, interest_fen__gte=0, paid_fen__gt=0)
                & Q(paid_fen__lte=F("principal_fen") + F("interest_fen")),
                name="claims_amounts",
            ),
            models.CheckConstraint(condition=Q(paid_on__gte=F("bank_notice_on")), name="claims_notice_before_payment"),
        ]
        indexes = [models.Index(fields=["-paid_on", "-id"], name="claims_by_day")]


class ClaimTerms(models.Model):
    """What an agreement asks of a claim: which papers, how soon. Told by the group (AGREEMENT_TOLD)."""

    treaty_code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    documents = models.JSONField(default=list, help_text=_("Codes of the slots that are required; empty means the usual ten"))
    deadline_days = models.PositiveSmallIntegerField(null=True, blank=True)
    loss_base = models.CharField(max_length=30, default="PRINCIPAL")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["treaty_code", "version"], name="claims_terms_once")]


class ClaimFile(models.Model):
    """How ready the papers of one guarantee are for a claim, kept beside the papers themselves (kernel.documents)."""

    guarantee = models.OneToOneField("guarantees.Guarantee", on_delete=models.PROTECT, related_name="claim_file")
    present = models.JSONField(default=list, help_text=_("Codes of the slots that hold a paper"))
    score = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(score__lte=100), name="claims_file_score")]


class Claim(models.Model):
    """Our claim on the group for one compensation. Amounts are fen; what the group makes of it comes with its letters."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        SUBMITTED = "SUBMITTED", _("Submitted")
        RECEIVED = "RECEIVED", _("Received by the group")
        CHECKING = "CHECKING", _("Being checked by the group")
        RETURNED = "RETURNED", _("Returned for completion")
        REVIEWING = "REVIEWING", _("Under approval at the group")
        APPROVED = "APPROVED", _("Approved by the group")
        REJECTED = "REJECTED", _("Refused by the group")
        PAYING = "PAYING", _("Payment prepared by the group")
        PAID = "PAID", _("Paid by the group")
        CLOSED = "CLOSED", _("Closed")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")

    claim_no = models.CharField(_("Claim number"), max_length=40, unique=True)
    guarantee = models.ForeignKey(
        "guarantees.Guarantee", verbose_name=_("Guarantee"), on_delete=models.PROTECT, related_name="claims"
    )
    compensation = models.ForeignKey(Compensation, on_delete=models.PROTECT, related_name="claims")
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.DRAFT)
    round = models.PositiveSmallIntegerField(default=0, help_text=_("How often it was sent; 0 before the first time"))
    is_appeal = models.BooleanField(default=False)
    base_fen = models.BigIntegerField(_("Base"))
    asked_fen = models.BigIntegerField(_("Asked"))
    deadline_on = models.DateField(_("Last day"))
    late_reason = models.CharField(max_length=300, blank=True)
    account_name = models.CharField(_("Account name"), max_length=200, blank=True)
    account_no = models.CharField(_("Account number"), max_length=60, blank=True)
    account_bank = models.CharField(_("Account bank"), max_length=200, blank=True)
    submitted_on = models.DateField(_("Submitted on"), null=True, blank=True)
    # As the group last told
    checked_fen = models.BigIntegerField(default=0)
    approved_fen = models.BigIntegerField(default=0)
    netted_fen = models.BigIntegerField(default=0)
    payable_fen = models.BigIntegerField(default=0)
    paid_fen = models.BigIntegerField(default=0)
    reason = models.TextField(blank=True)
    deficiencies_text = models.TextField(default="[]")
    answer_by = models.DateField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("claim on the group")
        ordering = ["-id"]
        constraints = [
            # One compensation is claimed once; a withdrawn claim leaves room for another.
            models.UniqueConstraint(fields=["compensation"], condition=~Q(state="WITHDRAWN"), name="claims_one_per_payment"),
            models.CheckConstraint(
                condition=Q(base_fen__gte=0, asked_fen__gte=0, asked_fen__lte=F("base_fen"), paid_fen__gte=0),
                name="claims_claim_amounts",
            ),
        ]
        indexes = [models.Index(fields=["state", "deadline_on"], name="claims_claim_work")]

    def __str__(self) -> str:
        return self.claim_no

    @property
    def subject(self) -> str:
        return f"claim:{self.pk}"

    @property
    def deficiencies(self) -> list[dict[str, Any]]:
        """`{"code", "slot", "text"}` of what has to be mended."""
        return list(json.loads(self.deficiencies_text))


class Submission(models.Model):
    """One sending of a claim, as it was sent. Append-only."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="submissions")
    round = models.PositiveSmallIntegerField()
    on = models.DateField()
    by = models.CharField(max_length=120)
    asked_fen = models.BigIntegerField()
    papers = models.PositiveSmallIntegerField()
    late_reason = models.CharField(max_length=300, blank=True)
    is_appeal = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["claim", "round"], name="claims_submission_once")]


class CaseNote(models.Model):
    """A message between the group and us about a case: `claim:<claim_no>` or `filing:<guarantee id>`."""

    subject = models.CharField(max_length=80)
    is_ours = models.BooleanField()
    author = models.CharField(max_length=120)
    text = models.TextField()
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["subject", "at"], name="claims_note_subject")]
