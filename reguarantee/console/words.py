"""Words of the console for what rooms keep as codes, and the figures that a page makes of others."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy

from desks.words import Subject, Words
from reguarantee.console.desks.admission.words import EVENTS as ADMISSION
from reguarantee.console.desks.claims.words import ACTS as CLAIMS
from reguarantee.filings.queries import ENDS

_ACTS: dict[str, Any] = {
    **CLAIMS,
    **{f"admission.{event}": label for event, label in ADMISSION.items()},
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
    "admission.agree": gettext_lazy("Treaty and line of an applicant written down"),
    "admission.analyse": gettext_lazy("Application analysed"),
    "admission.answer": gettext_lazy("Question answered by the applicant"),
    "admission.apply": gettext_lazy("Application for admission received"),
    "admission.approve_evaluation": gettext_lazy("Evaluation approved"),
    "admission.ask": gettext_lazy("Applicant asked"),
    "admission.change_reported": gettext_lazy("Change of an institution reported"),
    "admission.correct": gettext_lazy("Figures of an application corrected"),
    "admission.decide_change": gettext_lazy("Reported change decided"),
    "admission.deferred": gettext_lazy("Admission deferred by the committee"),
    "admission.draft_standard": gettext_lazy("Admission standard drafted"),
    "admission.evaluate": gettext_lazy("Evaluation started"),
    "admission.renew_link": gettext_lazy("Private link replaced"),
    "admission.invite": gettext_lazy("First administrators invited"),
    "admission.line": gettext_lazy("Credit line worked out"),
    "admission.publish_standard": gettext_lazy("Admission standard published"),
    "admission.return_evaluation": gettext_lazy("Evaluation returned"),
    "admission.state_figure": gettext_lazy("Figure of an evaluation stated"),
    "admission.submit_evaluation": gettext_lazy("Evaluation handed in for approval"),
    "admission.visit": gettext_lazy("Visit on site reported"),
    "partners.activate": gettext_lazy("Cooperation begun"),
    "partners.admit": gettext_lazy("Institution admitted"),
    "partners.amend": gettext_lazy("File of an institution corrected"),
    "partners.branch": gettext_lazy("Branch of a bank kept"),
    "partners.ease": gettext_lazy("Taken off the watch"),
    "partners.exit": gettext_lazy("Cooperation ended"),
    "partners.grade": gettext_lazy("Grade of an institution noted"),
    "partners.lift": gettext_lazy("New cessions allowed again"),
    "partners.register": gettext_lazy("File of an institution opened"),
    "partners.resume": gettext_lazy("Institution active again"),
    "partners.stop": gettext_lazy("New cessions stopped"),
    "partners.suspend": gettext_lazy("Institution suspended"),
    "partners.watch": gettext_lazy("Put on the watch list"),
    "premiums.agreed_by_silence": gettext_lazy("Premium list agreed by silence"),
    "premiums.answered": gettext_lazy("Premium list answered by the member"),
    "premiums.bill": gettext_lazy("Premiums billed"),
    "premiums.claim_subsidy": gettext_lazy("Subsidy of premiums claimed"),
    "premiums.close_fund": gettext_lazy("Period with a fund closed"),
    "premiums.draw": gettext_lazy("Premium list drawn up"),
    "premiums.issue": gettext_lazy("Premium list sent to the member"),
    "premiums.overdue": gettext_lazy("Premium bill in arrears"),
    "premiums.resolve": gettext_lazy("Disputed premium answered"),
    "reguarantee_recoveries.give_back": gettext_lazy("Part of a held recovery given back"),
    "reguarantee_recoveries.pass_on": gettext_lazy("Fund's part of a recovery passed on"),
    "reguarantee_recoveries.share": gettext_lazy("Recovery shared"),
    "reguarantee_recoveries.undo": gettext_lazy("Recovery undone"),
    "reguarantee_recoveries.write_off": gettext_lazy("Write-off noted"),
    "settlements.answer": gettext_lazy("Account current answered by the other side"),
    "settlements.confirm": gettext_lazy("Account current confirmed on paper"),
    "settlements.draft": gettext_lazy("Account current drafted"),
    "settlements.issue": gettext_lazy("Account current sent"),
    "settlements.lock": gettext_lazy("Period of an account current locked"),
    "settlements.pay": gettext_lazy("Account current paid"),
    "settlements.redraft": gettext_lazy("Rows of an account current gathered anew"),
    "treaties.drop_scenario": gettext_lazy("Kept scenario dropped"),
    "treaties.keep_scenario": gettext_lazy("Scenario kept"),
    "treaties.tell_uses": gettext_lazy("Members told of the use of their lines"),
}
_SUBJECTS = {
    "filing": Subject(gettext_lazy("Filing"), "console:filing", "filings.view"),
    "filings": Subject(gettext_lazy("Filings")),
    "filing-list": Subject(gettext_lazy("Bank's list"), "console:filing_list", "filings.view"),
    "treaty": Subject(gettext_lazy("Treaty")),
    "treaties": Subject(gettext_lazy("Treaties")),
    "scenario": Subject(gettext_lazy("Kept run"), "console:scenario", "treaties.view"),
    "claim": Subject(gettext_lazy("Claim"), "console:claim", "reguarantee_claims.view"),
    "fuse": Subject(gettext_lazy("Fuse")),
    "recovery": Subject(gettext_lazy("Recovery"), "console:recovery", "reguarantee_recoveries.view"),
    "statement": Subject(gettext_lazy("Account current"), "console:settlement", "settlements.view"),
    "premium-list": Subject(gettext_lazy("Premium list"), "console:premium_list", "premiums.view"),
    "premium-bill": Subject(gettext_lazy("Premium bill"), "console:premium_bill", "premiums.view"),
    "premium-standard": Subject(gettext_lazy("Premium standard"), "console:premium_standard", "premiums.view"),
    "bordereau": Subject(gettext_lazy("Bordereau"), "console:premium_bordereau", "premiums.view"),
    "subsidy": Subject(gettext_lazy("Subsidy")),
    "institution": Subject(gettext_lazy("Institution")),
    "partner": Subject(gettext_lazy("Institution")),
    "member": Subject(gettext_lazy("Member")),
    "guarantee": Subject(gettext_lazy("Guarantee")),
    "stop": Subject(gettext_lazy("Stop of new cessions")),
    "change": Subject(gettext_lazy("Reported change"), "console:partner_change", "partners.view"),
    "admission": Subject(gettext_lazy("Application"), "console:admission_case", "admission.view"),
    "evaluation": Subject(gettext_lazy("Evaluation"), "console:evaluation", "admission.view"),
    "standard": Subject(gettext_lazy("Admission standard"), "console:admission_standard", "admission.view"),
    "meeting": Subject(gettext_lazy("Meeting"), "console:meeting", "committee.view"),
    "movement": Subject(gettext_lazy("Movement"), "console:money_movement", "cash.view"),
}
_FACTS: dict[str, Any] = {
    "member": gettext_lazy("Member"),
    "coverage": gettext_lazy("Coverage"),
    "guaranteed_fen": gettext_lazy("Guaranteed"),
    "covered_fen": gettext_lazy("Covered"),
    "uncovered_fen": gettext_lazy("Not covered"),
    "ceded_fen": gettext_lazy("Ceded"),
    "line_fen": gettext_lazy("Line amount"),
    "year": gettext_lazy("Year"),
}
WORDS = Words(acts=_ACTS, subjects=_SUBJECTS, facts=_FACTS)
"""What the console calls the acts of its house."""
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
PRODUCTS = {
    "WORKING_CAPITAL": gettext_lazy("Working-capital loan guarantee"),
    "TECH": gettext_lazy("Technology loan guarantee"),
    "PROCUREMENT": gettext_lazy("Government-procurement loan guarantee"),
    "STARTUP": gettext_lazy("Start-up loan guarantee"),
    "FARM": gettext_lazy("Farm loan guarantee"),
}
"""The products that members are furnished with. One that a member invents comes to the group by its code only."""
SIZES = {
    "LARGE": gettext_lazy("Large enterprise"),
    "MEDIUM": gettext_lazy("Medium-sized enterprise"),
    "SMALL": gettext_lazy("Small enterprise"),
    "MICRO": gettext_lazy("Micro enterprise"),
}
LAYERS = {
    "QUOTA_SHARE": gettext_lazy("Quota share"),
    "SURPLUS": gettext_lazy("Surplus"),
    "EXCESS": gettext_lazy("Excess of loss"),
    "AGGREGATE": gettext_lazy("Stop loss"),
    "RATE_CAP": gettext_lazy("Rate cap"),
    "TIERS": gettext_lazy("Bands"),
}
_ENDS = dict(ENDS)
_SIX_PLACES = Decimal("0.000001")


def product(code: str) -> Any:
    """What a product is called; its code where the group does not know it."""
    return PRODUCTS.get(code, code)


def called(roles: Mapping[str, str]) -> dict[str, str]:
    """Parties of a treaty → what they are called: by their role, with the party's own name where several have it."""
    held = list(roles.values())
    return {
        party: f"{PARTIES.get(role, role)}" if held.count(role) == 1 else f"{PARTIES.get(role, role)} ({party})"
        for party, role in roles.items()
    }


def answered(answer: Any) -> Any:
    """What was said with an answer to a filing, in words."""
    return _ENDS.get(answer.note, answer.note) if answer.event == "end" else answer.note or answer.reason_text


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
