"""Recovery (追偿): what the member gets back from a debtor for whom it paid, and what of it belongs to others.

Receipts, costs, parts, write-offs and the log are append-only (a trigger keeps them): a mistaken receipt is undone by an
opposite one, because the group and the bank have been told of it.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Method(models.TextChoices):
    """How the money was got (domain.md 7.8; MARGIN: the customer's deposit counts as a recovery, 5.9)."""

    OWN = "OWN", _("Own collection")
    NEGOTIATION = "NEGOTIATION", _("Negotiation")
    LAWYER = "LAWYER", _("Lawyer")
    BANK = "BANK", _("By the bank")
    ENFORCEMENT = "ENFORCEMENT", _("Court enforcement")
    DISPOSAL = "DISPOSAL", _("Sale of collateral")
    ASSIGNMENT = "ASSIGNMENT", _("Assignment of the claim")
    MARGIN = "MARGIN", _("Customer's margin")
    OTHER = "OTHER", _("Other way")


class CostKind(models.TextChoices):
    """Costs that come off before anything is shared (domain.md 5.9, 7.8)."""

    LITIGATION = "LITIGATION", _("Litigation fee")
    PRESERVATION = "PRESERVATION", _("Preservation of assets")
    PRESERVATION_INSURANCE = "PRESERVATION_INSURANCE", _("Preservation insurance")
    NOTICE = "NOTICE", _("Public notice")
    EXECUTION = "EXECUTION", _("Execution fee")
    APPRAISAL = "APPRAISAL", _("Appraisal")
    LAWYER = "LAWYER", _("Lawyer's fixed fee")
    CONTINGENCY = "CONTINGENCY", _("Lawyer's contingency fee")
    OTHER = "OTHER", _("Other cost")


class Case(models.Model):
    """The pursuit of one debtor for one compensated guarantee. The row is locked while a receipt is recorded."""

    class State(models.TextChoices):
        OPEN = "OPEN", _("Pursued")
        WRITTEN_OFF = "WRITTEN_OFF", _("Written off, still pursued")

    class Stage(models.TextChoices):
        """domain.md 7.8."""

        LETTER = "LETTER", _("Demand letter")
        MEDIATION = "MEDIATION", _("Mediation")
        SUIT = "SUIT", _("Suit")
        PRESERVATION = "PRESERVATION", _("Preservation")
        JUDGMENT = "JUDGMENT", _("Judgment")
        EXECUTION = "EXECUTION", _("Execution")
        TERMINATED = "TERMINATED", _("This execution ended without assets")
        RESUMED = "RESUMED", _("Execution resumed")
        BANKRUPTCY = "BANKRUPTCY", _("Claim filed in bankruptcy")

    number = models.CharField(_("Number"), max_length=20, unique=True)
    guarantee = models.OneToOneField(
        "guarantees.Guarantee", verbose_name=_("Guarantee"), on_delete=models.PROTECT, related_name="recovery_case"
    )
    state = models.CharField(_("State"), max_length=12, choices=State.choices, default=State.OPEN)
    stage = models.CharField(_("Stage"), max_length=12, choices=Stage.choices, default=Stage.LETTER)
    opened_on = models.DateField(_("Opened on"))
    next_deadline = models.DateField(_("Next deadline"), null=True, blank=True)

    class Meta:
        verbose_name = _("recovery case")
        ordering = ["-id"]
        indexes = [models.Index(fields=["next_deadline"], name="recoveries_deadline")]


class Entry(models.Model):
    """One line of the case's log: a stage reached, a contact with the debtor, an asset found (REC-09)."""

    class Kind(models.TextChoices):
        STAGE = "STAGE", _("Stage")
        CONTACT = "CONTACT", _("Contact with the debtor")
        ASSET = "ASSET", _("Asset found")
        NOTE = "NOTE", _("Note")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(_("Kind"), max_length=8, choices=Kind.choices)
    stage = models.CharField(_("Stage"), max_length=12, choices=Case.Stage.choices, blank=True)
    on = models.DateField(_("On"))
    text = models.CharField(_("Text"), max_length=1000, blank=True)
    deadline = models.DateField(_("Deadline"), null=True, blank=True)
    by = models.CharField(_("By"), max_length=120)

    class Meta:
        ordering = ["-on", "-id"]


class Cost(models.Model):
    """A cost of the pursuit, whenever it was spent; receipts carry costs oldest first, never beyond themselves."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="costs")
    on = models.DateField(_("On"))
    kind = models.CharField(_("Kind"), max_length=24, choices=CostKind.choices)
    fen = models.BigIntegerField(_("Amount"))
    by = models.CharField(_("By"), max_length=120)

    class Meta:
        ordering = ["on", "id"]
        constraints = [models.CheckConstraint(condition=~Q(fen=0), name="recoveries_cost_fen")]


class Receipt(models.Model):
    """Money that came from the debtor: `net_fen = gross_fen - cost_fen`, all three negative in a reversal.

    `voucher_no` names the bank's transfer; margin applied has none of its own and carries the decision's number.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="receipts")
    number = models.CharField(_("Number"), max_length=20, unique=True)
    on = models.DateField(_("Received on"))
    gross_fen = models.BigIntegerField(_("Received"))
    cost_fen = models.BigIntegerField(_("Costs"))
    net_fen = models.BigIntegerField(_("Net"))
    method = models.CharField(_("Method"), max_length=12, choices=Method.choices)
    voucher_no = models.CharField(_("Voucher number"), max_length=80)
    after_write_off = models.BooleanField(_("After write-off"), default=False)
    reverses = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by")
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    by = models.CharField(_("By"), max_length=120)

    class Meta:
        verbose_name = _("recovery")
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(net_fen=F("gross_fen") - F("cost_fen")), name="recoveries_net"),
            models.CheckConstraint(
                condition=Q(reverses=None, gross_fen__gt=0, cost_fen__gte=0, net_fen__gte=0)
                | Q(reverses__isnull=False, gross_fen__lt=0, cost_fen__lte=0, net_fen__lte=0),
                name="recoveries_signs",
            ),
            models.UniqueConstraint(fields=["case", "voucher_no"], condition=Q(reverses=None), name="recoveries_voucher"),
        ]


