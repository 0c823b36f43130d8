"""Admission of institutions: standards, cases with their steps, yearly evaluations, reported changes (domain.md 5.10).

What was judged stays judged: a published standard, an analysis and a finished step never change (triggers keep them).
Documents that are read as a whole (standards, answers of the form, results) are JSON text, so their order is kept.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reguarantee.partners.models import Grade, Kind


class Standard(models.Model):
    """One version of what the group asks of a kind of institution: rules, dimensions, documents, line (PAR-16)."""

    kind = models.CharField(max_length=10, choices=Kind.choices)
    version = models.PositiveIntegerField()
    content = models.TextField(help_text="JSON: rules, dimensions, documents, line (judging.standard)")
    note = models.CharField(max_length=300, blank=True)
    effective_from = models.DateField()
    drafted_by_id = models.BigIntegerField(null=True)
    drafted_by = models.CharField(max_length=120)
    drafted_on = models.DateField()
    published_by = models.CharField(max_length=120, blank=True)
    published_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="admission_standard_once"),
            models.UniqueConstraint(fields=["kind"], condition=Q(published_on=None), name="admission_standard_one_draft"),
            models.CheckConstraint(
                condition=Q(published_on=None) | ~Q(published_by=F("drafted_by")), name="admission_standard_two_people"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.version}"

    @property
    def document(self) -> dict[str, Any]:
        return dict(json.loads(self.content))


class State(models.TextChoices):
    """The steps of a case in their order, and its ends (PAR-08)."""

    APPLIED = "APPLIED", _("Acceptance")
    RETURNED = "RETURNED", _("Returned to the applicant")
    DOCUMENTS = "DOCUMENTS", _("Documents")
    ANALYSIS = "ANALYSIS", _("Analysis")
    REVIEW = "REVIEW", _("Review")
    COMMITTEE = "COMMITTEE", _("Committee meeting")
    AGREEMENT = "AGREEMENT", _("Signing the agreement")
    ACTIVATING = "ACTIVATING", _("Activation")
    ACTIVE = "ACTIVE", _("Admitted and active")
    REFUSED = "REFUSED", _("Refused")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


class Case(models.Model):
    """One institution's way in. `answers` is the applicant's form as judging.inputs reads it (fen, rates as text)."""

    number = models.CharField(max_length=30, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=200)
    uscc = models.CharField(max_length=18)
    code = models.CharField(max_length=20, help_text=_("Code that the house or the bank will have"))
    region_code = models.CharField(max_length=12, blank=True)
    answers = models.TextField(default="{}")
    state = models.CharField(max_length=12, choices=State.choices, default=State.APPLIED)
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="cases")
    source = models.CharField(max_length=10, choices=[("PUBLIC", _("Public page")), ("OFFICER", _("Entered by an officer"))])
    token_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the private link's token")
    applied_on = models.DateField()
    owner_id = models.BigIntegerField(null=True, blank=True)
    owner = models.CharField(max_length=120, blank=True)

    outcome = models.CharField(max_length=30, blank=True, help_text="The committee's word")
    conditions = models.JSONField(default=list, blank=True)
    line = models.TextField(blank=True, help_text="JSON: the credit line with its working")
    line_fen = models.BigIntegerField(null=True, blank=True)
    line_year = models.PositiveSmallIntegerField(null=True, blank=True)
    treaty_code = models.CharField(max_length=40, blank=True)
    agreement_no = models.CharField(max_length=60, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    failure = models.CharField(max_length=300, blank=True, help_text="Why the last activation did not work")
    host = models.CharField(max_length=200, blank=True)
    active_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closing_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            # One open case for one institution: the second applicant hears of the first.
            models.UniqueConstraint(
                fields=["kind", "uscc"],
                condition=~Q(state__in=["ACTIVE", "REFUSED", "WITHDRAWN"]),
                name="admission_case_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["REFUSED", "WITHDRAWN"]) | Q(closed_on__isnull=False), name="admission_case_closed"
            ),
            models.CheckConstraint(condition=Q(line_fen=None) | Q(line_fen__gte=0), name="admission_case_line"),
        ]
        indexes = [models.Index(fields=["state", "applied_on"], name="admission_case_state")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def subject(self) -> str:
        return f"admission:{self.pk}"

    @property
    def told(self) -> dict[str, Any]:
        return dict(json.loads(self.answers))

    @property
    def working(self) -> dict[str, Any]:
        return dict(json.loads(self.line)) if self.line else {}


class Step(models.Model):
    """One passage through a step: who had it, from when to when, and what came of it. A finished one never changes."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=12, choices=State.choices)
    owner = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    started_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    event = models.CharField(max_length=20, blank=True, help_text="What ended it: accept, return, refuse …")
    text = models.CharField(max_length=2000, blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    by_id = models.BigIntegerField(null=True, blank=True)
    by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="admission_step_one_open"),
            models.CheckConstraint(condition=Q(ended_at=None) | ~Q(event=""), name="admission_step_has_result"),
        ]


