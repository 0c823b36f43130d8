"""Vote, change a vote, close an item."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from kernel.access.permissions import check
from kernel.approval.committee.counting import SETTLED, Tally, tally
from kernel.approval.committee.flow import ITEM
from kernel.approval.committee.models import AgendaItem, Ballot, Condition, Decision, Seat
from kernel.approval.committee.services import access, hand_over
from kernel.audit import services as audit
from kernel.errors import Conflict, Invalid, gettext_noop


class NotCalled(Conflict):
    """The item is not being voted: not called yet, decided, or taken off."""

    code = "ITEM_NOT_OPEN"
    sentence = gettext_noop("This item is not being voted now.")


class TimeIsUp(Conflict):
    """The rule limits the time for a ballot, and it has passed."""

    code = "BALLOT_TIME_UP"
    sentence = gettext_noop("The time for this ballot has passed. The secretary can close the item.")


class BadChoice(Invalid):
    code = "BAD_CHOICE"
    sentence = gettext_noop("This is not a way to vote here.")


class ConditionsMissing(Invalid):
    code = "CONDITIONS_MISSING"
    sentence = gettext_noop("Name at least one condition, or agree without any.")


class ReasonNeeded(Invalid):
    code = "VOTE_REASON"
    sentence = gettext_noop("Say why you disagree or want the matter to come again: it stands in the minutes.")


class StillVoting(Conflict):
    """Members who are present have not voted and may still."""

    code = "STILL_VOTING"
    sentence = gettext_noop("%(names)s have not voted. Wait for them, or close anyway: they then count as abstaining.")


class ConditionsOpen(Conflict):
    """What a committee asked for before the matter goes on has not been noted as met."""

    code = "COMMITTEE_CONDITIONS_OPEN"
    sentence = gettext_noop(
        "The committee passed this on conditions that nobody has noted as met: %(conditions)s."
        " The secretary notes them on the item of meeting %(number)s."
    )


@transaction.atomic
def vote(
    *, actor: Any, today: date, item_id: int, choice: str, conditions: Iterable[str] = (), text: str = "", remote: bool = False
) -> Ballot:
    """Vote by name on a called item; voting again replaces the earlier ballot, which stays in the log.

    AGREE, AGREE_WITH_CONDITIONS (with conditions), DISAGREE and DEFER (with a reason), ABSTAIN. Whoever votes is there.
    Needs committee.vote.
    Raises NoSeat (observers too), IsRecused, NotCalled, TimeIsUp, BadChoice, ConditionsMissing, ReasonNeeded.
    """
    check(actor, access.VOTE)
    item = access.lock_item(item_id)
    seat = access.seat_of(item.meeting_id, actor.id, actor.label)
    access.check_free(item, actor.id, actor.label)
    if item.state != AgendaItem.State.OPEN:
        raise NotCalled
    if item.closes_at is not None and timezone.now() > item.closes_at:
        raise TimeIsUp
    wanted = [line.strip()[:500] for line in conditions if line.strip()]
    _check_choice(item, choice, wanted, text)
    if seat.attended_at is None:
        seat.attended_at, seat.remote = timezone.now(), remote
        seat.save(update_fields=["attended_at", "remote"])
    ballot = Ballot.objects.create(
        item=item,
        person_id=actor.id,
        name=actor.label,
        nth=Ballot.objects.filter(item=item, person_id=actor.id).count() + 1,
        choice=choice,
        conditions=wanted if choice == Ballot.Choice.AGREE_WITH_CONDITIONS else [],
        text=text.strip(),
        remote=remote or seat.remote,
        on=today,
    )
    # How he voted stands in the ballot, which cannot be changed; the trail need not show it before the item is closed.
    _leave(actor, "committee.vote", item, nth=ballot.nth)
    return ballot


def _check_choice(item: AgendaItem, choice: str, conditions: Sequence[str], text: str) -> None:
    if choice not in Ballot.Choice.values:
        raise BadChoice(field="choice")
    if choice == Ballot.Choice.AGREE_WITH_CONDITIONS:
        if not item.meeting.rule.conditional:
            raise BadChoice(field="choice")
        if not conditions:
            raise ConditionsMissing(field="conditions")
    if choice in (Ballot.Choice.DISAGREE, Ballot.Choice.DEFER) and not text.strip():
        raise ReasonNeeded(field="text")


def counted(item: AgendaItem) -> Tally:
    """The count as it stands: the last ballot of each member who is not recused; silent members who attend abstain."""
    seats = list(Seat.objects.filter(meeting_id=item.meeting_id, kind=Seat.Kind.MEMBER))
    recused = set(item.recusals.values_list("person_id", flat=True))
    last = {ballot.person_id: ballot.choice for ballot in item.ballots.order_by("nth")}
    return tally(
        item.meeting.rule,
        [seat.person_id for seat in seats],
        recused,
        last,
        item.meeting.chair_id,
        present=[seat.person_id for seat in seats if seat.attended_at is not None],
    )


@transaction.atomic
def close_item(
    *,
    actor: Any,
    today: date,
    item_id: int,
    conditions: Iterable[str] | None = None,
    discussion: str = "",
    anyway: bool = False,
) -> Decision:
    """Close the vote on an item, count it, and tell where the matter came from. By the secretary or the chair.

    `conditions` is the list as the meeting worded it; None takes those of the ballots. Two who close at once: the second
    hears WrongState. Raises StillVoting (unless `anyway`, or the time is up), ConditionsMissing.
    """
    item = access.lock_item(item_id)
    access.check_runs(actor, item.meeting)
    ITEM.move(item, "close")
    late = item.closes_at is not None and timezone.now() > item.closes_at
    if not anyway and not late and (silent := _silent(item)):
        raise StillVoting(names="、".join(silent))
    found = counted(item)
    agreed = _conditions(item, found.outcome, conditions)
    item.discussion = discussion.strip()
    item.save(update_fields=["state", "discussion"])
    figures = ("outcome", "members", "recused", "quorum", "present", "agree", "conditional", "disagree", "defer", "abstain")
    decision = Decision.objects.create(
        item=item,
        working=[{"sentence": step.sentence, "facts": step.facts} for step in found.working],
        by=actor.label,
        on=today,
        **{name: getattr(found, name) for name in figures},
    )
    Condition.objects.bulk_create(Condition(decision=decision, place=place, text=text) for place, text in enumerate(agreed, 1))
    _leave(actor, "committee.close_item", item, outcome=found.outcome, present=found.present, agree=found.agree)
    hand_over.tell(item, decision, tuple(agreed), actor, today)
    return decision


def _silent(item: AgendaItem) -> list[str]:
    barred = item.recusals.values("person_id")
    there = Seat.objects.filter(meeting_id=item.meeting_id, kind=Seat.Kind.MEMBER, attended_at__isnull=False)
    silent = there.exclude(person_id__in=barred).exclude(person_id__in=item.ballots.values("person_id"))
    return list(silent.values_list("name", flat=True))


def _conditions(item: AgendaItem, outcome: str, worded: Iterable[str] | None) -> list[str]:
    """The conditions of a decision: as worded at the meeting, else each once in the order in which they were asked for."""
    if outcome != Decision.Outcome.PASSED_WITH_CONDITIONS:
        return []
    if worded is not None:
        told = [line.strip()[:500] for line in worded if line.strip()]
        if not told:
            raise ConditionsMissing(field="conditions")
        return told
    return asked_conditions(item)


def asked_conditions(item: AgendaItem) -> list[str]:
    """What the ballots that count ask for, each once; not what was asked by a ballot that was replaced or is recused."""
    barred = set(item.recusals.values_list("person_id", flat=True))
    last = {ballot.person_id: ballot.conditions for ballot in item.ballots.order_by("nth")}
    return list(dict.fromkeys(text for person, asked in last.items() if person not in barred for text in asked))


def check_conditions(*, subject: str) -> None:
    """A guard of the step after the committee (domain.md 7.2, 7.1 step 10): its latest decision's conditions are all met.

    A subject that no committee has settled has none. Raises ConditionsOpen.
    """
    settled = Decision.objects.filter(item__subject=subject, outcome__in=SETTLED).order_by("-id")
    decision = settled.select_related("item__meeting").first()
    unmet = list(decision.conditions.filter(met_on=None).values_list("text", flat=True)) if decision else []
    if decision and unmet:
        raise ConditionsOpen(conditions="；".join(unmet), number=decision.item.meeting.number)


@transaction.atomic
def fulfil(*, actor: Any, today: date, condition_id: int, proof: str) -> Condition:
    """Note that a condition is met, and by what. Raises NoSuchItem, ReasonNeeded. Again: the first note stands."""
    row = Condition.objects.select_for_update().select_related("decision__item__meeting").filter(id=condition_id).first()
    if row is None:
        raise access.NoSuchItem
    item = row.decision.item
    access.check_runs(actor, item.meeting)
    if row.met_on is None:
        if not proof.strip():
            raise ReasonNeeded(gettext_noop("Name the paper or register that shows it."), field="proof")
        row.met_on, row.met_by, row.proof = today, actor.label, proof.strip()[:300]
        row.save()
        _leave(actor, "committee.fulfil", item, condition=row.place, proof=row.proof)
    return row


def _leave(actor: Any, act: str, item: AgendaItem, **facts: Any) -> None:
    told = {"item": item.pk, "subject": item.subject, **facts}
    audit.leave(actor=actor, act=act, subject=item.meeting.subject, facts=told)
