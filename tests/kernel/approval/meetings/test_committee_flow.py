"""A flow's committee task is closed by the meeting; the meeting leaves minutes; two who act at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

import pytest

from kernel.approval import queries as approvals
from kernel.approval import services as approval
from kernel.approval.committee import minutes, services
from kernel.approval.committee.models import Ballot, Decision, Meeting
from kernel.approval.committee.services import agenda
from kernel.approval.drawing.lint import lint
from kernel.approval.drawing.reading import read
from kernel.approval.models import FlowTask
from kernel.approval.services import rights, signing
from kernel.documents import queries as documents
from kernel.documents import services as store
from kernel.flow import WrongState
from kernel.notices import queries as notices
from registry.tenancy import inside
from tests.factories import houses
from tests.kernel.approval.conftest import World
from tests.kernel.approval.meetings.room import HEARD, SEATS, Room
from tests.kernel.approval.sketch import SHIPPED, line
from tests.kernel.approval.test_together import at_once

LARGE = {"amount_fen": 1_200_000_000}


def waiting(room: Room):
    """A large guarantee that waits for the committee, and its case."""
    case = room.world.start(facts=LARGE)
    for key, element in (("head", "acceptance"), ("risk", "risk"), ("legal", "legal")):
        room.world.sign(key, case, element)
    assert room.world.open(case) == ["committee"]
    return case


def test_nobody_signs_what_a_meeting_decides(room):
    """BUS-33, BPM-05: above proc.committee.from_fen the task waits for a meeting; no signature, no hand-over closes it."""
    case, world = waiting(room), room.world
    task = world.task(case, "committee")
    assert (task.meeting, task.post) == ("REVIEW", "COMMITTEE_SECRETARY")
    assert "waits for a meeting" in notices.of(world.person("legal")).first().sentence
    for key in ("chair", "executive", "legal"):
        assert not approvals.todo(world.person(key), world.today).filter(case=case).exists()
        with pytest.raises(rights.MeetingDecides):
            world.sign(key, case, "committee")
    with pytest.raises(rights.MeetingDecides):
        approval.send_back(actor=world.person("legal"), today=world.today, task_id=task.id, to="risk", text="x")
    with pytest.raises(rights.MeetingDecides):
        approval.transfer(actor=world.person("sysadmin"), today=world.today, task_id=task.id, to=world.people["chair"].id)
    with pytest.raises(signing.BadVerdict):
        final = world.start()
        signing.conclude(
            actor=world.person("legal"), today=world.today, task_id=world.task(final, "acceptance").id, verdict="APPROVE"
        )


def test_the_amount_from_which_a_meeting_decides_is_a_parameter(room):
    """proc.committee.from_fen: below it the chair signs; an institution sets its own amount, and a running case keeps the old."""
    from kernel.parameters import services as parameters

    world = room.world
    assert [t for t, state in world.states(world.start()) if state == "COMING"] == ["risk", "legal", "chair", "final"]
    told = {"today": world.today, "key": "proc.committee.from_fen"}
    row = parameters.propose(actor=world.person("risk"), **told, value="350000000", effective_from=world.today)
    parameters.decide(actor=world.person("executive"), today=world.today, value_id=row.pk, approve=True)
    assert [t for t, state in world.states(world.start()) if state == "COMING"] == ["risk", "legal", "committee", "final"]


def test_passed_goes_on_to_the_final_signature(room):
    case = waiting(room)
    item = room.item(subject=case.subject, title="")
    assert (item.title, item.authors) == ("一笔担保", room.ids("manager"))
    room.all_vote(item, but={"risk": "AGREE_WITH_CONDITIONS"})
    room.close(item)
    assert room.world.open(case) == ["final"]
    opinion = approvals.timeline(case.subject).last()
    assert (opinion.by, opinion.by_label) == (None, f"SYSTEM:审保会 {item.meeting.number}")
    assert opinion.text == "审保会通过，附条件：追加连带责任保证"
    room.world.sign("executive", case, "final")
    assert room.world.heard[-1][2] == "APPROVED"
    assert HEARD == []  # no room asked to hear of the committee itself


@pytest.mark.parametrize("choice", ["DISAGREE"])
def test_rejected_ends_the_case(room, choice):
    case = waiting(room)
    item = room.item(subject=case.subject)
    room.all_vote(item, choice, but={"chair": "AGREE"})
    assert room.close(item).outcome == "REJECTED"
    case.refresh_from_db()
    assert case.status == "REJECTED" and room.world.heard[-1][2] == "REJECTED"


def test_deferred_leaves_it_waiting_for_a_next_meeting(room):
    case = waiting(room)
    item = room.item(subject=case.subject)
    room.all_vote(item, "DEFER")
    assert room.close(item).outcome == "DEFERRED"
    assert room.world.open(case) == ["committee"]
    again = room.item(subject=case.subject)
    room.all_vote(again)
    room.close(again)
    assert room.world.open(case) == ["final"]


def test_a_case_sent_back_comes_before_the_committee_again(room):
    case = waiting(room)
    item = room.item(subject=case.subject)
    room.all_vote(item)
    room.close(item)
    task = room.world.task(case, "final")
    approval.send_back(actor=room.world.person("executive"), today=room.world.today, task_id=task.id, to="committee", text="再议")
    assert room.world.open(case) == ["committee"]
    again = room.item(subject=case.subject)
    room.all_vote(again)
    assert room.close(again).outcome == "PASSED"


def test_another_committee_is_refused(room):
    room.world.publish("other", line('c zd:meeting="BOARD"', "d"))
    case = room.world.start(code="other")
    with pytest.raises(agenda.NotForThisCommittee):
        room.item(subject=case.subject)


def test_a_withdrawn_case_leaves_nothing_to_decide(room):
    """The case was taken back while its item was being voted: the decision stands in the minutes and moves nothing."""
    case = waiting(room)
    item = room.item(subject=case.subject)
    approval.withdraw(actor=room.world.person("manager"), today=room.world.today, case_id=case.id, text="客户撤回")
    room.all_vote(item)
    room.close(item)
    case.refresh_from_db()
    assert case.status == "WITHDRAWN"


def test_a_case_that_is_moved_waits_for_the_meeting_of_its_new_version(room):
    """BPM-05: what a committee decides in the version a case is moved to is signed by nobody alone, also if it was open."""
    world = room.world
    world.publish("small", line('c zd:post="DEPT_HEAD"'))
    case = world.start(code="small", facts={})
    assert world.task(case, "c").meeting == ""
    world.publish("small", line('c zd:post="COMMITTEE_SECRETARY" zd:meeting="REVIEW"'))
    moving = {"actor": world.person("sysadmin"), "today": world.today, "case_id": case.pk, "version": 2, "text": "改由审保会决定"}
    approval.move(**moving)
    with pytest.raises(rights.MeetingDecides):
        world.sign("head", case, "c")
    item = room.item(subject=case.subject)
    room.all_vote(item)
    assert room.close(item).outcome == "PASSED"
    case.refresh_from_db()
    assert case.status == "APPROVED"


@pytest.mark.parametrize("attributes", ['zd:meeting="review"', 'zd:meeting="REVIEW" zd:vote="ALL"'])
def test_a_wrong_committee_task_is_not_published(attributes):
    assert "BAD_PROPERTY" in {finding.code for finding in lint(read(line(f"c {attributes}", "d")))}
    assert lint(read(SHIPPED)) == []


def test_the_minutes_hold_what_was_said_and_decided(room):
    """PAR-13, BPM-33: each member's view in the minutes; a PDF of the house's store with its digest, in Chinese."""
    meeting = room.convene(observer_ids=room.ids("manager"), place="第一会议室")
    item = room.item(meeting, title="江城样例有限公司 流动资金担保", authors=room.ids("head"))
    room.vote(item, chair="AGREE", risk="AGREE_WITH_CONDITIONS", executive="AGREE", operations="AGREE")
    room.close(item, discussion="各委员就第一还款来源进行了讨论。")
    row = services.close_meeting(**room.told(), meeting_id=meeting.pk, remarks="下次会议另行通知。", house="安和融资担保有限公司")
    (kept,) = documents.of(meeting.subject)
    _, stream = store.fetch(subject=meeting.subject, document_id=row.document_id)
    data = stream.read()
    assert data.startswith(b"%PDF") and hashlib.sha256(data).hexdigest() == row.sha256 == kept.sha256
    meeting = Meeting.objects.get(pk=meeting.pk)
    told = {"remarks": "下次会议另行通知。", "house": "安和融资担保有限公司"}
    assert minutes.paper(meeting, **told) == data  # equal input, equal bytes
    text = words(minutes.paper(meeting, **told, compressed=False))
    for said in ("审保会会议纪要", "安和融资担保有限公司", meeting.number, "江城样例有限公司流动资金担保", "追加连带责任保证",
                 "决议：附条件通过", "吴国栋", "回避：周文博", "下次会议另行通知", "4/5"):  # fmt: skip
        assert said in text, said
    assert re.search(r"第1页/共\d页", text)


def test_the_minutes_say_which_ballot_was_not_counted(room):
    """7.2: whoever is made to leave after he voted is not silently left out: his ballot stands there as not counted."""
    item = room.item()
    room.all_vote(item, but={"head": "DISAGREE"})
    services.recuse(**room.told(), item_id=item.pk, person_id=room.ids("head")[0], reason="关联方")
    room.close(item)
    text = words(minutes.paper(Meeting.objects.get(pk=item.meeting_id), remarks="", house="", compressed=False))
    assert "回避：周文博（关联方）" in text
    assert text.count("（回避，不计票）") == 1 and "同意（回避" not in text.replace("不同意（回避", "")


def words(pdf: bytes) -> str:
    """The text of an uncompressed PDF set in a UCS-2 font, without spaces and line breaks."""
    found = []
    for raw in re.findall(rb"\(((?:\\.|[^\\()])*)\) Tj", pdf, re.S):
        plain = re.sub(
            rb"\\([0-7]{3}|.)", lambda m: bytes([int(m[1], 8)]) if len(m[1]) == 3 else {b"n": b"\n", b"r": b"\r", b"t": b"\t",
            b"b": b"\b", b"f": b"\f"}.get(m[1], m[1]), raw, flags=re.S,
        )  # fmt: skip
        found.append(plain.decode("utf-16-be", "replace") if len(plain) % 2 == 0 else "")
    return re.sub(r"\s", "", "".join(found))


@pytest.fixture
def open_room(fresh_database: None) -> Iterator[Room]:
    with inside(houses.house(houses.ANHE)):
        yield Room(World())


def test_two_close_at_once_and_one_hears_it(open_room):
    item = open_room.item()
    open_room.all_vote(item)
    actors = [open_room.world.person("legal"), open_room.world.person("chair")]
    today = open_room.world.today
    acts = [lambda actor=actor: services.close_item(actor=actor, today=today, item_id=item.pk) for actor in actors]
    results = at_once(acts)
    assert sum(isinstance(r, Decision) for r in results) == 1
    assert sum(isinstance(r, WrongState) for r in results) == 1
    assert len(HEARD) == 1 and Decision.objects.count() == 1


def test_votes_at_once_are_all_kept_and_each_person_has_one(open_room):
    """Five members vote twice each at the same moment: ten ballots in the log, five that count."""
    item, today = open_room.item(), open_room.world.today
    people = [open_room.world.person(key) for key in SEATS for _ in range(2)]
    acts = [lambda actor=actor: services.vote(actor=actor, today=today, item_id=item.pk, choice="AGREE") for actor in people]
    assert all(isinstance(r, Ballot) for r in at_once(acts))
    assert Ballot.objects.filter(item=item).count() == 10
    decision = open_room.close(item)
    assert (decision.present, decision.agree) == (5, 5)


def test_a_vote_against_the_close_is_counted_or_refused(open_room):
    item, today = open_room.item(), open_room.world.today
    open_room.vote(item, chair="AGREE", head="AGREE", risk="AGREE", executive="AGREE")
    late, secretary = open_room.world.person("operations"), open_room.world.person("legal")
    results = at_once(
        [
            lambda: services.vote(actor=late, today=today, item_id=item.pk, choice="AGREE"),
            lambda: services.close_item(actor=secretary, today=today, item_id=item.pk),
        ]
    )
    decision = Decision.objects.get()
    assert decision.present == (5 if isinstance(results[0], Ballot) else 4)


def test_one_matter_on_two_agendas_at_once(open_room):
    first, second, today = open_room.convene(), open_room.convene(), open_room.world.today
    actor = open_room.world.person("legal")
    acts = [
        lambda pk=pk: services.put_on_agenda(actor=actor, today=today, meeting_id=pk, subject="matter:7", title="同一事项")
        for pk in (first.pk, second.pk)
    ]
    results = at_once(acts)
    assert sum(isinstance(r, agenda.AlreadyOnAgenda) for r in results) == 1
    assert FlowTask.objects.count() == 0
