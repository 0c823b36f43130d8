"""Meetings of a committee (domain.md 7.2): who may do what, and what becomes of a matter."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from kernel.access.permissions import MissingPermission
from kernel.approval.committee import queries, rules, services
from kernel.approval.committee.models import AgendaItem, Ballot, CommitteeRule, Decision, Meeting, Recusal, Seat
from kernel.approval.committee.services import access, agenda, ballots, closing, convening, recusals
from kernel.audit.models import Entry
from kernel.flow import WrongState
from kernel.notices import queries as notices
from registry.tenancy import inside
from tests.factories import houses
from tests.kernel.approval.meetings.room import HEARD, SEATS


def test_a_matter_from_summons_to_decision(room):
    """PAR-13, BPM-05: meeting with members, agenda, named votes, quorum, decision; its room is told in the same transaction."""
    meeting = room.convene(title="第一次会议", place="会议室", observer_ids=room.ids("manager"))
    assert (meeting.state, meeting.number[:3]) == ("CONVENED", "SBH")
    summons = notices.of(room.world.person("head")).first()
    assert (summons.facts["number"], summons.url) == (meeting.number, f"/meetings/{meeting.pk}/")
    item = room.item(meeting)
    meeting.refresh_from_db()
    assert (meeting.state, item.state) == ("OPEN", "OPEN")
    room.all_vote(item)
    decision = room.close(item)
    assert (decision.outcome, decision.members, decision.quorum, decision.present, decision.agree) == ("PASSED", 5, 4, 5, 5)
    assert [(item.subject, "PASSED", (), "孙雅宁", room.world.today)] == HEARD
    acts = list(Entry.objects.filter(subject=meeting.subject).order_by("id").values_list("act", flat=True))
    assert acts == ["committee.convene", "committee.put_on_agenda", "committee.open_item", *["committee.vote"] * 5,
                    "committee.close_item"]  # fmt: skip


def test_who_convenes_and_who_runs(room):
    world = room.world
    with pytest.raises(MissingPermission):
        services.convene(**room.told("manager"), on=world.today, chair_id=1, member_ids=[1])
    with pytest.raises(convening.NotEnoughMembers):
        room.convene(secretary_id=world.people["chair"].id)
    with pytest.raises(convening.NotEnoughMembers):
        services.convene(**room.told(), on=world.today, chair_id=world.people["manager"].id, member_ids=room.ids("head"))
    item = room.item()
    with pytest.raises(MissingPermission):
        services.close_item(**room.told("head"), item_id=item.pk)
    room.all_vote(item)
    assert services.close_item(**room.told("chair"), item_id=item.pk).outcome == "PASSED"  # the chair may


def test_conditions_follow_the_matter(room):
    item = room.item()
    room.all_vote(item, but={"risk": "AGREE_WITH_CONDITIONS", "head": "AGREE_WITH_CONDITIONS"})
    decision = room.close(item)
    assert decision.outcome == "PASSED_WITH_CONDITIONS"
    assert HEARD[0][2] == ("追加连带责任保证",)  # asked for twice, said once
    (condition,) = decision.conditions.all()
    with pytest.raises(ballots.ReasonNeeded):
        services.fulfil(**room.told(), condition_id=condition.pk, proof=" ")
    met = services.fulfil(**room.told(), condition_id=condition.pk, proof="保证合同 BZ-1")
    assert (met.met_on, met.met_by, met.proof) == (room.world.today, "孙雅宁", "保证合同 BZ-1")


def test_what_was_asked_for_holds_the_next_step_until_it_is_met(room):
    """7.2, 7.1 step 10: the conditions of the decision that settled a matter guard what comes after it."""
    subject = room.item(called=False).subject
    services.check_conditions(subject=subject)  # nothing is settled yet
    item = AgendaItem.objects.get(subject=subject)
    services.open_item(**room.told(), item_id=item.pk)
    room.all_vote(item, but={"risk": "AGREE_WITH_CONDITIONS"})
    decision = room.close(item, conditions=["先办抵押", "再放款"])
    first, second = decision.conditions.all()
    services.fulfil(**room.told(), condition_id=first.pk, proof="登记证 1 号")
    with pytest.raises(ballots.ConditionsOpen) as refused:
        services.check_conditions(subject=subject)
    assert "再放款" in str(refused.value) and "先办抵押" not in str(refused.value)
    assert item.meeting.number in str(refused.value)
    services.fulfil(**room.told(), condition_id=second.pk, proof="放款通知书")
    services.check_conditions(subject=subject)


def test_only_ballots_that_count_ask_for_conditions(room):
    """7.2: a condition of a ballot that was replaced, or of a member who left, is not the meeting's."""
    item = room.item()
    room.vote(item, chair="AGREE", executive="AGREE", operations="AGREE_WITH_CONDITIONS")
    for key, asked in (("risk", "甲"), ("head", "乙")):
        told = {"choice": "AGREE_WITH_CONDITIONS", "conditions": [asked]}
        services.vote(**room.told(key), item_id=item.pk, **told)
    room.vote(item, risk="AGREE")
    services.recuse(**room.told("head"), item_id=item.pk, reason="关联方")
    assert queries.asked_conditions(item) == ["追加连带责任保证"]
    room.close(item)
    assert HEARD[-1][2] == ("追加连带责任保证",)


