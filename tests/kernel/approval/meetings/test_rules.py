"""A committee's next rule: proposed by one person, approved by another, from a day on; meetings keep theirs (domain.md 7.2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from kernel.access.permissions import MissingPermission
from kernel.approval.committee import queries, rules, services
from kernel.approval.committee.models import CommitteeRule
from kernel.audit.models import Entry
from registry.tenancy import inside
from tests.factories import houses
from tests.factories.races import at_once
from tests.kernel.approval.meetings.room import SEATS


def decide(room: Any, rule: CommitteeRule, seat: str = "executive", *, approve: bool = True, **more: Any) -> CommitteeRule:
    return services.decide_rule(**{**room.told(seat), **more}, rule_id=rule.pk, approve=approve)


def test_what_is_proposed_holds_only_when_another_person_approves(room):
    """BPM-05: until then the old rule counts; who proposed it cannot approve it, nor can anybody without the right."""
    proposed = room.propose(quorum="2/3", chair_veto=True, reason="章程修订")
    assert rules.rule_of("REVIEW", room.world.today).version == 1
    with pytest.raises(MissingPermission):
        decide(room, proposed, "head")
    CommitteeRule.objects.filter(pk=proposed.pk).update(proposed_by_id=room.ids("executive")[0])
    with pytest.raises(rules.OwnRule):
        decide(room, proposed)
    CommitteeRule.objects.filter(pk=proposed.pk).update(proposed_by_id=room.ids("legal")[0])
    decide(room, proposed)
    held = rules.rule_of("REVIEW", room.world.today)
    assert (held.version, held.quorum, held.pass_share, held.chair_veto, held.reason) == (2, "2/3", "0.80", True, "章程修订")
    with pytest.raises(rules.RuleDecided):
        decide(room, proposed, approve=False)
    acts = Entry.objects.filter(subject="committee:REVIEW").order_by("id").values_list("act", flat=True)
    assert list(acts) == ["committee.propose_rule", "committee.approve_rule"]


def test_a_refused_rule_never_holds_and_makes_room_for_another(room):
    first = room.propose(quorum="1/2")
    with pytest.raises(rules.RuleWaits):
        room.propose(quorum="2/3")
    decide(room, first, approve=False)
    assert rules.rule_of("REVIEW", room.world.today).version == 1
    assert decide(room, room.propose(quorum="2/3")).version == 3


def test_a_rule_does_not_reach_back(room):
    """BPM-05: neither proposed for yesterday nor approved after its day; two never begin on one day."""
    with pytest.raises(rules.RuleTooEarly):
        room.propose(effective_from=room.world.today - timedelta(days=1))
    late = room.propose(quorum="1/2")
    with pytest.raises(rules.RuleTooEarly):
        decide(room, late, today=room.world.today + timedelta(days=1))
    decide(room, late)
    with pytest.raises(rules.RuleStands):
        room.rule(quorum="2/3")


def test_what_is_not_given_stays_as_on_that_day(room):
    later = room.world.today + timedelta(days=10)
    room.rule(quorum="2/3", ballot_minutes=45)
    assert room.rule(effective_from=later, pass_share=" 2/3 ").ballot_minutes == 45
    held = rules.rule_of("REVIEW", later)
    assert (held.quorum, held.pass_share) == ("2/3", "2/3")


def test_a_meeting_keeps_the_rule_it_was_convened_under(room):
    """BPM-05: the quorum of a meeting under way does not move; the count of its item neither."""
    before = room.item()
    room.rule(quorum="1", pass_share="1")
    room.vote(before, **dict.fromkeys(SEATS[:4], "AGREE"))
    assert room.close(before).outcome == "PASSED"
    after = room.item()
    room.vote(after, **dict.fromkeys(SEATS[:4], "AGREE"))
    assert room.close(after).outcome == "INVALID"
    (committee,) = queries.committees(room.world.today)
    assert [(rule.version, rule.held) for rule in committee.versions] == [(2, 1), (1, 1)]
    assert (committee.now.version, committee.proposed) == (2, None)


def test_the_list_costs_the_same_for_many_versions(room, django_assert_num_queries):
    for quorum in ("1/2", "2/3", "3/4"):
        decide(room, room.propose(quorum=quorum), approve=False)
    with django_assert_num_queries(2):
        (committee,) = queries.committees(room.world.today)
    assert len(committee.versions) == 4


def test_what_was_decided_is_kept_by_the_database(room):
    """BPM-05: a proposal can still be decided, a decided rule not be changed; one person alone cannot make one."""
    decided = room.rule(quorum="2/3")
    for sql in (
        "update approval_committeerule set quorum = '1/5' where id = %s",
        "delete from approval_committeerule where id = %s",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [decided.pk])
    waiting = room.propose(effective_from=room.world.today + timedelta(days=3))
    with pytest.raises(IntegrityError), transaction.atomic():
        CommitteeRule.objects.filter(pk=waiting.pk).update(
            state="APPROVED", decided_by=waiting.proposed_by, decided_on=room.world.today
        )


def test_two_propose_and_two_decide_at_once(fresh_database):
    """BPM-05: one proposal stands; one decision falls, the second hears it."""
    with inside(houses.house(houses.GROUP)):
        people = houses.staff(houses.GROUP)
    today = timezone.localdate()
    propose = {"actor": people["secretary"], "today": today, "code": "GROUP", "effective_from": today}
    told = at_once(houses.GROUP, *(lambda: services.propose_rule(**propose, quorum="2/3") for _ in range(2)))
    assert [type(one) for one in told].count(rules.RuleWaits) == 1
    row = next(one for one in told if isinstance(one, CommitteeRule))
    decide: dict[str, Any] = {"today": today, "rule_id": row.pk}
    told = at_once(
        houses.GROUP,
        lambda: services.decide_rule(actor=people["chair"], approve=True, **decide),
        lambda: services.decide_rule(actor=people["executive"], approve=False, **decide),
    )
    assert [type(one) for one in told].count(rules.RuleDecided) == 1
