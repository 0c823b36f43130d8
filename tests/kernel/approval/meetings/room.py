"""A committee at work, for tests: a subject called `matter`, and a meeting with the tedious arguments filled in."""

from __future__ import annotations

from itertools import count
from typing import Any

from kernel.approval import committee
from kernel.approval.committee import services
from kernel.approval.committee.models import AgendaItem, CommitteeRule, Meeting

HEARD: list[tuple[Any, ...]] = []
SEATS = ("chair", "head", "risk", "executive", "operations")
_NUMBERS = count(1)


def _decided(*, subject: str, outcome: str, conditions: tuple[str, ...], actor: Any, today: Any) -> None:
    HEARD.append((subject, outcome, conditions, actor.label, today))


committee.register("matter", on_decided=_decided, page=lambda subject: f"/matters/{subject.partition(':')[2]}/")


def matter(number: int) -> str:
    """The subject of something to be voted on."""
    return f"matter:{number}"


class Room:
    """The people of a member's house as its committee: five members (quorum 4), `legal` is the secretary."""

    def __init__(self, world: Any) -> None:
        self.world = world
        HEARD.clear()

    def told(self, key: str = "legal") -> dict[str, Any]:
        return {"actor": self.world.person(key), "today": self.world.today}

    def ids(self, *keys: str) -> list[int]:
        return [self.world.people[key].id for key in keys]

    def convene(self, seats: tuple[str, ...] = SEATS, **more: Any) -> Meeting:
        people = self.world.people
        more = {"on": self.world.today, "chair_id": people[seats[0]].id, "member_ids": self.ids(*seats), **more}
        return services.convene(**self.told(), **more)

    def propose(self, **terms: Any) -> CommitteeRule:
        return services.propose_rule(**self.told(), **{"code": "REVIEW", "effective_from": self.world.today, **terms})

    def rule(self, **terms: Any) -> CommitteeRule:
        """A next rule, proposed by the secretary and approved by the executive."""
        return services.decide_rule(**self.told("executive"), rule_id=self.propose(**terms).pk, approve=True)

    def item(self, meeting: Meeting | None = None, subject: str = "", called: bool = True, **more: Any) -> AgendaItem:
        meeting = meeting or self.convene()
        subject = subject or matter(next(_NUMBERS))
        more = {"title": "一件事项", **more}
        item = services.put_on_agenda(**self.told(), meeting_id=meeting.pk, subject=subject, **more)
        return services.open_item(**self.told(), item_id=item.pk) if called else item

    def vote(self, item: AgendaItem, **choices: str) -> None:
        """`vote(item, chair="AGREE", head="DISAGREE")`"""
        for key, choice in choices.items():
            more = {"conditions": ["追加连带责任保证"]} if choice == "AGREE_WITH_CONDITIONS" else {}
            services.vote(**self.told(key), item_id=item.pk, choice=choice, text="意见", **more)

    def all_vote(self, item: AgendaItem, choice: str = "AGREE", but: dict[str, str] | None = None) -> None:
        self.vote(item, **{**dict.fromkeys(SEATS, choice), **(but or {})})

    def close(self, item: AgendaItem, **more: Any) -> Any:
        return services.close_item(**self.told(), item_id=item.pk, **more)