class Analysis(models.Model):
    """One judgement of a case: the version, the inputs, each rule's outcome, the four scores. Never changes (PAR-22)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="analyses")
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="+")
    preliminary = models.BooleanField(help_text=_("Made by the program when the application came"))
    inputs = models.TextField()
    rules = models.TextField()
    outcome = models.CharField(
        max_length=5, choices=[("PASS", _("Passed")), ("REFER", _("To be looked at")), ("FAIL", _("Failed"))]
    )
    dimensions = models.TextField()
    rating = models.DecimalField(max_digits=5, decimal_places=2, help_text="0 to 100: the dimensions by their weights")
    text = models.CharField(max_length=2000, blank=True)
    by_id = models.BigIntegerField(null=True)
    by = models.CharField(max_length=120)
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]


class Visit(models.Model):
    """A visit on site with its report (domain.md 7.7)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="visits")
    on = models.DateField()
    place = models.CharField(max_length=200)
    visitors = models.CharField(max_length=200)
    met = models.CharField(max_length=200)
    findings = models.TextField()
    score = models.PositiveSmallIntegerField()
    document_id = models.UUIDField(null=True, blank=True)
    by_id = models.BigIntegerField(null=True)
    by = models.CharField(max_length=120)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(score__lte=100), name="admission_visit_score")]


class Ask(models.Model):
    """Something the group asks the applicant for: a document of a kind, or an answer in words."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="asks")
    slot = models.CharField(max_length=40, blank=True, help_text="Kind of document; empty asks for words")
    text = models.CharField(max_length=1000)
    by = models.CharField(max_length=120)
    on = models.DateField()
    answered_on = models.DateField(null=True, blank=True)
    answer = models.CharField(max_length=2000, blank=True)

    class Meta:
        ordering = ["id"]


class Evaluation(models.Model):
    """A partner's yearly evaluation: eight metrics, the score, the grade, and what it changes once approved (PAR-04)."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("In preparation")
        SUBMITTED = "SUBMITTED", _("Waiting for approval")
        APPROVED = "APPROVED", _("Approved")

    partner_code = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField(help_text=_("The calendar year that is evaluated"))
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    metrics = models.TextField(default="[]", help_text="JSON: key, value, source, target, weight, score, by, reason")
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    grade = models.CharField(max_length=1, choices=Grade.choices, blank=True)
    factor = models.DecimalField(max_digits=5, decimal_places=3, null=True, blank=True, help_text="Of next year's line")
    effect = models.JSONField(default=dict, blank=True)
    opinion = models.CharField(max_length=2000, blank=True)
    prepared_by_id = models.BigIntegerField(null=True, blank=True)
    prepared_by = models.CharField(max_length=120, blank=True)
    prepared_on = models.DateField(null=True, blank=True)
    returned_reason = models.CharField(max_length=500, blank=True)
    approved_by = models.CharField(max_length=120, blank=True)
    approved_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-year", "partner_code"]
        constraints = [
            models.UniqueConstraint(fields=["partner_code", "year"], name="admission_evaluation_once"),
            models.CheckConstraint(
                condition=~Q(state="APPROVED") | (Q(approved_on__isnull=False) & ~Q(approved_by=F("prepared_by"))),
                name="admission_evaluation_two_people",
            ),
        ]

    @property
    def subject(self) -> str:
        return f"evaluation:{self.pk}"

    @property
    def rows(self) -> list[dict[str, Any]]:
        return list(json.loads(self.metrics))


class ReportedChange(models.Model):
    """A member says that something of its own file has changed; the group accepts it into its file, or not (PAR-24)."""

    class State(models.TextChoices):
        REPORTED = "REPORTED", _("Waiting for a decision")
        ACCEPTED = "ACCEPTED", _("Accepted")
        REFUSED = "REFUSED", _("Not accepted")

    member_code = models.CharField(max_length=20)
    change_no = models.CharField(max_length=40)
    changes = models.JSONField(help_text='Field → {"from", "to"}')
    reason = models.CharField(max_length=500, blank=True)
    reported_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.REPORTED)
    answer = models.CharField(max_length=500, blank=True)
    decided_by = models.CharField(max_length=120, blank=True)
    decided_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["member_code", "change_no"], name="admission_change_once"),
            models.CheckConstraint(
                condition=Q(state="REPORTED", decided_on=None) | Q(decided_on__isnull=False), name="admission_change_decided"
            ),
        ]

    @property
    def subject(self) -> str:
        return f"change:{self.pk}"
