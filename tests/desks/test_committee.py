"""The committee's pages in both faces and both languages (PAR-13, BPM-05, BUS-33, BPM-33)."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from kernel.approval.committee import queries, services
from kernel.approval.committee.models import AgendaItem, Meeting
from kernel.approval.committee.services.ballots import ConditionsOpen
from registry.tenancy import inside
from tenants.guarantees import services as guarantees
from tests.factories.houses import ANHE, BOYU, GROUP, house, staff
from tests.factories.members import make_application, sign_all
from tests.factories.pages import statements
from tests.kernel.approval.meetings import room

SEATS = {
    ANHE: ("legal", ("chair", "head", "risk", "executive", "operations")),
    GROUP: ("secretary", ("chair", "risk2", "legal", "claims_head", "executive")),
}


def convened(code: str, **more: Any) -> AgendaItem:
    """A called item of a meeting of this house, whose room is the tests' own."""
    secretary, members = SEATS[code]
    people, today = staff(code), timezone.localdate()
    told = {"actor": people[secretary], "today": today}
    more = {"place": "第一会议室", "title": "评审例会", **more}
    meeting = services.convene(
        **told, on=today, chair_id=people[members[0]].pk, member_ids=[people[key].pk for key in members], **more
    )
    item = services.put_on_agenda(**told, meeting_id=meeting.pk, subject="matter:1", title="一件待议事项", summary="摘要")
    return services.open_item(**told, item_id=item.pk)


def text(answer: Any) -> str:
    assert answer.status_code == 200, (answer.status_code, answer.headers.get("Location"))
    return answer.content.decode()


@pytest.mark.parametrize("english", [False, True])
@pytest.mark.parametrize("code", [ANHE, GROUP])
def test_every_page_in_both_faces_and_languages(visit, code, english):
    with inside(house(code)):
        item = convened(code)
    secretary, members = SEATS[code]
    member = visit(code, members[1], english=english)
    listed = text(member.get("/meetings/", {"q": ""}))
    assert item.meeting.number in listed and "一件待议事项" in listed
    assert ("Your vote is asked" if english else "请您表决") in listed
    page = text(member.get(f"/meetings/{item.meeting_id}/"))
    assert ("members are there" if english else "法定人数") in page
    page = text(member.get(f"/meetings/agenda/{item.pk}/"))
    assert page.count('name="choice"') == 5 and ("Your vote" if english else "您的表决") in page
    manager = visit(code, secretary, english=english)
    meeting, agenda = f"/meetings/{item.meeting_id}", f"/meetings/agenda/{item.pk}"
    ways = [f"{meeting}/{way}/" for way in ("edit", "agenda", "cancel", "close")]
    ways += [f"{agenda}/{way}/" for way in ("close", "recuse", "papers/add")]
    for path in ("/meetings/new/", f"{agenda}/", *ways):
        text(manager.get(path))


