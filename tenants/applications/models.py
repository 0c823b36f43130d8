"""Applications: a customer asks a member to guarantee a loan of a bank."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


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
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"application:{self.pk}"
