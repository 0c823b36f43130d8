"""Words of the portal for what rooms keep as codes, and personal data as a reader may see it (domain.md 9.2)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from design.templatetags.design import mask_id
from desks import acts
from kernel.access.permissions import may
from kernel.money import yuan
from tenants.applications import queries as applications
from tenants.customers import queries as customers
from tenants.guarantees import queries as guarantees

ACTS: dict[str, Any] = {
    **acts.ACTS,
    "access.add_user": gettext_lazy("Person added"),
    "access.give_roles": gettext_lazy("Roles given"),
    "access.suspend": gettext_lazy("Person suspended"),
    "access.resume": gettext_lazy("Person active again"),
    "applications.draft": gettext_lazy("Application drafted"),
    "applications.revise": gettext_lazy("Application changed"),
    "applications.receive": gettext_lazy("Application received from a bank"),
    "applications.submit": gettext_lazy("Application submitted"),
    "applications.take_up": gettext_lazy("Application taken up"),
    "applications.decline": gettext_lazy("Application declined"),
    "applications.return": gettext_lazy("Application returned to its author"),
    "applications.resubmit": gettext_lazy("Application handed in again"),
    "applications.approve": gettext_lazy("Application approved"),
    "applications.reject": gettext_lazy("Application rejected"),
    "applications.withdraw": gettext_lazy("Application withdrawn"),
    "approval.start": gettext_lazy("Approval started"),
    "approval.decide": gettext_lazy("Task signed"),
    "approval.send_back": gettext_lazy("Case sent back"),
    "approval.withdraw": gettext_lazy("Case withdrawn"),
    "approval.transfer": gettext_lazy("Task handed over"),
    "approval.add_signer": gettext_lazy("Signer added"),
    "approval.remove_signer": gettext_lazy("Signer removed"),
    "approval.urge": gettext_lazy("Holder urged"),
    "approval.copy": gettext_lazy("Copied to readers"),
    "approval.delegate": gettext_lazy("Deputy named"),
    "approval.end_delegation": gettext_lazy("Deputy's period ended"),
    "approval.draft": gettext_lazy("Flow drawn"),
    "approval.publish": gettext_lazy("Flow published"),
    "approval.move": gettext_lazy("Case moved to another version"),
    "claims.pay": gettext_lazy("Compensation paid"),
    "claims.draft": gettext_lazy("Claim on the group drafted"),
    "claims.submit": gettext_lazy("Claim on the group submitted"),
    "claims.answer": gettext_lazy("Returned claim sent again"),
    "claims.appeal": gettext_lazy("Appeal against the group's refusal"),
    "claims.withdraw": gettext_lazy("Claim on the group withdrawn"),
    "claims.write": gettext_lazy("Message to the group"),
    "claims.decided": gettext_lazy("Claim answered by the group"),
    "claims.paid": gettext_lazy("Group sent money for a claim"),
    "claims.receive": gettext_lazy("Money of the group registered"),
    "customers.register": gettext_lazy("Customer registered"),
    "customers.change": gettext_lazy("Customer changed"),
    "customers.mark": gettext_lazy("Customer's status set"),
    "customers.unmask": gettext_lazy("Personal data shown in full"),
    "documents.store": gettext_lazy("File added"),
    "documents.remove": gettext_lazy("File removed"),
    "guarantees.issue": gettext_lazy("Guarantee issued"),
    "guarantees.draw": gettext_lazy("Drawdown registered"),
    "guarantees.draw_all": gettext_lazy("Loan fully drawn"),
    "guarantees.complete": gettext_lazy("Drawing ended"),
    "guarantees.repay": gettext_lazy("Repayment registered"),
    "guarantees.mark_overdue": gettext_lazy("Marked overdue"),
    "guarantees.extend": gettext_lazy("Extended: goes on in another guarantee"),
    "guarantees.issue_extension": gettext_lazy("Issued as an extension"),
    "guarantees.cure": gettext_lazy("Arrears paid"),
    "guarantees.compensate": gettext_lazy("Compensated"),
    "guarantees.compensate_part": gettext_lazy("Compensated in part"),
    "guarantees.release": gettext_lazy("Guarantee released"),
    "guarantees.lapse": gettext_lazy("Guarantee lapsed"),
    "guarantees.cancel": gettext_lazy("Guarantee cancelled"),
    "guarantees.file": gettext_lazy("Filed to the group again"),
    "guarantees.filing_decided": gettext_lazy("Filing decided by the group"),
    "guarantees.correct_filing": gettext_lazy("Filing corrected"),
    "guarantees.withdraw_filing": gettext_lazy("Filing withdrawn"),
    "guarantees.file_list": gettext_lazy("List filed with the group"),
    "guarantees.agree_scope": gettext_lazy("Reporting scope agreed"),
    "intake.check": gettext_lazy("Import checked"),
    "intake.import": gettext_lazy("Import carried out"),
    "intake.cancel": gettext_lazy("Import cancelled"),
    "intake.undo": gettext_lazy("Import undone"),
    "products.add": gettext_lazy("Product added"),
    "products.change": gettext_lazy("Product changed"),
    "products.close": gettext_lazy("Product closed"),
    "products.open_again": gettext_lazy("Product opened again"),
}
# kind → (label, page, permission that opens the page)
_SUBJECTS: dict[str, tuple[Any, str, str]] = {
    "application": (gettext_lazy("Application"), "portal:application", "applications.view"),
    "guarantee": (gettext_lazy("Guarantee"), "portal:guarantee", "guarantees.view"),
    "customer": (gettext_lazy("Customer"), "portal:customer", "customers.view"),
    "product": (gettext_lazy("Product"), "", ""),
    "import": (gettext_lazy("Import"), "portal:import", "intake.view"),
    "user": (gettext_lazy("Staff member"), "", ""),
    "flow": (gettext_lazy("Flow"), "", ""),
    "scope": (gettext_lazy("Reporting scope"), "", ""),
}
_ACTORS = {
    "BANK": gettext_lazy("Bank %(name)s"),
    "SYSTEM": gettext_lazy("System"),
    "LETTER": gettext_lazy("Letter from %(name)s"),
    "IMPORT": gettext_lazy("Import %(name)s"),
}
_FACTS = {
    "number": gettext_lazy("Number"),
    "fields": gettext_lazy("Fields"),
    "reason": gettext_lazy("Reason"),
    "status": gettext_lazy("Status"),
    "roles": gettext_lazy("Roles"),
    "name": gettext_lazy("Name"),
    "file": gettext_lazy("File"),
    "sha256": gettext_lazy("Digest"),
    "on": gettext_lazy("Day"),
    "customer": gettext_lazy("Customer"),
    "bank": gettext_lazy("Bank"),
    "amount_fen": gettext_lazy("Amount"),
    "loan_fen": gettext_lazy("Loan"),
    "paid_fen": gettext_lazy("Paid"),
    "principal_fen": gettext_lazy("Principal"),
    "interest_fen": gettext_lazy("Interest"),
    "drawn_fen": gettext_lazy("Drawn"),
    "guaranteed_fen": gettext_lazy("Guaranteed"),
    "ceded_fen": gettext_lazy("Ceded"),
    "balance_fen": gettext_lazy("Balance in force"),
    "outstanding_fen": gettext_lazy("Outstanding principal"),
    "iou_no": gettext_lazy("IOU"),
    "reference": gettext_lazy("Reference"),
    "voucher_no": gettext_lazy("Voucher"),
    "certificate": gettext_lazy("Certificate"),
    "treaty": gettext_lazy("Treaty"),
    "coverage": gettext_lazy("Re-guarantee"),
    "case": gettext_lazy("Case"),
    "task": gettext_lazy("Step"),
    "verdict": gettext_lazy("Verdict"),
    "behalf": gettext_lazy("In place of"),
    "person": gettext_lazy("Staff member"),
    "to": gettext_lazy("To"),
    "from_on": gettext_lazy("From"),
    "to_on": gettext_lazy("Until"),
    "flow": gettext_lazy("Flow"),
    "version": gettext_lazy("Version"),
    "mapping": gettext_lazy("Mapping"),
    "accepted": gettext_lazy("Accepted"),
    "unchanged": gettext_lazy("Unchanged"),
    "rejected": gettext_lazy("Rejected rows"),
    "state": gettext_lazy("State"),
    "code": gettext_lazy("Code"),
    "from": gettext_lazy("State before"),
    "kind": gettext_lazy("Kind"),
    "application": gettext_lazy("Application"),
    "scope": gettext_lazy("Scope"),
    "agreement": gettext_lazy("Agreement"),
}
# Codes that stand as values in an audit line.
_VALUES: dict[str, Any] = {
    **dict(customers.KINDS),
    **dict(customers.STATUSES),
    **dict(applications.STATES),
    **dict(guarantees.STATES),
    **dict(guarantees.COVERAGES),
    "APPROVE": gettext_lazy("Agree"),
    "REJECT": gettext_lazy("Reject"),
}
# Why the group gives no cover, where it never said: the others carry the group's own sentence.
_REASONS = {
    "NOT_FILED": gettext_lazy("Not filed to the group yet: it is filed when the loan is fully drawn."),
    "": gettext_lazy("Not filed to the group yet: it is filed when the loan is fully drawn."),
}
REGIONS = {
    "11": "北京", "12": "天津", "13": "河北", "14": "山西", "15": "内蒙古", "21": "辽宁", "22": "吉林", "23": "黑龙江",
    "31": "上海", "32": "江苏", "33": "浙江", "34": "安徽", "35": "福建", "36": "江西", "37": "山东", "41": "河南",
    "42": "湖北", "43": "湖南", "44": "广东", "45": "广西", "46": "海南", "50": "重庆", "51": "四川", "52": "贵州",
    "53": "云南", "54": "西藏", "61": "陕西", "62": "甘肃", "63": "青海", "64": "宁夏", "65": "新疆", "71": "台湾",
    "81": "香港", "82": "澳门",
}  # fmt: skip


def act_label(act: str) -> str:
    """What an audited act is called; an act nobody named keeps its code."""
    return str(ACTS.get(act, act))


def actor_label(actor: str) -> str:
    """A person's name, or who acted where no person did ("BANK:HXYH/demo")."""
    kind, colon, name = actor.partition(":")
    if not colon or kind not in _ACTORS:
        return actor
    # The key's own name, after the stroke, says nothing to a member's people.
    return str(_ACTORS[kind]) % {"name": name.partition("/")[0]}


