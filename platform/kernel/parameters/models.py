"""Values that an institution gave a parameter, each from one day on (domain.md 13)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Value(models.Model):
    """A value from `effective_from` on, for everything or for one scope ("product=WORKING_CAPITAL", "member=ANHE").

    Proposed by one person and approved by another; then it never changes. A later value takes over on its day.
    """

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", _("Proposed")
        APPROVED = "APPROVED", _("Approved")
        REFUSED = "REFUSED", _("Refused")

    key = models.CharField(max_length=80)
    scope = models.CharField(max_length=120, blank=True)
    value = models.CharField(max_length=200)
    effective_from = models.DateField()
    legal_basis = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by_id = models.BigIntegerField(null=True)
    proposed_by = models.CharField(max_length=120)
    proposed_on = models.DateField()
    decided_by = models.CharField(max_length=120, blank=True)
    decided_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["key", "scope", "-effective_from", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "scope", "effective_from"], condition=Q(state="APPROVED"), name="parameters_value_once"
            ),
            models.CheckConstraint(
                condition=Q(state="PROPOSED", decided_on=None) | Q(decided_on__isnull=False), name="parameters_value_decided"
            ),
            models.CheckConstraint(
                condition=~Q(state="APPROVED") | ~Q(decided_by=F("proposed_by")), name="parameters_value_two_people"
            ),
        ]
