"""Reads of the committee. Whoever sees all rows of the house sees all meetings; others those at which they sit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from kernel.access.permissions import may
from kernel.access.queries import scope_of
from kernel.approval.committee import listeners, minutes, rules
from kernel.approval.committee.counting import SETTLED, Tally, quorum_of
from kernel.approval.committee.listeners import Matter
from kernel.approval.committee.models import AgendaItem, Ballot, CommitteeRule, Condition, Decision, Meeting, Recusal, Seat
from kernel.approval.committee.rules import rule_of
from kernel.approval.committee.services.access import MANAGE, VOTE, NoSuchItem, NoSuchMeeting
from kernel.approval.committee.services.ballots import asked_conditions, counted
from kernel.approval.models import FlowTask

__all__ = [
    "CHOICES", "STATES", "Committee", "Quorum", "Voting", "asked_conditions",
    "ballots", "committees", "decisions_of", "electors", "item", "items",
    "meetings", "one", "open_conditions", "proposals", "quorum", "rule_of", "rules_in_force", "runs", "seats", "settled",
    "to_vote", "voting", "waiting", "waits_for", "working",
]  # fmt: skip

CHOICES = Ballot.Choice.choices
STATES = Meeting.State.choices


def _visible(user: Any) -> Q:
    if may(user, MANAGE) or scope_of(user) == "ALL":
        return Q()
    return Q(seats__person_id=user.id) | Q(secretary_id=user.id)


def meetings(user: Any) -> QuerySet[Meeting]:
    """The meetings that the user may see, latest first, with `.matters` and `.decided` (counts)."""
    rows = Meeting.objects.filter(_visible(user)).select_related("rule", "chair", "secretary").distinct()
    counts = {
        "matters": Count("items", filter=~Q(items__state="OFF"), distinct=True),
        "decided": Count("items", filter=Q(items__state="DECIDED"), distinct=True),
    }
    return rows.annotate(**counts).order_by("-on", "-id")


def one(user: Any, meeting_id: int) -> Meeting:
    """One meeting. Raises NoSuchMeeting."""
    found = meetings(user).select_related("minutes").filter(pk=meeting_id).first()
    if found is None:
        raise NoSuchMeeting
    return found


def seats(meeting: Meeting) -> list[Seat]:
    """Who sits: members first."""
    return list(Seat.objects.filter(meeting=meeting).select_related("person").order_by("kind", "id"))


def items(meeting: Meeting) -> QuerySet[AgendaItem]:
    """The agenda with recusals and decisions; constant queries."""
    rows = AgendaItem.objects.filter(meeting=meeting).exclude(state="OFF").select_related("decision")
    return rows.prefetch_related("recusals", "decision__conditions").order_by("place", "id")


def item(user: Any, item_id: int) -> AgendaItem:
    """One item with its meeting. Raises NoSuchItem."""
    found = AgendaItem.objects.select_related("meeting__rule", "meeting__chair", "meeting__secretary", "decision")
    row = found.prefetch_related("recusals", "decision__conditions").filter(pk=item_id).first()
    if row is None or not Meeting.objects.filter(_visible(user), pk=row.meeting_id).exists():
        raise NoSuchItem
    return row


def runs(user: Any, meeting: Meeting) -> bool:
    """Whether the user may call items, close them, and keep the agenda of this meeting."""
    return user.id in (meeting.chair_id, meeting.secretary_id) or may(user, MANAGE)


@dataclass(frozen=True)
class Voting:
    """An item as one person sees it. `live` only for who has voted or runs the meeting: nobody votes by looking at others."""

    may_vote: bool
    own: Ballot | None
    recusal: Recusal | None
    live: Tally | None
    voted: tuple[str, ...]
    awaited: tuple[str, ...]


def voting(user: Any, row: AgendaItem) -> Voting:
    """How an item stands for this user."""
    members = [seat for seat in seats(row.meeting) if seat.kind == Seat.Kind.MEMBER]
    barred = {recusal.person_id: recusal for recusal in row.recusals.all()}
    cast = {ballot.person_id: ballot for ballot in Ballot.objects.filter(item=row).order_by("nth")}
    able = [seat for seat in members if seat.person_id not in barred]
    own = cast.get(user.id)
    sits = any(seat.person_id == user.id for seat in able)
    return Voting(
        may_vote=sits and row.state == AgendaItem.State.OPEN and may(user, VOTE),
        own=own,
        recusal=barred.get(user.id),
        live=counted(row) if row.state == AgendaItem.State.OPEN and (own or runs(user, row.meeting)) else None,
        voted=tuple(seat.name for seat in able if seat.person_id in cast),
        awaited=tuple(seat.name for seat in able if seat.person_id not in cast),
    )


def ballots(row: AgendaItem) -> list[Ballot]:
    """All ballots of a decided item, changes too, in the order in which they were cast; none while it is being voted."""
    return list(Ballot.objects.filter(item=row).order_by("id")) if row.state == AgendaItem.State.DECIDED else []


def working(decision: Decision) -> list[str]:
    """How the count came to its outcome, in the reader's language."""
    return minutes.said(decision)


