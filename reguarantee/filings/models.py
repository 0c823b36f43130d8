"""What members file with the group, and what became of it."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reguarantee.filings.reasons import SENTENCES, Reason
from reguarantee.treaties.models import TreatyVersion


class Status(models.TextChoices):
    SUBMITTED = "SUBMITTED", _("Submitted")
    REVIEWING = "REVIEWING", _("Under review")
    CONFIRMED = "CONFIRMED", _("Confirmed")
    REJECTED = "REJECTED", _("Refused")


class Coverage(models.TextChoices):
    COVERED = "COVERED", _("Covered")
    PARTLY = "PARTLY", _("Partly covered")
    UNCOVERED = "UNCOVERED", _("Not covered")


# All of what was asked for has an answer: covered and uncovered are the whole, and the word fits the figures.
_WHOLE = Q(guaranteed_fen=F("covered_fen") + F("uncovered_fen"))
_COVERAGE = (
    Q(coverage="COVERED", ceded_fen__gt=0, covered_fen__gt=0, uncovered_fen=0)
    | Q(coverage="PARTLY", ceded_fen__gt=0, covered_fen__gt=0, uncovered_fen__gt=0)
    | Q(coverage="UNCOVERED", ceded_fen=0, covered_fen=0)
)
_SIGNS = Q(principal_fen__gte=0, guaranteed_fen__gte=0, ceded_fen__gte=0, covered_fen__gte=0, uncovered_fen__gte=0)
_STATUS = (
    Q(status="CONFIRMED", coverage__in=["COVERED", "PARTLY"], treaty_version__isnull=False)
    | Q(status="REVIEWING", coverage="UNCOVERED", treaty_version__isnull=False)
    | Q(status__in=["SUBMITTED", "REJECTED"], coverage="UNCOVERED")
)


class Cover(models.Model):
    """An answer to a filing: the word, the figures in fen, and why.

    `guaranteed_fen` is what was asked, `covered_fen` the part of it under a treaty, `ceded_fen` what the group and those
    behind it would bear of a full loss of that part.
    """

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.SUBMITTED)
    coverage = models.CharField(max_length=10, choices=Coverage.choices, default=Coverage.UNCOVERED)
    guaranteed_fen = models.BigIntegerField()
    covered_fen = models.BigIntegerField(default=0)
    uncovered_fen = models.BigIntegerField()
    ceded_fen = models.BigIntegerField(default=0)
    treaty_version = models.ForeignKey(TreatyVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="%(class)ss")
    reason_code = models.CharField(max_length=40, choices=Reason.choices, default=Reason.SUBMITTED)
    reason = models.TextField(default=SENTENCES[Reason.SUBMITTED], help_text=_("A message id, or an officer's words"))
    facts = models.TextField(default="{}", help_text=_("The figures behind the reason, JSON"))

    class Meta:
        abstract = True

    @property
    def reason_text(self) -> str:
        """The reason in the active language."""
        return gettext(self.reason)

    @property
    def figures(self) -> dict[str, Any]:
        """What the decision looked at: for example limit_fen, others_fen, left_fen, and the shares by party."""
        return json.loads(self.facts)


class Filing(Cover):
    """One guarantee of one member, as told by its latest letter (domain.md 8.5), and its present answer."""

    member_code = models.CharField(max_length=20)
    guarantee_id = models.BigIntegerField(help_text=_("The member's own id"))
    number = models.CharField(max_length=60)
    product_code = models.CharField(max_length=40)
    obligor_kind = models.CharField(max_length=10)
    obligor_name = models.CharField(max_length=200)
    obligor_key = models.CharField(max_length=128, help_text=_("Keyed hash: the same obligor at any member"))
    bank_code = models.CharField(max_length=20)
    bank_name = models.CharField(max_length=200)
    region_code = models.CharField(max_length=12, blank=True)
    industry = models.CharField(max_length=4, blank=True)
    principal_fen = models.BigIntegerField()
    term_months = models.PositiveIntegerField()
    drawdown_on = models.DateField()
    due_on = models.DateField()
    attached_on = models.DateField(help_text=_("The drawdown by which the treaty's version was found"))
    reserved_fen = models.BigIntegerField(default=0, help_text=_("Held on the line while under review"))
    submitted_on = models.DateField()
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["member_code", "guarantee_id"], name="filings_filing_once"),
            models.CheckConstraint(condition=_WHOLE, name="filings_filing_whole"),
            models.CheckConstraint(condition=_COVERAGE, name="filings_filing_coverage"),
            models.CheckConstraint(condition=_SIGNS, name="filings_filing_signs"),
            models.CheckConstraint(condition=Q(ceded_fen__lte=F("covered_fen")), name="filings_filing_ceded"),
            models.CheckConstraint(condition=_STATUS, name="filings_filing_status"),
            models.CheckConstraint(
                condition=Q(reserved_fen=0) | Q(status="REVIEWING", reserved_fen__gt=0), name="filings_filing_reserved"
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(reason_code=""), name="filings_filing_reason"),
        ]
        indexes = [
            models.Index(fields=["obligor_key"], name="filings_filing_obligor"),
            models.Index(fields=["status", "submitted_on"], name="filings_filing_work"),
        ]

    def __str__(self) -> str:
        return f"{self.member_code} {self.number}"

    # kernel.flow moves a `state`; the column is the contract's `status`.
    @property
    def state(self) -> str:
        return self.status

    @state.setter
    def state(self, value: str) -> None:
        self.status = value


class Decision(Cover):
    """Every answer ever given to a filing, append-only: what held on any day can be told later."""

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="decisions")
    on = models.DateField()
    by = models.CharField(max_length=120)
    event = models.CharField(max_length=20)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=_WHOLE, name="filings_decision_whole"),
            models.CheckConstraint(condition=_COVERAGE, name="filings_decision_coverage"),
        ]
        indexes = [models.Index(fields=["filing", "on", "id"], name="filings_decision_day")]
