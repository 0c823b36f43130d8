"""The admission officer's steps: accept or return, collect papers, correct figures, analyse (PAR-09…11, PAR-22)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.documents import queries as documents
from kernel.errors import Conflict, Invalid, gettext_noop
from registry import queries as registry
from registry.services import RESERVED
from reguarantee.admission.flow import ANALYSIS, APPLIED, DOCUMENTS, REVIEW
from reguarantee.admission.judging import named
from reguarantee.admission.models import Analysis, Ask, Case
from reguarantee.admission.services.answers import read_answers
from reguarantee.admission.services.applying import NoSuchSlot
from reguarantee.admission.services.cases import advance, analysed, because, hold, judged_as_it_stands, within, written
from reguarantee.partners import queries as partners
from reguarantee.partners import services as partner_services
from reguarantee.partners.models import Partner

_CODE = re.compile(r"^[A-Z][A-Z0-9]{1,19}$")


class BadPartnerCode(Invalid):
    code = "BAD_PARTNER_CODE"
    sentence = gettext_noop("A code has 2 to 20 capital letters and digits, a letter first, and is no word of the system's own.")


class PartnerCodeTaken(Conflict):
    code = "PARTNER_CODE_TAKEN"
    sentence = gettext_noop("The code %(code)s belongs to another institution. Choose another one.")


class PapersMissing(Conflict):
    code = "PAPERS_MISSING"
    sentence = gettext_noop("Required papers are missing: %(names)s. Ask the applicant for them.")


class RequestsOpen(Conflict):
    code = "REQUESTS_OPEN"
    sentence = gettext_noop("The applicant has not answered %(count)s requests yet.")


class NotAnalysed(Conflict):
    code = "NOT_ANALYSED"
    sentence = gettext_noop("Analyse the figures of this application first.")


class FiguresChanged(Conflict):
    """What was judged is not what stands in the application now."""

    code = "FIGURES_CHANGED"
    sentence = gettext_noop("Figures were corrected after the analysis. Analyse again, so that the judgement is of what stands.")


class HardRuleFailed(Conflict):
    code = "HARD_RULE_FAILED"
    sentence = gettext_noop("A rule that admits no exception has failed: %(rules)s. Refuse the application or return it.")


@transaction.atomic
def accept(*, actor: Any, today: date, case_id: int, code: str = "", text: str = "") -> Case:
    """Accept an application for handling; whoever accepts it owns it. The candidate gets a file in the register.

    `code` replaces the code that the applicant wished for. Needs admission.handle.
    Raises WrongState, BadPartnerCode, PartnerCodeTaken, UsccTaken.
    """
    check(actor, "admission.handle")
    case = hold(case_id)
    case.code = (code or case.code).strip().upper()
    case.owner_id, case.owner = actor.id, actor.label
    _free(case)
    advance(case, "accept", actor=actor, today=today, text=text)
    known = partners.find(case.code)
    if known is None:
        partner_services.register(
            actor=actor, today=today, code=case.code, name=case.name, kind=case.kind, file=_file(case), reason=case.number
        )
    else:
        changes = {"name": case.name, **_file(case)}
        partner_services.amend(actor=actor, today=today, code=case.code, changes=changes, reason=case.number)
    return case


def _free(case: Case) -> None:
    """The code is well formed and nobody's, except an earlier candidature of the same institution."""
    # A reserved word would be refused only when the house is opened, after everything has been signed.
    if not _CODE.fullmatch(case.code) or case.code in RESERVED:
        raise BadPartnerCode(field="code")
    known: Partner | None = partners.find(case.code)
    if known is not None and (known.status != "CANDIDATE" or known.uscc != case.uscc or known.kind != case.kind):
        raise PartnerCodeTaken(field="code", code=case.code)
    taken = {one.code for one in registry.members()} if case.kind == "MEMBER" else {one.code for one in registry.banks()}
    if case.code in taken:
        raise PartnerCodeTaken(field="code", code=case.code)


def _file(case: Case) -> dict[str, Any]:
    """What the application says of the institution, as its file keeps it."""
    told = case.told
    same = ("licence_no", "licence_issuer", "address", "legal_rep", "capital_source", "is_policy", "category",
            "established_on", "licence_valid_to", "registered_capital_fen", "paid_in_capital_fen")  # fmt: skip
    contact = {"name": told["contact_name"], "post": "", "phone": told["contact_phone"], "email": told["contact_email"]}
    return {
        **{name: told.get(name) for name in same if told.get(name) not in (None, "")},
        "uscc": case.uscc,
        "region_code": case.region_code,
        "contacts": [contact],
    }


