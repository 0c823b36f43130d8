"""What one member offers: guarantee products and their limits."""

from __future__ import annotations

from decimal import Decimal

import pghistory
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent(row=pghistory.Old), model_name="ProductEvent")
class Product(models.Model):
    """A guarantee product. An application must stay within its limits; a closed product takes none (BUS-67)."""

    class ForKind(models.TextChoices):
        COMPANY = "COMPANY", _("Company")
        PERSON = "PERSON", _("Person")

    class Category(models.TextChoices):
        AGRICULTURE = "AGRICULTURE", _("Agricultural credit guarantee")
        SME = "SME", _("Guarantee for small and medium enterprises")

    code = models.CharField(_("Code"), max_length=40, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100)
    for_kind = models.CharField(
        _("For whom"), max_length=8, choices=ForKind.choices, blank=True, help_text=_("Empty: companies and persons")
    )
    category = models.CharField(
        _("Kind of business"), max_length=12, choices=Category.choices, blank=True, default="", db_default="",
        help_text=_("Told to the group with each filing"),
    )  # fmt: skip
    rate_max = models.DecimalField(_("Highest fee rate per year"), max_digits=7, decimal_places=6)
    amount_max_fen = models.BigIntegerField(_("Largest loan"))
    term_max_months = models.PositiveSmallIntegerField(_("Longest term in months"))
    guaranteed_share = models.DecimalField(_("Guaranteed share"), max_digits=7, decimal_places=6, default=Decimal("0.80"))
    green_channel_max_fen = models.BigIntegerField(
        _("Green channel up to"), default=0, help_text=_("Loans up to this amount take the green channel")
    )
    required_documents = models.JSONField(_("Required documents"), default=list, blank=True)
    is_open = models.BooleanField(_("On offer"), default=True)

    class Meta:
        verbose_name = _("product")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_max_fen__gt=0, term_max_months__gt=0, green_channel_max_fen__gte=0),
                name="products_limits",
            ),
            models.CheckConstraint(
                condition=models.Q(guaranteed_share__gt=0, guaranteed_share__lte=1, rate_max__gte=0, rate_max__lte=1),
                name="products_rates",
            ),
            models.CheckConstraint(condition=models.Q(for_kind__in=["", "COMPANY", "PERSON"]), name="products_for_kind"),
            models.CheckConstraint(condition=models.Q(category__in=["", "AGRICULTURE", "SME"]), name="products_category"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.name_en if (get_language() or "zh").startswith("en") else self.name_zh