@pytest.mark.parametrize("code", [ANHE, GROUP])
def test_a_meeting_from_the_form_to_its_minutes(visit, code):
    secretary, members = SEATS[code]
    with inside(house(code)):
        people, day = staff(code), timezone.localdate()
    room.HEARD.clear()
    desk = visit(code, secretary)
    form = {
        "rule": "REVIEW" if code == ANHE else "GROUP", "title": "例会", "on": day.isoformat(), "at": "09:30", "place": "会议室",
        "chair_id": people[members[0]].pk, "secretary_id": people[secretary].pk,
        "member_ids": [people[key].pk for key in members], "observer_ids": [],
    }  # fmt: skip
    assert desk.post("/meetings/new/", {**form, "member_ids": [people[members[1]].pk]}).status_code == 422
    assert desk.post("/meetings/new/", form).status_code == 302
    with inside(house(code)):
        meeting = Meeting.objects.get()
        told = {"actor": people[secretary], "today": day}
        item = services.put_on_agenda(**told, meeting_id=meeting.pk, subject="matter:9", title="事项九")
    assert desk.post(f"/meetings/agenda/{item.pk}/call/").status_code == 302
    for key in members:
        voter = visit(code, key)
        assert "投票后" in text(voter.get(f"/meetings/agenda/{item.pk}/")) or key == members[0]
        choice = (
            {"choice": "AGREE_WITH_CONDITIONS", "conditions": "先办抵押\n\n追加保证"}
            if key == members[1]
            else {"choice": "AGREE"}
        )
        assert voter.post(f"/meetings/agenda/{item.pk}/vote/", {**choice, "text": "同意"}).status_code == 302
    assert desk.post(f"/meetings/agenda/{item.pk}/close/", {"discussion": "讨论充分", "conditions": ""}).status_code == 302
    assert room.HEARD[-1][1:3] == ("PASSED_WITH_CONDITIONS", ("先办抵押", "追加保证"))
    page = text(desk.get(f"/meetings/agenda/{item.pk}/"))
    for said in ("附条件通过", "应到委员 5 人", "5 / 5 = 100.0%", "先办抵押", people[members[2]].name):
        assert said in page, said
    assert desk.post(f"/meetings/{meeting.pk}/close/", {"remarks": ""}).status_code == 302
    paper = desk.get(f"/meetings/{meeting.pk}/minutes/")
    assert paper.status_code == 200 and b"".join(paper.streaming_content).startswith(b"%PDF")
    with inside(house(code)):
        condition = queries.open_conditions("matter:9").first()
    assert desk.post(f"/meetings/agenda/{item.pk}/conditions/{condition.pk}/", {"proof": "抵押登记证 1 号"}).status_code == 302
    assert "抵押登记证 1 号" in text(desk.get(f"/meetings/agenda/{item.pk}/"))


def test_the_count_shows_only_after_the_own_vote(visit):
    with inside(house(ANHE)):
        item = convened(ANHE)
        services.vote(actor=staff(ANHE)["chair"], today=timezone.localdate(), item_id=item.pk, choice="AGREE")
    head = visit(ANHE, "head")
    before = text(head.get(f"/meetings/agenda/{item.pk}/"))
    assert "投票后可见计票" in before and "1 / 4" not in before
    head.post(f"/meetings/agenda/{item.pk}/vote/", {"choice": "DISAGREE", "text": ""})
    assert (
        "请说明不同意或续议的理由"
        in head.post(f"/meetings/agenda/{item.pk}/vote/", {"choice": "DISAGREE", "text": ""}).content.decode()
    )
    assert head.post(f"/meetings/agenda/{item.pk}/vote/", {"choice": "DISAGREE", "text": "风险偏高"}).status_code == 302
    assert "2 / 4" in text(head.get(f"/meetings/agenda/{item.pk}/"))
    assert "2 / 4" in text(visit(ANHE, "legal").get(f"/meetings/agenda/{item.pk}/"))  # who runs the meeting sees it


def test_who_does_not_sit_has_no_vote_and_an_observer_sees_his_meeting_only(visit):
    with inside(house(ANHE)):
        item = convened(ANHE, observer_ids=[staff(ANHE)["manager"].pk])
    manager = visit(ANHE, "manager")
    assert 'name="choice"' not in text(manager.get(f"/meetings/agenda/{item.pk}/"))
    assert manager.post(f"/meetings/agenda/{item.pk}/vote/", {"choice": "AGREE"}).status_code == 403
    assert manager.post(f"/meetings/{item.meeting_id}/attend/").status_code == 302
    assert visit(ANHE, "manager2").get(f"/meetings/agenda/{item.pk}/").status_code == 404
    assert visit(ANHE, "manager2").get(f"/meetings/{item.meeting_id}/").status_code == 404
    with inside(house(ANHE)):
        told = {"choice": "AGREE_WITH_CONDITIONS", "conditions": ["暗中的条件"]}
        services.vote(actor=staff(ANHE)["chair"], today=timezone.localdate(), item_id=item.pk, **told)
    shown = manager.get(f"/meetings/agenda/{item.pk}/close/")
    assert shown.status_code == 403 and "暗中的条件" not in shown.content.decode(), "a ballot is seen before the vote is closed"
    assert "暗中的条件" in text(visit(ANHE, "legal").get(f"/meetings/agenda/{item.pk}/close/"))
    refused = manager.post(f"/meetings/agenda/{item.pk}/close/", {"anyway": "on"})
    assert refused.status_code in (302, 403, 422)
    with inside(house(ANHE)):
        assert AgendaItem.objects.get(pk=item.pk).state == "OPEN"
    for other in (BOYU, GROUP):
        assert visit(other, "legal").get(f"/meetings/{item.meeting_id}/").status_code == 404


