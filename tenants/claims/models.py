"""Compensation (代偿): the member pays the bank for a borrower who did not."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Compensation(models.Model):
    """One payment to the bank. `principal_fen` and `interest_fen` are the bank's whole claim, its own part included;
    `paid_fen` is what the member paid on it, at most its share (domain.md 5.8.1, 12)."""

    guarantee = models.ForeignKey(
        "guarantees.Guarantee", verbose_name=_("Guarantee"), on_delete=models.PROTECT, related_name="compensations"
    )
    voucher_no = models.CharField(_("Voucher number"), max_length=80)
    bank_notice_on = models.DateField(_("Bank's notice of"))
    paid_on = models.DateField(_("Paid on"))
    principal_fen = models.BigIntegerField(_("Principal claimed"))
    interest_fen = models.BigIntegerField(_("Interest claimed"))
    paid_fen = models.BigIntegerField(_("Paid"))

    class Meta:
        verbose_name = _("compensation")
        constraints = [
            models.UniqueConstraint(fields=["guarantee", "voucher_no"], name="claims_voucher"),
            models.CheckConstraint(
                condition=Q(principal_fen__gt=0, interest_fen__gte=0, paid_fen__gt=0)
                & Q(paid_fen__lte=F("principal_fen") + F("interest_fen")),
                name="claims_amounts",
            ),
            models.CheckConstraint(condition=Q(paid_on__gte=F("bank_notice_on")), name="claims_notice_before_payment"),
        ]
        indexes = [models.Index(fields=["-paid_on", "-id"], name="claims_by_day")]
