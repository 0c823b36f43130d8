"""What speaks against an application without forbidding it: a bank that the group grades too low, a fee above the cap.

The register of institutions holds what the group published: the banks' grades (PAR-27, PAR-28) and whether this house is a
policy institution, whose fees have a cap (AGR-14, domain.md 3.5, 13). A parameter of the house turns either into a refusal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kernel.errors import Conflict, Invalid, gettext_noop
from kernel.parameters.queries import value
from registry import queries as registry
from registry.tenancy import current
from tenants.applications.models import Application

_SMALL_FEN = 500_000_000
_OPEN = (
    Application.State.DRAFT,
    Application.State.SUBMITTED,
    Application.State.IN_REVIEW,
    Application.State.RETURNED,
    Application.State.APPROVED,
)


class BankBelowMinimum(Conflict):
    code = "BANK_BELOW_MINIMUM"
    sentence = gettext_noop("The group grades %(bank)s %(grade)s, below the lowest grade that it accepts. Choose another bank.")


class FeeAboveCap(Invalid):
    code = "FEE_ABOVE_CAP"
    sentence = gettext_noop("A policy institution may take at most %(cap)s %% a year for this guarantee. Enter a lower fee.")


@dataclass(frozen=True)
class Caution:
    """One thing that whoever writes or signs an application has to know, in the reader's language."""

    code: str
    title: str
    text: str


def fee_cap(guaranteed_fen: int, *, on: date, product: str = "") -> Decimal | None:
    """The highest fee per year for a guarantee of so much, when this house is a policy institution; None when it is not."""
    if not current().is_policy:
        return None
    return value("risk.fee_cap.le5m" if guaranteed_fen <= _SMALL_FEN else "risk.fee_cap.gt5m", on=on, product=product)


def check(application: Application) -> None:
    """Raise what a parameter makes a refusal: FeeAboveCap, BankBelowMinimum.

    A bank's own application is taken whatever its grade is; the person who takes it up hears the refusal.
    """
    on = application.submitted_on or application.created_on
    cap = fee_cap(application.guaranteed_fen, on=on, product=application.product.code)
    if cap is not None and application.fee_rate > cap and value("risk.fee_cap.action", on=on) == "REFUSE":
        raise FeeAboveCap(field="fee_rate", cap=_percent(cap))
    if application.author_id is not None and value("risk.bank_min_grade_blocks", on=on):
        bank = registry.bank(application.bank_code)
        if bank is not None and bank.below_minimum:
            raise BankBelowMinimum(field="bank_code", bank=bank.name, grade=bank.grade)


def note_bank(application: Application) -> None:
    """Keep with the application what the group's grade of its bank is now; the caller saves. Called when a review begins."""
    bank = registry.bank(application.bank_code)
    application.bank_grade = bank.grade if bank else ""
    application.bank_below_minimum = bank is not None and bank.below_minimum


def of(application: Application) -> list[Caution]:
    """What speaks against an application: as the register stands while it is open, and as it stood when the review began."""
    found = []
    is_open = application.state in _OPEN
    bank = registry.bank(application.bank_code) if is_open else None
    if bank is not None and bank.below_minimum:
        found.append(of_bank(bank))
    elif application.bank_below_minimum:
        words = {"bank": application.bank_name, "grade": application.bank_grade}
        text = _("When the review began, the group's grade of %(bank)s was %(grade)s, below the lowest that it accepted.") % words
        found.append(Caution("BANK_BELOW_MINIMUM", _("The bank's grade was too low"), text))
    if is_open:
        on = application.submitted_on or application.created_on
        cap = fee_cap(application.guaranteed_fen, on=on, product=application.product.code)
        if cap is not None and application.fee_rate > cap:
            found.append(of_fee(application.fee_rate, cap))
    return found


def of_bank(bank: Any) -> Caution:
    """That the group's grade of a bank is below its minimum."""
    words = {"bank": bank.name, "grade": bank.grade, "day": bank.graded_on.isoformat() if bank.graded_on else ""}
    text = _(
        "The group graded %(bank)s %(grade)s on %(day)s, below the lowest grade that it accepts: guarantees of its loans are"
        " not covered by the group."
    )
    return Caution("BANK_BELOW_MINIMUM", _("The bank's grade is too low"), text % words)


def of_fee(fee_rate: Decimal, cap: Decimal) -> Caution:
    """That a policy institution's fee is above its cap."""
    text = _("The fee of %(fee)s %% a year is above the cap of %(cap)s %% that policy institutions have for such a guarantee.")
    return Caution("FEE_ABOVE_CAP", _("The fee is above the cap"), text % {"fee": _percent(fee_rate), "cap": _percent(cap)})


def _percent(rate: Decimal) -> str:
    return f"{(rate * 100).normalize():f}"