@dataclass(frozen=True)
class Quorum:
    """Who is needed and who is there: `needed` of `members`, `present` members attend."""

    members: int
    needed: int
    present: int

    @property
    def reached(self) -> bool:
        return self.present >= self.needed


def quorum(meeting: Meeting, sitting: list[Seat]) -> Quorum:
    """The meeting's quorum before any recusal; an item with recusals has its own."""
    members = [seat for seat in sitting if seat.kind == Seat.Kind.MEMBER]
    there = sum(seat.attended_at is not None for seat in members)
    return Quorum(len(members), quorum_of(meeting.rule.share("quorum"), len(members)), there)


def waiting(code: str = "") -> list[Matter]:
    """What waits for a meeting and stands on no agenda: tasks of running approvals, then what the rooms announce."""
    standing = set(AgendaItem.objects.filter(state__in=("WAITING", "OPEN")).values_list("subject", flat=True))
    codes = {code} if code else set(CommitteeRule.objects.values_list("code", flat=True))
    tasks = FlowTask.objects.filter(state=FlowTask.State.TODO, meeting__in=codes).select_related("case").order_by("id")
    found = [Matter(task.case.subject, task.case.title or task.case.subject) for task in tasks.defer("case__state")]
    return [matter for matter in (*found, *listeners.waiting(codes)) if matter.subject not in standing]


def to_vote(user: Any) -> QuerySet[AgendaItem]:
    """Items that are being voted and wait for this member's ballot."""
    mine = Seat.objects.filter(meeting=OuterRef("meeting"), person_id=user.id, kind=Seat.Kind.MEMBER)
    out = Recusal.objects.filter(item=OuterRef("pk"), person_id=user.id)
    cast = Ballot.objects.filter(item=OuterRef("pk"), person_id=user.id)
    rows = AgendaItem.objects.filter(Exists(mine), ~Exists(out), ~Exists(cast), state=AgendaItem.State.OPEN)
    return rows.select_related("meeting").order_by("id")


def waits_for(user: Any) -> int:
    """How much of the committee waits for this person: ballots, proposed rules, matters without a meeting."""
    asked = proposals() if may(user, "committee.approve_rules") else 0
    votes = to_vote(user).count() if AgendaItem.objects.filter(state=AgendaItem.State.OPEN).exists() else 0
    return votes + (len(waiting()) if may(user, MANAGE) else 0) + asked


def decisions_of(subject: str) -> QuerySet[Decision]:
    """Everything that committees decided about a subject, latest first, with conditions."""
    rows = Decision.objects.filter(item__subject=subject).select_related("item__meeting__rule")
    return rows.prefetch_related(Prefetch("conditions", Condition.objects.order_by("place"))).order_by("-id")


def settled(subject: str) -> Decision | None:
    """The latest decision that settled a subject, if one did."""
    return decisions_of(subject).filter(outcome__in=SETTLED).first()


def open_conditions(subject: str) -> QuerySet[Condition]:
    """Conditions of the latest settled decision that are not met yet: they guard the next step (domain.md 7.1, step 10)."""
    decision = settled(subject)
    return Condition.objects.filter(decision=decision, met_on=None) if decision else Condition.objects.none()


def rules_in_force(on: date) -> list[CommitteeRule]:
    """The committees of this house with the rule that holds on a day."""
    return list(rules.in_force(on))


@dataclass(frozen=True)
class Committee:
    """One committee with its versions, the latest first (each with `.held`, meetings convened under it), and today's."""

    now: CommitteeRule
    versions: tuple[CommitteeRule, ...]

    @property
    def proposed(self) -> CommitteeRule | None:
        return next((rule for rule in self.versions if rule.state == CommitteeRule.State.PROPOSED), None)


def committees(on: date) -> list[Committee]:
    """All committees of this house. Two statements."""
    versions: dict[str, list[CommitteeRule]] = {}
    for rule in CommitteeRule.objects.annotate(held=Count("meetings")).order_by("code", "-version"):
        versions.setdefault(rule.code, []).append(rule)
    return [Committee(now, tuple(versions[now.code])) for now in rules_in_force(on)]


def proposals() -> int:
    """Rules that wait for a second person."""
    return CommitteeRule.objects.filter(state=CommitteeRule.State.PROPOSED).count()


def electors() -> list[Any]:
    """Active people whose roles let them vote, with their posts: whom a meeting may appoint."""
    rows = get_user_model().objects.filter(is_active=True).prefetch_related("roles", "posts").order_by("id")
    return [person for person in rows if any(VOTE in role.permissions for role in person.roles.all())]
