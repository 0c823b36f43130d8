"""What people see: lists of constant cost, the step bar, the position in the drawing; and what the database refuses."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from kernel.approval import queries, services
from kernel.approval.models import FlowDefinition, Opinion
from kernel.approval.services.flows import FlowRejected
from tests.kernel.approval.sketch import SHIPPED, line

LATER = timedelta(days=5)


def test_lists_carry_what_a_table_shows(world):
    case = world.start()
    later = world.today + LATER
    (task,) = queries.todo(world.person("head"), later)
    assert (task.subject, task.title, task.name, task.flow, task.age) == (
        case.subject, "一笔担保", "部门受理", "担保项目审批", 5,
    )  # fmt: skip
    with translation.override("en"):
        (task,) = queries.todo(world.person("head"), later)
        assert (task.name, task.flow) == ("Acceptance by the department", "Guarantee approval")
    assert [t.element for t in queries.coming(world.person("risk"), later)] == ["risk"]
    assert [(c.subject, c.age) for c in queries.started(world.person("manager"), later)] == [(case.subject, 5)]
    world.sign("head", case, "acceptance")
    assert [t.element for t in queries.done(world.person("head"), later)] == ["acceptance"]
    assert list(queries.coming(world.person("risk"), later)) == []


def shown(world) -> dict[str, Callable[[], list]]:
    """Every list with what a table reads from its rows."""
    head, manager, today = world.person("head"), world.person("manager"), world.today
    return {
        "todo": lambda: [(t.name, t.case.started_by.name) for t in queries.todo(head, today)],
        "done": lambda: [(t.name, t.case.started_by.name) for t in queries.done(head, today)],
        "coming": lambda: [(t.name, t.case.started_by.name) for t in queries.coming(head, today)],
        "started": lambda: [(c.name, c.definition.code) for c in queries.started(manager, today)],
        "copied": lambda: [(o.name, o.by.name, o.case.definition.code) for o in queries.copied(head, today)],
        "running": lambda: [(c.name, [t.assignee for t in c.open_tasks]) for c in queries.running(today)],
        "timeline": lambda: [(o.name, o.by.name, o.to) for o in queries.timeline("thing:long")],
    }


def test_a_list_costs_the_same_at_any_length(world):
    def costs() -> dict[str, tuple[int, int]]:
        found = {}
        for name, read in shown(world).items():
            with CaptureQueriesContext(connection) as captured:
                found[name] = (len(read()), len(captured))
        return found

    def more(number: int) -> None:
        to_head = [world.people["head"].id]
        for _ in range(number):
            case = world.start()
            services.copy(actor=world.person("manager"), today=world.today, case_id=case.id, to=to_head)
            world.sign("head", case, "acceptance")
            world.start()
            back = world.start()
            world.sign("head", back, "acceptance")
            task = world.task(back, "risk")
            services.send_back(actor=world.person("risk"), today=world.today, task_id=task.id, to="submit", text="x")
        case = queries.case_of("thing:long") or world.start(subject="thing:long")
        for _ in range(number):
            services.copy(actor=world.person("manager"), today=world.today, case_id=case.id, to=[world.people["risk"].id])

    more(1)
    few = costs()
    more(3)
    for name, (rows, statements) in costs().items():
        assert rows > few[name][0], name
        assert statements == few[name][1], name


def test_steps_and_position(world):
    case = world.start(facts={"green_channel": True})
    world.sign("head", case, "acceptance")
    bar = [(step.element, step.state, step.by) for step in queries.steps(case.subject)]
    assert bar == [
        ("submit", "DONE", "林晓彤"),
        ("acceptance", "DONE", "周文博"),
        ("risk", "NOW", ""),
        ("legal", "SKIPPED", ""),
        ("final", "COMING", ""),
    ]
    where = queries.position(case.id)
    assert (where.done, where.active, where.coming, where.skipped) == (
        ("submit", "acceptance"), ("risk",), ("final",), ("legal",),
    )  # fmt: skip
    assert where.holders == {"risk": "风控经理"}
    assert where.bpmn == SHIPPED
    assert queries.steps("thing:none") == []


def test_a_returned_case_shows_its_way_again(world):
    case = world.start()
    world.sign("head", case, "acceptance")
    services.send_back(
        actor=world.person("risk"), today=world.today, task_id=world.task(case, "risk").id, to="submit", text="缺报表"
    )
    bar = [(step.element, step.state) for step in queries.steps(case.subject)]
    assert bar[:4] == [("submit", "NOW"), ("acceptance", "COMING"), ("risk", "COMING"), ("legal", "COMING")]
    assert queries.position(case.id).holders == {"submit": "林晓彤"}


def test_a_rejected_case_shows_where(world):
    case = world.start()
    world.sign("head", case, "acceptance", verdict="REJECT", text="行业限制")
    assert [(s.element, s.state) for s in queries.steps(case.subject)] == [("submit", "DONE"), ("acceptance", "REJECTED")]
    assert [o.name for o in queries.timeline(case.subject)] == ["申报补正", "部门受理"]


# --- Definitions ------------------------------------------------------------------------------------------


def test_new_cases_use_the_new_version_and_running_ones_the_old(world):
    world.publish("flow", line("a", "b"))
    old = world.start(code="flow")
    world.publish("flow", line("n"))
    new = world.start(code="flow")
    assert (world.open(old), world.open(new)) == (["a"], ["n"])
    assert [(d.version, d.status, d.running) for d in queries.definitions().filter(code="flow")] == [
        (2, "PUBLISHED", 1),
        (1, "RETIRED", 1),
    ]
    assert queries.definition("flow").version == 2
    assert queries.definition("flow", 1).bpmn == line("a", "b")


def test_a_draft_becomes_the_next_version(world):
    sysadmin = world.person("sysadmin")
    kept = {"actor": sysadmin, "today": world.today, "code": "flow"}
    services.draft(**kept, bpmn=line("a"), title_zh="流程", title_en="Flow")
    services.draft(**kept, bpmn=line("a", "b"), title_zh="流程", title_en="Flow")
    assert FlowDefinition.objects.filter(code="flow").count() == 1
    published = services.publish(**kept, bpmn=line("a", "c"))
    assert (published.version, published.title_en, published.status) == (1, "Flow", "PUBLISHED")
    assert services.publish(**kept, bpmn=line("a")).title_zh == "流程"


def test_a_drawing_with_mistakes_is_not_published(world):
    with pytest.raises(FlowRejected) as refused:
        world.publish("flow", line('a zd:post=""'))
    assert [(f.code, f.element) for f in refused.value.findings] == [("MISSING_POST", "a")]
    assert str(refused.value) == "The drawing cannot be published: it has 1 mistakes."
    assert not FlowDefinition.objects.filter(code="flow").exists()


def test_furnishing_twice_changes_nothing(world):
    before = list(FlowDefinition.objects.values())
    services.furnish()
    assert list(FlowDefinition.objects.values()) == before
    assert ("guarantee_review", 1, "PUBLISHED") in [(row["code"], row["version"], row["status"]) for row in before]


@pytest.mark.parametrize(
    "change",
    [
        {"bpmn": "other"},
        {"title_zh": "x"},
        {"version": 9},
        {"status": "DRAFT"},
        {"status": "RETIRED", "bpmn": "other"},
    ],
)
def test_the_database_refuses_to_change_a_published_version(world, change):
    published = FlowDefinition.objects.filter(code="guarantee_review", status="PUBLISHED")
    with pytest.raises(IntegrityError, match="is published"), transaction.atomic():
        published.update(**change)
    with pytest.raises(IntegrityError, match="is published"), transaction.atomic():
        connection.cursor().execute("DELETE FROM approval_flowdefinition")
    assert published.update(status="RETIRED") == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        FlowDefinition.objects.filter(code="guarantee_review").update(status="PUBLISHED")


def test_the_database_refuses_to_change_what_was_said(world):
    case = world.start()
    with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
        Opinion.objects.filter(case=case).update(text="never said")
    with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
        connection.cursor().execute("DELETE FROM approval_opinion")


def test_the_state_is_text(world):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT data_type FROM information_schema.columns"
            " WHERE table_name = 'approval_flowcase' AND column_name = 'state' AND table_schema = current_schema()"
        )
        assert cursor.fetchall() == [("text",)]


def test_a_state_through_jsonb_would_come_back_shuffled(world):
    """Why: the keys that hold the tasks come back in another order, and the engine reads parents first (trap 1)."""
    import json

    case = world.start()
    with connection.cursor() as cursor:
        cursor.execute("SELECT state::jsonb::text, state FROM approval_flowcase WHERE id = %s", [case.id])
        shuffled, kept = (list(json.loads(text)["tasks"]) for text in cursor.fetchone())
    assert sorted(shuffled) == sorted(kept)
    assert shuffled != kept
