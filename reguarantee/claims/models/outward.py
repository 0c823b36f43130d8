"""The claim goes on: what the group asks of the fund and the government behind it (domain.md 5.1, 7.6)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reguarantee.claims.models.claim import Claim


class OutwardClaim(models.Model):
    """Our claim on one party of a claim's shares. `fen` is that party's share; `paid_fen` what came of it."""

    class State(models.TextChoices):
        OPEN = "OPEN", _("To be submitted")
        SUBMITTED = "SUBMITTED", _("Submitted")
        PAID = "PAID", _("Received")

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="outward")
    number = models.CharField(max_length=20, unique=True)
    party = models.CharField(max_length=64)
    role = models.CharField(max_length=12)
    fen = models.BigIntegerField()
    paid_fen = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    opened_on = models.DateField()
    submitted_on = models.DateField(null=True, blank=True)
    submitted_by = models.CharField(max_length=120, blank=True)
    paid_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "party"], name="rg_claims_outward_once"),
            models.CheckConstraint(
                condition=Q(fen__gte=0, paid_fen__gte=0, paid_fen__lte=F("fen")), name="rg_claims_outward_fen"
            ),
        ]

    @property
    def key(self) -> str:
        return f"fund-claim:{self.party}:{self.number}"

    @property
    def counterparty(self) -> str:
        """The party as kernel.cash calls it."""
        return self.party.upper()
