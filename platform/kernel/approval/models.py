"""Facts of approvals: what was drawn, what is running, who is asked, what was said.

State of the engine is text: tasks in it are read in the order written, and jsonb would shuffle them (ui.md 2.2, 1).
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.approval.committee.models import (
    AgendaItem,
    Ballot,
    CommitteeRule,
    Condition,
    Decision,
    Meeting,
    Minutes,
    Recusal,
    Seat,
)

__all__ = [
    "AgendaItem",
    "Ballot",
    "CommitteeRule",
    "Condition",
    "Decision",
    "Delegation",
    "FlowCase",
    "FlowDefinition",
    "FlowTask",
    "Meeting",
    "Minutes",
    "Opinion",
    "Recusal",
    "Seat",
]


def _person(**options: Any) -> models.ForeignKey:
    options.setdefault("related_name", "+")
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, **options)


class FlowDefinition(models.Model):
    """A version of a drawing. Once published only RETIRED can still happen to it: a trigger sees to that."""

    class Status(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        PUBLISHED = "PUBLISHED", _("Published")
        RETIRED = "RETIRED", _("Retired")

    code = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    title_zh = models.CharField(max_length=100)
    title_en = models.CharField(max_length=100, blank=True)
    bpmn = models.TextField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="approval_definition_version"),
            models.UniqueConstraint(fields=["code"], condition=Q(status="PUBLISHED"), name="approval_one_published"),
            models.UniqueConstraint(fields=["code"], condition=Q(status="DRAFT"), name="approval_one_draft"),
        ]


class FlowCase(models.Model):
    """One run of a definition about one subject ("application:12"); `title` is how people call the subject."""

    class Status(models.TextChoices):
        RUNNING = "RUNNING", _("Under approval")
        APPROVED = "APPROVED", _("Approved")
        REJECTED = "REJECTED", _("Rejected")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")

    definition = models.ForeignKey(FlowDefinition, on_delete=models.PROTECT, related_name="cases")
    subject = models.CharField(max_length=80)
    title = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=dict)
    started_by = _person(null=True, blank=True)
    started_by_label = models.CharField(max_length=120)
    # Whoever entered or started the thing: none of them may review it (BPM-18).
    authors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    state = models.TextField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RUNNING)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject"], condition=Q(status="RUNNING"), name="approval_one_running_case"),
            models.CheckConstraint(
                condition=Q(status="RUNNING", closed_on=None) | (~Q(status="RUNNING") & Q(closed_on__isnull=False)),
                name="approval_case_closed_on",
            ),
        ]
        indexes = [models.Index(fields=["subject", "-id"], name="approval_case_subject")]


class FlowTask(models.Model):
    """Somebody is, was, will be or was spared to be asked. `round` counts the visits of one element in one case."""

    class State(models.TextChoices):
        COMING = "COMING", _("Coming")
        TODO = "TODO", _("To do")
        DONE = "DONE", _("Done")
        RETURNED = "RETURNED", _("Sent back")
        SKIPPED = "SKIPPED", _("Skipped")
        CANCELLED = "CANCELLED", _("Cancelled")

    case = models.ForeignKey(FlowCase, on_delete=models.PROTECT, related_name="tasks")
    element = models.CharField(max_length=64)
    round = models.PositiveIntegerField(default=0)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    post = models.CharField(max_length=40)
    entry = models.BooleanField(default=False)
    distinct = models.BooleanField(default=True)
    # Code of the committee (CommitteeRule) whose meeting closes this task: no person can sign it.
    meeting = models.CharField(max_length=20, blank=True)
    # With an assignee it is his alone (or his deputy's); without one any holder of the post may take it.
    assignee = _person(null=True, blank=True)
    added_by = _person(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices)
    # Why a task was skipped: the name of the way taken, in both languages (domain.md 7.2, green channel).
    rule_zh = models.CharField(max_length=200, blank=True)
    rule_en = models.CharField(max_length=200, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    urged_at = models.DateTimeField(null=True, blank=True)
    done_by = _person(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(state="TODO") | Q(opened_on__isnull=False), name="approval_task_opened_on"),
            models.CheckConstraint(
                condition=~Q(state__in=["DONE", "RETURNED"]) | Q(done_on__isnull=False), name="approval_task_done_on"
            ),
        ]
        indexes = [
            models.Index(fields=["post"], condition=Q(state="TODO"), name="approval_task_todo_post"),
            models.Index(fields=["assignee"], condition=Q(state="TODO"), name="approval_task_todo_person"),
            models.Index(fields=["post"], condition=Q(state="COMING"), name="approval_task_coming"),
            models.Index(fields=["done_by", "-done_on"], name="approval_task_done"),
        ]


class Opinion(models.Model):
    """What was said and done, in order. Never changed or deleted: a trigger sees to that (BPM-11)."""

    class Verdict(models.TextChoices):
        SUBMIT = "SUBMIT", _("Submitted")
        APPROVE = "APPROVE", _("Agreed")
        REJECT = "REJECT", _("Rejected")
        RETURN = "RETURN", _("Sent back")
        TRANSFER = "TRANSFER", _("Handed over")
        ADD = "ADD", _("Added a signer")
        REMOVE = "REMOVE", _("Removed a signer")
        WITHDRAW = "WITHDRAW", _("Withdrawn")
        COPY = "COPY", _("Copied to")
        URGE = "URGE", _("Urged")
        MOVE = "MOVE", _("Moved to another version")

    case = models.ForeignKey(FlowCase, on_delete=models.PROTECT, related_name="opinions")
    task = models.ForeignKey(FlowTask, on_delete=models.PROTECT, null=True, blank=True, related_name="opinions")
    by = _person(null=True, blank=True)
    by_label = models.CharField(max_length=120)
    # The person in whose place a deputy acted (工作托管).
    behalf = _person(null=True, blank=True)
    behalf_label = models.CharField(max_length=120, blank=True)
    # Whom it concerns: the new holder, the added signer, the one copied to.
    to = _person(null=True, blank=True)
    to_label = models.CharField(max_length=120, blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    text = models.TextField(blank=True)
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["to"], condition=Q(verdict="COPY"), name="approval_opinion_copied"),
            models.Index(fields=["by", "case"], name="approval_opinion_by"),
        ]


class Delegation(models.Model):
    """From `from_on` to `to_on`, both included, `to_user` may do the tasks of `from_user` (工作托管)."""

    from_user = _person(related_name="delegations_given")
    to_user = _person(related_name="delegations_received")
    from_on = models.DateField()
    to_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-from_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="approval_delegation_period"),
            models.CheckConstraint(condition=~Q(from_user=F("to_user")), name="approval_delegation_other"),
        ]
