"""The parameters of the house that is asked, with the value in force: a member has no group's parameters, nor the other way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kernel.errors import NotFound, gettext_noop
from kernel.money import yuan
from kernel.parameters import queries
from kernel.parameters.declared import Parameter

_CONFIDENCE = {
    "LAW": gettext_lazy("Statute"),
    "C2+": gettext_lazy("Confirmed by several sources"),
    "C1": gettext_lazy("Confirmed by one source"),
    "DESIGN": gettext_lazy("Our proposal"),
}
CHOICES = {
    "MONTH": gettext_lazy("Month"),
    "QUARTER": gettext_lazy("Quarter"),
    "ANNUAL_FLOW": gettext_lazy("What is ceded in a year"),
    "REVOLVING": gettext_lazy("What is in force"),
    "MEMBER": gettext_lazy("Member"),
    "PRODUCT": gettext_lazy("Product"),
    "BANK": gettext_lazy("Bank"),
    "PRODUCT_BANK": gettext_lazy("Product and bank"),
    "INITIAL_PRINCIPAL": gettext_lazy("Principal at the start"),
    "DAILY_BALANCE": gettext_lazy("Balance of each day"),
    "OBLIGOR": gettext_lazy("The obligor's total"),
    "LOAN": gettext_lazy("The single loan"),
    "COST_FIRST_PRO_RATA": gettext_lazy("Costs first, then in proportion"),
    "PRO_RATA": gettext_lazy("In proportion"),
    "BANK_SUBORDINATE": gettext_lazy("The bank after the others"),
    "PRINCIPAL_THEN_INTEREST": gettext_lazy("Principal first, then interest"),
    "WARN": gettext_lazy("Warn"),
    "REFUSE": gettext_lazy("Refuse"),
}
"""Values of choices as people read them; the others are read as they are (ACT/365, grade A)."""
SCOPES = {
    "member": gettext_lazy("Member"),
    "product": gettext_lazy("Product"),
    "bank": gettext_lazy("Bank"),
    "treaty": gettext_lazy("Treaty"),
}
_TOPS = {"member": ("kernel", "tenants"), "group": ("kernel", "reguarantee")}


class NotOfThisHouse(NotFound):
    code = "NO_SUCH_PARAMETER_HERE"
    sentence = gettext_noop("This institution has no such parameter.")


@dataclass(frozen=True)
class Row:
    """A parameter as the list shows it; `scoped` counts values for single products or members, `waiting` proposals."""

    key: str
    label: str
    value: str
    since: date | None
    basis: str
    confidence: str
    scoped: int
    waiting: int


def known(kind: str) -> dict[str, Parameter]:
    """The parameters of a house of this kind, by key."""
    found = queries.rooms().items()
    return {p.key: p for room, parameters in found if room.split(".")[0] in _TOPS[kind] for p in parameters}


def one(kind: str, key: str) -> Parameter:
    """Raises NotOfThisHouse."""
    try:
        return known(kind)[key]
    except KeyError:
        raise NotOfThisHouse from None


def rows(kind: str, on: date) -> list[Row]:
    """Every parameter of the house as it stands on a day. Two queries."""
    standing = queries.in_force(on)
    waiting = list(queries.proposals().values_list("key", flat=True))
    made = []
    for key, parameter in known(kind).items():
        row = standing.get((key, ""))
        made.append(
            Row(
                key=key,
                label=str(parameter.label),
                value=words(parameter, row.value if row else parameter.default),
                since=row.effective_from if row else None,
                basis=basis(parameter),
                confidence=confidence(parameter),
                scoped=sum(at[0] == key and bool(at[1]) for at in standing),
                waiting=waiting.count(key),
            )
        )
    return made


def basis(parameter: Parameter) -> str:
    """Where the rule stands, as people look it up."""
    book, found, section = parameter.basis.partition("domain.md ")
    section = section.partition(" (")[0]
    return _("Rule handbook, section %(section)s") % {"section": section} if found and not book else parameter.basis


def confidence(parameter: Parameter) -> str:
    """How sure the rule is; what is not sure is to be confirmed with compliance (domain.md 0)."""
    return str(_CONFIDENCE.get(parameter.confidence, _("To be confirmed with compliance")))


def words(parameter: Parameter, text: str) -> str:
    """A stored value as people read it: yuan, per cent, days, yes or no."""
    value: Any = parameter.read(text)
    if parameter.kind == "fen":
        return f"{yuan(value)} {_('yuan')}"
    if parameter.kind == "days":
        return ngettext("%(days)s day", "%(days)s days", value) % {"days": value}
    if parameter.kind == "rate":
        return f"{(value * 100).normalize():f}%" if isinstance(value, Decimal) else text
    if parameter.kind == "bool":
        return _("Yes") if value else _("No")
    if parameter.kind == "choice":
        return str(CHOICES.get(value, value))
    return str(value)
