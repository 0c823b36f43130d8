"""A case from start to end: who is asked when, what is skipped, sent back, withdrawn, refused."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured

from kernel.access.actors import Actor
from kernel.approval import queries, services
from kernel.approval.models import FlowCase, FlowTask
from kernel.approval.services import course, rights, signing
from kernel.audit.models import Entry
from kernel.notices import queries as notices
from tests.kernel.approval.sketch import line

SIGNERS = {
    "acceptance": "head",
    "risk": "risk",
    "legal": "legal",
    "chair": "chair",
    "final": "executive",
}


def test_a_large_guarantee_goes_through_everybody(world):
    case = world.start()
    assert world.open(case) == ["acceptance"]
    assert [e for e, state in world.states(case) if state == "COMING"] == ["risk", "legal", "chair", "final"]
    world.sign("head", case, "acceptance", text="资料齐全")
    assert world.open(case) == ["risk", "legal"]
    world.sign("legal", case, "legal")
    assert world.open(case) == ["risk"]
    world.sign("risk", case, "risk")
    world.sign("chair", case, "chair")
    assert world.heard == []
    world.sign("executive", case, "final")
    case.refresh_from_db()
    assert (case.status, case.closed_on) == ("APPROVED", world.today)
    assert world.heard == [("closed", case.subject, "APPROVED", "郑海峰", world.today)]
    # The meeting that larger loans need was spared.
    assert [e for e, state in world.states(case) if state != "DONE"] == ["committee"]
    assert [verdict for verdict, _ in world.said(case)] == ["SUBMIT"] + ["APPROVE"] * 5


def test_every_verb_leaves_one_audit_line(world):
    before = Entry.objects.count()
    case = world.start()
    world.sign("head", case, "acceptance")
    lines = Entry.objects.filter(id__gt=0).order_by("id")[before:]
    assert [(line.act, line.subject) for line in lines] == [
        ("approval.start", case.subject),
        ("approval.decide", case.subject),
    ]


def test_the_green_channel_leaves_rows_that_name_the_rule(world):
    case = world.start(facts={"green_channel": True})
    world.sign("head", case, "acceptance")
    assert world.open(case) == ["risk"]
    world.sign("risk", case, "risk")
    world.sign("executive", case, "final")
    skipped = FlowTask.objects.filter(case=case, state="SKIPPED").order_by("id")
    assert [(t.element, t.rule_zh, t.rule_en) for t in skipped] == [
        ("legal", "绿色通道免法律审查", "Green channel: no legal review"),
        ("chair", "绿色通道免上审保会", "Green channel: no committee"),
        ("committee", "绿色通道免上审保会", "Green channel: no committee"),
    ]


def test_a_small_guarantee_needs_no_committee(world):
    case = world.start(facts={"amount_fen": 300_000_000})
    for element in ("acceptance", "risk", "legal"):
        world.sign(SIGNERS[element], case, element)
    assert world.open(case) == ["final"]
    skipped = FlowTask.objects.filter(case=case, state="SKIPPED").order_by("id").values_list("element", "rule_zh")
    assert list(skipped) == [("chair", "300 万元及以下免上审保会"), ("committee", "300 万元及以下免上审保会")]


def test_facts_given_with_a_signature_count_from_then_on(world):
    case = world.start()
    world.sign("head", case, "acceptance", facts={"amount_fen": 1})
    assert [e for e, state in world.states(case) if state == "COMING"] == ["final"]


def test_a_missing_fact_undoes_the_whole_step(world):
    case = world.start(facts={"amount_fen": None})
    world.sign("head", case, "acceptance")
    world.sign("risk", case, "risk")
    before = (world.states(case), world.said(case))
    with pytest.raises(Exception) as refused:
        world.sign("legal", case, "legal")
    assert refused.value.code == "FACT_MISSING"
    assert (world.states(case), world.said(case)) == before


def test_what_the_listener_raises_undoes_the_step(world):
    case = world.start()
    with pytest.raises(RuntimeError):
        services.decide(
            actor=world.person("head"), today=world.today, task_id=world.task(case, "acceptance").id,
            verdict="REJECT", text="不符合", facts={"explode": True},
        )  # fmt: skip
    case.refresh_from_db()
    assert (case.status, world.open(case)) == ("RUNNING", ["acceptance"])


def test_one_case_per_subject_at_a_time(world):
    case = world.start(subject="thing:77")
    with pytest.raises(signing.CaseRunning):
        world.start(subject="thing:77")
    services.withdraw(actor=world.person("manager"), today=world.today, case_id=case.id)
    assert world.start(subject="thing:77").id != case.id


def test_a_subject_nobody_listens_to_and_a_flow_nobody_published_are_refused(world):
    with pytest.raises(ImproperlyConfigured):
        world.start(subject="mystery:1")
    with pytest.raises(signing.NoFlow):
        world.start(code="unknown")


# --- Who may sign -----------------------------------------------------------------------------------------


def test_only_holders_of_the_post_may_sign(world):
    case = world.start()
    for key in ("risk", "executive", "manager2"):
        with pytest.raises(rights.NotHolder):
            world.sign(key, case, "acceptance")


def test_nobody_approves_his_own_entry(world):
    world.hire("both", "ACCOUNT_MANAGER", "DEPT_HEAD")
    case = world.start("both")
    with pytest.raises(rights.OwnEntry) as refused:
        world.sign("both", case, "acceptance")
    assert refused.value.code == "OWN_ENTRY"
    assert world.todo("both") == []
    world.sign("head", case, "acceptance")


def test_the_author_of_the_subject_counts_as_its_starter(world):
    case = world.start("manager", authors=[world.people["head"].id])
    with pytest.raises(rights.OwnEntry):
        world.sign("head", case, "acceptance")


def test_one_person_signs_one_reviewing_task_of_a_case(world):
    world.hire("jack", "RISK_REVIEWER", "LEGAL_REVIEWER")
    case = world.start()
    world.sign("head", case, "acceptance")
    assert sorted(world.todo("jack")) == ["legal", "risk"]
    world.sign("jack", case, "risk")
    assert world.todo("jack") == []
    with pytest.raises(rights.SameSigner) as refused:
        world.sign("jack", case, "legal")
    assert refused.value.code == "SAME_SIGNER"


def test_a_flow_may_let_one_person_sign_twice(world):
    world.hire("jack", "A", "B")
    world.publish("twice", line("a", 'b zd:distinct="false"'))
    case = world.start(code="twice")
    world.sign("jack", case, "a")
    world.sign("jack", case, "b")
    case.refresh_from_db()
    assert case.status == "APPROVED"


def test_a_closed_task_cannot_be_signed_again(world):
    case = world.start()
    task = world.task(case, "acceptance")
    world.sign("head", case, "acceptance")
    with pytest.raises(Exception) as refused:
        services.decide(actor=world.person("head"), today=world.today, task_id=task.id)
    assert refused.value.code == "TASK_CLOSED"
    with pytest.raises(course.NoSuchCase):
        services.decide(actor=world.person("head"), today=world.today, task_id=0)


def test_rejecting_ends_the_case_and_needs_a_reason(world):
    case = world.start()
    with pytest.raises(course.TextRequired):
        world.sign("head", case, "acceptance", verdict="REJECT", text="  ")
    with pytest.raises(signing.BadVerdict):
        world.sign("head", case, "acceptance", verdict="MAYBE")
    world.sign("head", case, "acceptance", verdict="REJECT", text="行业限制")
    case.refresh_from_db()
    assert case.status == "REJECTED"
    assert world.states(case) == [("submit", "DONE"), ("acceptance", "DONE")]
    assert world.heard[-1][2] == "REJECTED"
    with pytest.raises(course.CaseClosed):
        services.withdraw(actor=world.person("manager"), today=world.today, case_id=case.id)


# --- Back and out -----------------------------------------------------------------------------------------


def back(world, key, case, element, to, text="请补充"):
    return services.send_back(actor=world.person(key), today=world.today, task_id=world.task(case, element).id, to=to, text=text)


def test_returned_to_the_applicant_and_resumed(world):
    case = world.start()
    world.sign("head", case, "acceptance")
    world.sign("risk", case, "risk")
    back(world, "legal", case, "legal", "submit")
    assert world.open(case) == ["submit"]
    assert world.heard == [("returned", case.subject, "submit", "孙雅宁", world.today)]
    assert world.todo("manager") == ["submit"]
    assert world.todo("manager2") == []
    with pytest.raises(rights.NotHolder):
        world.sign("manager2", case, "submit")
    world.sign("manager", case, "submit", text="已补充", facts={"amount_fen": 250_000_000})
    assert world.heard[1:] == [("resumed", case.subject, "林晓彤", world.today)]
    assert world.open(case) == ["acceptance"]
    for element in ("acceptance", "risk", "legal", "final"):
        world.sign(SIGNERS[element], case, element)
    case.refresh_from_db()
    assert case.status == "APPROVED"
    # The removed steps live on in our own tables (trap 8).
    assert [v for v, _ in world.said(case)] == ["SUBMIT", "APPROVE", "APPROVE", "RETURN", "SUBMIT"] + ["APPROVE"] * 4
    assert FlowTask.objects.filter(case=case, element="legal", state="RETURNED").count() == 1


def test_returned_to_one_branch_leaves_the_other_signed(world):
    case = world.start()
    for element in ("acceptance", "risk", "legal"):
        world.sign(SIGNERS[element], case, element)
    back(world, "chair", case, "chair", "risk")
    assert world.open(case) == ["risk"]
    world.sign("risk", case, "risk")
    assert world.open(case) == ["chair"]


def test_returned_from_one_branch_cancels_the_open_other(world):
    case = world.start()
    world.sign("head", case, "acceptance")
    back(world, "risk", case, "risk", "acceptance")
    assert world.open(case) == ["acceptance"]
    assert ("legal", "CANCELLED") in world.states(case)


def test_returns_lead_back_only_and_need_a_reason(world):
    case = world.start()
    world.sign("head", case, "acceptance")
    assert queries.returnable(world.task(case, "risk").id) == [("submit", "申报补正"), ("acceptance", "部门受理")]
    for to in ("legal", "risk", "final", "join", "nowhere"):
        with pytest.raises(signing.BadReturn):
            back(world, "risk", case, "risk", to)
    with pytest.raises(course.TextRequired):
        back(world, "risk", case, "risk", "submit", text="")
    with pytest.raises(rights.NotHolder):
        back(world, "legal", case, "risk", "submit")


def test_the_applicant_withdraws_and_nobody_else(world):
    case = world.start()
    for key in ("manager2", "head"):
        with pytest.raises(rights.NotInvolved):
            services.withdraw(actor=world.person(key), today=world.today, case_id=case.id)
    services.withdraw(actor=world.person("manager"), today=world.today, case_id=case.id, text="客户撤回")
    case.refresh_from_db()
    assert case.status == "WITHDRAWN"
    assert world.open(case) == []
    assert world.heard[-1][2] == "WITHDRAWN"


def test_a_bank_may_start_and_withdraw_its_own(world):
    bank, other = Actor("BANK", "HXYH"), Actor("BANK", "JZYH")
    case = services.start(actor=bank, today=world.today, subject="thing:api", facts={"amount_fen": 1, "green_channel": False})
    assert world.open(case) == ["acceptance"]
    with pytest.raises(rights.NotInvolved):
        services.withdraw(actor=other, today=world.today, case_id=case.id)
    back(world, "head", case, "acceptance", "submit")
    # Nobody here entered it, so any account manager may put it right, and is then its author.
    world.sign("manager2", case, "submit")
    assert list(case.authors.values_list("id", flat=True)) == [world.people["manager2"].id]
    services.withdraw(actor=bank, today=world.today, case_id=case.id)


def test_opening_tells_the_holders(world):
    case = world.start()
    note = notices.of(world.person("head")).first()
    assert note.facts == {"task": "部门受理", "title": "一笔担保"}
    assert note.url == f"/things/{case.subject.partition(':')[2]}/"
    assert note.sentence % note.facts == "“部门受理” waits for you: 一笔担保"
    assert notices.unread(world.person("manager")) == 0


def test_a_task_is_due_when_its_days_are_over(world):
    case = world.start()
    assert world.task(case, "acceptance").due_on == world.today + timedelta(days=2)
    late = queries.running(world.today + timedelta(days=3)).get(id=case.id)
    assert (late.late, late.age, [t.element for t in late.open_tasks]) == (True, 3, ["acceptance"])
    assert not queries.running(world.today + timedelta(days=2)).get(id=case.id).late


def test_cases_of_one_house_are_unknown_in_another(world):
    from registry.tenancy import inside
    from tests.factories import houses

    world.start()
    with inside(houses.house(houses.BOYU)):
        assert FlowCase.objects.count() == 0