def test_papers_stay_as_the_members_had_them(room):
    """A paper that comes after the vote would look as if the members had read it."""
    item = room.item()
    told = {**room.told(), "item_id": item.pk, "name": "材料.pdf"}
    services.add_paper(**told, file=io.BytesIO(b"%PDF-1.4 x"))
    with pytest.raises(MissingPermission):
        services.add_paper(**{**told, **room.told("head")}, file=io.BytesIO(b"%PDF-1.4 x"))
    room.all_vote(item)
    room.close(item)
    with pytest.raises(agenda.Voted):
        services.add_paper(**told, file=io.BytesIO(b"%PDF-1.4 y"))


def test_the_meeting_words_the_conditions(room):
    item = room.item()
    room.all_vote(item, but={"risk": "AGREE_WITH_CONDITIONS"})
    with pytest.raises(ballots.ConditionsMissing):
        room.close(item, conditions=[" "])
    room.close(item, conditions=["先办抵押", "再放款"])
    assert HEARD[-1][2] == ("先办抵押", "再放款")


def test_a_condition_must_be_named_and_allowed(room):
    item = room.item()
    with pytest.raises(ballots.ConditionsMissing):
        services.vote(**room.told("head"), item_id=item.pk, choice="AGREE_WITH_CONDITIONS")
    room.rule(conditional=False)
    strict = room.item()
    with pytest.raises(ballots.BadChoice):
        services.vote(**room.told("head"), item_id=strict.pk, choice="AGREE_WITH_CONDITIONS", conditions=["x"])
    with pytest.raises(ballots.BadChoice):
        services.vote(**room.told("head"), item_id=strict.pk, choice="MAYBE")
    with pytest.raises(ballots.ReasonNeeded):
        services.vote(**room.told("head"), item_id=strict.pk, choice="DISAGREE")


def test_a_changed_vote_replaces_the_first_and_leaves_it_in_the_log(room):
    item = room.item()
    room.all_vote(item, but={"chair": "AGREE", "head": "DISAGREE"})
    room.vote(item, head="AGREE")
    assert list(item.ballots.filter(name="周文博").values_list("nth", "choice")) == [(1, "DISAGREE"), (2, "AGREE")]
    decision = room.close(item)
    assert (decision.agree, decision.disagree, decision.present) == (5, 0, 5)
    with pytest.raises(ballots.NotCalled):
        room.vote(item, head="DISAGREE")


@pytest.mark.parametrize("table", ["approval_ballot", "approval_decision", "approval_committeerule"])
def test_ballots_decisions_and_rules_cannot_be_changed_by_sql(room, table):
    item = room.item()
    room.all_vote(item)
    room.close(item)
    for statement in (f"update {table} set id = id", f"delete from {table}"):
        with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_observers_speak_and_do_not_vote(room):
    """7.2: observers (列席) have no vote; whoever is named as both is one member with one vote."""
    meeting = room.convene(observer_ids=room.ids("manager2", "head"))
    item = room.item(meeting)
    assert Seat.objects.get(meeting=meeting, person_id=room.ids("head")[0]).kind == "MEMBER"
    manager2 = room.world.person("manager2")
    manager2.roles.add(*room.world.person("head").roles.all())
    services.attend(**room.told("manager2"), meeting_id=meeting.pk)
    with pytest.raises(access.NoSeat):
        room.vote(item, manager2="AGREE")
    with pytest.raises(MissingPermission):
        room.vote(item, manager="AGREE")
    with pytest.raises(agenda.NoSuchPersonThere):
        services.attend(**room.told("manager"), meeting_id=meeting.pk)
    room.all_vote(item)
    assert room.close(item).present == 5


