"""Words of the console for what rooms keep as codes, and the figures that a page makes of others."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desks import acts
from kernel.access.permissions import may
from kernel.money import yuan

# GB/T 2260, provinces: the names on the map.
PROVINCES = {
    "11": "北京", "12": "天津", "13": "河北", "14": "山西", "15": "内蒙古", "21": "辽宁", "22": "吉林", "23": "黑龙江",
    "31": "上海", "32": "江苏", "33": "浙江", "34": "安徽", "35": "福建", "36": "江西", "37": "山东", "41": "河南",
    "42": "湖北", "43": "湖南", "44": "广东", "45": "广西", "46": "海南", "50": "重庆", "51": "四川", "52": "贵州",
    "53": "云南", "54": "西藏", "61": "陕西", "62": "甘肃", "63": "青海", "64": "宁夏", "65": "新疆", "71": "台湾",
    "81": "香港", "82": "澳门",
}  # fmt: skip
ACTS: dict[str, Any] = {
    **acts.ACTS,
    "access.add_user": gettext_lazy("Person added"),
    "access.give_roles": gettext_lazy("Roles given"),
    "filings.accept": gettext_lazy("Filing accepted within the treaty"),
    "filings.refer": gettext_lazy("Filing referred to an officer"),
    "filings.refuse": gettext_lazy("Filing refused"),
    "filings.confirm": gettext_lazy("Filing confirmed case by case"),
    "filings.reject": gettext_lazy("Filing rejected case by case"),
    "filings.reopen": gettext_lazy("Filing reopened"),
    "filings.amend": gettext_lazy("Filing amended"),
    "filings.return": gettext_lazy("Filing returned for correction"),
    "filings.withdraw": gettext_lazy("Filing withdrawn"),
    "filings.void": gettext_lazy("Filing voided"),
    "filings.end": gettext_lazy("End of a filed guarantee told"),
    "filings.overdue": gettext_lazy("Arrears of a filed guarantee told"),
    "filings.cure": gettext_lazy("Arrears of a filed guarantee paid"),
    "filings.claim": gettext_lazy("Filing frozen by a claim"),
    "filings.unclaim": gettext_lazy("Filing free again"),
    "filings.acceptance": gettext_lazy("Filing accepted as a case"),
    "filings.examination": gettext_lazy("Filing examined"),
    "filings.verification": gettext_lazy("Filing verified"),
    "filings.review": gettext_lazy("Filing reviewed"),
    "filings.reply": gettext_lazy("Formal reply to a filing"),
    "filings.receive_list": gettext_lazy("Bank's list received"),
    "filings.compare_list": gettext_lazy("Bank's list compared again"),
    "filings.confirm_list": gettext_lazy("Bank's list confirmed"),
    "filings.mark_billed": gettext_lazy("Filings marked as billed"),
    "monitoring.resync": gettext_lazy("Member's book read again"),
    "treaties.draft": gettext_lazy("Treaty drafted"),
    "treaties.revise": gettext_lazy("Treaty revised"),
    "treaties.publish": gettext_lazy("Treaty published"),
    "treaties.end": gettext_lazy("Treaty ended"),
    "treaties.set_line": gettext_lazy("Line set"),
}
# kind → (label, page of the subject by its id, permission that opens the page)
_SUBJECTS: dict[str, tuple[Any, str, str]] = {
    "filing": (gettext_lazy("Filing"), "console:filing", "filings.view"),
    "treaty": (gettext_lazy("Treaty"), "", ""),
    "claim": (gettext_lazy("Claim"), "console:claim", "reguarantee_claims.view"),
    "user": (gettext_lazy("User"), "", ""),
    "institution": (gettext_lazy("Institution"), "", ""),
}
_ACTORS = {
    "BANK": gettext_lazy("Bank %(name)s"),
    "SYSTEM": gettext_lazy("System"),
    "LETTER": gettext_lazy("Letter from %(name)s"),
    "IMPORT": gettext_lazy("Import %(name)s"),
}
_FACTS = {
    "member": gettext_lazy("Member"),
    "number": gettext_lazy("Number"),
    "status": gettext_lazy("Status"),
    "coverage": gettext_lazy("Coverage"),
    "guaranteed_fen": gettext_lazy("Guaranteed"),
    "covered_fen": gettext_lazy("Covered"),
    "uncovered_fen": gettext_lazy("Not covered"),
    "ceded_fen": gettext_lazy("Ceded"),
    "line_fen": gettext_lazy("Line amount"),
    "reason": gettext_lazy("Reason"),
    "roles": gettext_lazy("Roles"),
    "name": gettext_lazy("Name"),
    "code": gettext_lazy("Code"),
    "version": gettext_lazy("Version"),
    "year": gettext_lazy("Year"),
    "on": gettext_lazy("Day"),
}
FIGURES = {
    "limit_fen": gettext_lazy("Limit"),
    "others_fen": gettext_lazy("Covered for the obligor elsewhere"),
    "left_fen": gettext_lazy("Left of the year's line"),
    "whole_fen": gettext_lazy("Would be ceded in full"),
    "limit_months": gettext_lazy("Months at most"),
}
"""What a decision looked at (`Filing.figures`)."""
PARTIES = {
    "BANK": gettext_lazy("Bank"),
    "GUARANTOR": gettext_lazy("Member"),
    "REGUARANTOR": gettext_lazy("Group"),
    "FUND": gettext_lazy("National fund"),
    "GOVERNMENT": gettext_lazy("Government"),
}
LAYERS = {
    "QUOTA_SHARE": gettext_lazy("Quota share"),
    "SURPLUS": gettext_lazy("Surplus"),
    "EXCESS": gettext_lazy("Excess of loss"),
    "AGGREGATE": gettext_lazy("Stop loss"),
    "RATE_CAP": gettext_lazy("Rate cap"),
    "TIERS": gettext_lazy("Bands"),
}
_SIX_PLACES = Decimal("0.000001")


def share(part: int, whole: int) -> Decimal | None:
    """A part of a whole per 1, six places; None where there is no whole."""
    return (Decimal(part) / whole).quantize(_SIX_PLACES) if whole else None


def moved(now: int, before: int) -> str:
    """By how much a figure moved, "+6.8%"; "" when it did not, or when there was nothing to compare with."""
    if not before:
        return ""
    percent = (Decimal(now - before) * 100 / before).quantize(Decimal("0.1"))
    return f"{percent:+}%" if percent else ""


def compensation_rate(figures: Mapping[str, int]) -> Decimal | None:
    """Compensation paid over the amount released (domain.md 6.1, cumulative); None before any guarantee ended."""
    return share(figures["compensation_fen"], figures["ended_fen"])


def wan(fen: int) -> Decimal:
    """A figure of a drawing in 万元."""
    return Decimal(fen).scaleb(-6).quantize(Decimal("0.01"))


def is_province(code: str) -> bool:
    """Whether a region code is one of GB/T 2260 rather than a partner's own."""
    return code.isdigit() and code[:2] in PROVINCES


