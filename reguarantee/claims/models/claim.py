"""One claim of a member, what it comes to by the treaty, and what was paid of it."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reguarantee.filings.models import Filing
from reguarantee.treaties.models import TreatyVersion

CEDED = ("REGUARANTOR", "FUND", "GOVERNMENT")
"""Roles whose part the group pays to the member; the funds' parts it claims back from them (domain.md 5.1)."""


class Status(models.TextChoices):
    RECEIVED = "RECEIVED", _("Received")
    CHECKING = "CHECKING", _("Being checked")
    RETURNED = "RETURNED", _("Returned for completion")
    REVIEWING = "REVIEWING", _("Under approval")
    APPROVED = "APPROVED", _("Approved")
    REJECTED = "REJECTED", _("Refused")
    PAYING = "PAYING", _("Payment prepared")
    PAID = "PAID", _("Paid to the member")
    CLOSED = "CLOSED", _("Closed")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


DEAD = ("REJECTED", "WITHDRAWN")


class Claim(models.Model):
    """What a member told us about one compensation, and what we make of it. Amounts are fen.

    `shares` deals the whole base (the bank's part included) out to the parties of the treaty version that the filing
    attached to; the group pays those of CEDED. `approved_fen` is what it owes, `netted_fen` the held recoveries taken
    off, `paid_fen` what was sent.
    """

    number = models.CharField(max_length=20, unique=True)
    member_code = models.CharField(max_length=20)
    claim_no = models.CharField(max_length=40, help_text=_("The member's own number"))
    filing = models.ForeignKey(Filing, null=True, blank=True, on_delete=models.PROTECT, related_name="claims")
    treaty_version = models.ForeignKey(TreatyVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="claims")
    guarantee_id = models.BigIntegerField(help_text=_("The member's own id"))
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RECEIVED)
    round = models.PositiveSmallIntegerField(default=1)
    is_appeal = models.BooleanField(default=False, help_text=_("Heard once more after a refusal; only once"))
    # As told by the latest letter
    obligor_name = models.CharField(max_length=200)
    obligor_key = models.CharField(max_length=128)
    legal_rep = models.CharField(max_length=80, blank=True)
    legal_rep_at_filing = models.CharField(max_length=80, blank=True)
    iou_no = models.CharField(max_length=80, blank=True)
    contract_no = models.CharField(max_length=80, blank=True)
    principal_fen = models.BigIntegerField()
    interest_fen = models.BigIntegerField()
    compensation_fen = models.BigIntegerField(help_text=_("What the member paid the bank"))
    asked_fen = models.BigIntegerField()
    compensated_on = models.DateField()
    bank_notice_on = models.DateField()
    voucher_no = models.CharField(max_length=80)
    submitted_on = models.DateField()
    first_submitted_on = models.DateField()
    late_reason = models.CharField(max_length=300, blank=True)
    account_name = models.CharField(max_length=200)
    account_no = models.CharField(max_length=60)
    account_bank = models.CharField(max_length=200)
    # What we make of it
    checked_by_id = models.BigIntegerField(null=True, blank=True)
    base_fen = models.BigIntegerField(default=0)
    checked_fen = models.BigIntegerField(default=0)
    approved_fen = models.BigIntegerField(default=0)
    netted_fen = models.BigIntegerField(default=0)
    paid_fen = models.BigIntegerField(default=0)
    # Text, not jsonb, which would sort the parties: theirs is the order of the treaty.
    shares_text = models.TextField(default="{}")
    roles_text = models.TextField(default="{}")
    trace_text = models.TextField(default="{}")
    reason_code = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    answer_by = models.DateField(null=True, blank=True, help_text=_("Last day to complete it, or to appeal against a refusal"))
    final_on = models.DateField(null=True, blank=True, help_text=_("Refused for good: no appeal can change it any more"))
    decided_on = models.DateField(null=True, blank=True)
    paid_on = models.DateField(null=True, blank=True)
    letter_no = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["member_code", "claim_no"], name="rg_claims_once"),
            # One payment to the bank is claimed once; a refused or withdrawn claim leaves room for another.
            models.UniqueConstraint(
                fields=["filing", "voucher_no"], condition=~Q(status__in=DEAD), name="rg_claims_one_per_voucher"
            ),
            models.CheckConstraint(
                condition=Q(principal_fen__gte=0, interest_fen__gte=0, compensation_fen__gte=0, asked_fen__gte=0)
                & Q(base_fen__gte=0, checked_fen__gte=0, approved_fen__gte=0, netted_fen__gte=0, paid_fen__gte=0),
                name="rg_claims_signs",
            ),
            models.CheckConstraint(
                condition=Q(approved_fen=0) | Q(approved_fen__gte=F("paid_fen") + F("netted_fen")), name="rg_claims_not_over"
            ),
            models.CheckConstraint(condition=Q(final_on=None) | Q(status="REJECTED"), name="rg_claims_final_is_refused"),
            models.CheckConstraint(condition=Q(approved_fen__gt=0) | Q(paid_fen=0), name="rg_claims_paid_is_approved"),
        ]
        indexes = [
            models.Index(fields=["status", "submitted_on"], name="rg_claims_work"),
            models.Index(fields=["filing"], name="rg_claims_filing"),
            models.Index(fields=["treaty_version", "member_code"], name="rg_claims_treaty"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"claim:{self.pk}"

    @property
    def key(self) -> str:
        """The claim's money in kernel.cash, in both houses."""
        return f"claim:{self.member_code}:{self.claim_no}"

    @property
    def shares(self) -> dict[str, int]:
        """Party → fen of the base; they sum to `base_fen`."""
        return dict(json.loads(self.shares_text))

    @property
    def roles(self) -> dict[str, str]:
        """Party → BANK, GUARANTOR, REGUARANTOR, FUND or GOVERNMENT."""
        return dict(json.loads(self.roles_text))

    @property
    def trace(self) -> dict[str, Any]:
        """How the shares came about (calculation.py writes it)."""
        return dict(json.loads(self.trace_text))

    @property
    def payable_fen(self) -> int:
        """What is to be paid: approved, less held recoveries."""
        return max(self.approved_fen - self.netted_fen, 0)


class Netting(models.Model):
    """A recovery that the member holds for us is taken off its claim, once per recovery (domain.md 5.9)."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="nettings")
    recovery_no = models.CharField(max_length=40)
    fen = models.BigIntegerField()
    on = models.DateField()
    by = models.CharField(max_length=120)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "recovery_no"], name="rg_claims_netted_once"),
            models.CheckConstraint(condition=Q(fen__gt=0), name="rg_claims_netting_fen"),
        ]


class Payment(models.Model):
    """A movement of money (kernel.cash) that paid this claim, or (negative) its reversal."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="payments")
    allocation_id = models.BigIntegerField(unique=True)
    movement_no = models.CharField(max_length=20)
    fen = models.BigIntegerField()
    on = models.DateField()
    voucher_no = models.CharField(max_length=80)
    by = models.CharField(max_length=120)

    class Meta:
        ordering = ["id"]
