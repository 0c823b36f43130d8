"""The registers of channels and introducers, and what an application may name of them (PAR-32, PAR-33)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError

from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from tenants.acts import act
from tenants.applications.models import Channel, Introducer

_KEEP = "applications.channels"
OWN = "OWN"
"""The channel of an application that a person wrote and for which nothing else was named."""
_SHIPPED = (
    (OWN, "自有业务人员", Channel.Kind.OWN_STAFF),
    ("GOV", "政府融资服务平台", Channel.Kind.GOVERNMENT),
    ("ONLINE", "线上申请", Channel.Kind.ONLINE),
)
_OF_BANK = "BANK-"
_CHANNEL = ("name", "is_active")
_INTRODUCER = ("name", "uscc", "contact", "phone", "agreement_no", "agreed_to", "is_active")


class NoSuchChannel(NotFound):
    code = "NO_SUCH_CHANNEL"
    sentence = gettext_noop("There is no such channel.")


class NoSuchIntroducer(NotFound):
    code = "NO_SUCH_INTRODUCER"
    sentence = gettext_noop("There is no such introducer.")


class ChannelTaken(Conflict):
    code = "CHANNEL_TAKEN"
    sentence = gettext_noop("There is a channel with this code, or of this bank, already.")


class IntroducerTaken(Conflict):
    code = "INTRODUCER_TAKEN"
    sentence = gettext_noop("This organisation is registered already.")


class ChannelClosed(Invalid):
    code = "CHANNEL_CLOSED"
    sentence = gettext_noop("The channel “%(name)s” takes no new applications. Choose another one.")


class IntroducerClosed(Invalid):
    code = "INTRODUCER_CLOSED"
    sentence = gettext_noop("“%(name)s” brings no new business: it is closed, or its agreement has ended.")


class ChannelUnclear(Invalid):
    code = "CHANNEL_UNCLEAR"
    sentence = gettext_noop("A channel has a code, a name and a kind; a bank's names the bank, and its code follows from that.")


class IntroducerUnnamed(Invalid):
    code = "INTRODUCER_UNNAMED"
    sentence = gettext_noop("Enter the organisation's name.")


def furnish() -> None:
    """Channels of a new house, idempotent; an institution changes and adds to them."""
    for code, name, kind in _SHIPPED:
        Channel.objects.get_or_create(code=code, defaults={"name": name, "kind": kind})


def add_channel(*, actor: Any, today: date, code: str, name: str, kind: str, bank_code: str = "") -> Channel:
    """Register a way by which business comes; a bank's has the code that follows from the bank. Needs applications.channels.

    Raises ChannelTaken, ChannelUnclear.
    """
    check(actor, _KEEP)
    code = _OF_BANK + bank_code if bank_code else code.strip().upper()
    row = Channel(code=code, name=name.strip(), kind=kind, bank_code=bank_code)
    with act("applications.add_channel", actor=actor):
        _save_channel(row)
        _leave(actor, "applications.add_channel", row, code=row.code, name=row.name, kind=row.kind)
    return row


def change_channel(*, actor: Any, today: date, channel_id: int, **fields: Any) -> Channel:
    """Change `name` or `is_active`; code, kind and bank stay, or older results would change their meaning.

    Needs applications.channels. Raises NoSuchChannel, ChannelUnclear.
    """
    check(actor, _KEEP)
    with act("applications.change_channel", actor=actor):
        row = Channel.objects.select_for_update().filter(pk=channel_id).first()
        if row is None:
            raise NoSuchChannel
        for name in set(fields) & set(_CHANNEL):
            setattr(row, name, fields[name])
        _save_channel(row)
        _leave(actor, "applications.change_channel", row, **{name: fields[name] for name in sorted(fields)})
    return row


def _save_channel(row: Channel) -> None:
    is_bank = row.kind == Channel.Kind.BANK
    fits = is_bank == bool(row.bank_code) == row.code.startswith(_OF_BANK)
    if not row.code or not row.name.strip() or row.kind not in Channel.Kind.values or not fits:
        raise ChannelUnclear(field="name" if not row.name.strip() else "bank_code" if is_bank else "code")
    try:
        row.save()
    except IntegrityError as clash:
        raise ChannelTaken(field="code") from clash


def add_introducer(*, actor: Any, today: date, name: str, **fields: Any) -> Introducer:
    """Register an organisation that brings business: uscc, contact, phone, agreement_no, agreed_to. Needs applications.channels.

    Raises IntroducerTaken, IntroducerUnnamed.
    """
    check(actor, _KEEP)
    row = Introducer(name=name.strip(), **{name: fields[name] for name in _INTRODUCER if name in fields})
    with act("applications.add_introducer", actor=actor):
        _save_introducer(row)
        _leave(actor, "applications.add_introducer", row, name=row.name, agreement_no=row.agreement_no)
    return row


def change_introducer(*, actor: Any, today: date, introducer_id: int, **fields: Any) -> Introducer:
    """Change what is kept of it. Needs applications.channels. Raises NoSuchIntroducer, IntroducerTaken, IntroducerUnnamed."""
    check(actor, _KEEP)
    with act("applications.change_introducer", actor=actor):
        row = Introducer.objects.select_for_update().filter(pk=introducer_id).first()
        if row is None:
            raise NoSuchIntroducer
        for name in set(fields) & set(_INTRODUCER):
            setattr(row, name, fields[name])
        _save_introducer(row)
        _leave(actor, "applications.change_introducer", row, fields=sorted(fields))
    return row


def _save_introducer(row: Introducer) -> None:
    row.name = row.name.strip()
    if not row.name:
        raise IntroducerUnnamed(field="name")
    try:
        row.save()
    except IntegrityError as clash:
        raise IntroducerTaken(field="name") from clash


def named(channel_id: int | None, *, present: int | None = None) -> Channel | None:
    """The channel that an application names; without one our own staff's. `present` is what it names already.

    Raises NoSuchChannel, ChannelClosed.
    """
    if channel_id is None:
        return Channel.objects.filter(code=OWN).first()
    row = Channel.objects.filter(pk=channel_id).first()
    if row is None:
        raise NoSuchChannel(field="channel_id")
    if not row.is_active and row.pk != present:
        raise ChannelClosed(field="channel_id", name=row.name)
    return row


def introduced(introducer_id: int | None, *, today: date, present: int | None = None) -> Introducer | None:
    """Who brought an application, if anybody. Raises NoSuchIntroducer, IntroducerClosed."""
    if introducer_id is None:
        return None
    row = Introducer.objects.filter(pk=introducer_id).first()
    if row is None:
        raise NoSuchIntroducer(field="introducer_id")
    ended = row.agreed_to is not None and row.agreed_to < today
    if (ended or not row.is_active) and row.pk != present:
        raise IntroducerClosed(field="introducer_id", name=row.name)
    return row


def of_bank(*, bank_code: str, bank_name: str) -> Channel:
    """The bank's own channel; registered the first time that the bank sends something. Of two at once one registers it.

    A closed one still counts: what a bank sends came from it, whatever else we would rather have.
    """
    defaults = {"code": _OF_BANK + bank_code, "name": bank_name, "kind": Channel.Kind.BANK}
    row, _made = Channel.objects.get_or_create(bank_code=bank_code, defaults=defaults)
    return row


def _leave(actor: Any, what: str, row: Channel | Introducer, /, **facts: Any) -> None:
    audit.leave(actor=actor, act=what, subject=row.subject, facts=facts)
