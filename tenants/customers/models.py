"""Customers of one member: the companies and persons whose loans it guarantees."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent(row=pghistory.Old), model_name="CustomerEvent")
class Customer(models.Model):
    """A borrower. What a change replaces is kept in CustomerEvent by a database trigger (CUS-09)."""

    class Kind(models.TextChoices):
        COMPANY = "COMPANY", _("Company")
        PERSON = "PERSON", _("Person")

    class SizeClass(models.TextChoices):
        LARGE = "LARGE", _("Large")
        MEDIUM = "MEDIUM", _("Medium")
        SMALL = "SMALL", _("Small")
        MICRO = "MICRO", _("Micro")

    class Status(models.TextChoices):
        ACTIVE = "ACTIVE", _("Active")
        WATCHED = "WATCHED", _("Watched")
        BLOCKED = "BLOCKED", _("Blocked")

    kind = models.CharField(_("Kind"), max_length=8, choices=Kind.choices)
    name = models.CharField(_("Name"), max_length=200)
    id_number = models.CharField(
        _("Identity code"), max_length=40, blank=True, help_text=_("Unified social credit code or resident ID")
    )
    region_code = models.CharField(_("Region"), max_length=12, blank=True)
    industry = models.CharField(_("Industry"), max_length=1, blank=True, help_text=_("Section of GB/T 4754"))
    industry_code = models.CharField(_("Industry code"), max_length=8, blank=True)
    size_class = models.CharField(_("Size class"), max_length=6, choices=SizeClass.choices, blank=True)
    is_farmer = models.BooleanField(_("Farmer"), default=False)
    legal_rep = models.CharField(_("Legal representative"), max_length=60, blank=True)
    mobile = models.CharField(_("Mobile"), max_length=20, blank=True)
    address = models.CharField(_("Address"), max_length=300, blank=True)
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
    status = models.CharField(_("Status"), max_length=8, choices=Status.choices, default=Status.ACTIVE)
    status_reason = models.CharField(_("Reason"), max_length=300, blank=True)
    registered_on = models.DateField(_("Registered on"))

    class Meta:
        verbose_name = _("customer")
        constraints = [
            # Imported books know borrowers without an identity code; everybody else has exactly one record.
            models.UniqueConstraint(
                fields=["id_number"], condition=~models.Q(id_number=""), name="customers_one_record_per_code"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=["COMPANY", "PERSON"]), name="customers_kind"),
            models.CheckConstraint(condition=models.Q(status__in=["ACTIVE", "WATCHED", "BLOCKED"]), name="customers_status"),
            models.CheckConstraint(condition=models.Q(industry__regex=r"^[A-T]?$"), name="customers_industry_section"),
            models.CheckConstraint(
                condition=models.Q(size_class__in=["", "LARGE", "MEDIUM", "SMALL", "MICRO"]), name="customers_size_class"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-id"], name="customers_by_owner"),
            models.Index(fields=["department", "-id"], name="customers_by_department"),
        ]

    def __str__(self) -> str:
        return self.name
