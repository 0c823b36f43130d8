"""The committee's rules in both faces: read by its people, proposed by the secretary, approved by another (BPM-05)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from kernel.approval.committee import queries
from kernel.approval.committee.models import CommitteeRule
from registry.tenancy import inside
from tests.desks.test_committee import SEATS, convened
from tests.factories.houses import ANHE, BOYU, GROUP, house

RULES = "/meetings/rules/"
CODES = {ANHE: "REVIEW", GROUP: "GROUP"}


def told(**changes: Any) -> dict[str, Any]:
    day = timezone.localdate().isoformat()
    return {
        "quorum": "2/3", "pass_share": "2/3", "defer_share": "0.80", "ballot_minutes": "30", "abstentions_count": "on",
        "conditional": "on", "chair_veto": "on", "effective_from": day, "reason": "章程修订", **changes,
    }  # fmt: skip


@pytest.mark.parametrize("english", [False, True])
@pytest.mark.parametrize("code", [ANHE, GROUP])
def test_two_people_give_the_committee_its_next_rule(visit, code, english):
    """BPM-05, PAR-13: proposed, seen by the second, approved; a meeting held before says which version it had."""
    with inside(house(code)):
        before = convened(code).meeting
    secretary, approver = visit(code, SEATS[code][0], english=english), visit(code, "executive", english=english)
    propose = f"{RULES}{CODES[code]}/propose/"
    assert 'value="4/5"' in secretary.get(propose).content.decode()
    for wrong in ({"quorum": "5/4"}, {"reason": ""}, {"effective_from": "2020-01-01"}, {"ballot_minutes": "-1"}):
        assert secretary.post(propose, told(**wrong)).status_code == 422, wrong
    assert secretary.post(propose, told()).status_code == 302
    assert secretary.post(propose, told()).status_code == 422  # one waits already
    with inside(house(code)):
        row = CommitteeRule.objects.get(version=2)
    decide = f"{RULES}{row.pk}/decide/"
    assert decide not in secretary.get(RULES).content.decode()
    assert secretary.post(decide, {"approve": "1"}).status_code == 403
    page = approver.get(RULES).content.decode()
    assert decide in page and "章程修订" in page and "2/3" in page and "4/5" in page and "80%" in page
    assert ("waits for a second person" if english else "等待另一人") in page
    assert approver.get(decide).status_code == 405
    assert approver.post(decide, {"approve": "1"}).status_code == 302
    with inside(house(code)):
        assert queries.rule_of(CODES[code], timezone.localdate()).version == 2
    page = secretary.get(f"/meetings/{before.pk}/").content.decode()
    assert ("version 1" if english else "第 1 版") in page
    assert RULES in approver.get("/meetings/", {"q": ""}).content.decode()


def test_a_refused_one_changes_nothing(visit):
    secretary, approver = visit(ANHE, "legal"), visit(ANHE, "executive")
    later = (timezone.localdate() + timedelta(days=9)).isoformat()
    secretary.post(f"{RULES}REVIEW/propose/", told(effective_from=later))
    with inside(house(ANHE)):
        row = CommitteeRule.objects.get(version=2)
    assert approver.post(f"{RULES}{row.pk}/decide/", {"approve": "0"}).status_code == 302
    with inside(house(ANHE)):
        assert [rule.version for rule in queries.rules_in_force(timezone.localdate() + timedelta(days=9))] == [1]


def test_only_the_committee_s_people_see_them_and_each_house_its_own(visit):
    secretary = visit(ANHE, "legal")
    assert visit(ANHE, "sysadmin").get(RULES).status_code == 403
    assert visit(ANHE, "head").get(f"{RULES}REVIEW/propose/").status_code == 403
    assert secretary.get(f"{RULES}GROUP/propose/").status_code == 404
    secretary.post(f"{RULES}REVIEW/propose/", told(reason="安和自己的章程"))
    for code, seat in ((BOYU, "legal"), (GROUP, "secretary")):
        assert "安和自己的章程" not in visit(code, seat).get(RULES).content.decode()
