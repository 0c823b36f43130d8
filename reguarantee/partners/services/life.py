"""The life of a partner: admitted, active, watched, suspended, ended; and the grade it is given (PAR-03, PAR-37)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.errors import Invalid, gettext_noop
from kernel.letters import PartnerStanding
from kernel.outbox import services as outbox
from registry.tenancy import current
from reguarantee.partners import queries
from reguarantee.partners.flow import PARTNER
from reguarantee.partners.models import EVERY_MEMBER, Grade, Kind, Partner, PartnerChange, Status, Stop
from reguarantee.partners.services.files import BadFile, a_year_after, hold, keep
from reguarantee.partners.services.publishing import TOLD, publish, tell_file
from reguarantee.partners.services.stops import lift, stop

_SUSPENDED = gettext_noop("The group has suspended the cooperation since %(since)s: %(reason)s")
_ENDED = gettext_noop("The cooperation with the group ended on %(since)s: %(reason)s")
_GRADE = gettext_noop("The group's grade of the bank %(bank)s is %(grade)s, below the lowest that it accepts.")


class ReasonRequired(Invalid):
    code = "PARTNER_REASON"
    sentence = gettext_noop("Say why; it stays in the institution's history.")


@transaction.atomic
def put(event: str, *, actor: Any, today: date, code: str, reason: str) -> Partner:
    """Move the partner (an event of `flow.PARTNER`), keep the change, tell its house.

    For `admission`, which has checked the actor; a person's own verbs are below. Raises NoSuchPartner, WrongState.
    """
    partner = hold(code)
    before = partner.status
    PARTNER.move(partner, event)
    partner.status_since, partner.status_reason = today, reason
    partner.save(update_fields=["status", "status_since", "status_reason"])
    publish(partner, on=today)
    changed = {"status": {"from": before, "to": partner.status}}
    keep(partner, PartnerChange.What.STATUS, changed, reason=reason, actor=actor, today=today)
    if before not in (Status.CANDIDATE, Status.ADMITTED) or partner.status == Status.ACTIVE:
        _tell(partner, today=today, reason=reason)
    facts = {"code": code, "from": before, "to": partner.status, "reason": reason}
    audit.leave(actor=actor, act=f"partners.{event}", subject=partner.subject, facts=facts)
    return partner


def _tell(partner: Partner, *, today: date, reason: str) -> None:
    """The member's house hears how it stands (a bank has no house)."""
    if partner.kind == Kind.MEMBER and partner.status in TOLD:
        letter = PartnerStanding(status=str(partner.status), on=today, reason=reason, grade=partner.grade)
        outbox.post(letter, sender=current().code, to=partner.code, subject=f"partner:{partner.code}")


@transaction.atomic
def admit(*, actor: Any, today: date, code: str, reason: str) -> Partner:
    """The committee has approved a candidate. For `admission`, which has checked the actor. Raises WrongState."""
    return put("admit", actor=actor, today=today, code=code, reason=reason)


@transaction.atomic
def activate(*, actor: Any, today: date, code: str, reason: str) -> Partner:
    """The agreement is signed and the house or the key is there. For `admission`. Raises WrongState."""
    partner = put("activate", actor=actor, today=today, code=code, reason=reason)
    partner.next_evaluation_on = a_year_after(today)
    partner.save(update_fields=["next_evaluation_on"])
    tell_file(partner)
    return partner


@transaction.atomic
def watch(*, actor: Any, today: date, code: str, reason: str) -> Partner:
    """Put an active partner on watch. Needs partners.status. Raises ReasonRequired, NoSuchPartner, WrongState."""
    return put("watch", actor=actor, today=today, code=code, reason=_why(actor, reason))


@transaction.atomic
def ease(*, actor: Any, today: date, code: str, reason: str) -> Partner:
    """Take a partner off the watch. Needs partners.status. Raises as `watch`."""
    return put("ease", actor=actor, today=today, code=code, reason=_why(actor, reason))


@transaction.atomic
def suspend(*, actor: Any, today: date, code: str, reason: str) -> Partner:
    """Refuse new cessions of a member, or of all members on a bank's loans; what is covered goes on (PAR-37).

    Needs partners.status. Raises ReasonRequired, NoSuchPartner, WrongState.
    """
    partner = put("suspend", actor=actor, today=today, code=code, reason=_why(actor, reason))
    facts = {"since": today.isoformat(), "reason": reason}
    stop(
        actor=actor,
        today=today,
        **_of(partner),
        reason_code=Stop.Reason.SUSPENDED.value,
        sentence=_SUSPENDED,
        facts=facts,
    )
    return partner


