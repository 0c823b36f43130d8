"""The applicant's form as data: which answers each kind of institution gives, and how each is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from kernel.errors import Invalid, gettext_noop
from reguarantee.admission.judging import UNITS

TEXTS = (
    "licence_no", "licence_issuer", "address", "legal_rep", "capital_source", "category", "contact_name", "contact_phone",
    "contact_email", "admin_name", "admin_email", "security_name", "security_email",
)  # fmt: skip
DAYS = ("established_on", "licence_valid_to")
_SHARED_FIGURES = ("registered_capital_fen", "paid_in_capital_fen", "net_assets_fen", "staff_total", "risk_staff", "violations")
FIGURES: dict[str, tuple[str, ...]] = {
    "MEMBER": (
        *_SHARED_FIGURES, "liquid_assets_fen", "reserves_fen", "liability_fen", "net_profit_fen", "prior_year_volume_fen",
        "volume_before_fen", "policy_target_fen", "requested_line_fen", "planned_growth", "small_agri_share", "le5m_share",
        "risk_shared_share", "compensation_rate", "recovery_rate", "fee_rate", "largest_obligor_share", "platform_share",
        "risk_rules", "accepts_data_link",
    ),
    "BANK": (
        *_SHARED_FIGURES, "small_loans_fen", "npl_ratio", "capital_adequacy", "provision_cover", "accepted_share", "branches",
        "risk_rules", "accepts_data_link",
    ),
}  # fmt: skip
"""Kind → figures that its form asks for; names and units are those of judging.inputs."""
_REQUIRED = ("licence_no", "contact_name", "contact_phone", "contact_email")
_ADMINISTRATORS = ("admin_name", "admin_email", "security_name", "security_email")
_EMAIL = re.compile(r"^[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s]{2,}$")
_SIGNED = ("net_profit_fen", "planned_growth", "net_assets_fen")
_TEXT_MAX, _FEN_MAX, _RATE_MAX = 300, 10**17, 1000


class BadAnswer(Invalid):
    code = "BAD_APPLICATION_ANSWER"
    sentence = gettext_noop("This answer is missing or cannot be read.")


class SamePerson(Invalid):
    code = "SAME_ADMINISTRATOR"
    sentence = gettext_noop("Two persons look after the system: name another one for the security.")


def read_answers(kind: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as JSON keeps them: fen and counts whole numbers, rates and days texts. Raises BadAnswer at its field."""
    if kind not in FIGURES:
        raise BadAnswer(field="kind")
    read: dict[str, Any] = {}
    for name in TEXTS:
        read[name] = str(told.get(name) or "").strip()[:_TEXT_MAX]
    needed = (*_REQUIRED, *_ADMINISTRATORS) if kind == "MEMBER" else _REQUIRED
    for name in needed:
        if not read[name] or (name.endswith("_email") and not _EMAIL.match(read[name])):
            raise BadAnswer(field=name)
    if kind == "MEMBER" and read["admin_email"].lower() == read["security_email"].lower():
        raise SamePerson(field="security_email")
    for name in DAYS:
        read[name] = _day(name, told.get(name))
    if read["established_on"] is None:
        raise BadAnswer(field="established_on")
    read["is_policy"] = bool(told.get("is_policy"))
    for name in FIGURES[kind]:
        read[name] = _figure(name, told.get(name))
    return read


def _day(name: str, value: Any) -> str | None:
    if value in (None, ""):
        return None
    try:
        return (value if isinstance(value, date) else date.fromisoformat(str(value))).isoformat()
    except ValueError:
        raise BadAnswer(field=name) from None


def _figure(name: str, value: Any) -> Any:
    unit = UNITS[name]
    if unit == "bool":
        return value in (True, "true", "True", "on", "1")
    if value in (None, ""):
        return None
    try:
        number = Decimal(str(value))
        whole = int(number) if number.is_finite() else None
    except (InvalidOperation, ValueError):
        raise BadAnswer(field=name) from None
    limit = _RATE_MAX if unit in ("rate", "times") else _FEN_MAX
    if whole is None or abs(number) > limit or (number < 0 and name not in _SIGNED):
        raise BadAnswer(field=name)
    if unit in ("fen", "count"):
        if whole != number:
            raise BadAnswer(field=name)
        return whole
    return f"{number.normalize():f}"
