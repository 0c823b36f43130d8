"""What a signer of an application may say besides his opinion."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from design.forms import MoneyField
from desks.tasks.forms import DecisionForm


class ApplicationDecisionForm(DecisionForm):
    """A smaller amount than applied for may be approved."""

    cols = {"text": 12, "amount_fen": 12}
    amount_fen = MoneyField(
        label=_("Approve a smaller loan"), required=False, min_fen=1, help_text=_("Left empty: as applied for")
    )
