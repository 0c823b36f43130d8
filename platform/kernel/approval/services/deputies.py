"""Name a deputy for a period (工作托管). It ends by itself; what a deputy signs says in whose place (BPM-34)."""

from datetime import date

from django.db import transaction

from kernel.access.models import User
from kernel.approval.models import Delegation
from kernel.approval.services import rights
from kernel.audit import services as audit
from kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from kernel.notices import services as notices

_NAMED = gettext_noop("%(by)s made you deputy from %(from_on)s to %(to_on)s.")


class BadPeriod(Invalid):
    """The period ends before it begins, or lies in the past."""

    code = "BAD_PERIOD"
    sentence = gettext_noop("The period must not lie in the past, nor end before it begins.")


class OwnDeputy(Invalid):
    """Nobody deputises for himself."""

    code = "OWN_DEPUTY"
    sentence = gettext_noop("You cannot be your own deputy.")


class DeputyNamed(Conflict):
    """A person has one deputy at a time."""

    code = "DEPUTY_NAMED"
    sentence = gettext_noop("%(deputy)s is your deputy in that period already. End that first.")


class NoSuchDelegation(NotFound):
    """No delegation of the actor's that is still to end has this id."""

    code = "NO_SUCH_DELEGATION"
    sentence = gettext_noop("There is no such delegation to end.")


@transaction.atomic
def delegate(*, actor: User, today: date, to: int, from_on: date, to_on: date) -> Delegation:
    """Let the user `to` do the actor's tasks from `from_on` to `to_on`, both included.

    Raises BadPeriod, OwnDeputy, NoSuchPerson, DeputyNamed.
    """
    deputy = rights.person(to)
    if deputy.id == actor.id:
        raise OwnDeputy(field="to")
    if to_on < from_on or to_on < today:
        raise BadPeriod(field="to_on")
    # The giver's row is the lock, so that two periods entered at once cannot overlap.
    User.objects.select_for_update().get(id=actor.id)
    given = Delegation.objects.filter(from_user=actor, from_on__lte=to_on, to_on__gte=from_on, ended_on=None)
    clash = given.select_related("to_user").first()
    if clash:
        raise DeputyNamed(deputy=clash.to_user.label)
    delegation = Delegation.objects.create(from_user=actor, to_user=deputy, from_on=from_on, to_on=to_on)
    period = {"from_on": str(from_on), "to_on": str(to_on)}
    audit.leave(
        actor=actor, act="approval.delegate", subject=f"user:{actor.id}", facts={"id": delegation.id, "to": deputy.id, **period}
    )
    notices.tell(sentence=_NAMED, facts={"by": actor.label, **period}, user_ids=[deputy.id])
    return delegation


@transaction.atomic
def end_delegation(*, actor: User, today: date, delegation_id: int) -> Delegation:
    """End the actor's delegation at once. Raises NoSuchDelegation."""
    own = Delegation.objects.select_for_update().filter(id=delegation_id, from_user=actor, ended_on=None)
    delegation = own.first()
    if delegation is None:
        raise NoSuchDelegation()
    delegation.ended_on = today
    delegation.save(update_fields=["ended_on"])
    audit.leave(actor=actor, act="approval.end_delegation", subject=f"user:{actor.id}", facts={"id": delegation.id})
    return delegation
