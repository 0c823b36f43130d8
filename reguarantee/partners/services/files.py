"""The file of a partner: who it is, in columns and short lists; every change is kept (PAR-03, PAR-05)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import IntegrityError, transaction

from kernel import codes
from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.calendar import add_months
from kernel.errors import Conflict, Invalid, gettext_noop
from reguarantee.partners import queries
from reguarantee.partners.models import LISTS, CapitalSource, Category, Kind, Partner, PartnerChange, Status
from reguarantee.partners.services.publishing import publish, tell_file

TEXTS = ("name", "region_code", "address", "legal_rep", "licence_no", "licence_issuer")
DAYS = ("established_on", "licence_valid_to")
AMOUNTS = ("registered_capital_fen", "paid_in_capital_fen")
CODES = {"capital_source": CapitalSource.values, "category": Category.values}
FIELDS = (*TEXTS, "uscc", *CODES, "is_policy", *DAYS, *AMOUNTS, *LISTS)
"""What a file may hold, and what `amend` and a reported change may name."""


class PartnerExists(Conflict):
    code = "PARTNER_EXISTS"
    sentence = gettext_noop("%(code)s is in the register of partners already. Open its file instead.")


class UsccTaken(Conflict):
    code = "PARTNER_USCC_TAKEN"
    sentence = gettext_noop("Another partner of this kind has the credit code %(uscc)s.")


class BadFile(Invalid):
    code = "BAD_PARTNER_FILE"
    sentence = gettext_noop("“%(field)s” cannot stand in a partner's file as it is.")


class SharesAboveWhole(Invalid):
    code = "SHARES_ABOVE_WHOLE"
    sentence = gettext_noop("The shareholders hold more than 100 %% together.")


class CapitalAboveWhole(Invalid):
    code = "CAPITAL_ABOVE_WHOLE"
    sentence = gettext_noop("The sources of the capital bring more together than is paid in. Correct one of the two.")


def clean(field: str, value: Any) -> Any:
    """The value as the file stores it; texts as letters bring them are read. Raises BadFile, BadUscc, SharesAboveWhole."""
    try:
        if field == "uscc":
            return codes.uscc(value) if value else ""
        if field == "is_policy":
            return value in (True, "True", "true", "1")
        if field in DAYS:
            return date.fromisoformat(value) if isinstance(value, str) and value else value or None
        if field in AMOUNTS:
            return None if value in (None, "") else _amount(value)
        if field in LISTS:
            return _rows(field, value)
        if field in TEXTS or value in ("", *CODES.get(field, ())):
            text = str(value).strip()
            if len(text) <= Partner._meta.get_field(field).max_length:
                return text
    except (ValueError, TypeError, AttributeError, InvalidOperation):
        pass
    raise BadFile(field=field)


def _amount(value: Any) -> int:
    fen = int(value)
    if fen < 0:
        raise ValueError
    return fen


def _rows(field: str, value: Any) -> list[dict[str, str]]:
    if isinstance(value, str):  # as a letter brings it
        value = json.loads(value or "[]")
    rows = [{key: str(row.get(key, "")).strip()[:120] for key in LISTS[field]} for row in value]
    rows = [row for row in rows if any(row.values())]
    for row in rows if field in ("staff", "capital") else ():
        part = "count" if field == "staff" else "fen"
        row[part] = str(_amount(row[part] or 0))
    if field == "capital" and any(row["source"] not in CapitalSource.values or row["source"] == "MIXED" for row in rows):
        raise BadFile(field=field)
    if field == "shareholders" and sum((_share(row["share"]) for row in rows), Decimal(0)) > 1:
        raise SharesAboveWhole(field=field)
    return rows


def _share(text: str) -> Decimal:
    share = Decimal(text or 0)
    if not 0 <= share <= 1:
        raise ValueError
    return share


def _check_whole(partner: Partner) -> None:
    """What must fit together: a bank has no such type, and the sources bring no more than is paid in (AGR-13)."""
    if partner.category and partner.kind != Kind.MEMBER:
        raise BadFile(field="category")
    paid_in = partner.paid_in_capital_fen
    if paid_in is not None and sum(int(row["fen"]) for row in partner.capital) > paid_in:
        raise CapitalAboveWhole(field="capital")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def change_file(*, actor: Any, today: date, partner: Partner, changes: Mapping[str, Any], reason: str) -> PartnerChange | None:
    """Write what differs into the file and keep the old values; for verbs that have checked the actor and hold the row.

    Returns the change, or None when nothing differs. Raises BadFile, BadUscc, UsccTaken, CapitalAboveWhole.
    """
    differing: dict[str, dict[str, Any]] = {}
    for field, told in changes.items():
        if field not in FIELDS:
            raise BadFile(field=field)
        old, new = getattr(partner, field), clean(field, told)
        if old != new:
            differing[field] = {"from": _plain(old), "to": _plain(new)}
            setattr(partner, field, new)
    if not differing:
        return None
    _check_whole(partner)
    try:
        with transaction.atomic():
            partner.save()
    except IntegrityError as error:
        if "partners_partner_uscc_once" not in str(error):
            raise
        raise UsccTaken(field="uscc", uscc=partner.uscc) from error
    publish(partner, on=today)
    tell_file(partner)
    return keep(partner, PartnerChange.What.FILE, differing, reason=reason, actor=actor, today=today)


def keep(partner: Partner, what: str, changes: dict[str, Any], *, reason: str, actor: Any, today: date) -> PartnerChange:
    """One line of a partner's history."""
    return PartnerChange.objects.create(
        partner=partner, what=what, changes=changes, reason=reason, on=today, by_id=actor.id, by=actor.label
    )