def story(entries: list[Any]) -> list[Any]:
    """A timeline whose actors are named for people."""
    return [replace(entry, who=actor_label(entry.who)) for entry in entries]


def facts_label(facts: dict[str, Any]) -> str:
    """The facts of an audit line for people; what has no name here keeps its own."""
    parts = []
    for key, value in facts.items():
        if value in (None, "", [], {}):
            continue
        shown = yuan(value) if key.endswith("_fen") and isinstance(value, int) else value
        shown = ", ".join(map(str, shown)) if isinstance(shown, list) else shown
        shown = _VALUES.get(shown, shown) if isinstance(shown, str) else shown
        parts.append(f"{_FACTS.get(key, key)}: {str(shown)[:80]}")
    return " · ".join(parts)


def subject_label(subject: str) -> str:
    """ "guarantee:12" in words."""
    kind, _colon, number = subject.partition(":")
    return f"{_SUBJECTS[kind][0]} {number}" if kind in _SUBJECTS else subject


def subject_url(subject: str, user: Any) -> str:
    """The page of a subject that this person may open, or "" where there is none."""
    kind, _colon, number = subject.partition(":")
    _label, view, code = _SUBJECTS.get(kind, ("", "", ""))
    return reverse(view, args=[number]) if view and number.isdigit() and may(user, code) else ""


def region_label(code: str) -> str:
    """The province of a region code of GB/T 2260, with the code where it says more."""
    province = REGIONS.get(code[:2], "")
    if not province:
        return code
    return province if code[2:] in ("", "0000") else f"{province} {code}"


def coverage_reason(guarantee: Any) -> str:
    """Why a guarantee is covered, partly covered or not, in the reader's language."""
    if guarantee.coverage_reason:
        return _(guarantee.coverage_reason)
    return str(_REASONS.get(guarantee.coverage_reason_code, guarantee.coverage_reason_code))


def masked_code(customer: Any) -> str:
    """The identity code as a list shows it: a company's is public, a person's is not."""
    return mask_id(customer.id_number) if customer.kind == "PERSON" else customer.id_number or "-"
