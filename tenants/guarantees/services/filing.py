"""File a guarantee with the group, correct or take back a filing, tell its end, and read the answers (domain.md 5.5, 7.5)."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from kernel.audit import services as audit
from kernel.errors import Conflict, Invalid, gettext_noop
from kernel.letters import FilingDecided, FilingSubmitted, FilingWithdrawn, GuaranteeEnded, GuaranteeOverdue, Letter
from kernel.outbox import services as outbox
from registry import queries as registry
from registry.tenancy import current
from tenants.acts import act
from tenants.customers.queries import obligor_key
from tenants.guarantees.models import Guarantee
from tenants.guarantees.services.funnel import hold, own_share

S, F = Guarantee.State, Guarantee.Filing
_FILE_STATES = (S.IN_FORCE, S.OVERDUE)
_AGAIN = ("", F.REJECTED, F.RETURNED, F.WITHDRAWN)


class NotToBeFiled(Conflict):
    code = "NOT_TO_BE_FILED"
    sentence = gettext_noop("Only a guarantee in force that the group has not covered can be filed again.")


class NotReturned(Conflict):
    code = "NOT_RETURNED"
    sentence = gettext_noop("The group has not returned this filing, so there is nothing to correct.")


class NothingToWithdraw(Conflict):
    code = "NOTHING_TO_WITHDRAW"
    sentence = gettext_noop("No filing of this guarantee is with the group that could be withdrawn.")


class WithdrawReasonMissing(Invalid):
    code = "WITHDRAW_REASON_MISSING"
    sentence = gettext_noop("Say why the filing is withdrawn; the group reads it.")


class BadRate(Invalid):
    code = "BAD_LOAN_RATE"
    sentence = gettext_noop("Enter the interest of the loan between 0 and 100 %% per year.")


class NotExtendable(Invalid):
    code = "NOT_EXTENDABLE"
    sentence = gettext_noop("An extension names another guarantee of the same customer and bank that ended when this one began.")


def file(guarantee: Guarantee, *, today: date, batch: str = "") -> None:
    """Post the filing in the caller's transaction; the guarantee's row is held. Figures are of what was drawn."""
    if guarantee.filing_status in ("", F.REJECTED, F.WITHDRAWN) or guarantee.filed_on is None:
        guarantee.filed_on = today
    guarantee.filing_batch = batch or guarantee.filing_batch
    _post(guarantee, _letter(guarantee, today))
    guarantee.filing_status = F.SUBMITTED
    guarantee.coverage_reason_code, guarantee.coverage_reason, guarantee.filing_defects = "FILED", "", "[]"
    guarantee.save(
        update_fields=[
            "filing_status", "coverage_reason_code", "coverage_reason", "filing_defects", "filed_on", "filing_batch",
            "contract_no", "loan_rate", "extends",
        ]
    )  # fmt: skip


def _letter(guarantee: Guarantee, today: date) -> FilingSubmitted:
    customer = guarantee.customer
    first = guarantee.drawdowns.order_by("on", "id").values_list("iou_no", flat=True).first()
    return FilingSubmitted(
        guarantee_id=guarantee.pk,
        number=guarantee.number,
        product_code=guarantee.product.code,
        product_category=guarantee.product.category,
        obligor_kind=customer.kind,
        obligor_name=customer.name,
        obligor_key=obligor_key(customer),
        bank_code=guarantee.bank_code,
        bank_name=guarantee.bank_name,
        region_code=guarantee.region_code,
        industry=guarantee.industry,
        principal_fen=guarantee.drawn_fen,
        guaranteed_fen=own_share(guarantee, guarantee.drawn_fen),
        term_months=guarantee.term_months,
        drawdown_on=guarantee.start_on,
        due_on=guarantee.due_on,
        iou_no=first or guarantee.external_ref,
        contract_no=guarantee.contract_no,
        loan_rate=guarantee.loan_rate,
        fee_rate=str(guarantee.fee_rate),
        size_class=customer.size_class,
        is_farmer=customer.is_farmer,
        extends_guarantee_id=guarantee.extends_id,
        batch=guarantee.filing_batch,
        filed_on=today,
    )


def file_again(*, actor: Any, today: date, guarantee_id: int) -> Guarantee:
    """File once more what the group refused, returned or has given back. Raises NotToBeFiled, NoSuchGuarantee."""
    with act("guarantees.file", actor=actor):
        guarantee = hold(guarantee_id)
        fileable(guarantee)
        file(guarantee, today=today)
        _noted(guarantee, "guarantees.file", actor)
    return guarantee


def fileable(guarantee: Guarantee) -> None:
    """Raises NotToBeFiled unless the guarantee runs and no filing of it is with the group."""
    if guarantee.filing_status not in _AGAIN or guarantee.state not in _FILE_STATES:
        raise NotToBeFiled


def correct_filing(
    *,
    actor: Any,
    today: date,
    guarantee_id: int,
    contract_no: str = "",
    loan_rate: Decimal | None = None,
    extends_number: str = "",
) -> Guarantee:
    """Mend what the group returned and file it again: contract, interest (per year as a decimal, 0 to 1), what it extends.

    Wrong names, amounts and dates are mended where they come from (customer, drawdown); the letter carries them anew.
    Raises NotReturned, BadRate, NotExtendable, NoSuchGuarantee.
    """
    if loan_rate is not None and not 0 <= loan_rate < 1:
        raise BadRate(field="loan_rate")
    with act("guarantees.file", actor=actor):
        guarantee = hold(guarantee_id)
        if guarantee.filing_status != F.RETURNED or guarantee.state not in _FILE_STATES:
            raise NotReturned
        guarantee.contract_no = contract_no.strip()[:80]
        guarantee.loan_rate = "" if loan_rate is None else f"{loan_rate.normalize():f}"
        guarantee.extends = _extended(guarantee, extends_number.strip())
        file(guarantee, today=today)
        _noted(guarantee, "guarantees.correct_filing", actor)
    return guarantee


def _extended(guarantee: Guarantee, number: str) -> Guarantee | None:
    """The guarantee of the same customer that this one prolongs (domain.md 11.18)."""
    if not number:
        return None
    same = Guarantee.objects.filter(number=number, customer=guarantee.customer, bank_code=guarantee.bank_code)
    found = same.exclude(pk=guarantee.pk).first()
    over = found and (found.ended_on or found.due_on)
    if over is None or guarantee.start_on is None or over > guarantee.start_on:
        raise NotExtendable(field="extends_number")
    return found


def withdraw_filing(*, actor: Any, today: date, guarantee_id: int, reason: str) -> Guarantee:
    """Take a filing back. The group answers: withdrawn, or why it stands (a premium is billed, a claim submitted).

    Raises WithdrawReasonMissing, NothingToWithdraw, NoSuchGuarantee.
    """
    if not reason.strip():
        raise WithdrawReasonMissing(field="reason")
    with act("guarantees.file", actor=actor):
        guarantee = hold(guarantee_id)
        if guarantee.filing_status not in (F.SUBMITTED, F.REVIEWING, F.RETURNED, F.CONFIRMED):
            raise NothingToWithdraw
        _post(guarantee, FilingWithdrawn(guarantee_id=guarantee.pk, reason=reason.strip()[:300]))
        _noted(guarantee, "guarantees.withdraw_filing", actor, reason=reason.strip()[:300])
    return guarantee


def tell_end(guarantee: Guarantee, *, carried_fen: int = 0) -> None:
    """Tell the group that a filed guarantee ended, in the caller's transaction: it bears no more risk (domain.md 7.5).

    The principal told is that of the whole loan which ended without a compensation; what an extension carries on
    (`carried_fen`) has not ended.
    """
    if guarantee.filing_status and guarantee.ended_on is not None:
        without = guarantee.drawn_fen - guarantee.compensated_principal_fen - carried_fen
        letter = GuaranteeEnded(
            guarantee_id=guarantee.pk, end=guarantee.state, on=guarantee.ended_on, released_principal_fen=without
        )
        _post(guarantee, letter)


def tell_overdue(guarantee: Guarantee, *, on: date, cured: bool = False) -> None:
    """Tell the group that the borrower of a filed guarantee is in arrears, or no longer (domain.md 5.14)."""
    if guarantee.filing_status:
        _post(guarantee, GuaranteeOverdue(guarantee_id=guarantee.pk, on=on, cured=cured))


def open_filing_decided(letter: FilingDecided, *, sender: str, actor: Any, today: date) -> None:
    """Reader of FILING_DECIDED: keep status, coverage, ceded amount and reason beside the guarantee."""
    with act("guarantees.filing_decided", actor=actor):
        guarantee = hold(letter.guarantee_id)
        told = {
            "filing_status": F(letter.status),
            "coverage": Guarantee.Coverage(letter.coverage),
            "ceded_fen": letter.ceded_fen,
            "uncovered_fen": letter.uncovered_fen,
            "coverage_reason_code": letter.reason_code,
            "coverage_reason": letter.reason[:500],
            "treaty_code": letter.treaty_code,
            "line_near": letter.line_near,
            "filing_reply_no": letter.reply_no,
            "filing_conditions": letter.conditions,
            "filing_defects": json.dumps(list(letter.deficiencies), ensure_ascii=False),
        }
        for name, value in told.items():
            setattr(guarantee, name, value)
        guarantee.save(update_fields=list(told))
        audit.leave(
            actor=actor,
            act="guarantees.filing_decided",
            subject=guarantee.subject,
            facts={
                "number": guarantee.number,
                "status": letter.status,
                "coverage": letter.coverage,
                "ceded_fen": letter.ceded_fen,
                "treaty": letter.treaty_code,
                "reason": letter.reason_code,
            },
        )


def _post(guarantee: Guarantee, letter: Letter) -> None:
    outbox.post(letter, sender=current().code, to=registry.group().code, subject=guarantee.subject)


def _noted(guarantee: Guarantee, verb: str, actor: Any, **facts: Any) -> None:
    audit.leave(actor=actor, act=verb, subject=guarantee.subject, facts={"number": guarantee.number, **facts})
