"""The institution's own file: changes reported to the group, staff, archive (PAR-24, PAR-25, PAR-26)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any, BinaryIO

from django.db import IntegrityError, transaction

from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.documents import services as documents
from kernel.documents.numbering import next_number
from kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from kernel.letters import InstitutionChangeDecided, InstitutionChangeReported, InstitutionFileTold
from kernel.outbox import services as outbox
from registry.tenancy import current
from tenants.acts import act
from tenants.cessions.models import Change, Employee, InstitutionFile
from tenants.cessions.services.premiums import GROUP

ARCHIVE = "institution:1"
ARCHIVE_KINDS = ("LICENCE", "ARTICLES", "AUDIT_REPORT", "TAX", "RULES", "AGREEMENT", "OTHER")
FIELDS = tuple(field.name for field in InstitutionFile._meta.concrete_fields if field.name != "id")
_DAYS = ("established_on", "licence_valid_to")


class ChangeOpen(Conflict):
    code = "CHANGE_OPEN"
    sentence = gettext_noop("Change %(number)s is with the group already. Wait for its answer, then report the next one.")


class NothingChanged(Invalid):
    code = "NOTHING_CHANGED"
    sentence = gettext_noop("Nothing is different from what the group knows.")


class ReasonMissing(Invalid):
    code = "REASON_MISSING"
    sentence = gettext_noop("Say why it changes; the group reads it.")


class NoSuchEmployee(NotFound):
    code = "NO_SUCH_EMPLOYEE"
    sentence = gettext_noop("There is no such person on the staff list.")


class BadEmployee(Invalid):
    code = "BAD_EMPLOYEE"
    sentence = gettext_noop("Enter a name, a position, and an end that is not before the start.")


def file() -> InstitutionFile:
    """The file as last accepted; a new house knows its own name only."""
    found = InstitutionFile.objects.filter(pk=1).first()
    return found or InstitutionFile(name=current().name)


def report_change(*, actor: Any, today: date, changes: Mapping[str, Any], reason: str) -> Change:
    """Report to the group what is different (field → new value); the file says so once the group has accepted it.

    One report at a time. Needs cessions.institution. Raises NothingChanged, ReasonMissing, ChangeOpen.
    """
    check(actor, "cessions.institution")
    if not reason.strip():
        raise ReasonMissing(field="reason")
    with act("cessions.report_change", actor=actor):
        if standing := Change.objects.filter(state=Change.State.REPORTED).first():
            raise ChangeOpen(number=standing.number)
        now = file()
        different = {
            name: {"from": _plain(getattr(now, name)), "to": _plain(value)}
            for name, value in changes.items()
            if name in FIELDS and _plain(getattr(now, name)) != _plain(value)
        }
        if not different:
            raise NothingChanged
        try:
            with transaction.atomic():
                row = Change.objects.create(
                    number=next_number(kind="JGBG", today=today),
                    changes=different,
                    reason=reason.strip()[:500],
                    reported_on=today,
                    reported_by=actor.label,
                )
        except IntegrityError as error:
            if "cessions_one_open_change" not in str(error):
                raise
            raise ChangeOpen(number="") from error
        letter = InstitutionChangeReported(change_no=row.number, changes=different, reason=row.reason, reported_on=today)
        outbox.post(letter, sender=current().code, to=GROUP, subject="institution")
        facts = {"number": row.number, "fields": sorted(different)}
        audit.leave(actor=actor, act="cessions.report_change", subject=f"change:{row.pk}", facts=facts)
        return row


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else value


def open_change_decided(letter: InstitutionChangeDecided, *, sender: str, actor: Any, today: date) -> None:
    """The group accepts a reported change, which then stands in the file, or not. The same answer again: nothing."""
    with act("cessions.change_decided", actor=actor):
        row = Change.objects.select_for_update().filter(number=letter.change_no).first()
        if row is None or row.state != Change.State.REPORTED:
            return
        row.state = Change.State.ACCEPTED if letter.accepted else Change.State.REFUSED
        row.decided_on, row.decision_reason = letter.decided_on, letter.reason[:500]
        row.save(update_fields=["state", "decided_on", "decision_reason"])
        if letter.accepted:
            now = file()
            for name, change in row.changes.items():
                setattr(now, name, _read(name, change["to"]))
            now.save()
        facts = {"number": row.number, "accepted": letter.accepted, "reason": letter.reason}
        audit.leave(actor=actor, act="cessions.change_decided", subject=f"change:{row.pk}", facts=facts)


def open_institution_file(letter: InstitutionFileTold, *, sender: str, actor: Any, today: date) -> None:
    """Keep what the group holds of us. The same file again: nothing."""
    with act("cessions.institution_file", actor=actor):
        told = {name: _read(name, value) for name, value in json.loads(letter.file).items() if name in FIELDS}
        now = file()
        differing = sorted(name for name, value in told.items() if getattr(now, name) != value)
        if differing:
            for name in differing:
                setattr(now, name, told[name])
            now.save()
            audit.leave(actor=actor, act="cessions.institution_file", subject="institution:1", facts={"fields": differing})


def _read(name: str, value: Any) -> Any:
    if name in _DAYS:
        return date.fromisoformat(value) if value else None
    return None if name.endswith("_fen") and value == "" else value


def save_employee(*, actor: Any, today: date, employee_id: int | None = None, **fields: Any) -> Employee:
    """Put a person on the staff list or change the entry; `left_on` ends it. Needs cessions.institution.

    Raises NoSuchEmployee, BadEmployee.
    """
    check(actor, "cessions.institution")
    with act("cessions.employee", actor=actor):
        row = (
            Employee(joined_on=today)
            if employee_id is None
            else Employee.objects.select_for_update().filter(pk=employee_id).first()
        )
        if row is None:
            raise NoSuchEmployee
        for name, value in fields.items():
            setattr(row, name, value.strip() if isinstance(value, str) else value)
        if not row.name or not row.position or (row.left_on is not None and row.left_on < row.joined_on):
            raise BadEmployee(field="left_on" if row.name and row.position else "name")
        row.save()
        facts = {"name": row.name, "position": row.position, "left_on": row.left_on}
        audit.leave(actor=actor, act="cessions.employee", subject=f"employee:{row.pk}", facts=facts)
        return row


def report_staff(*, actor: Any, today: date, reason: str) -> Change:
    """Report the head count by department as it stands on the staff list today."""
    on = Employee.objects.filter(joined_on__lte=today).exclude(left_on__lte=today)
    counts = Counter(on.values_list("department", flat=True))
    staff = [{"department": name, "count": str(count)} for name, count in sorted(counts.items())]
    return report_change(actor=actor, today=today, changes={"staff": staff}, reason=reason)


def keep_archive(*, actor: Any, today: date, name: str, file: BinaryIO, kind: str) -> Any:
    """Put a file into the institution's archive. Needs cessions.institution. Raises TooLarge, WrongType."""
    check(actor, "cessions.institution")
    return documents.store(actor=actor, today=today, subject=ARCHIVE, name=name, file=file, kind=kind)