class Sharing(models.Model):
    """The group's answer to one receipt, as it came: whose the net money is. The parts sum to the net.

    `own_fen` is the member's, `bank_fen` the bank's; `remit_fen` goes to the group for it and those behind it, `held_fen`
    is the group side's part that the member keeps because it is taken off the claim the group has still to pay.
    """

    receipt = models.OneToOneField(Receipt, on_delete=models.PROTECT, related_name="sharing")
    claim_no = models.CharField(_("Claim"), max_length=40, blank=True)
    shares = models.TextField(help_text=_("JSON: party → fen, as the group's letter says"))
    roles = models.TextField(help_text=_("JSON: party → role"))
    own_fen = models.BigIntegerField(_("Own part"))
    bank_fen = models.BigIntegerField(_("The bank's part"))
    remit_fen = models.BigIntegerField(_("To be passed on to the group"))
    held_fen = models.BigIntegerField(_("Kept and netted from the claim"))
    due_on = models.DateField(_("Due on"), null=True, blank=True)
    why = models.CharField(_("Why"), max_length=500)
    on = models.DateField(_("On"))


class WriteOff(models.Model):
    """The receivable left the books by a resolution; the debtor is still pursued (账销案存, domain.md 5.9)."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="write_off")
    on = models.DateField(_("On"))
    written_off_fen = models.BigIntegerField(_("Written off"))
    resolution_no = models.CharField(_("Resolution"), max_length=80)
    reason = models.CharField(_("Reason"), max_length=500)
    by = models.CharField(_("By"), max_length=120)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(written_off_fen__gt=0), name="recoveries_write_off_fen")]
