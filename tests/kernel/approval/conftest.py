"""A house in which things are approved: its people, a subject called `thing`, and what its room heard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Any

import pytest

from kernel.access import services as access
from kernel.access.actors import SYSTEM
from kernel.access.models import User
from kernel.approval import listeners, queries, services
from kernel.approval.models import FlowCase, FlowTask
from registry.tenancy import inside
from tests.factories import houses

TODAY = date(2026, 3, 2)
_HEARD: list[tuple[Any, ...]] = []
_NUMBERS = count(1)


def _closed(*, case: FlowCase, outcome: str, actor: Any, today: date) -> None:
    if case.facts.get("explode"):
        raise RuntimeError("the room refuses")
    _HEARD.append(("closed", case.subject, outcome, actor.label, today))


def _returned(*, case: FlowCase, to: str, actor: Any, today: date) -> None:
    _HEARD.append(("returned", case.subject, to, actor.label, today))


def _resumed(*, case: FlowCase, actor: Any, today: date) -> None:
    _HEARD.append(("resumed", case.subject, actor.label, today))


listeners.register(
    "thing",
    _closed,
    on_returned=_returned,
    on_resumed=_resumed,
    page=lambda subject: f"/things/{subject.partition(':')[2]}/",
)


class World:
    """Verbs with the tedious arguments filled in."""

    today = TODAY

    def __init__(self) -> None:
        self.people = houses.staff(houses.ANHE)
        self.heard = _HEARD
        _HEARD.clear()

    def person(self, key: str) -> User:
        """A person as a request would load him, so that what is cached on a user does not outlive a change."""
        return User.objects.get(id=self.people[key].id)

    def hire(self, key: str, *posts: str, roles: tuple[str, ...] = ()) -> User:
        access.furnish(departments=(), posts=[(post, post, post) for post in posts], roles=())
        mail = f"{key}{next(_NUMBERS)}@approval.example"
        user = access.add_user(actor=SYSTEM, email=mail, name=key, password="x", roles=roles, posts=posts)
        self.people[key] = user
        return user

    def publish(self, code: str, bpmn: str) -> Any:
        return services.publish(actor=self.person("sysadmin"), today=TODAY, code=code, bpmn=bpmn, title_zh=code)

    def start(self, key: str = "manager", code: str = "guarantee_review", **more: Any) -> FlowCase:
        facts = {"amount_fen": 400_000_000, "green_channel": False, **more.pop("facts", {})}
        subject = more.pop("subject", f"thing:{next(_NUMBERS)}")
        actor = self.person(key)
        return services.start(actor=actor, today=TODAY, code=code, subject=subject, facts=facts, title="一笔担保", **more)

    def task(self, case: FlowCase, element: str, **more: Any) -> FlowTask:
        return FlowTask.objects.get(case=case, element=element, state="TODO", **more)

    def sign(self, key: str, case: FlowCase, element: str, **more: Any) -> FlowCase:
        task = self.task(case, element, **more.pop("row", {}))
        return services.decide(actor=self.person(key), today=more.pop("today", TODAY), task_id=task.id, **more)

    def open(self, case: FlowCase) -> list[str]:
        rows = FlowTask.objects.filter(case=case, state="TODO").order_by("id")
        return list(dict.fromkeys(rows.values_list("element", flat=True)))

    def states(self, case: FlowCase) -> list[tuple[str, str]]:
        return list(FlowTask.objects.filter(case=case).order_by("id").values_list("element", "state"))

    def todo(self, key: str, today: date = TODAY) -> list[str]:
        """What waits for a person, by element; the number beside “Tasks” says the same."""
        found = [task.element for task in queries.todo(self.person(key), today)]
        assert queries.todo_count(self.person(key), today) == len(found)
        return found

    def said(self, case: FlowCase) -> list[tuple[str, str]]:
        return list(case.opinions.order_by("id").values_list("verdict", "by_label"))


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with inside(houses.house(houses.ANHE)):
        yield World()
