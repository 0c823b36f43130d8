"""Who else is asked: all-sign, any-sign, added and removed signers, hand-over, deputies; urging and copying."""

from datetime import timedelta

import pytest

from kernel.access.permissions import MissingPermission
from kernel.approval import queries, services
from kernel.approval.models import FlowTask
from kernel.approval.services import deputies, moving, rights, signers
from kernel.notices import queries as notices
from tests.kernel.approval.sketch import line

DAY = timedelta(days=1)


def act(verb, world, key, **more):
    return verb(actor=world.person(key), today=more.pop("today", world.today), **more)


def test_all_sign_asks_every_holder_but_the_author(world):
    for name in ("a1", "a2", "a3"):
        world.hire(name, "A")
    world.publish("all", line('a zd:vote="ALL"', "b"))
    world.hire("b", "B")
    case = world.start("a3", code="all")
    assert FlowTask.objects.filter(case=case, element="a", state="TODO").count() == 2
    world.sign("a1", case, "a", row={"assignee": world.people["a1"]})
    assert world.open(case) == ["a"]
    assert world.todo("a1") == []
    world.sign("a2", case, "a")
    assert world.open(case) == ["b"]


def test_a_second_round_of_votes_starts_from_nothing(world):
    for name in ("a1", "a2"):
        world.hire(name, "A")
    world.hire("b", "B")
    world.publish("all", line('a zd:vote="ALL"', "b"))
    case = world.start(code="all")
    for name in ("a1", "a2"):
        world.sign(name, case, "a", row={"assignee": world.people[name]})
    task = world.task(case, "b")
    act(services.send_back, world, "b", task_id=task.id, to="a", text="重新表决")
    assert (world.todo("a1"), world.todo("a2")) == (["a"], ["a"])
    world.sign("a1", case, "a", row={"assignee": world.people["a1"]})
    assert world.open(case) == ["a"]
    world.sign("a2", case, "a")
    assert world.open(case) == ["b"]
    assert FlowTask.objects.filter(case=case, element="a", state="DONE").count() == 4


def test_one_refusal_among_all_ends_the_case(world):
    for name in ("a1", "a2"):
        world.hire(name, "A")
    world.publish("all", line('a zd:vote="ALL"'))
    case = world.start(code="all")
    world.sign("a1", case, "a", row={"assignee": world.people["a1"]}, verdict="REJECT", text="不同意")
    case.refresh_from_db()
    assert case.status == "REJECTED"


def test_any_sign_needs_one_holder(world):
    for name in ("a1", "a2"):
        world.hire(name, "A")
    world.publish("any", line("a", "b"))
    case = world.start(code="any")
    assert world.todo("a1") == world.todo("a2") == ["a"]
    world.sign("a2", case, "a")
    assert world.todo("a1") == []
    assert world.open(case) == ["b"]


def test_all_sign_without_any_holder_lies_with_the_post(world):
    world.publish("all", line('lonely zd:vote="ALL"'))
    case = world.start(code="all")
    world.hire("late", "LONELY")
    world.sign("late", case, "lonely")
    case.refresh_from_db()
    assert case.status == "APPROVED"


def test_an_added_signer_must_agree_too(world):
    case = world.start()
    task = world.task(case, "acceptance")
    row = act(services.add_signer, world, "head", task_id=task.id, signer=world.people["operations"].id, text="请核对")
    assert world.todo("operations") == ["acceptance"]
    assert notices.of(world.person("operations")).first().facts["by"] == "周文博"
    world.sign("head", case, "acceptance", row={"added_by": None})
    assert world.open(case) == ["acceptance"]
    services.decide(actor=world.person("operations"), today=world.today, task_id=row.id)
    assert world.open(case) == ["risk", "legal"]
    assert [v for v, _ in world.said(case)] == ["SUBMIT", "ADD", "APPROVE", "APPROVE"]


def test_removing_the_last_open_signer_carries_the_case_on(world):
    case = world.start()
    task = world.task(case, "acceptance")
    row = act(services.add_signer, world, "head", task_id=task.id, signer=world.people["operations"].id)
    world.sign("head", case, "acceptance", row={"added_by": None})
    with pytest.raises(rights.NotHolder):
        act(services.remove_signer, world, "operations", task_id=row.id)
    act(services.remove_signer, world, "head", task_id=row.id)
    assert world.open(case) == ["risk", "legal"]
    assert world.todo("operations") == []


