"""Verbs at random: no task is lost, the rows are what the engine says, lists show what may be signed, cases end."""

import random
from datetime import timedelta

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.access.models import User
from kernel.approval import engine, queries, services
from kernel.approval.models import FlowCase, FlowTask, Opinion
from kernel.approval.services import course
from kernel.errors import DomainError
from tests.kernel.approval.sketch import CIRCLE, DEFAULT, bpmn

POSTS = ("A", "B", "C", "D")
PARALLEL_VOTE = bpmn(
    {"s": "S", "a": 'T zd:entry="true"', "p": "P", "b": 'T zd:vote="ALL"', "c": "T", "j": "P", "x": "X", "d": "T", "m": "X",
     "e": "E"},
    [("s", "a"), ("a", "p"), ("p", "b"), ("p", "c"), ("b", "j"), ("c", "j"), ("j", "x"), ("x", "d", "large == true"),
     ("x", "m", DEFAULT), ("d", "m"), ("m", "e")],
)  # fmt: skip
SEATS = {"w0": "A", "w1": "A", "w2": "B", "w3": "B", "w4": "C", "w5": "C", "w6": "D", "w7": "D", "w8": "B"}


class Walk:
    """One case, moved about by people who try what they like."""

    def __init__(self, world, rng: random.Random, code: str) -> None:
        self.world, self.rng, self.day = world, rng, world.today
        facts = {"again": rng.random() < 0.3, "large": rng.random() < 0.5}
        self.case = world.start(rng.choice(["w0", "w1", "manager"]), code=code, facts=facts)
        self.returns, self.forwards = 3, 0

    def anyone(self) -> User:
        return self.world.person(self.rng.choice(list(SEATS)))

    def step(self, calm: bool) -> None:
        task = self.rng.choice(list(FlowTask.objects.filter(case=self.case, state="TODO")))
        choice = (
            "decide" if calm else self.rng.choices(["decide", "back", "transfer", "add", "remove", "odd"], [8, 3, 2, 2, 1, 2])[0]
        )
        actor = self.anyone()
        common = {"today": self.day, "task_id": task.id}
        try:
            with transaction.atomic():
                if choice == "back" and self.returns and (ways := queries.returnable(task.id)):
                    self.returns -= 1
                    services.send_back(actor=actor, to=self.rng.choice(ways)[0], text="再看", **common)
                elif choice == "transfer":
                    services.transfer(actor=actor, to=self.anyone().id, **common)
                elif choice == "add":
                    services.add_signer(actor=actor, signer=self.anyone().id, **common)
                elif choice == "remove":
                    services.remove_signer(actor=actor, **common)
                elif choice == "odd":
                    period = {"from_on": self.day, "to_on": self.day + timedelta(days=1)}
                    services.delegate(actor=actor, today=self.day, to=self.anyone().id, **period)
                else:
                    services.decide(actor=actor, facts={"again": False} if calm else None, **common)
        except DomainError:
            pass  # trying what is not allowed is part of the walk; the check afterwards sees that nothing moved
        self.case.refresh_from_db()

    def force(self) -> None:
        """Bring the case to its end by those who may, or by handing over to somebody new."""
        task = FlowTask.objects.filter(case=self.case, state="TODO").order_by("id")[0]
        self.forwards += 1
        fresh = self.world.hire(f"fresh{self.forwards}")
        services.transfer(actor=self.world.person("sysadmin"), today=self.day, task_id=task.id, to=fresh.id)
        services.decide(actor=fresh, today=self.day, task_id=task.id, facts={"again": False})
        self.case.refresh_from_db()

    def check(self) -> None:
        case = self.case
        todo = list(FlowTask.objects.filter(case=case, state="TODO"))
        if case.status != "RUNNING":
            assert not todo
            assert not FlowTask.objects.filter(case=case, state="COMING").exists()
            return
        drawing = course.drawing_of(case)
        assert sorted({task.element for task in todo}) == sorted(engine.open_tasks(drawing, case.state))
        for task in todo:
            assert task.round == max(t.round for t in FlowTask.objects.filter(case=case, element=task.element))
            task.case = case
            assert not course.is_voted(task)
        coming = set(FlowTask.objects.filter(case=case, state="COMING").values_list("element", flat=True))
        assert not coming & {task.element for task in todo}
        signed = Opinion.objects.filter(case=case, verdict__in=("APPROVE", "REJECT", "SUBMIT"), task__isnull=False)
        assert signed.count() == FlowTask.objects.filter(case=case, state="DONE").count()

    def check_lists(self) -> None:
        """What the list offers is exactly what the verb accepts."""
        for key in self.rng.sample(list(SEATS), 4):
            person = self.world.person(key)
            offered = set(queries.todo(person, self.day).filter(case=self.case).values_list("id", flat=True))
            accepted = set()
            for task in FlowTask.objects.filter(case=self.case, state="TODO"):
                try:
                    with transaction.atomic():
                        services.decide(actor=person, today=self.day, task_id=task.id)
                        accepted.add(task.id)
                        transaction.set_rollback(True)
                except DomainError:
                    pass
            assert offered == accepted


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9))
def test_any_walk_keeps_every_task_and_ends(world, seed):
    rng = random.Random(seed)
    with transaction.atomic():
        for key, post in SEATS.items():
            world.hire(key, post)
        world.publish("circle", CIRCLE)
        world.publish("vote", PARALLEL_VOTE)
        walk = Walk(world, rng, rng.choice(["circle", "vote"]))
        for turn in range(40):
            walk.check()
            if walk.case.status != "RUNNING":
                break
            if turn in (3, 9):
                walk.check_lists()
            walk.step(calm=turn > 20)
        for _ in range(30):
            if walk.case.status != "RUNNING":
                break
            walk.force()
            walk.check()
        assert walk.case.status == "APPROVED"
        assert world.heard[-1][:3] == ("closed", walk.case.subject, "APPROVED")
        assert FlowCase.objects.get(id=walk.case.id).closed_on == walk.day
        transaction.set_rollback(True)
