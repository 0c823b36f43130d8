"""Carry an application through its review. The drawing decides who signs; this decides what it means.

Locks are always taken in the order case, application: the last signature comes from the case's side.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from kernel.access.models import User
from kernel.approval import queries as approvals
from kernel.approval import services as approval
from kernel.audit import services as audit
from kernel.errors import Conflict, Invalid, NotAllowed, gettext_noop
from kernel.money import half_up
from tenants.acts import act
from tenants.applications import cautions
from tenants.applications.flow import APPLICATION
from tenants.applications.models import Application
from tenants.applications.services import channels, limits
from tenants.applications.services.writing import NoSuchApplication, hold
from tenants.customers import services as customers

_UNDER_REVIEW = (Application.State.IN_REVIEW, Application.State.RETURNED)
_OUTCOMES = {"APPROVED": "approve", "REJECTED": "reject", "WITHDRAWN": "withdraw"}


class OnlyPeopleReview(NotAllowed):
    code = "PERSON_NEEDED"
    sentence = gettext_noop("Only a person of this institution can do this.")


class OnlyItsBank(NotAllowed):
    code = "TAKEN_UP_ALREADY"
    sentence = gettext_noop("The institution has taken up this application. Ask its account manager to withdraw it.")


class ReasonNeeded(Invalid):
    code = "REASON_MISSING"
    sentence = gettext_noop("Give the reason, so that the applicant understands it.")


class ApprovedMoreThanAsked(Invalid):
    code = "APPROVED_MORE_THAN_ASKED"
    sentence = gettext_noop("No more than the amount applied for can be approved. Enter a smaller amount.")


class MovedOn(Conflict):
    code = "MOVED_ON"
    sentence = gettext_noop("The review of %(number)s has just begun. Look at it again before you withdraw it.")


class NotReturned(Conflict):
    code = "NOT_AT_ITS_AUTHOR"
    sentence = gettext_noop("The application %(number)s is not with you for correction: it is under review already.")


def submit(*, actor: Any, today: date, application_id: int) -> Application:
    """Hand a draft in, or a returned application in again: DRAFT or RETURNED → IN_REVIEW.

    Raises WrongState, what `limits.check` raises, and what the approval flow refuses.
    """
    _person(actor)
    with act("applications.submit", actor=actor):
        state = Application.objects.filter(pk=application_id).values_list("state", flat=True).first()
        if state == Application.State.RETURNED:
            return _hand_in_again(actor, today, application_id)
        application = hold(application_id)
        APPLICATION.move(application, "submit")
        application.submitted_on = today
        _start_review(application, actor, today)
        _leave(actor, "applications.submit", application)
    return application


def take_up(
    *, actor: Any, today: date, application_id: int, fee_rate: Decimal | None = None, introducer_id: int | None = None
) -> Application:
    """Accept a bank's application: the actor becomes its author and account manager, and the review starts.

    Its channel is the bank's; who introduced the customer, if anybody, only we know.
    Raises WrongState when somebody else was faster, RateTooHigh, NoSuchIntroducer, IntroducerClosed.
    """
    _person(actor)
    with act("applications.take_up", actor=actor):
        application = hold(application_id)
        application.author_id = application.owner_id = actor.id
        application.department_id = actor.department_id
        if fee_rate is not None:
            application.fee_rate = fee_rate
        application.introducer = channels.introduced(introducer_id, today=today)
        if application.customer.owner_id is None:
            # A customer that a bank brought has nobody yet; whoever takes up the application has to see it.
            department = actor.department_id
            customers.change(
                actor=actor, today=today, customer_id=application.customer_id, owner_id=actor.id, department_id=department
            )
        _start_review(application, actor, today)
        _leave(actor, "applications.take_up", application)
    return application


def decline(*, actor: Any, today: date, application_id: int, reason: str) -> Application:
    """Refuse a bank's application before any review: SUBMITTED → REJECTED. Raises WrongState, ReasonNeeded."""
    _person(actor)
    if not reason.strip():
        raise ReasonNeeded(field="reason")
    with act("applications.decline", actor=actor):
        application = hold(application_id)
        APPLICATION.move(application, "decline")
        _close(application, today, reason)
        _leave(actor, "applications.decline", application, reason=application.reason)
    return application


def withdraw(*, actor: Any, today: date, application_id: int, text: str = "", bank_code: str | None = None) -> Application:
    """Take an application back before a guarantee is issued.

    A bank may do so until a person takes the application up; with `bank_code` the application must be its own.
    Raises NoSuchApplication, OnlyItsBank, WrongState, and what the approval flow refuses.
    """
    with act("applications.withdraw", actor=actor):
        application = _its(application_id, bank_code)
        case = approvals.case_of(application.subject)
        if bank_code is not None and case is not None:
            raise OnlyItsBank
        if case is not None and application.state in _UNDER_REVIEW:
            approval.withdraw(actor=actor, today=today, case_id=case.id, text=text)  # `closed` below moves the state
            application = hold(application_id)
        else:
            application = hold(application_id)
            if application.state in _UNDER_REVIEW:
                raise MovedOn(number=application.number)
            APPLICATION.move(application, "withdraw")
            _close(application, today, text)
        _leave(actor, "applications.withdraw", application, reason=application.reason)
    return application