def test_a_task_keeps_one_signer_of_its_own(world):
    case = world.start()
    task = world.task(case, "acceptance")
    with pytest.raises(signers.LastSigner):
        act(services.remove_signer, world, "sysadmin", task_id=task.id)
    act(services.add_signer, world, "head", task_id=task.id, signer=world.people["operations"].id)
    with pytest.raises(signers.LastSigner):
        act(services.remove_signer, world, "sysadmin", task_id=task.id)


def test_one_person_votes_once_on_a_task(world):
    world.hire("head2", "DEPT_HEAD")
    case = world.start()
    task = world.task(case, "acceptance")
    row = act(services.add_signer, world, "head", task_id=task.id, signer=world.people["head2"].id)
    world.sign("head2", case, "acceptance", row={"id": row.id})
    with pytest.raises(rights.SameSigner):
        world.sign("head2", case, "acceptance", row={"added_by": None})
    assert world.todo("head2") == []
    world.sign("head", case, "acceptance")
    assert world.open(case) == ["risk", "legal"]


def test_only_free_people_can_be_asked(world):
    case = world.start()
    task = world.task(case, "acceptance")

    def ask(key):
        return act(services.add_signer, world, "head", task_id=task.id, signer=world.people[key].id)

    with pytest.raises(rights.OwnEntry):
        ask("manager")
    ask("risk")
    with pytest.raises(signers.AlreadyAsked):
        ask("risk")
    with pytest.raises(rights.NoSuchPerson):
        act(services.add_signer, world, "head", task_id=task.id, signer=0)
    leaver = world.person("legal")
    leaver.is_active = False
    leaver.save()
    with pytest.raises(rights.NoSuchPerson):
        ask("legal")


def test_a_task_handed_over_is_the_new_holders_alone(world):
    case = world.start()
    task = world.task(case, "acceptance")
    act(services.transfer, world, "head", task_id=task.id, to=world.people["operations"].id, text="出差")
    assert (world.todo("head"), world.todo("operations")) == ([], ["acceptance"])
    with pytest.raises(rights.NotHolder):
        world.sign("head", case, "acceptance")
    world.sign("operations", case, "acceptance")
    assert world.open(case) == ["risk", "legal"]


def test_a_task_cannot_be_handed_to_its_author_nor_by_a_stranger(world):
    case = world.start()
    task = world.task(case, "acceptance")
    with pytest.raises(rights.OwnEntry):
        act(services.transfer, world, "head", task_id=task.id, to=world.people["manager"].id)
    with pytest.raises(rights.NotHolder):
        act(services.transfer, world, "risk", task_id=task.id, to=world.people["operations"].id)
    act(services.transfer, world, "sysadmin", task_id=task.id, to=world.people["operations"].id)
    assert world.todo("operations") == ["acceptance"]


# --- Deputies ---------------------------------------------------------------------------------------------


def test_a_deputy_signs_for_the_period_and_in_the_others_name(world):
    case = world.start()
    first, last = world.today + DAY, world.today + 3 * DAY
    act(services.delegate, world, "head", to=world.people["operations"].id, from_on=first, to_on=last)
    assert [world.todo("operations", day) for day in (world.today, first, last, last + DAY)] == [
        [],
        ["acceptance"],
        ["acceptance"],
        [],
    ]
    with pytest.raises(rights.NotHolder):
        world.sign("operations", case, "acceptance", today=last + DAY)
    world.sign("operations", case, "acceptance", today=last)
    opinion = case.opinions.get(verdict="APPROVE")
    assert (opinion.by_label, opinion.behalf_label) == ("王佳琪", "周文博")


def test_the_holder_himself_is_nobodys_deputy(world):
    case = world.start()
    act(services.delegate, world, "head", to=world.people["operations"].id, from_on=world.today, to_on=world.today)
    world.sign("head", case, "acceptance")
    assert case.opinions.get(verdict="APPROVE").behalf is None


def test_a_deputy_cannot_approve_what_either_of_the_two_entered(world):
    world.hire("both", "ACCOUNT_MANAGER", "DEPT_HEAD")
    act(services.delegate, world, "both", to=world.people["operations"].id, from_on=world.today, to_on=world.today)
    case = world.start("both")
    assert world.todo("operations") == []
    with pytest.raises(rights.OwnEntry):
        world.sign("operations", case, "acceptance")
    act(services.delegate, world, "head", to=world.people["manager2"].id, from_on=world.today, to_on=world.today)
    own = world.start("manager2")
    with pytest.raises(rights.OwnEntry):
        world.sign("manager2", own, "acceptance")
    assert world.todo("manager2") == ["acceptance"]
    assert queries.mine(world.person("manager2"), case.subject, world.today).count() == 1