@transaction.atomic
def register(
    *, actor: Any, today: date, code: str, name: str, kind: str, file: Mapping[str, Any] | None = None, reason: str = ""
) -> Partner:
    """Open a file for a candidate. Needs partners.edit. Raises PartnerExists, BadFile, BadUscc, UsccTaken."""
    check(actor, "partners.edit")
    return _open_file(
        actor=actor, today=today, code=code, name=name, kind=kind, status=Status.CANDIDATE, file=file or {}, reason=reason
    )


@transaction.atomic
def enrol(
    *, actor: Any, today: date, code: str, name: str, kind: str, file: Mapping[str, Any] | None = None, reason: str
) -> Partner:
    """Open the file of an institution that works with the group already: its house or its keys were there before.

    Needs partners.edit. It is ACTIVE at once, and its first evaluation is due in a year. Raises as `register`.
    """
    check(actor, "partners.edit")
    partner = _open_file(
        actor=actor, today=today, code=code, name=name, kind=kind, status=Status.ACTIVE, file=file or {}, reason=reason
    )
    partner.next_evaluation_on = a_year_after(today)
    partner.save(update_fields=["next_evaluation_on"])
    return partner


def a_year_after(day: date) -> date:
    """Evaluations are yearly (domain.md 5.10.2); the 29th of February is followed by the 28th."""
    return add_months(day, 12)


def _open_file(
    *, actor: Any, today: date, code: str, name: str, kind: str, status: str, file: Mapping[str, Any], reason: str
) -> Partner:
    if kind not in Kind.values:
        raise BadFile(field="kind")
    if queries.find(code) is not None:
        raise PartnerExists(field="code", code=code)
    partner = Partner(code=code, name=name.strip(), kind=kind, status=status, status_since=today, status_reason=reason)
    for field, told in file.items():
        if field not in FIELDS:
            raise BadFile(field=field)
        setattr(partner, field, clean(field, told))
    _check_whole(partner)
    try:
        with transaction.atomic():
            partner.save(force_insert=True)
    except IntegrityError as error:
        if "partners_partner_uscc_once" in str(error):
            raise UsccTaken(field="uscc", uscc=partner.uscc) from error
        if "partners_partner_code" in str(error):
            raise PartnerExists(field="code", code=code) from error
        raise
    publish(partner, on=today)
    tell_file(partner)
    keep(partner, PartnerChange.What.STATUS, {"status": {"from": "", "to": status}}, reason=reason, actor=actor, today=today)
    audit.leave(actor=actor, act="partners.register", subject=partner.subject, facts={"code": code, "status": status})
    return partner


@transaction.atomic
def amend(*, actor: Any, today: date, code: str, changes: Mapping[str, Any], reason: str = "") -> Partner:
    """Correct the file of a partner; the old values stay in its history. Needs partners.edit.

    Raises NoSuchPartner, BadFile, BadUscc, UsccTaken, SharesAboveWhole.
    """
    check(actor, "partners.edit")
    partner = hold(code)
    change = change_file(actor=actor, today=today, partner=partner, changes=changes, reason=reason)
    if change is not None:
        audit.leave(actor=actor, act="partners.amend", subject=partner.subject, facts={"fields": sorted(change.changes)})
    return partner


def hold(code: str) -> Partner:
    """The partner with its row locked: of two who change it at once, the second sees what the first did."""
    partner = Partner.objects.select_for_update().filter(code=code).first()
    if partner is None:
        raise queries.NoSuchPartner(code=code)
    return partner
