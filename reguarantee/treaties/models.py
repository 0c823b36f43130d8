"""What the group has agreed: treaties, their versions, and the yearly lines under them."""

from __future__ import annotations

import hashlib
import json

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

EVERY_MEMBER = "*"
"""Stands for all members, in a treaty's list and as the holder of a line that they share."""


class Treaty(models.Model):
    """A re-guarantee treaty with some or all members. What it says stands in its versions."""

    class Status(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        ACTIVE = "ACTIVE", _("In effect")
        ENDED = "ENDED", _("Ended")

    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    members = models.JSONField(default=list, help_text=_("Member codes, or * for all"))
    rank = models.PositiveSmallIntegerField(default=100, help_text=_("When several treaties fit, the lowest goes first"))
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    ended_on = models.DateField(null=True, blank=True)
    left = models.JSONField(
        default=dict, blank=True, help_text=_("Members that left: code → last day on which a drawdown attaches")
    )
    renewal_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="renewals")
    notice_days = models.PositiveSmallIntegerField(
        default=60, help_text=_("So many days before its last day it is listed as expiring")
    )

    class Meta:
        ordering = ["rank", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="ENDED", ended_on__isnull=False) | Q(status__in=["DRAFT", "ACTIVE"], ended_on=None),
                name="treaties_treaty_status",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class TreatyVersion(models.Model):
    """One wording of a treaty, in force for drawdowns from one day to another.

    Once published it never changes, so a guarantee keeps what it attached to (domain.md 5.2); only its end may come
    earlier. The database holds both by a trigger, and that the periods of one treaty do not overlap.
    """

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        IN_APPROVAL = "IN_APPROVAL", _("Waiting for approval")
        APPROVED = "APPROVED", _("Approved, to be signed")
        PUBLISHED = "PUBLISHED", _("Signed and published")

    class AboveLimits(models.TextChoices):
        REVIEW = "REVIEW", _("An officer decides case by case")
        PART = "PART", _("What fits is covered, the rest is not")

    treaty = models.ForeignKey(Treaty, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    # Text, not jsonb: the engine deals shares out in the order listed, and jsonb sorts keys (design.md 5).
    terms = models.TextField()
    above_limits = models.CharField(max_length=10, choices=AboveLimits.choices, default=AboveLimits.REVIEW)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True, help_text=_("Last day, included; empty means open"))
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    number = models.CharField(max_length=60, blank=True, help_text=_("Number of the paper agreement"))
    party_names = models.JSONField(default=dict, blank=True, help_text=_("Party of the terms → name of the institution"))
    target_fen = models.BigIntegerField(null=True, blank=True, help_text=_("Volume agreed per year"))
    drafted_by = models.CharField(max_length=120)
    drafted_by_id = models.BigIntegerField(null=True, blank=True)
    submitted_on = models.DateField(null=True, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    approved_by = models.CharField(max_length=120, blank=True)
    approved_by_id = models.BigIntegerField(null=True, blank=True)
    opinion = models.CharField(max_length=500, blank=True, help_text=_("What the approver said, or why the draft came back"))
    signed_on = models.DateField(null=True, blank=True)
    published_on = models.DateField(null=True, blank=True)
    published_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["treaty_id", "version"]
        constraints = [
            models.UniqueConstraint(fields=["treaty", "version"], name="treaties_version_once"),
            models.UniqueConstraint(fields=["treaty"], condition=Q(published_on__isnull=True), name="treaties_one_open_draft"),
            models.CheckConstraint(
                condition=Q(effective_to=None) | Q(effective_to__gte=F("effective_from")), name="treaties_version_period"
            ),
            models.CheckConstraint(
                condition=Q(state="PUBLISHED", published_on__isnull=False, signed_on__isnull=False)
                | Q(state__in=["DRAFT", "IN_APPROVAL", "APPROVED"], published_on=None),
                name="treaties_version_state",
            ),
            # Nobody approves his own entry (design.md 7).
            models.CheckConstraint(
                condition=Q(state__in=["DRAFT", "IN_APPROVAL"], approved_on=None)
                | (Q(state__in=["APPROVED", "PUBLISHED"], approved_on__isnull=False) & ~Q(approved_by=F("drafted_by"))),
                name="treaties_version_two_people",
            ),
            models.CheckConstraint(condition=Q(target_fen=None) | Q(target_fen__gte=0), name="treaties_version_target"),
        ]

    def __str__(self) -> str:
        return f"{self.treaty.code}/{self.version}"

    @property
    def is_published(self) -> bool:
        return self.published_on is not None

    @property
    def digest(self) -> str:
        """Stands for the wording: an approval names what it read, so that a later revision is not approved unread."""
        read = [self.terms, self.above_limits, self.target_fen, self.party_names, self.treaty.members, self.treaty.title]
        return hashlib.sha256(json.dumps(read, sort_keys=True).encode()).hexdigest()[:24]


class Line(models.Model):
    """How much may be ceded under a treaty in a calendar year of drawdown, by one member or by all (`*`).

    A yearly flow (domain.md 5.10.3): used by what was confirmed, reserved by what is under review. Without `line_fen`
    there is no limit and the row only counts. Changed under its row lock and only by `lines.py`.
    """

    treaty = models.ForeignKey(Treaty, on_delete=models.PROTECT, related_name="lines")
    member_code = models.CharField(max_length=20, help_text=_("A member, or * for the line all members share"))
    year = models.PositiveSmallIntegerField()
    line_fen = models.BigIntegerField(null=True, blank=True)
    target_fen = models.BigIntegerField(null=True, blank=True, help_text=_("Volume this member is to bring in the year"))
    used_fen = models.BigIntegerField(default=0)
    reserved_fen = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["treaty_id", "year", "member_code"]
        constraints = [
            models.UniqueConstraint(fields=["treaty", "year", "member_code"], name="treaties_line_once"),
            models.CheckConstraint(condition=Q(used_fen__gte=0, reserved_fen__gte=0), name="treaties_line_not_negative"),
            models.CheckConstraint(
                condition=Q(line_fen=None) | Q(line_fen__gte=F("used_fen") + F("reserved_fen")),
                name="treaties_line_kept",
            ),
        ]

    @property
    def left_fen(self) -> int | None:
        """What may still be ceded; None without a limit."""
        return None if self.line_fen is None else self.line_fen - self.used_fen - self.reserved_fen


class Position(models.Model):
    """What the losses under a version have used up so far: the engine's running totals of its period (design.md 5)."""

    version = models.OneToOneField(TreatyVersion, on_delete=models.PROTECT, related_name="position")
    # Text, as all that the engine reads: a running total is a number of any length.
    totals = models.TextField(default="{}")

    def __str__(self) -> str:
        return f"{self.version_id}: {self.totals[:60]}"


class Scenario(models.Model):
    """A what-if run that somebody wanted to keep: draft terms over a history, and what came out. Never executed again."""

    name = models.CharField(max_length=120)
    treaty_code = models.CharField(max_length=40)
    member_code = models.CharField(max_length=20, help_text=_("A member, or * for all"))
    period_from = models.DateField()
    period_to = models.DateField()
    terms = models.TextField()
    totals = models.TextField(help_text=_("Totals by party in fen, today's terms and the draft, as JSON"))
    losses = models.PositiveIntegerField()
    saved_by = models.CharField(max_length=120)
    saved_on = models.DateField()

    class Meta:
        ordering = ["-saved_on", "-id"]

    def __str__(self) -> str:
        return self.name