@transaction.atomic
def send_back(*, actor: Any, today: date, case_id: int, reason: str) -> Case:
    """Return an application to the applicant, who may correct it and apply again. Needs admission.handle."""
    check(actor, "admission.handle")
    return advance(hold(case_id), "send_back", actor=actor, today=today, text=because(reason))


@transaction.atomic
def refuse(*, actor: Any, today: date, case_id: int, reason: str) -> Case:
    """Refuse an application before it reaches the committee. Needs admission.handle. Raises ReasonRequired, WrongState."""
    check(actor, "admission.handle")
    return advance(hold(case_id), "refuse", actor=actor, today=today, text=because(reason))


@transaction.atomic
def ask(*, actor: Any, today: date, case_id: int, text: str, slot: str = "") -> Ask:
    """Ask the applicant for a paper (`slot`) or for an answer in words. Needs admission.handle or admission.review."""
    if "admission.review" not in actor.permission_codes:
        check(actor, "admission.handle")
    case = hold(case_id)
    within(case, APPLIED, DOCUMENTS, ANALYSIS, REVIEW)
    if slot and slot not in {row["code"] for row in case.standard.document["documents"]}:
        raise NoSuchSlot(field="slot")
    row = Ask.objects.create(case=case, slot=slot, text=because(text)[:1000], by=actor.label, on=today)
    audit.leave(actor=actor, act="admission.ask", subject=case.subject, facts={"slot": slot, "text": text[:200]})
    return row


@transaction.atomic
def complete(*, actor: Any, today: date, case_id: int, text: str = "") -> Case:
    """The papers are complete: go on to the analysis. Needs admission.handle. Raises PapersMissing, RequestsOpen."""
    check(actor, "admission.handle")
    case = hold(case_id)
    within(case, DOCUMENTS)
    missing = missing_papers(case)
    if missing:
        raise PapersMissing(names="、".join(named(row["name"]) for row in missing))
    waiting = case.asks.filter(answered_on=None).count()
    if waiting:
        raise RequestsOpen(count=waiting)
    return advance(case, "complete", actor=actor, today=today, text=text)


def missing_papers(case: Case) -> list[dict[str, Any]]:
    """Required papers of the case's standard that nobody has sent."""
    there = set(documents.of(case.subject).values_list("kind", flat=True))
    return [row for row in case.standard.document["documents"] if row.get("required") and row["code"] not in there]


@transaction.atomic
def correct(*, actor: Any, today: date, case_id: int, answers: Mapping[str, Any], reason: str) -> Case:
    """Correct figures by the papers (audit report against form). The old ones stay in the trail. Needs admission.handle."""
    check(actor, "admission.handle")
    case = hold(case_id)
    within(case, DOCUMENTS, ANALYSIS)
    old, new = case.told, read_answers(case.kind, {**case.told, **answers})
    case.answers = written(new)
    case.save(update_fields=["answers"])
    facts = {name: [old.get(name), value] for name, value in new.items() if old.get(name) != value}
    audit.leave(actor=actor, act="admission.correct", subject=case.subject, facts={"reason": because(reason), **facts})
    return case


@transaction.atomic
def analyse(*, actor: Any, today: date, case_id: int, text: str) -> Analysis:
    """Judge the application by its standard and add the analyst's words; may be repeated, each one stays.

    Needs admission.handle. Raises NotInStep.
    """
    check(actor, "admission.handle")
    case = hold(case_id)
    within(case, ANALYSIS)
    made = analysed(case, actor=actor, today=today, preliminary=False, text=text)
    audit.leave(actor=actor, act="admission.analyse", subject=case.subject, facts={"outcome": made.outcome})
    return made


@transaction.atomic
def conclude(*, actor: Any, today: date, case_id: int, text: str) -> Case:
    """Close the analysis and hand the case to the reviewer. Needs admission.handle.

    Raises NotAnalysed without an analysis of this passage, FiguresChanged when a figure was corrected after it,
    HardRuleFailed when its outcome is FAIL.
    """
    check(actor, "admission.handle")
    case = hold(case_id)
    within(case, ANALYSIS)
    began = case.steps.get(ended_at=None).started_at
    latest = case.analyses.filter(preliminary=False, at__gte=began).last()
    if latest is None:
        raise NotAnalysed
    if not judged_as_it_stands(latest, case):
        raise FiguresChanged
    if latest.outcome == "FAIL":
        failed = [row for row in _rules(latest) if row["hard"] and row["outcome"] == "FAIL"]
        raise HardRuleFailed(rules="、".join(named(row["sentence"]) for row in failed))
    return advance(case, "conclude", actor=actor, today=today, text=text)


def _rules(analysis: Analysis) -> list[dict[str, Any]]:
    return list(json.loads(analysis.rules))