def closed(*, case: Any, outcome: str, actor: Any, today: date) -> None:
    """The approval flow has ended (kernel.approval listener): fix the outcome and, if approved, the amount."""
    application = hold(_application_id(case))
    APPLICATION.move(application, _OUTCOMES[outcome])
    if outcome == "APPROVED":
        _approve(application, int(case.facts.get("amount_fen", application.amount_fen)))
    last = approvals.timeline(application.subject).last()
    _close(application, today, last.text if last is not None and outcome != "APPROVED" else "")
    _leave(actor, f"applications.{_OUTCOMES[outcome]}", application)


def returned(*, case: Any, to: str, actor: Any, today: date) -> None:
    """The case was sent back (kernel.approval listener): at its entry the application is its author's again."""
    if not _is_entry(case, to):
        return
    application = hold(_application_id(case))
    APPLICATION.move(application, "return")
    last = approvals.timeline(application.subject).last()
    application.reason = last.text[:500] if last is not None else ""
    application.save(update_fields=["state", "reason"])
    _leave(actor, "applications.return", application)


def resumed(*, case: Any, actor: Any, today: date) -> None:
    """The entry task was signed again, here or in the to-do list: the review goes on with the corrected figures.

    The case is locked and about to go on; its facts follow the application. Raises what `limits.check` raises.
    """
    application = hold(_application_id(case))
    APPLICATION.move(application, "resubmit")
    limits.check(application)
    cautions.note_bank(application)
    case.facts = {**case.facts, **_facts(application)}
    application.reason = ""
    application.save(update_fields=["state", "reason", "bank_grade", "bank_below_minimum"])
    _leave(actor, "applications.resubmit", application)


def mark_issued(*, actor: Any, today: date, application_id: int) -> Application:
    """APPROVED → ISSUED, in the transaction of `guarantees.services.issue`; the row stays locked. Raises WrongState."""
    application = hold(application_id)
    APPLICATION.move(application, "issue")
    application.save(update_fields=["state"])
    return application


def _person(actor: Any) -> None:
    if not isinstance(actor, User):
        raise OnlyPeopleReview


def _its(application_id: int, bank_code: str | None) -> Application:
    """Fetch as permission: an application of another bank does not exist for this one."""
    rows = Application.objects.filter(pk=application_id)
    if bank_code is not None:
        rows = rows.filter(bank_code=bank_code)
    found = rows.first()
    if found is None:
        raise NoSuchApplication
    return found


def _start_review(application: Application, actor: User, today: date) -> None:
    APPLICATION.move(application, "start_review")
    limits.check(application)
    cautions.note_bank(application)
    application.save()
    approval.start(
        actor=actor,
        today=today,
        subject=application.subject,
        title=f"{application.customer.name} {application.number}",
        facts=_facts(application),
        authors=[user_id for user_id in (application.author_id,) if user_id],
    )


def _hand_in_again(actor: User, today: date, application_id: int) -> Application:
    """Sign the entry task of the case that came back; `resumed` moves the state."""
    application = _its(application_id, None)
    open_tasks = [task for task in approvals.mine(actor, application.subject, today) if task.entry]
    if not open_tasks:
        raise NotReturned(number=application.number)
    approval.decide(actor=actor, today=today, task_id=open_tasks[0].id)
    return hold(application_id)


def _facts(application: Application) -> dict[str, Any]:
    """What the drawing's conditions may ask for. Amounts are fen of the whole loan."""
    product = application.product
    return {
        "amount_fen": application.amount_fen,
        "guaranteed_fen": application.guaranteed_fen,
        "term_months": application.term_months,
        "product": product.code,
        "customer_kind": application.customer.kind,
        "green_channel": application.amount_fen <= product.green_channel_max_fen,
    }


def _approve(application: Application, amount_fen: int) -> None:
    """Fix what was approved; a smaller loan keeps the guaranteed share that was asked for."""
    if not 0 < amount_fen <= application.amount_fen:
        raise ApprovedMoreThanAsked(field="amount_fen")
    application.guaranteed_fen = half_up(application.guaranteed_fen * amount_fen, application.amount_fen)
    application.approved_fen = amount_fen


def _close(application: Application, today: date, reason: str) -> None:
    application.decided_on = today
    application.reason = reason.strip()[:500]
    application.save()


def _application_id(case: Any) -> int:
    return int(case.subject.partition(":")[2])


def _is_entry(case: Any, element: str) -> bool:
    return any(task.entry for task in case.tasks.filter(element=element))


def _leave(actor: Any, name: str, application: Application, **facts: Any) -> None:
    audit.leave(actor=actor, act=name, subject=application.subject, facts={"number": application.number, **facts})