def test_a_deputy_signs_once_for_two_people(world):
    act(services.delegate, world, "risk", to=world.people["operations"].id, from_on=world.today, to_on=world.today)
    act(services.delegate, world, "legal", to=world.people["operations"].id, from_on=world.today, to_on=world.today)
    case = world.start()
    world.sign("head", case, "acceptance")
    world.sign("operations", case, "risk")
    with pytest.raises(rights.SameSigner):
        world.sign("operations", case, "legal")
    assert world.todo("operations") == []


def test_a_deputy_withdraws_for_the_applicant(world):
    case = world.start()
    act(services.delegate, world, "manager", to=world.people["manager2"].id, from_on=world.today, to_on=world.today)
    services.withdraw(actor=world.person("manager2"), today=world.today, case_id=case.id)
    assert case.opinions.get(verdict="WITHDRAW").behalf_label == "林晓彤"


def test_a_delegation_ends_at_once_and_only_by_its_giver(world):
    world.start()
    given = act(services.delegate, world, "head", to=world.people["operations"].id, from_on=world.today, to_on=world.today + DAY)
    with pytest.raises(deputies.NoSuchDelegation):
        act(services.end_delegation, world, "operations", delegation_id=given.id)
    act(services.end_delegation, world, "head", delegation_id=given.id)
    assert world.todo("operations") == []
    assert [d.id for d in queries.deputies(world.person("head"))] == [given.id]


@pytest.mark.parametrize(
    ("to", "start", "length", "error"),
    [
        ("operations", 0, -1, deputies.BadPeriod),
        ("operations", -5, 2, deputies.BadPeriod),
        ("head", 0, 1, deputies.OwnDeputy),
        ("operations", 2, 9, deputies.DeputyNamed),
    ],
)
def test_a_period_must_make_sense(world, to, start, length, error):
    act(services.delegate, world, "head", to=world.people["risk"].id, from_on=world.today + DAY, to_on=world.today + 3 * DAY)
    first = world.today + start * DAY
    with pytest.raises(error):
        act(services.delegate, world, "head", to=world.people[to].id, from_on=first, to_on=first + length * DAY)


# --- Urging, copying, moving ------------------------------------------------------------------------------


def test_the_applicant_urges(world):
    case = world.start()
    task = world.task(case, "acceptance")
    with pytest.raises(rights.NotInvolved):
        act(services.urge, world, "risk", task_id=task.id)
    act(services.urge, world, "manager", task_id=task.id, text="客户急用")
    assert world.task(case, "acceptance").urged_at
    assert notices.of(world.person("head")).first().facts["by"] == "林晓彤"


def test_those_who_take_part_copy_others_in(world):
    case = world.start()
    readers = [world.people["operations"].id, world.people["auditor"].id]
    with pytest.raises(rights.NotInvolved):
        act(services.copy, world, "risk", case_id=case.id, to=readers)
    act(services.copy, world, "head", case_id=case.id, to=[*readers, readers[0]], text="供参考")
    (row,) = queries.copied(world.person("operations"), world.today + DAY)
    assert (row.subject, row.title, row.age, row.by_label) == (case.subject, "一笔担保", 1, "周文博")
    assert world.todo("operations") == []


def test_a_running_case_moves_to_a_new_version_by_an_explicit_act(world):
    for key, post in (("a1", "A"), ("b1", "B"), ("n1", "N"), ("a2", "A")):
        world.hire(key, post)
    world.publish("flow", line('a zd:vote="ALL"', "b"))
    case = world.start(code="flow")
    world.sign("a1", case, "a", row={"assignee": world.people["a1"]})
    world.publish("flow", line('a zd:vote="ALL"', "n", "b"))
    case.refresh_from_db()
    assert case.definition.version == 1
    preview = queries.move_preview(case_id=case.id, version=2)
    assert (preview.open, preview.before, preview.after) == (("a",), ("b",), ("n", "b"))
    with pytest.raises(MissingPermission):
        act(services.move, world, "manager", case_id=case.id, version=2, text="制度变更")
    with pytest.raises(moving.NoSuchVersion):
        act(services.move, world, "sysadmin", case_id=case.id, version=3, text="制度变更")
    act(services.move, world, "sysadmin", case_id=case.id, version=2, text="制度变更")
    # The half-finished vote kept its signature, and the new step comes.
    assert FlowTask.objects.filter(case=case, element="a", state="DONE").count() == 1
    world.sign("a2", case, "a")
    assert world.open(case) == ["n"]
    world.sign("n1", case, "n")
    world.sign("b1", case, "b")
    case.refresh_from_db()
    assert (case.status, case.definition.version) == ("APPROVED", 2)
    assert ("MOVE", "李一鸣") in world.said(case)
