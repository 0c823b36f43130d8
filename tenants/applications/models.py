"""Applications: a customer asks a member to guarantee a loan of a bank; and the ways by which they come to it."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.Model):
    """A way by which business comes (PAR-32). A bank's own one is found by its code when the bank sends something."""

    class Kind(models.TextChoices):
        OWN_STAFF = "OWN_STAFF", _("Own staff")
        BANK = "BANK", _("Bank")
        GOVERNMENT = "GOVERNMENT", _("Government platform")
        PROMOTER = "PROMOTER", _("Promotion organisation")
        ONLINE = "ONLINE", _("Online")
        OTHER = "OTHER", _("Other")

    code = models.CharField(_("Code"), max_length=30, unique=True)
    name = models.CharField(_("Name"), max_length=200)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices)
    bank_code = models.CharField(_("Bank"), max_length=20, blank=True)
    is_active = models.BooleanField(_("Open for new applications"), default=True)

    class Meta:
        verbose_name = _("channel")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["bank_code"], condition=~models.Q(bank_code=""), name="applications_channel_of_bank"),
            models.CheckConstraint(
                condition=models.Q(kind="BANK") & ~models.Q(bank_code="")
                | models.Q(kind__in=["OWN_STAFF", "GOVERNMENT", "PROMOTER", "ONLINE", "OTHER"], bank_code=""),
                name="applications_channel_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"channel:{self.pk}"


class Introducer(models.Model):
    """An organisation that brings business under an agreement with us (PAR-33)."""

    name = models.CharField(_("Name"), max_length=200, unique=True)
    uscc = models.CharField(_("Unified social credit code"), max_length=18, blank=True)
    contact = models.CharField(_("Contact"), max_length=60, blank=True)
    phone = models.CharField(_("Telephone"), max_length=40, blank=True)
    agreement_no = models.CharField(_("Agreement"), max_length=60, blank=True)
    agreed_to = models.DateField(_("Agreement ends"), null=True, blank=True)
    is_active = models.BooleanField(_("Open for new applications"), default=True)

    class Meta:
        verbose_name = _("introducer")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"introducer:{self.pk}"


@pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent(row=pghistory.Old), model_name="ApplicationEvent"
)
class Application(models.Model):
    """One request for a guarantee. Its state moves only by applications/flow.py."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        SUBMITTED = "SUBMITTED", _("Submitted")
        IN_REVIEW = "IN_REVIEW", _("In review")
        RETURNED = "RETURNED", _("Returned")
        APPROVED = "APPROVED", _("Approved")
        REJECTED = "REJECTED", _("Rejected")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")
        ISSUED = "ISSUED", _("Guarantee issued")

    class Source(models.TextChoices):
        PORTAL = "PORTAL", _("Portal")
        API = "API", _("Bank API")
        IMPORT = "IMPORT", _("Import")

    number = models.CharField(_("Number"), max_length=40, unique=True)
    customer = models.ForeignKey(
        "customers.Customer", verbose_name=_("Customer"), on_delete=models.PROTECT, related_name="applications"
    )
    product = models.ForeignKey(
        "products.Product", verbose_name=_("Product"), on_delete=models.PROTECT, related_name="applications"
    )
    bank_code = models.CharField(_("Bank code"), max_length=20)
    bank_name = models.CharField(_("Bank"), max_length=200)
    # Read when the review begins, so that whoever signs sees what was known (features PAR-27, PAR-28).
    bank_grade = models.CharField(_("Group's grade of the bank"), max_length=1, blank=True, default="", db_default="")
    bank_below_minimum = models.BooleanField(_("Bank's grade is too low"), default=False, db_default=False)
    bank_reference = models.CharField(_("Bank's reference"), max_length=80, null=True, blank=True)  # noqa: DJ001 - NULL: none
    amount_fen = models.BigIntegerField(_("Loan amount"))
    guaranteed_fen = models.BigIntegerField(_("Guaranteed amount"))
    approved_fen = models.BigIntegerField(_("Approved loan amount"), null=True, blank=True)
    term_months = models.PositiveSmallIntegerField(_("Term in months"))
    purpose = models.CharField(_("Purpose"), max_length=300)
    fee_rate = models.DecimalField(_("Fee rate per year"), max_digits=7, decimal_places=6)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Author"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,  # nobody searches by it
        help_text=_("Who wrote it or took it up; may neither approve nor issue it"),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Account manager"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,  # the index below leads with it
    )
    department = models.ForeignKey(
        "access.Department",
        verbose_name=_("Department"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    # None where nobody named one: rows from outside.
    channel = models.ForeignKey(
        Channel,
        verbose_name=_("Channel"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="applications",
        db_index=False,  # the index below leads with it
    )
    introducer = models.ForeignKey(
        Introducer, verbose_name=_("Introducer"), null=True, blank=True, on_delete=models.PROTECT, related_name="applications"
    )
    source = models.CharField(_("Source"), max_length=8, choices=Source.choices)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.DRAFT)
    reason = models.CharField(_("Reason"), max_length=500, blank=True)
    created_on = models.DateField(_("Created on"))
    submitted_on = models.DateField(_("Submitted on"), null=True, blank=True)
    decided_on = models.DateField(_("Decided on"), null=True, blank=True)

    class Meta:
        verbose_name = _("application")
        constraints = [
            models.UniqueConstraint(fields=["bank_code", "bank_reference"], name="applications_bank_reference"),
            models.CheckConstraint(
                condition=models.Q(
                    amount_fen__gt=0,
                    guaranteed_fen__gt=0,
                    guaranteed_fen__lte=models.F("amount_fen"),
                    term_months__gt=0,
                    fee_rate__gte=0,
                ),
                name="applications_amounts",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_fen__isnull=True)
                | models.Q(approved_fen__gt=0, approved_fen__lte=models.F("amount_fen")),
                name="applications_approved_within_asked",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["APPROVED", "ISSUED"])
                | models.Q(approved_fen__isnull=False, decided_on__isnull=False),
                name="applications_approved_has_amount",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[
                        "DRAFT", "SUBMITTED", "IN_REVIEW", "RETURNED", "APPROVED", "REJECTED", "WITHDRAWN", "ISSUED",
                    ]
                ),
                name="applications_state",
            ),
            models.CheckConstraint(
                condition=models.Q(source__in=["PORTAL", "API", "IMPORT"]), name="applications_source"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["state", "-id"], name="applications_by_state"),
            models.Index(fields=["owner", "-id"], name="applications_by_owner"),
            models.Index(fields=["department", "-id"], name="applications_by_department"),
            models.Index(fields=["bank_code", "-id"], name="applications_by_bank"),
            models.Index(fields=["channel", "-id"], name="applications_by_channel"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"application:{self.pk}"