def test_whoever_entered_it_is_recused_and_leaves_m(room):
    """BPM-18, 7.2: nobody votes on his own entry; M is 4, the quorum 4."""
    item = room.item(authors=room.ids("head", "manager"))
    assert [r.name for r in item.recusals.all()] == ["周文博"]
    with pytest.raises(access.IsRecused):
        room.vote(item, head="AGREE")
    room.vote(item, chair="AGREE", risk="AGREE", executive="AGREE")
    services.recuse(**room.told("operations"), item_id=item.pk, reason="与申请人有亲属关系")
    with pytest.raises(access.IsRecused):
        room.vote(item, operations="AGREE")
    decision = room.close(item)
    assert (decision.members, decision.recused, decision.quorum, decision.outcome) == (3, 2, 3, "PASSED")


def test_a_ballot_cast_before_the_recusal_no_longer_counts(room):
    item = room.item()
    room.all_vote(item, but={"head": "DISAGREE"})
    services.recuse(**room.told(), item_id=item.pk, person_id=room.ids("head")[0], reason="关联方")
    services.recuse(**room.told(), item_id=item.pk, person_id=room.ids("head")[0], reason="again")
    assert Recusal.objects.filter(item=item).count() == 1
    decision = room.close(item)
    assert (decision.members, decision.agree, decision.disagree) == (4, 4, 0)
    with pytest.raises(recusals.Decided):
        services.recuse(**room.told("chair"), item_id=item.pk, reason="迟到的回避")


def test_members_who_come_later_to_a_seat_are_recused_too(room):
    meeting = room.convene(seats=("chair", "risk", "executive", "operations"))
    item = room.item(meeting, called=False, authors=room.ids("head"))
    assert not item.recusals.exists()
    services.change(**room.told(), meeting_id=meeting.pk, member_ids=room.ids(*SEATS), place="二楼")
    assert [r.name for r in item.recusals.all()] == ["周文博"]
    services.open_item(**room.told(), item_id=item.pk)
    with pytest.raises(convening.HasVoted):
        services.change(**room.told(), meeting_id=meeting.pk, member_ids=room.ids("chair"))


def test_the_chair_vetoes_only_where_the_rule_says_so(room):
    """BPM-05: the veto is a variant of the rule (domain.md 7.2); as shipped the chair has one vote like the others."""
    item = room.item()
    room.all_vote(item, but={"chair": "DISAGREE"})
    assert room.close(item).outcome == "PASSED"
    room.rule(chair_veto=True)
    item = room.item()
    room.all_vote(item, but={"chair": "DISAGREE"})
    assert room.close(item).outcome == "VETOED"
    assert HEARD[-1][1] == "VETOED"


def test_four_of_five_are_a_meeting_and_three_are_none(room):
    item = room.item()
    room.vote(item, chair="AGREE", head="AGREE", risk="AGREE")
    decision = room.close(item)
    assert (decision.outcome, decision.present, decision.quorum) == ("INVALID", 3, 4)
    again = room.item(subject=item.subject)
    room.vote(again, chair="AGREE", head="AGREE", risk="AGREE", executive="AGREE")
    assert room.close(again).outcome == "PASSED"


def test_those_present_who_have_not_voted_are_waited_for(room):
    item = room.item()
    services.attend(**room.told("operations"), meeting_id=item.meeting_id, remote=True)
    room.vote(item, chair="AGREE", head="AGREE", risk="AGREE", executive="AGREE")
    with pytest.raises(ballots.StillVoting) as refusal:
        room.close(item)
    assert "王佳琪" in str(refusal.value)
    decision = room.close(item, anyway=True)
    assert (decision.present, decision.abstain, decision.outcome) == (5, 1, "PASSED")


def test_abstentions_left_out_by_the_rule(room):
    room.rule(abstentions_count=False)
    item = room.item()
    room.all_vote(item, but={"head": "ABSTAIN", "risk": "ABSTAIN"})
    assert room.close(item).outcome == "PASSED"  # 3 / 3; 3 / 5 would not


def test_two_thirds(room):
    rule = room.rule(quorum="2/3", pass_share="2/3", defer_share="2/3")
    assert rule.version == 2
    item = room.item()
    room.vote(item, chair="AGREE", head="AGREE", risk="AGREE", executive="DISAGREE")
    decision = room.close(item)
    assert (decision.quorum, decision.outcome) == (4, "PASSED")  # 3 / 4
    for share in ("0", "5/4", "x", "1/0"):
        with pytest.raises(rules.BadShare):
            room.rule(quorum=share)


def test_a_rule_holds_from_its_day_and_a_meeting_keeps_its_own(room):
    later = room.world.today + timedelta(days=10)
    before = room.convene()
    room.rule(effective_from=later, quorum="1/2")
    assert room.convene().rule == before.rule
    assert room.convene(on=later).rule.version == 2
    assert CommitteeRule.objects.filter(code="REVIEW").count() == 2
    with pytest.raises(rules.NoRule):
        room.convene(rule="GROUP")


