"""The credit line and the agreement: what is offered, under which treaty, and its signing (PAR-14, domain.md 5.10.3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

from django.db import transaction

from kernel.access.actors import Actor
from kernel.access.permissions import check
from kernel.approval.committee import services as committee
from kernel.audit import services as audit
from kernel.documents import services as documents
from kernel.errors import Conflict, Invalid, gettext_noop
from kernel.notices import services as notices
from reguarantee.admission.flow import AGREEMENT
from reguarantee.admission.judging import Working, credit_line, inputs
from reguarantee.admission.judging.line import KEYS
from reguarantee.admission.judging.scoring import points
from reguarantee.admission.models import Case
from reguarantee.admission.services.cases import advance, hold, past, within, written
from reguarantee.treaties import queries as treaties
from reguarantee.treaties import services as treaty_services

SIGNED = "AGREEMENT"
_READY = gettext_noop("The agreement with %(name)s is ready to be signed (%(number)s).")
_HUNDRED = Decimal(100)
_SIX_PLACES = Decimal("0.000001")  # what a form of percentages shows and takes back


class BadLineFigure(Invalid):
    code = "BAD_LINE_FIGURE"
    sentence = gettext_noop("Amounts of a line cannot be below nothing.")


class NotAgreed(Conflict):
    code = "NOT_AGREED"
    sentence = gettext_noop("Write down the treaty, the line and the agreement's number first.")


class ConditionsOpen(Conflict):
    code = "CONDITIONS_OPEN"
    sentence = gettext_noop("The committee passed this with conditions. Confirm that they are fulfilled.")


class NotSigned(Conflict):
    code = "NOT_SIGNED"
    sentence = gettext_noop("Add the signed agreement as a file.")


class OnlyMembers(Conflict):
    code = "LINE_ONLY_MEMBERS"
    sentence = gettext_noop("Only a guarantee company has a credit line.")


def figures(case: Case, *, today: date) -> dict[str, Decimal | None]:
    """The eight figures of the coefficient as the case knows them; None where nobody has stated one."""
    known: Mapping[str, Any] = inputs(case.told, on=today)
    latest = case.analyses.last()
    prior, target = known["prior_year_volume_fen"], known["policy_target_fen"]
    return {
        "leverage": known["leverage"],
        "filing_rate": None,
        "risk_shared_share": known["risk_shared_share"],
        "small_agri_share": known["small_agri_share"],
        "compensation_rate": known["compensation_rate"],
        "compensation_return_rate": known["recovery_rate"],
        "policy_target_completion": (Decimal(prior) / Decimal(target)).quantize(_SIX_PLACES)
        if prior is not None and target
        else None,
        "institution_rating": None if latest is None else latest.rating / _HUNDRED,
    }


@transaction.atomic
def work_out_line(
    *,
    actor: Any,
    today: date,
    case_id: int,
    prior_fen: int,
    growth: Decimal,
    target_fen: int,
    requested_fen: int,
    on_pace: bool,
    is_new: bool,
    values: Mapping[str, Decimal | None],
) -> Working:
    """Work the credit line out and keep the working with the case. Needs admission.handle.

    `values` are the eight figures (rates per 1, leverage in times); the standard's bands turn each into a score. The
    rating is its own score. Raises NotInStep, OnlyMembers, BadLineFigure.
    """
    check(actor, "admission.handle")
    case = hold(case_id)
    within(case, AGREEMENT)
    if case.kind != "MEMBER":
        raise OnlyMembers
    for name, fen in (("prior_fen", prior_fen), ("target_fen", target_fen), ("requested_fen", requested_fen)):
        if fen < 0:
            raise BadLineFigure(field=name)
    if not 0 <= (values.get("institution_rating") or 0) <= 1:
        raise BadLineFigure(gettext_noop("The rating of an institution is from 0 % to 100 %."), field="institution_rating")
    rules = case.standard.document["line"]
    scores = {key: _score(key, rules, values.get(key)) for key in KEYS}
    working = credit_line(
        prior_fen=prior_fen,
        growth=growth,
        scores=scores,
        weights={key: Decimal(weight) for key, weight in rules["weights"].items()},
        target_fen=target_fen,
        requested_fen=requested_fen,
        on_pace=on_pace,
        is_new=is_new,
    )
    given = {key: None if value is None else str(value) for key, value in values.items()}
    case.line, case.line_fen = written({**working.row(), "values": given}), working.line_fen
    case.save(update_fields=["line", "line_fen"])
    facts = {"branch": working.branch, "line_fen": working.line_fen, "measured_fen": working.measured_fen}
    audit.leave(actor=actor, act="admission.line", subject=case.subject, facts=facts)
    return working


def _score(key: str, rules: Mapping[str, Any], value: Decimal | None) -> Decimal:
    if key == "institution_rating":
        return value or Decimal(0)
    return points(rules["scores"][key], value) / _HUNDRED


def through(case: Case, actor: Any) -> Actor:
    """Who acts in another room when this one has let the person in."""
    return Actor("SYSTEM", f"{case.number} {actor.label}"[:100])


@transaction.atomic
def agree(
    *,
    actor: Any,
    today: date,
    case_id: int,
    agreement_no: str,
    treaty_code: str = "",
    line_year: int | None = None,
    like: str = "",
    title: str = "",
) -> Case:
    """Write down what will be signed: the treaty a member joins (or a draft like another one), the line's year, the number.

    `like` names a treaty whose latest terms the new draft `treaty_code` takes over; its people approve and publish it.
    A bank needs only the agreement's number. Needs admission.handle.
    Raises NotInStep, NotAgreed, NoSuchTreaty, TreatyExists.
    """
    check(actor, "admission.handle")
    case = hold(case_id)
    within(case, AGREEMENT)
    if not agreement_no.strip():
        raise NotAgreed(field="agreement_no")
    case.agreement_no = agreement_no.strip()
    if case.kind == "MEMBER":
        if case.line_fen is None or not treaty_code:
            raise NotAgreed(field="treaty_code")
        if like:
            pattern = treaties.versions(like).first()
            if pattern is None:
                raise NotAgreed(field="like")
            terms = dict(treaties.terms_of(pattern).document)
            treaty_services.draft(
                actor=through(case, actor), today=today, code=treaty_code, title=title or case.name, members=[case.code],
                terms=terms, above_limits=pattern.above_limits,
            )  # fmt: skip
        treaties.get(treaty_code)
        case.treaty_code, case.line_year = treaty_code, line_year or today.year
    case.save(update_fields=["agreement_no", "treaty_code", "line_year"])
    facts = {"treaty": case.treaty_code, "year": case.line_year, "agreement": case.agreement_no}
    audit.leave(actor=actor, act="admission.agree", subject=case.subject, facts=facts)
    told = {"name": case.name, "number": case.number}
    notices.tell(post="GROUP_EXECUTIVE", sentence=_READY, facts=told, url=f"/admission/cases/{case.pk}/")
    return case


@transaction.atomic
def sign(
    *, actor: Any, today: date, case_id: int, signed_on: date, conditions_met: bool = False, name: str, file: BinaryIO | None
) -> Case:
    """Sign the agreement: its file is kept and the institution can be activated. Needs admission.sign.

    What the committee asked for is noted as met at its meeting, each with its proof, and the signer confirms it once more.
    Raises NotInStep, NotAgreed, ConditionsOpen (the committee's, or this one's), NotYet, NotSigned, WrongType.
    """
    check(actor, "admission.sign")
    case = hold(case_id)
    within(case, AGREEMENT)
    if not case.agreement_no or (case.kind == "MEMBER" and (not case.treaty_code or case.line_fen is None)):
        raise NotAgreed
    committee.check_conditions(subject=case.subject)
    if case.conditions and not conditions_met:
        raise ConditionsOpen(field="conditions_met")
    past(signed_on, today=today, field="signed_on")
    if file is None:
        raise NotSigned(field="file")
    documents.store(actor=actor, today=today, subject=case.subject, name=name, file=file, kind=SIGNED)
    case.signed_on = signed_on
    return advance(case, "sign", actor=actor, today=today, text=case.agreement_no)
