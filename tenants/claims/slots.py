"""The papers of a claim (domain.md 5.8.3). Some can be there from the first day of a guarantee, some only after the payment."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.letters import papers

REQUIRED = {code: _(label) for code, label in papers.REQUIRED.items()}
RELEVANT = {code: _(label) for code, label in papers.RELEVANT.items()}
SLOTS = REQUIRED | RELEVANT
AFTER_PAYMENT = frozenset({"APPLICATION", "COMPENSATION_APPROVAL", "BANK_NOTICE", "PAYMENT_VOUCHER"})
"""These cannot exist before the borrower defaults, so they do not count before it."""


def deficiency(code: str) -> str:
    """What the group's code of a deficiency means; an unknown code shows as it is."""
    return gettext(papers.DEFICIENCIES.get(code, code))
