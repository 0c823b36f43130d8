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
    RETURNED = "RETURNED", _("Returned for correction")
    CONFIRMED = "CONFIRMED", _("Confirmed")
    REJECTED = "REJECTED", _("Refused")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    VOIDED = "VOIDED", _("Voided")


class End(models.TextChoices):
    """How a covered guarantee ended, as its member told (domain.md 7.5)."""

    RELEASED = "RELEASED", _("Released")
    COMPENSATED = "COMPENSATED", _("Compensated")
    LAPSED = "LAPSED", _("Lapsed")
    CANCELLED = "CANCELLED", _("Cancelled")


class Stage(models.TextChoices):
    """Where a case stands that is decided one by one, in their order (features BUS-02 to BUS-07)."""

    ACCEPTANCE = "ACCEPTANCE", _("Acceptance")
    EXAMINATION = "EXAMINATION", _("Examination")
    VERIFICATION = "VERIFICATION", _("Verification")
    REVIEW = "REVIEW", _("Review")
    REPLY = "REPLY", _("Formal reply")
    SIGNING = "SIGNING", _("Signing")


class Coverage(models.TextChoices):
    COVERED = "COVERED", _("Covered")
    PARTLY = "PARTLY", _("Partly covered")
    UNCOVERED = "UNCOVERED", _("Not covered")


class Category(models.TextChoices):
    """The kind of business, as the member's product says (features BUS-65, BUS-66)."""

    AGRICULTURE = "AGRICULTURE", _("Agricultural credit guarantee")
    SME = "SME", _("Guarantee for small and medium enterprises")


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
    | Q(status__in=["SUBMITTED", "RETURNED", "REJECTED", "WITHDRAWN", "VOIDED"], coverage="UNCOVERED")
)
_END = Q(end="", ended_on=None) | ~Q(end="") & Q(ended_on__isnull=False)


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
    product_category = models.CharField(max_length=12, choices=Category.choices, blank=True, default="", db_default="")
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
    iou_no = models.CharField(max_length=80, blank=True, help_text=_("Drawdown note, unique at its bank"))
    contract_no = models.CharField(max_length=80, blank=True)
    loan_rate = models.CharField(max_length=20, blank=True, help_text=_("Per year, a decimal"))
    fee_rate = models.CharField(max_length=20, blank=True, help_text=_("The member's fee per year, a decimal"))
    size_class = models.CharField(max_length=10, blank=True, help_text=_("As it was when the guarantee took effect"))
    is_farmer = models.BooleanField(default=False)
    extends_guarantee_id = models.BigIntegerField(null=True, blank=True, help_text=_("The member's id of what this prolongs"))
    batch = models.CharField(max_length=60, blank=True, help_text=_("The bank's list it came with"))
    filed_on = models.DateField(help_text=_("The day on which the member filed it first"))
    attached_on = models.DateField(help_text=_("The drawdown by which the treaty's version was found"))
    reserved_fen = models.BigIntegerField(default=0, help_text=_("Held on the line while under review"))
    line_used_fen = models.BigIntegerField(default=0, help_text=_("Used of the line now; less than ceded when it revolves"))
    submitted_on = models.DateField()
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.CharField(max_length=120, blank=True)
    extends = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="extensions")
    extended_on = models.DateField(null=True, blank=True, help_text=_("The day from which an extension covers it"))
    is_late = models.BooleanField(default=False, help_text=_("Filed after the deadline"))
    line_near = models.BooleanField(default=False, help_text=_("Little is left of a limit"))
    deficiencies = models.TextField(default="[]", help_text=_("What must be mended, JSON [{code, text}]"))
    stage = models.CharField(max_length=12, choices=Stage.choices, blank=True, help_text=_("Waiting there while under review"))
    round = models.PositiveSmallIntegerField(default=0, help_text=_("How often it was put under review"))
    granted_fen = models.BigIntegerField(null=True, blank=True, help_text=_("Of the guaranteed amount, by the formal reply"))
    reply_no = models.CharField(max_length=40, blank=True)
    conditions = models.TextField(blank=True)
    certificate_no = models.CharField(max_length=40, blank=True)
    shares = models.TextField(default="[]", help_text=_("Who bears how much of a full loss, JSON; kept at confirmation"))
    billed_on = models.DateField(null=True, blank=True, help_text=_("First premium billed; voided only before"))
    claimed_on = models.DateField(null=True, blank=True, help_text=_("From here on its figures are frozen"))
    overdue_on = models.DateField(null=True, blank=True)
    end = models.CharField(max_length=12, choices=End.choices, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    released_principal_fen = models.BigIntegerField(default=0, help_text=_("Of the whole loan, ended without compensation"))

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
            models.CheckConstraint(
                condition=Q(line_used_fen__gte=0, line_used_fen__lte=F("ceded_fen")), name="filings_filing_line_used"
            ),
            models.CheckConstraint(condition=_END, name="filings_filing_end"),
            models.CheckConstraint(
                condition=Q(status="REVIEWING") & ~Q(stage="") | ~Q(status="REVIEWING") & Q(stage=""), name="filings_filing_stage"
            ),
            models.CheckConstraint(
                condition=Q(granted_fen=None) | Q(granted_fen__gt=0, granted_fen__lte=F("guaranteed_fen")),
                name="filings_filing_granted",
            ),
            # domain.md 7.5: a drawdown note is filed once by a member, unless the filing came to nothing.
            models.UniqueConstraint(
                fields=["member_code", "bank_code", "iou_no"],
                condition=~Q(iou_no="") & Q(status__in=["SUBMITTED", "REVIEWING", "CONFIRMED"]),
                name="filings_filing_iou",
            ),
        ]
        indexes = [
            models.Index(fields=["obligor_key"], name="filings_filing_obligor"),
            models.Index(fields=["bank_code", "iou_no"], condition=~Q(iou_no=""), name="filings_filing_note"),
            models.Index(fields=["member_code", "batch"], condition=~Q(batch=""), name="filings_filing_batch"),
            models.Index(fields=["treaty_version", "ended_on"], name="filings_filing_released"),
            models.Index(fields=["status", "submitted_on"], name="filings_filing_work"),
        ]

    def __str__(self) -> str:
        return f"{self.member_code} {self.number}"

    @property
    def extended(self) -> bool:
        """Whether a confirmed extension goes on where this one ends."""
        return self.extended_on is not None

    @property
    def is_frozen(self) -> bool:
        """A claim was submitted: what was filed can no longer change (domain.md 11.23)."""
        return self.claimed_on is not None

    @property
    def split(self) -> list[dict[str, Any]]:
        """The shares kept at confirmation: `[{"party", "role", "fen", "ratio"}]` of a full loss of the covered part (AGR-17)."""
        return json.loads(self.shares)

    @property
    def defects(self) -> list[dict[str, str]]:
        """What must be mended: `[{"code", "text"}]`."""
        return json.loads(self.deficiencies)


