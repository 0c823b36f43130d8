"""The only writers of parameter values."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound, gettext_noop
from kernel.parameters.declared import declared
from kernel.parameters.models import Value


class NoSuchParameter(NotFound):
    code = "NO_SUCH_PARAMETER"
    sentence = gettext_noop("There is no parameter %(key)s.")


class ScopeUnknown(Invalid):
    code = "PARAMETER_SCOPE"
    sentence = gettext_noop("%(key)s cannot be limited to “%(scope)s”.")


class DecidedAlready(Conflict):
    code = "PARAMETER_DECIDED"
    sentence = gettext_noop("This value is decided already.")


class OwnProposal(NotAllowed):
    code = "OWN_PROPOSAL"
    sentence = gettext_noop("You proposed this value; another person has to approve it.")


class ValueStands(Conflict):
    code = "PARAMETER_VALUE_STANDS"
    sentence = gettext_noop("%(key)s has a value from %(on)s already. Choose another day.")


@transaction.atomic
def propose(
    *, actor: Any, today: date, key: str, value: str, effective_from: date, scope: str = "", legal_basis: str = ""
) -> Value:
    """Propose a value from a day on, for everything or one scope. Needs parameters.propose.

    Raises NoSuchParameter, BadValue, ScopeUnknown.
    """
    check(actor, "parameters.propose")
    parameter = declared().get(key)
    if parameter is None:
        raise NoSuchParameter(key=key)
    parameter.read(value)
    if scope and scope.partition("=")[0] not in parameter.scopes:
        raise ScopeUnknown(field="scope", key=key, scope=scope)
    row = Value.objects.create(
        key=key,
        scope=scope,
        value=value,
        effective_from=effective_from,
        legal_basis=legal_basis,
        proposed_by_id=actor.id,
        proposed_by=actor.label,
        proposed_on=today,
    )
    _note(actor, "parameters.propose", row)
    return row


@transaction.atomic
def decide(*, actor: Any, today: date, value_id: int, approve: bool) -> Value:
    """Approve or refuse a proposal. Needs parameters.approve and another person. Raises OwnProposal, DecidedAlready,
    ValueStands."""
    check(actor, "parameters.approve")
    row = Value.objects.select_for_update().filter(id=value_id).first()
    if row is None:
        raise NoSuchParameter(key=value_id)
    if row.state != Value.State.PROPOSED:
        raise DecidedAlready
    if approve and row.proposed_by_id == actor.id:
        raise OwnProposal
    row.state = Value.State.APPROVED if approve else Value.State.REFUSED
    row.decided_by, row.decided_on = actor.label, today
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "parameters_value_once" not in str(error):
            raise
        raise ValueStands(key=row.key, on=row.effective_from) from error
    _note(actor, "parameters.approve" if approve else "parameters.refuse", row)
    return row


def _note(actor: Any, act: str, row: Value) -> None:
    facts = {"key": row.key, "scope": row.scope, "value": row.value, "from": row.effective_from}
    audit.leave(actor=actor, act=act, subject=f"parameter:{row.key}", facts=facts)