def test_a_deferred_matter_stands_on_a_next_agenda(room):
    item = room.item()
    room.all_vote(item, but={"head": "DEFER", "risk": "DEFER"})
    assert room.close(item).outcome == "DEFERRED"
    again = room.item(subject=item.subject)
    room.all_vote(again)
    assert room.close(again).outcome == "PASSED"
    assert [h[1] for h in HEARD] == ["DEFERRED", "PASSED"]


def test_a_rejected_matter_comes_back_as_often_as_the_parameter_says(room):
    subject = ""
    for _ in range(3):  # the first time, and two more (proc.committee.resubmissions)
        item = room.item(subject=subject)
        subject = item.subject
        room.all_vote(item, "DISAGREE")
        assert room.close(item).outcome == "REJECTED"
    with pytest.raises(agenda.RejectedTooOften):
        room.item(subject=subject)


def test_one_matter_one_agenda(room):
    item = room.item(called=False)
    with pytest.raises(agenda.AlreadyOnAgenda):
        room.item(subject=item.subject)
    services.take_off(**room.told(), item_id=item.pk)
    room.item(subject=item.subject)
    with pytest.raises(ImproperlyConfigured):
        room.item(subject="nobody:1")


def test_a_ballot_with_a_time_limit(room, monkeypatch):
    room.rule(ballot_minutes=30)
    item = room.item()
    room.vote(item, chair="AGREE", head="AGREE", risk="AGREE", executive="AGREE")
    services.attend(**room.told("operations"), meeting_id=item.meeting_id)
    late = timezone.now() + timedelta(minutes=31)
    monkeypatch.setattr(ballots.timezone, "now", lambda: late)
    with pytest.raises(ballots.TimeIsUp):
        room.vote(item, operations="DISAGREE")
    assert room.close(item).abstain == 1  # nobody is waited for any more


def test_not_before_its_day_and_not_after_its_end(room):
    tomorrow = room.convene(on=room.world.today + timedelta(days=1))
    with pytest.raises(agenda.NotYet):
        room.item(tomorrow)
    item = room.item(called=False)
    with pytest.raises(ballots.NotCalled):
        room.vote(item, head="AGREE")
    with pytest.raises(convening.ReasonMissing):
        services.cancel(**room.told(), meeting_id=item.meeting_id, reason="")
    services.cancel(**room.told(), meeting_id=item.meeting_id, reason="委员出差")
    item.refresh_from_db()
    assert item.state == "OFF"
    with pytest.raises(agenda.MeetingOver):
        room.item(item.meeting)
    with pytest.raises(WrongState):
        services.open_item(**room.told(), item_id=item.pk)


def test_a_draft_tells_nobody_until_it_is_convened(room):
    meeting = room.convene(summon=False)
    assert meeting.state == "DRAFT"
    assert services.summon(**room.told(), meeting_id=meeting.pk).state == "CONVENED"
    with pytest.raises(WrongState):
        services.summon(**room.told(), meeting_id=meeting.pk)


def test_a_room_that_refuses_leaves_the_item_open(room, monkeypatch):
    item = room.item()
    room.all_vote(item)

    def refuse(*args: object) -> None:
        raise RuntimeError("the room refuses")

    monkeypatch.setattr(ballots.hand_over, "tell", refuse)
    with pytest.raises(RuntimeError), transaction.atomic():
        room.close(item)
    item.refresh_from_db()
    assert item.state == "OPEN" and not Decision.objects.exists()


def test_a_meeting_closes_when_nothing_is_left(room):
    meeting = room.convene()
    first, second = room.item(meeting), room.item(meeting, called=False)
    room.all_vote(first)
    with pytest.raises(closing.Undecided):
        services.close_meeting(**room.told(), meeting_id=meeting.pk)
    room.close(first)
    services.take_off(**room.told(), item_id=second.pk)
    services.close_meeting(**room.told(), meeting_id=meeting.pk)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.closed_on) == ("CLOSED", room.world.today)
    with pytest.raises(WrongState):
        services.close_meeting(**room.told(), meeting_id=meeting.pk)


def test_a_house_sees_its_own_meetings_only(room):
    """One house's meeting is unseen by another: neither a member's by the group nor by another member."""
    item = room.item()
    for code in (houses.BOYU, houses.GROUP):
        with inside(houses.house(code)):
            assert not Meeting.objects.exists() and not AgendaItem.objects.exists() and not Ballot.objects.exists()
            secretary = houses.staff(code)["legal" if code == houses.BOYU else "secretary"]
            with pytest.raises(access.NoSuchItem):
                services.take_off(actor=secretary, today=date(2026, 3, 2), item_id=item.pk)
