"""Recoveries that members report: whose the money is, what is passed on, what is netted (domain.md 5.9).

All rows are append-only except the two figures that say how far a held part has been netted (a trigger keeps the rest).
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Recovery(models.Model):
    """One recovery of one member, or (all amounts negative) the reversal of one.

    net = gross - cost. `remit_fen` is due from the member; `held_fen` stays with it and lowers the claim that the group
    has still to pay: `netted_fen` of it has been taken off that claim so far.
    """

    class Answer(models.TextChoices):
        SHARED = "SHARED", _("Shared")
        NOT_COVERED = "NOT_COVERED", _("Not covered: nothing is due to the group")

    member_code = models.CharField(_("Member"), max_length=20)
    recovery_no = models.CharField(_("Number"), max_length=20)
    guarantee_id = models.BigIntegerField()
    filing = models.ForeignKey("filings.Filing", null=True, blank=True, on_delete=models.PROTECT, related_name="recoveries")
    claim_no = models.CharField(_("Claim"), max_length=40, blank=True)
    answer = models.CharField(_("Answer"), max_length=12, choices=Answer.choices)
    on = models.DateField(_("Received on"))
    gross_fen = models.BigIntegerField(_("Received"))
    cost_fen = models.BigIntegerField(_("Costs"))
    net_fen = models.BigIntegerField(_("Net"))
    method = models.CharField(_("Method"), max_length=12)
    after_write_off = models.BooleanField(_("After write-off"), default=False)
    remit_fen = models.BigIntegerField(_("To be passed on"))
    held_fen = models.BigIntegerField(_("Held by the member"))
    netted_fen = models.BigIntegerField(_("Netted from the claim"), default=0)
    key = models.CharField(max_length=120)
    due_on = models.DateField(_("Due on"), null=True, blank=True)
    why = models.CharField(_("Why"), max_length=500)
    reverses = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by")
    opened_on = models.DateField(_("Reported on"))

    class Meta:
        verbose_name = _("recovery")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["member_code", "recovery_no"], name="rg_recoveries_once"),
            models.CheckConstraint(condition=Q(net_fen=F("gross_fen") - F("cost_fen")), name="rg_recoveries_net"),
        ]
        indexes = [models.Index(fields=["member_code", "guarantee_id"], name="rg_recoveries_guarantee")]


class Share(models.Model):
    """One party's part of a recovery, with what it stood for and what it had really paid that day; they sum to the net.

    `held_fen` of it is with the member still; `passed_fen` is due to a fund, `netted_fen` taken off the group's claim
    on that fund.
    """

    recovery = models.ForeignKey(Recovery, on_delete=models.PROTECT, related_name="shares")
    party = models.CharField(_("Party"), max_length=64)
    role = models.CharField(_("Role"), max_length=12)
    obligation_fen = models.BigIntegerField(_("Obligation"))
    paid_fen = models.BigIntegerField(_("Paid"))
    fen = models.BigIntegerField(_("Part"))
    held_fen = models.BigIntegerField(_("Held by the member"), default=0)
    passed_fen = models.BigIntegerField(_("Passed on"), default=0)
    netted_fen = models.BigIntegerField(_("Netted"), default=0)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["recovery", "party"], name="rg_recoveries_share_once")]


class WriteOff(models.Model):
    """A member wrote its receivable off; what comes later is shared as before (domain.md 5.9)."""

    member_code = models.CharField(_("Member"), max_length=20)
    guarantee_id = models.BigIntegerField()
    filing = models.ForeignKey("filings.Filing", null=True, blank=True, on_delete=models.PROTECT, related_name="write_offs")
    on = models.DateField(_("On"))
    written_off_fen = models.BigIntegerField(_("Written off"))
    resolution_no = models.CharField(_("Resolution"), max_length=80)
    reason = models.CharField(_("Reason"), max_length=500)

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [models.UniqueConstraint(fields=["member_code", "guarantee_id"], name="rg_write_off_once")]