class Decision(Cover):
    """Everything that ever happened to a filing with the answer that stood then, append-only: any day can be told later."""

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="decisions")
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=120)
    event = models.CharField(max_length=20)
    note = models.TextField(blank=True, help_text=_("What was said with it, for example conditions"))

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=_WHOLE, name="filings_decision_whole"),
            models.CheckConstraint(condition=_COVERAGE, name="filings_decision_coverage"),
        ]
        indexes = [models.Index(fields=["filing", "on", "id"], name="filings_decision_day")]


class Opinion(models.Model):
    """What one person said at one stage of a case; nobody speaks at two stages in a row (features BUS-02 to BUS-07)."""

    class Outcome(models.TextChoices):
        AGREED = "AGREED", _("Agreed")
        OPPOSED = "OPPOSED", _("Opposed")
        RETURNED = "RETURNED", _("Returned for correction")
        REFUSED = "REFUSED", _("Refused")

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="opinions")
    round = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=12, choices=Stage.choices)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    text = models.TextField()
    person_id = models.BigIntegerField(help_text=_("The user's id"))
    by = models.CharField(max_length=120)
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    risk_degree = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    risk_fen = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["filing", "round", "stage"], name="filings_opinion_once"),
            models.CheckConstraint(condition=~Q(text=""), name="filings_opinion_says_something"),
        ]


class BatchList(models.Model):
    """A bank's monthly list of loans under the head-office scheme, as the group received it (domain.md 5.6)."""

    number = models.CharField(max_length=40, unique=True)
    bank_code = models.CharField(max_length=20)
    period = models.CharField(max_length=7, help_text=_("YYYY-MM"))
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, unique=True, help_text=_("SHA-256 of the file: a file counts once"))
    received_on = models.DateField()
    received_by = models.CharField(max_length=120)
    is_late = models.BooleanField(default=False, help_text=_("Received after the month's cut-off"))
    confirmed_on = models.DateField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.number


class BatchRow(models.Model):
    """One row of a list and what came of it; a bad row never sinks a good one."""

    class Result(models.TextChoices):
        MATCHED = "MATCHED", _("Matched and covered")
        NOT_COVERED = "NOT_COVERED", _("Filed, not covered")
        WAITING = "WAITING", _("Filed, under review")
        AMOUNT_DIFFERS = "AMOUNT_DIFFERS", _("Amount differs")
        NOT_FILED = "NOT_FILED", _("Not filed")
        REPEATED = "REPEATED", _("Repeated in the list")
        UNREADABLE = "UNREADABLE", _("Unreadable")

    list = models.ForeignKey(BatchList, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    member_code = models.CharField(max_length=20, blank=True)
    iou_no = models.CharField(max_length=80, blank=True)
    principal_fen = models.BigIntegerField(null=True, blank=True)
    filing = models.ForeignKey(Filing, null=True, blank=True, on_delete=models.PROTECT, related_name="batch_rows")
    result = models.CharField(max_length=20, choices=Result.choices)
    words = models.TextField(blank=True)

    class Meta:
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["list", "line"], name="filings_batchrow_line")]