def region_label(code: str) -> str:
    """The province of a region code of GB/T 2260, with the code where it says more; other codes as they are."""
    if not code:
        return _("Not stated")
    if not is_province(code):
        return code
    return PROVINCES[code[:2]] if code[2:] in ("", "0000") else f"{PROVINCES[code[:2]]} {code}"


def act_label(act: str) -> str:
    """What an audited act is called; an act nobody named keeps its code."""
    return str(ACTS.get(act, act))


def actor_label(actor: str) -> str:
    """A person's name, or who acted where no person did ("LETTER:WANXIN")."""
    kind, colon, name = actor.partition(":")
    if not colon or kind not in _ACTORS:
        return str(_ACTORS[kind]) if kind == "SYSTEM" else actor
    return str(_ACTORS[kind]) % {"name": name}


def facts_label(facts: Mapping[str, Any]) -> str:
    """The facts of an audit line for people; what has no name here keeps its own."""
    parts = []
    for key, value in facts.items():
        if value in (None, "", [], {}):
            continue
        shown = yuan(value) if key.endswith("_fen") and isinstance(value, int) else value
        shown = ", ".join(map(str, shown)) if isinstance(shown, list) else shown
        parts.append(f"{_FACTS.get(key, key)}: {_(shown)[:80] if key == 'reason' else str(shown)[:80]}")
    return " · ".join(parts)


def subject_label(subject: str) -> str:
    """ "filing:12" in words."""
    kind, _colon, number = subject.partition(":")
    return f"{_SUBJECTS[kind][0]} {number}" if kind in _SUBJECTS else subject


def subject_url(subject: str, user: Any) -> str:
    """The page of a subject that this person may open, or "" where there is none."""
    kind, _colon, number = subject.partition(":")
    _label, view, code = _SUBJECTS.get(kind, ("", "", ""))
    return reverse(view, args=[number]) if view and number.isdigit() and may(user, code) else ""
