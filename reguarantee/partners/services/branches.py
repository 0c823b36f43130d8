"""The branches of a bank: whom to call, up to how much, on which deposit; every change is kept (PAR-29)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.errors import Conflict, Invalid, gettext_noop
from reguarantee.partners.models import Branch, Kind, PartnerChange
from reguarantee.partners.queries import NoSuchBranch
from reguarantee.partners.services.files import hold, keep
from reguarantee.partners.services.life import ReasonRequired

FIELDS = (
    "name", "region_code", "address", "contact", "phone", "line_fen", "deposit_ratio", "deposit_terms", "valid_from", "valid_to",
)  # fmt: skip


class NotABank(Conflict):
    code = "NOT_A_BANK"
    sentence = gettext_noop("Only a bank has branches in the register.")


class BranchExists(Conflict):
    code = "BRANCH_EXISTS"
    sentence = gettext_noop("The bank has a branch “%(name)s” in the register already. Open it instead.")


class BadBranch(Invalid):
    code = "BAD_BRANCH"
    sentence = gettext_noop("“%(field)s” cannot be so: a name, a line of 0 or more, a deposit from 0 to 100 %%, no end before"
                            " the start.")  # fmt: skip


@transaction.atomic
def save_branch(*, actor: Any, today: date, code: str, branch_id: int | None = None, reason: str = "", **fields: Any) -> Branch:
    """Take up a branch of the bank `code`, or change the given FIELDS of one; the old values stay in the bank's history.

    `line_fen` in fen (None: no line of its own), `deposit_ratio` per 1 of what is guaranteed. A change needs a reason; nothing
    different changes nothing. Two at once wait for each other. Needs partners.edit.
    Raises NoSuchPartner, NotABank, NoSuchBranch, BranchExists, BadBranch, ReasonRequired.
    """
    check(actor, "partners.edit")
    partner = hold(code)
    if partner.kind != Kind.BANK:
        raise NotABank
    branch = Branch(partner=partner, valid_from=today) if branch_id is None else partner.branches.filter(pk=branch_id).first()
    if branch is None:
        raise NoSuchBranch
    changed = _set(branch, fields)
    if not changed:
        return branch
    if branch.pk is not None and not reason.strip():
        raise ReasonRequired(field="reason")
    _check(branch)
    try:
        with transaction.atomic():
            branch.save()
    except IntegrityError as error:
        if "partners_branch_once" not in str(error):
            raise
        raise BranchExists(field="name", name=branch.name) from error
    named = {"branch": {"from": "" if branch_id is None else branch.name, "to": branch.name}}
    keep(partner, PartnerChange.What.BRANCH, named | changed, reason=reason.strip(), actor=actor, today=today)
    facts = {"code": code, "branch": branch.name, "fields": sorted(changed)}
    audit.leave(actor=actor, act="partners.branch", subject=partner.subject, facts=facts)
    return branch


def _set(branch: Branch, fields: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Put the fields in; what differs, as the history keeps it."""
    changed = {}
    for name, value in fields.items():
        if name not in FIELDS:
            raise BadBranch(field=name)
        old, new = getattr(branch, name), value.strip() if isinstance(value, str) else value
        if name == "deposit_ratio":
            new = Decimal(new or 0)
        if old != new:
            changed[name] = {"from": "" if branch.pk is None else _plain(old), "to": _plain(new)}
            setattr(branch, name, new)
    return changed


def _check(branch: Branch) -> None:
    wrong = {
        "name": not branch.name,
        "line_fen": branch.line_fen is not None and branch.line_fen < 0,
        "deposit_ratio": not 0 <= branch.deposit_ratio <= 1,
        "valid_from": branch.valid_from is None,
    }
    for name, bad in wrong.items():
        if bad:
            raise BadBranch(field=name)
    if branch.valid_to is not None and branch.valid_to < branch.valid_from:
        raise BadBranch(field="valid_to")


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value
