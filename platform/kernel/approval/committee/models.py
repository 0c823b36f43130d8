"""Facts of a committee: its rule, meetings, seats, agenda, ballots, decisions, minutes.

Ballots and decisions are never changed: a trigger sees to that. Whoever votes again leaves a second ballot; the last counts.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def _person(**options: Any) -> models.ForeignKey:
    options.setdefault("related_name", "+")
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, **options)


class CommitteeRule(models.Model):
    """How a committee counts (domain.md 7.2); a meeting keeps its version. Shares are exact: "4/5", "0.80".

    Proposed by one person and approved by another; then a trigger keeps the row, and a later version takes over on its day.
    """

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", _("Proposed")
        APPROVED = "APPROVED", _("Approved")
        REFUSED = "REFUSED", _("Refused")

    code = models.CharField(max_length=20)
    version = models.PositiveIntegerField(default=1)
    title_zh = models.CharField(max_length=60)
    title_en = models.CharField(max_length=60)
    quorum = models.CharField(max_length=12, default="4/5")
    pass_share = models.CharField(max_length=12, default="0.80")
    defer_share = models.CharField(max_length=12, default="0.80")
    chair_veto = models.BooleanField(default=False)
    # Whether an abstention stands in the denominator of a share; it always counts for the quorum.
    abstentions_count = models.BooleanField(default=True)
    conditional = models.BooleanField(default=True)
    # Minutes that a ballot stays open once the item is called; 0: until it is closed.
    ballot_minutes = models.PositiveIntegerField(default=0)
    effective_from = models.DateField()
    reason = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by_id = models.BigIntegerField(null=True)
    proposed_by = models.CharField(max_length=120)
    proposed_on = models.DateField()
    decided_by = models.CharField(max_length=120, blank=True)
    decided_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="committee_rule_version"),
            models.UniqueConstraint(fields=["code"], condition=Q(state="PROPOSED"), name="committee_rule_one_proposal"),
            models.UniqueConstraint(
                fields=["code", "effective_from"], condition=Q(state="APPROVED"), name="committee_rule_one_a_day"
            ),
            models.CheckConstraint(
                condition=Q(state="PROPOSED", decided_on=None) | Q(state__in=["APPROVED", "REFUSED"], decided_on__isnull=False),
                name="committee_rule_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state="APPROVED") | ~Q(decided_by=F("proposed_by")), name="committee_rule_two_people"
            ),
        ]

    @property
    def title(self) -> str:
        return self.title_en if (get_language() or "zh").startswith("en") else self.title_zh

    def share(self, name: str) -> Fraction:
        """`quorum`, `pass_share` or `defer_share` as an exact fraction."""
        return Fraction(getattr(self, name))


class Meeting(models.Model):
    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Being prepared")
        CONVENED = "CONVENED", _("Convened")
        OPEN = "OPEN", _("In session")
        CLOSED = "CLOSED", _("Closed")
        CANCELLED = "CANCELLED", _("Cancelled")

    number = models.CharField(max_length=30, unique=True)
    rule = models.ForeignKey(CommitteeRule, on_delete=models.PROTECT, related_name="meetings")
    title = models.CharField(max_length=120, blank=True)
    on = models.DateField()
    at = models.TimeField(null=True, blank=True)
    place = models.CharField(max_length=120, blank=True)
    remote = models.BooleanField(default=False)
    chair = _person()
    secretary = _person()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    reason = models.CharField(max_length=500, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(chair=F("secretary")), name="committee_chair_is_not_secretary"),
            models.CheckConstraint(condition=~Q(state="CLOSED") | Q(closed_on__isnull=False), name="committee_closed_on"),
        ]

    @property
    def subject(self) -> str:
        return f"meeting:{self.pk}"


class Seat(models.Model):
    """A person at a meeting: an appointed member, or an observer (列席) who may speak and never votes."""

    class Kind(models.TextChoices):
        MEMBER = "MEMBER", _("Committee member")
        OBSERVER = "OBSERVER", _("Observer")

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="seats")
    person = _person()
    name = models.CharField(max_length=120)
    post = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.MEMBER)
    attended_at = models.DateTimeField(null=True, blank=True)
    remote = models.BooleanField(default=False)

    class Meta:
        ordering = ["kind", "id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="committee_one_seat")]


class AgendaItem(models.Model):
    """One matter before one meeting. A matter that was deferred stands on a next agenda as a new item."""

    class State(models.TextChoices):
        WAITING = "WAITING", _("On the agenda")
        OPEN = "OPEN", _("Being voted")
        DECIDED = "DECIDED", _("Voted")
        OFF = "OFF", _("Taken off")

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    place = models.PositiveIntegerField()
    subject = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    # Ids of those who entered or prepared it (A and B roles): they must recuse (domain.md 7.2).
    authors = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    discussion = models.TextField(blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["subject"], condition=Q(state__in=["WAITING", "OPEN"]), name="committee_one_agenda")
        ]
        indexes = [models.Index(fields=["subject", "-id"], name="committee_item_subject")]

    @property
    def papers(self) -> str:
        """The subject under which documents for this item are kept."""
        return f"agenda:{self.pk}"


class Recusal(models.Model):
    """A member who leaves M for one item (回避)."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="recusals")
    person = _person()
    name = models.CharField(max_length=120)
    reason = models.CharField(max_length=300)
    by = models.CharField(max_length=120)
    on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "person"], name="committee_one_recusal")]


