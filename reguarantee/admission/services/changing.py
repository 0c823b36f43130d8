"""Changes that an institution reports about itself: read, decided, written into its file, answered (PAR-24)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.errors import Conflict, NotFound, gettext_noop
from kernel.letters import InstitutionChangeDecided, InstitutionChangeReported
from kernel.notices import services as notices
from kernel.outbox import services as outbox
from registry.tenancy import current
from reguarantee.admission.models import ReportedChange
from reguarantee.admission.services.cases import because
from reguarantee.partners import queries as partners
from reguarantee.partners import services as partner_services

_REPORTED = gettext_noop("%(member)s reports a change of its file (%(number)s).")


class NoSuchChange(NotFound):
    code = "NO_SUCH_CHANGE"
    sentence = gettext_noop("There is no such reported change.")


class ChangeDecided(Conflict):
    code = "CHANGE_DECIDED"
    sentence = gettext_noop("This change is decided already.")


class NoFileYet(Conflict):
    code = "NO_PARTNER_FILE"
    sentence = gettext_noop("%(code)s has no file in the register. Take it up there first.")


@transaction.atomic
def open_change(letter: InstitutionChangeReported, *, sender: str, actor: Any, today: date) -> None:
    """Read a member's report. The same number again changes nothing."""
    row, made = ReportedChange.objects.get_or_create(
        member_code=sender,
        change_no=letter.change_no,
        defaults={"changes": letter.changes, "reason": letter.reason[:500], "reported_on": letter.reported_on},
    )
    if made:
        facts = {"member": sender, "number": letter.change_no}
        notices.tell(post="ADMISSION_OFFICER", sentence=_REPORTED, facts=facts, url=f"/partners/changes/{row.pk}/")
        audit.leave(actor=actor, act="admission.change_reported", subject=row.subject, facts=facts)


@transaction.atomic
def decide_change(*, actor: Any, today: date, change_id: int, accept: bool, reason: str = "") -> ReportedChange:
    """Write a reported change into the institution's file, or not; the member hears either. Needs admission.decide_change.

    Raises NoSuchChange, ChangeDecided, NoFileYet, ReasonRequired (a refusal says why), BadFile and other refusals of a file.
    """
    check(actor, "admission.decide_change")
    row = ReportedChange.objects.select_for_update().filter(pk=change_id).first()
    if row is None:
        raise NoSuchChange
    if row.state != ReportedChange.State.REPORTED:
        raise ChangeDecided
    if accept:
        if partners.find(row.member_code) is None:
            raise NoFileYet(code=row.member_code)
        told = {field: change["to"] for field, change in row.changes.items()}
        partner = partner_services.hold(row.member_code)
        partner_services.change_file(actor=actor, today=today, partner=partner, changes=told, reason=row.change_no)
    else:
        because(reason)
    row.state = ReportedChange.State.ACCEPTED if accept else ReportedChange.State.REFUSED
    row.answer, row.decided_by, row.decided_on = reason.strip()[:500], actor.label, today
    row.save()
    letter = InstitutionChangeDecided(change_no=row.change_no, accepted=accept, reason=row.answer, decided_on=today)
    outbox.post(letter, sender=current().code, to=row.member_code, subject=f"partner:{row.member_code}")
    audit.leave(actor=actor, act="admission.decide_change", subject=row.subject, facts={"accepted": accept, "reason": reason})
    return row