def test_a_large_guarantee_waits_for_the_secretary_and_goes_on_after_the_meeting(visit):
    """BUS-33: the task of the drawing appears on the committee's page, nobody has a button to sign it."""
    with inside(house(ANHE)):
        people = staff(ANHE)
        made = make_application(state="IN_REVIEW", loan_fen=1_500_000_000, product_code="TECH")
        sign_all(made.subject, until="committee")
    desk = visit(ANHE, "legal")
    assert made.customer.name in text(desk.get("/meetings/", {"q": ""}))
    assert made.number not in text(visit(ANHE, "chair").get("/tasks/", {"q": ""}))
    day = timezone.localdate()
    with inside(house(ANHE)):
        meeting = services.convene(
            actor=people["legal"], today=day, on=day, chair_id=people["chair"].pk,
            member_ids=[people[key].pk for key in SEATS[ANHE][1]],
        )  # fmt: skip
    assert desk.post(f"/meetings/{meeting.pk}/agenda/", {"subject": made.subject, "summary": ""}).status_code == 302
    with inside(house(ANHE)):
        item = AgendaItem.objects.get()
        assert item.authors == [people["manager"].pk]
    desk.post(f"/meetings/agenda/{item.pk}/call/")
    for key in SEATS[ANHE][1]:
        assert visit(ANHE, key).post(f"/meetings/agenda/{item.pk}/vote/", {"choice": "AGREE"}).status_code == 302
    desk.post(f"/meetings/agenda/{item.pk}/close/", {})
    assert made.number in text(visit(ANHE, "executive").get("/tasks/", {"q": ""}))


def test_a_guarantee_passed_on_conditions_is_issued_when_they_are_met(visit):
    """domain.md 7.2, 7.1 step 10: what the committee asked for is noted as met, with its proof, before the guarantee stands."""
    day = timezone.localdate()
    with inside(house(ANHE)):
        people = staff(ANHE)
        made = make_application(state="IN_REVIEW", loan_fen=1_500_000_000, product_code="TECH")
        sign_all(made.subject, until="committee")
        told = {"actor": people["legal"], "today": day}
        ids = [people[key].pk for key in SEATS[ANHE][1]]
        meeting = services.convene(**told, on=day, chair_id=ids[0], member_ids=ids)
        item = services.put_on_agenda(**told, meeting_id=meeting.pk, subject=made.subject)
        services.open_item(**told, item_id=item.pk)
        for key in SEATS[ANHE][1]:
            vote = {"choice": "AGREE_WITH_CONDITIONS", "conditions": ["先办抵押登记"]}
            services.vote(actor=people[key], today=day, item_id=item.pk, **vote)
        (condition,) = services.close_item(**told, item_id=item.pk).conditions.all()
        sign_all(made.subject)
        issuing = {"actor": people["operations"], "today": day, "application_id": made.pk}
        with pytest.raises(ConditionsOpen, match="先办抵押登记"):
            guarantees.issue(**issuing)
    desk = visit(ANHE, "legal")
    assert desk.post(f"/meetings/agenda/{item.pk}/conditions/{condition.pk}/", {"proof": "登记证 1 号"}).status_code == 302
    with inside(house(ANHE)):
        assert guarantees.issue(**issuing).application_id == made.pk


def test_the_list_of_meetings_asks_the_same_number_of_questions(visit):
    with inside(house(ANHE)):
        convened(ANHE)
    client = visit(ANHE, "head")
    few = statements(client, "/meetings/?q=")
    with inside(house(ANHE)):
        people, day = staff(ANHE), timezone.localdate()
        for _ in range(8):
            services.convene(
                actor=people["legal"], today=day, on=day, chair_id=people["chair"].pk, member_ids=[people["chair"].pk]
            )
    assert statements(client, "/meetings/?q=") <= few