@transaction.atomic
def resume(*, actor: Any, today: date, code: str, reason: str) -> Partner:
    """End a suspension: its stop is lifted, stops for other reasons stay. Needs partners.status. Raises as `suspend`."""
    partner = put("resume", actor=actor, today=today, code=code, reason=_why(actor, reason))
    lift(actor=actor, today=today, **_of(partner), reason_code=Stop.Reason.SUSPENDED.value)
    return partner


@transaction.atomic
def exit(*, actor: Any, today: date, code: str, reason: str) -> Partner:
    """End the cooperation: no new cessions for good, what is covered runs to its end. Needs partners.status."""
    partner = put("exit", actor=actor, today=today, code=code, reason=_why(actor, reason))
    lift(actor=actor, today=today, **_of(partner), reason_code=Stop.Reason.SUSPENDED.value)
    facts = {"since": today.isoformat(), "reason": reason}
    stop(actor=actor, today=today, **_of(partner), reason_code=Stop.Reason.SUSPENDED.value, sentence=_ENDED, facts=facts)
    return partner


@transaction.atomic
def give_grade(*, actor: Any, today: date, code: str, grade: str, reason: str, next_evaluation_on: date | None = None) -> Partner:
    """Record the rating of a bank, or a grade that was given elsewhere. Needs partners.edit. Raises as `record_grade`."""
    check(actor, "partners.edit")
    if not reason.strip():
        raise ReasonRequired(field="reason")
    return record_grade(actor=actor, today=today, code=code, grade=grade, reason=reason, next_evaluation_on=next_evaluation_on)


@transaction.atomic
def record_grade(
    *, actor: Any, today: date, code: str, grade: str, reason: str, next_evaluation_on: date | None = None
) -> Partner:
    """A partner's grade with its day (PAR-04, PAR-27). For `admission`, which has checked the actor.

    A bank below rg.bank.min_grade stops new cessions on its loans until its grade is high enough again (PAR-28).
    The next evaluation is due in a year unless a day is given. Raises NoSuchPartner, BadFile.
    """
    if grade not in Grade.values:
        raise BadFile(field="grade")
    partner = hold(code)
    changed = {"grade": {"from": partner.grade, "to": grade}}
    partner.grade, partner.graded_on = grade, today
    partner.next_evaluation_on = next_evaluation_on or a_year_after(today)
    partner.save(update_fields=["grade", "graded_on", "next_evaluation_on"])
    keep(partner, PartnerChange.What.GRADE, changed, reason=reason, actor=actor, today=today)
    if partner.kind == Kind.BANK:
        _check_bank(partner, actor=actor, today=today)
        publish(partner, on=today)
    else:
        _tell(partner, today=today, reason=reason)
    audit.leave(actor=actor, act="partners.grade", subject=partner.subject, facts={"code": code, "grade": grade})
    return partner


def _check_bank(partner: Partner, *, actor: Any, today: date) -> None:
    scope = {"member_code": EVERY_MEMBER, "bank": partner.code, "reason_code": Stop.Reason.GRADE.value}
    # The sentence names the grade, so an old one gives way.
    lift(actor=actor, today=today, **scope)
    if queries.bank_below_minimum(partner.code, on=today):
        stop(actor=actor, today=today, **scope, sentence=_GRADE, facts={"bank": partner.name, "grade": partner.grade})


@transaction.atomic
def recheck_banks(*, actor: Any, today: date) -> int:
    """Hold every bank's grade against the minimum of the day: a parameter may have changed since it was given (PAR-28).

    The clock calls this daily; again on the same day it changes nothing. Returns how many verdicts changed.
    """
    changed = 0
    for partner in Partner.objects.select_for_update().filter(kind=Kind.BANK).exclude(grade="").order_by("pk"):
        stopped = Stop.objects.filter(
            member_code=EVERY_MEMBER, bank=partner.code, reason_code=Stop.Reason.GRADE, lifted_on=None
        ).exists()
        if queries.bank_below_minimum(partner.code, on=today) != stopped:
            _check_bank(partner, actor=actor, today=today)
            publish(partner, on=today)
            changed += 1
    return changed


def _of(partner: Partner) -> dict[str, str]:
    """Whom a stop of this partner concerns: the member itself, or all members as far as this bank lends."""
    if partner.kind == Kind.BANK:
        return {"member_code": EVERY_MEMBER, "bank": partner.code}
    return {"member_code": partner.code}


def _why(actor: Any, reason: str) -> str:
    check(actor, "partners.status")
    if not reason.strip():
        raise ReasonRequired(field="reason")
    return reason.strip()
