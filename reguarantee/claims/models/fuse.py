"""The fuse: how near what was paid has come to the cap, per treaty and member, and what that sets off (domain.md 5.7)."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reguarantee.treaties.models import TreatyVersion


class Level(models.TextChoices):
    NONE = "NONE", _("Within the cap")
    YELLOW = "YELLOW", _("Yellow: near the cap")
    ORANGE = "ORANGE", _("Orange: very near the cap")
    RED = "RED", _("Red: the fuse has blown")


class Fuse(models.Model):
    """The level of one treaty version and member, narrowed to a product or bank where the parameter says so."""

    treaty_version = models.ForeignKey(TreatyVersion, on_delete=models.PROTECT, related_name="fuses")
    member_code = models.CharField(max_length=20)
    product = models.CharField(max_length=40, blank=True)
    bank = models.CharField(max_length=20, blank=True)
    level = models.CharField(max_length=6, choices=Level.choices, default=Level.NONE)
    paid_fen = models.BigIntegerField(default=0)
    cap_fen = models.BigIntegerField(default=0)
    base_fen = models.BigIntegerField(default=0)
    since = models.DateField()
    released_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["treaty_version_id", "member_code", "product", "bank"]
        constraints = [
            models.UniqueConstraint(fields=["treaty_version", "member_code", "product", "bank"], name="rg_claims_fuse_once"),
        ]
        indexes = [models.Index(fields=["level"], condition=~Q(level="NONE"), name="rg_claims_fuse_lit")]

    @property
    def used(self) -> int | None:
        """Paid in per cent of the cap; None without a cap to measure by."""
        return self.paid_fen * 100 // self.cap_fen if self.cap_fen else None


class FuseEvent(models.Model):
    """Every change of level and every release, append-only."""

    fuse = models.ForeignKey(Fuse, on_delete=models.PROTECT, related_name="events")
    level = models.CharField(max_length=6, choices=Level.choices)
    event = models.CharField(max_length=10, help_text="RISE, FALL or RELEASE")
    text = models.CharField(max_length=300, blank=True)
    facts_text = models.TextField(default="{}")
    on = models.DateField()
    by = models.CharField(max_length=120)

    class Meta:
        ordering = ["id"]

    @property
    def facts(self) -> dict[str, Any]:
        return dict(json.loads(self.facts_text))


class LiquidFunds(models.Model):
    """What a member can pay with at once, as its return of a day says (CLM-06)."""

    member_code = models.CharField(max_length=20)
    as_of = models.DateField()
    liquid_fen = models.BigIntegerField()
    source = models.CharField(max_length=200)
    on = models.DateField()
    by = models.CharField(max_length=120)

    class Meta:
        ordering = ["member_code", "-as_of", "-id"]
        constraints = [models.CheckConstraint(condition=Q(liquid_fen__gte=0), name="rg_claims_liquid_fen")]