class Ballot(models.Model):
    """A named ballot. Of one person the last counts; the earlier ones are the log of the change."""

    class Choice(models.TextChoices):
        AGREE = "AGREE", _("Agree")
        AGREE_WITH_CONDITIONS = "AGREE_WITH_CONDITIONS", _("Agree with conditions")
        DISAGREE = "DISAGREE", _("Disagree")
        DEFER = "DEFER", _("Defer")
        ABSTAIN = "ABSTAIN", _("Abstain")

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="ballots")
    person = _person()
    name = models.CharField(max_length=120)
    nth = models.PositiveIntegerField(default=1)
    choice = models.CharField(max_length=24, choices=Choice.choices)
    conditions = models.JSONField(default=list)
    text = models.TextField(blank=True)
    remote = models.BooleanField(default=False)
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "person", "nth"], name="committee_ballot_once"),
            models.CheckConstraint(
                condition=~Q(choice="AGREE_WITH_CONDITIONS") | ~Q(conditions=[]), name="committee_conditions_named"
            ),
        ]


class Decision(models.Model):
    """What the count came to; `working` are its steps, each a sentence with its figures."""

    class Outcome(models.TextChoices):
        PASSED = "PASSED", _("Passed")
        PASSED_WITH_CONDITIONS = "PASSED_WITH_CONDITIONS", _("Passed with conditions")
        DEFERRED = "DEFERRED", _("Deferred")
        REJECTED = "REJECTED", _("Rejected")
        VETOED = "VETOED", _("Vetoed")
        INVALID = "INVALID", _("Not a valid meeting")

    item = models.OneToOneField(AgendaItem, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=24, choices=Outcome.choices)
    members = models.PositiveIntegerField()
    recused = models.PositiveIntegerField()
    quorum = models.PositiveIntegerField()
    present = models.PositiveIntegerField()
    agree = models.PositiveIntegerField()
    conditional = models.PositiveIntegerField()
    disagree = models.PositiveIntegerField()
    defer = models.PositiveIntegerField()
    abstain = models.PositiveIntegerField()
    working = models.JSONField(default=list)
    by = models.CharField(max_length=120)
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)


class Condition(models.Model):
    """What must be done before the matter goes on: a guard of the counter-guarantees' step (domain.md 7.2)."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="conditions")
    place = models.PositiveIntegerField()
    text = models.CharField(max_length=500)
    met_on = models.DateField(null=True, blank=True)
    met_by = models.CharField(max_length=120, blank=True)
    proof = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["place"]


class Minutes(models.Model):
    """The record of a closed meeting: a PDF in the house's store, its digest, and what was remarked."""

    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="minutes")
    number = models.CharField(max_length=30)
    document_id = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    remarks = models.TextField(blank=True)
    on = models.DateField()
