"""What codes are called on a page."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy

# GB/T 4754-2017, sections.
INDUSTRIES = {
    "A": gettext_lazy("Agriculture, forestry, animal husbandry and fishery"),
    "B": gettext_lazy("Mining"),
    "C": gettext_lazy("Manufacturing"),
    "D": gettext_lazy("Electricity, heat, gas and water supply"),
    "E": gettext_lazy("Construction"),
    "F": gettext_lazy("Wholesale and retail trade"),
    "G": gettext_lazy("Transport, storage and post"),
    "H": gettext_lazy("Accommodation and catering"),
    "I": gettext_lazy("Information transmission, software and information technology"),
    "J": gettext_lazy("Finance"),
    "K": gettext_lazy("Real estate"),
    "L": gettext_lazy("Leasing and business services"),
    "M": gettext_lazy("Scientific research and technical services"),
    "N": gettext_lazy("Water conservancy, environment and public facilities"),
    "O": gettext_lazy("Household services, repair and other services"),
    "P": gettext_lazy("Education"),
    "Q": gettext_lazy("Health and social work"),
    "R": gettext_lazy("Culture, sports and entertainment"),
    "S": gettext_lazy("Public administration, social security and social organisations"),
    "T": gettext_lazy("International organisations"),
}
COVERAGES = {
    "COVERED": gettext_lazy("Covered"),
    "PARTLY": gettext_lazy("Partly covered"),
    "UNCOVERED": gettext_lazy("Not covered"),
}
STATES = {
    "ISSUED": gettext_lazy("Issued"),
    "PARTLY_DRAWN": gettext_lazy("Partly drawn"),
    "IN_FORCE": gettext_lazy("In force"),
    "OVERDUE": gettext_lazy("Overdue"),
    "COMPENSATED": gettext_lazy("Compensated"),
    "RELEASED": gettext_lazy("Released"),
    "LAPSED": gettext_lazy("Lapsed"),
    "CANCELLED": gettext_lazy("Cancelled"),
}


def industry_label(section: str) -> str:
    """The name of a GB/T 4754 section; what is not one keeps its code."""
    return str(INDUSTRIES.get(section, section)) or gettext("Not stated")


def coverage_label(code: str) -> str:
    """COVERED, PARTLY or UNCOVERED in words."""
    return str(COVERAGES.get(code, code))


def state_label(code: str) -> str:
    """A guarantee's state in words."""
    return str(STATES.get(code, code))
