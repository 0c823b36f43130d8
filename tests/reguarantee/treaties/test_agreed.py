"""An agreement on its way: approved by another person, signed, renewed; who takes part, and what a member is told."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kernel.access.actors import SYSTEM
from kernel.access.models import User
from kernel.access.permissions import MissingPermission
from kernel.flow import WrongState
from kernel.letters import AgreementTold
from kernel.notices.models import Notice
from kernel.outbox.models import Letter
from registry.tenancy import PUBLIC, inside
from reguarantee.treaties import positions, queries, services
from reguarantee.treaties.engine import Loss, apply
from reguarantee.treaties.lines import hold
from reguarantee.treaties.models import Line, Position, Treaty, TreatyVersion
from tests.factories.houses import ANHE, BOYU, GROUP, house, staff
from tests.factories.treaties import sign
from tests.reguarantee.engine.terms import MARCH, MILLION, N_4222, document, layer, quota

TODAY = date(2026, 2, 1)
TERMS = document(quota(**N_4222))
WAY = {"today": TODAY}


@pytest.fixture
def people(db: None) -> Iterator[dict[str, User]]:
    """The group's people, at work in its house."""
    with inside(house(GROUP)):
        yield staff(GROUP)


def drafted(people: dict[str, User], code: str = "P4222", **changes: Any) -> TreatyVersion:
    given = {"title": "四二二二", "members": [ANHE], "terms": TERMS, **changes}
    return services.draft(actor=people["treaty"], today=TODAY, code=code, **given)


def agreed(people: dict[str, User], code: str = "P4222", **changes: Any) -> TreatyVersion:
    return sign(drafted(people, code, **changes), actor=people["treaty"], today=TODAY, approver=people["executive"])


def told(member: str = "") -> list[AgreementTold]:
    with inside(PUBLIC):
        rows = Letter.objects.filter(kind="AGREEMENT_TOLD").order_by("id")
        return [AgreementTold.read(json.loads(row.body)) for row in rows if member in ("", row.recipient)]


def test_another_person_than_the_author_approves(people: dict[str, User]) -> None:
    """AGR-01: handed in, approved, signed with number and day; the author cannot approve."""
    version = drafted(people, facts=services.Facts(number="皖再担合〔2026〕12号", target_fen=50 * MILLION, notice_days=30))
    officer, boss = people["treaty"], people["executive"]
    with pytest.raises(services.NotApproved):
        services.publish(actor=officer, version_id=version.id, **WAY)
    with pytest.raises(WrongState):
        services.approve(actor=boss, version_id=version.id, **WAY)
    services.submit(actor=officer, version_id=version.id, **WAY)
    assert Notice.objects.filter(user=boss, sentence__contains="waits for your approval").count() == 1
    with pytest.raises(MissingPermission):
        services.approve(actor=officer, version_id=version.id, **WAY)
    with pytest.raises(services.WordingChanged):
        services.approve(actor=boss, version_id=version.id, seen="another", **WAY)
    approved = services.approve(actor=boss, version_id=version.id, seen=version.digest, opinion="同意", **WAY)
    assert (approved.state, approved.approved_by, approved.opinion) == ("APPROVED", boss.label, "同意")
    with pytest.raises(services.SignedLater):
        services.publish(actor=officer, version_id=version.id, signed_on=date(2026, 2, 2), **WAY)
    signed = services.publish(actor=officer, version_id=version.id, signed_on=date(2026, 1, 30), **WAY)
    assert (signed.state, signed.signed_on, signed.number) == ("PUBLISHED", date(2026, 1, 30), "皖再担合〔2026〕12号")
    assert (signed.target_fen, queries.get("P4222").notice_days) == (50 * MILLION, 30)


def test_nobody_approves_his_own_wording_whatever_he_may(people: dict[str, User]) -> None:
    both = people["executive"]
    both.roles.set([*both.roles.all(), *people["treaty"].roles.all()])
    both = User.objects.get(pk=both.pk)
    version = services.draft(actor=both, today=TODAY, code="OWN-1", title="own", members=["*"], terms=TERMS)
    services.submit(actor=both, version_id=version.id, **WAY)
    with pytest.raises(services.OwnWording):
        services.approve(actor=both, version_id=version.id, **WAY)
    with pytest.raises(IntegrityError), transaction.atomic():  # the database refuses it as well
        TreatyVersion.objects.filter(id=version.id).update(state="APPROVED", approved_on=TODAY, approved_by=both.label)


def test_a_revision_takes_the_approval_away(people: dict[str, User]) -> None:
    version = drafted(people)
    services.submit(actor=people["treaty"], version_id=version.id, **WAY)
    services.approve(actor=people["executive"], version_id=version.id, **WAY)
    again = services.revise(actor=people["treaty"], code="P4222", terms=document(quota(bank="0.2", member="0.8")), **WAY)
    assert (again.id, again.state, again.approved_by) == (version.id, "DRAFT", "")
    with pytest.raises(services.NotApproved):
        services.publish(actor=people["treaty"], version_id=version.id, **WAY)


def test_a_draft_goes_back_with_a_reason(people: dict[str, User]) -> None:
    version = drafted(people)
    services.submit(actor=people["treaty"], version_id=version.id, **WAY)
    with pytest.raises(services.NoReason):
        services.send_back(actor=people["executive"], version_id=version.id, opinion=" ", **WAY)
    back = services.send_back(actor=people["executive"], version_id=version.id, opinion="上限太高", **WAY)
    assert (back.state, back.opinion) == ("DRAFT", "上限太高")
    assert Notice.objects.filter(user=people["treaty"], sentence__contains="came back").exists()


def test_parties_have_names_and_government_and_bank_bear_their_own_ratios(people: dict[str, User]) -> None:
    """AGR-12: 政银担: bank 20, member 40, province 30, government 10, each named."""
    names = {"bank": "华星银行", "gov": "安徽省财政厅", "stranger": "x", "group": " "}
    shares = quota(bank="0.20", member="0.40", group="0.30", gov="0.10")
    version = agreed(people, terms=document(shares), facts=services.Facts(party_names=names))
    assert version.party_names == {"bank": "华星银行", "gov": "安徽省财政厅"}
    outcome = apply(queries.terms_of(version), positions.standing(version), Loss("L", MARCH, principal_fen=4 * MILLION))
    assert outcome.shares == {"bank": 80_000_000, "member": 160_000_000, "group": 120_000_000, "nfgf": 0, "gov": 40_000_000}


def test_a_renewal_is_a_new_treaty_with_the_old_wording(people: dict[str, User]) -> None:
    """AGR-01: renewed for the next year; the expiring list no longer shows the old one."""
    agreed(people, facts=services.Facts(party_names={"bank": "华星银行"}, target_fen=MILLION))
    late = date(2026, 11, 15)
    assert [row.code for row in queries.expiring(today=late)] == ["P4222"]
    assert [row.code for row in queries.expiring(today=date(2026, 10, 1))] == []
    following = services.renew(
        actor=people["treaty"], today=late, code="P4222", new_code="P4222-27", first=date(2027, 1, 1), last=date(2027, 12, 31)
    )
    assert (following.treaty.renewal_of.code, following.party_names, following.target_fen) == (
        "P4222", {"bank": "华星银行"}, MILLION,
    )  # fmt: skip
    assert (following.effective_from, following.effective_to) == (date(2027, 1, 1), date(2027, 12, 31))
    assert json.loads(following.terms)["layers"] == TERMS["layers"]
    assert [row.code for row in queries.expiring(today=late)] == []
    with pytest.raises(services.NeverPublished):
        services.renew(actor=people["treaty"], today=late, code="P4222-27", new_code="X-1", first=late, last=None)


def test_members_join_and_leave_and_keep_what_they_drew_down(people: dict[str, User]) -> None:
    agreed(people)
    services.join(actor=SYSTEM, today=TODAY, code="P4222", member_code=BOYU)
    before = len(told())
    services.join(actor=SYSTEM, today=TODAY, code="P4222", member_code=BOYU)  # again: nothing
    assert (len(told()), queries.get("P4222").members) == (before, [ANHE, BOYU])
    services.leave(actor=SYSTEM, today=date(2026, 6, 30), code="P4222", member_code=BOYU)

    def found(on: date) -> list[str]:
        return [str(one) for one in queries.in_force(member_code=BOYU, on=on)]

    assert (found(date(2026, 6, 30)), found(date(2026, 7, 1))) == (["P4222/1"], [])
    assert told(BOYU)[-1].effective_to == date(2026, 6, 30)
    with pytest.raises(services.LastMember):
        services.leave(actor=SYSTEM, today=TODAY, code="P4222", member_code=ANHE)
    services.join(actor=SYSTEM, today=date(2026, 8, 1), code="P4222", member_code=BOYU)
    assert found(date(2026, 8, 2)) == ["P4222/1"]
    agreed(people, "ALL", members=["*"])
    services.leave(actor=SYSTEM, today=date(2026, 6, 30), code="ALL", member_code=BOYU)
    assert [str(one) for one in queries.in_force(member_code=BOYU, on=date(2026, 7, 1))] == ["P4222/1"]
    assert len(queries.in_force(member_code=ANHE, on=date(2026, 7, 1))) == 2


def test_a_draft_changes_nothing_before_it_is_approved(people: dict[str, User]) -> None:
    """AGR-01, AGR-16: who takes part in a treaty in force, and which goes first, is not changed by writing a draft."""
    agreed(people, members=[ANHE])
    for change in ({"members": [ANHE, BOYU]}, {"members": ["*"]}, {"rank": 1}):
        with pytest.raises(services.InForce) as refused:
            services.revise(actor=people["treaty"], code="P4222", terms=TERMS, **change, **WAY)
        assert refused.value.field == next(iter(change))
    assert queries.in_force(member_code=BOYU, on=MARCH) == []
    july = document(quota(**N_4222), attaches={"from": "2026-07-01"})
    services.revise(actor=people["treaty"], code="P4222", terms=july, members=[ANHE], rank=100, **WAY)
    assert [str(one) for one in queries.in_force(member_code=ANHE, on=date(2026, 8, 1))] == ["P4222/1"]
    drafted(people, "OTHER")
    services.revise(actor=people["treaty"], code="OTHER", terms=TERMS, members=["*"], rank=1, **WAY)
    assert queries.get("OTHER").members == ["*"]


def test_who_has_left_is_not_renewed(people: dict[str, User]) -> None:
    """PAR-37, AGR-01: a treaty for all, renewed, does not bring back a member that has left."""
    agreed(people, members=["*"])
    services.leave(actor=SYSTEM, today=date(2026, 6, 30), code="P4222", member_code=BOYU)
    period = {"first": date(2027, 1, 1), "last": date(2027, 12, 31)}
    late = date(2026, 12, 1)
    following = services.renew(actor=people["treaty"], today=late, code="P4222", new_code="P27", **period)
    sign(following, actor=people["treaty"], today=late, approver=people["executive"])
    assert [queries.in_force(member_code=code, on=date(2027, 2, 1)) for code in (ANHE, BOYU)] == [[following], []]
    assert [letter.code for letter in (told(ANHE)[-1], told(BOYU)[-1])] == ["P27", "P4222"]


def test_only_members_concerned_are_told_and_only_their_own_line(people: dict[str, User]) -> None:
    """AGR-23: a member's letter has its own line; nothing of another member's, nor of the line that all share."""
    version = drafted(people, members=["*"])
    officer = people["treaty"]
    services.set_line(actor=officer, code="P4222", member_code=ANHE, year=2026, line_fen=10 * MILLION, **WAY)
    assert told() == []  # a draft is nobody's business
    services.set_line(actor=officer, code="P4222", member_code="*", year=2026, line_fen=20 * MILLION, **WAY)
    sign(version, actor=officer, today=TODAY, approver=people["executive"])
    (anhe,), (boyu,) = told(ANHE), told(BOYU)
    assert (anhe.code, anhe.version, anhe.status, anhe.year, anhe.line_fen) == ("P4222", 1, "ACTIVE", 2026, 10 * MILLION)
    assert (boyu.line_fen, boyu.used_fen) == (None, 0)
    assert json.loads(anhe.terms)["code"] == "P4222"
    services.set_line(actor=officer, code="P4222", member_code=BOYU, year=2026, line_fen=MILLION, **WAY)
    assert (len(told(ANHE)), told(BOYU)[-1].line_fen) == (1, MILLION)
    services.end(actor=officer, code="P4222", on=date(2026, 3, 31), **WAY)
    assert [letter.status for letter in (told(ANHE)[-1], told(BOYU)[-1])] == ["ENDED", "ENDED"]
    assert told(ANHE)[-1].effective_to == date(2026, 3, 31)


def test_use_is_told_at_80_percent_and_at_the_whole_and_once_a_night(people: dict[str, User]) -> None:
    """AGR-23: the remaining limit; debounced."""
    version = agreed(people, members=["*"])
    services.set_line(actor=people["treaty"], code="P4222", member_code=ANHE, year=2026, line_fen=100, **WAY)
    start = len(told(ANHE))

    def use(fen: int) -> int:
        with transaction.atomic():
            hold(treaty_id=version.treaty_id, member_code=ANHE, year=2026).change(used_fen=fen)
        return len(told(ANHE)) - start

    assert [use(50), use(29), use(1), use(10), use(10), use(-1)] == [0, 0, 1, 1, 2, 3]
    assert told(ANHE)[-1].used_fen == 99
    assert services.tell_uses(actor=SYSTEM, today=date(2026, 5, 1)) == 1
    assert (told(ANHE)[-1].used_fen, len(told(BOYU))) == (99, 1)


def test_a_later_version_tells_what_became_of_the_one_before(people: dict[str, User]) -> None:
    """AGR-16: from day D the new ratio; before it the old."""
    agreed(people)
    july = document(quota(bank="0.20", member="0.80"), attaches={"from": "2026-07-01", "to": None, "by": "drawdown"})
    second = services.revise(actor=people["treaty"], code="P4222", terms=july, **WAY)
    sign(second, actor=people["treaty"], today=TODAY, approver=people["executive"])
    assert [(letter.treaty_version, letter.effective_to) for letter in told(ANHE)[-2:]] == [(1, date(2026, 6, 30)), (2, None)]
    assert told(BOYU) == []


def test_a_position_is_kept_under_a_lock_and_goes_on_where_it_was(people: dict[str, User]) -> None:
    stop = layer("AGGREGATE", 2, source="member", target="group", attachment_fen=100)
    version = agreed(people, terms=document(quota(bank="0", member="1"), stop))
    terms = queries.terms_of(version)
    moved = []
    for n in range(3):
        with positions.held(version) as row:
            result = apply(terms, row.position, Loss(f"L{n}", MARCH, principal_fen=60))
            row.save(result.position)
        moved.append(result.shares["group"])
    assert moved == [0, 20, 60]
    assert positions.standing(version).to_json() == {"P4222/1:1": 180}
    with pytest.raises(RuntimeError), positions.held(version) as row:  # what fails leaves nothing behind
        row.save(apply(terms, row.position, Loss("L9", MARCH, principal_fen=60)).position)
        raise RuntimeError
    assert positions.standing(version).to_json() == {"P4222/1:1": 180}
    assert Position.objects.count() == 1


def test_what_if_runs_are_kept_only_when_asked(people: dict[str, User]) -> None:
    given = {"treaty_code": "P4222", "member_code": ANHE, "period_from": TODAY, "period_to": MARCH, "losses": 2}
    totals = {"now": {"group": 1}, "draft": {"group": 2}}
    with pytest.raises(services.NoName):
        services.keep(actor=people["treaty"], today=TODAY, name=" ", terms=TERMS, totals=totals, **given)
    kept = services.keep(actor=people["treaty"], today=TODAY, name="降低上限", terms=TERMS, totals=totals, **given)
    assert [one.name for one in queries.scenarios()] == ["降低上限"]
    services.drop(actor=people["treaty"], today=TODAY, scenario_id=kept.id)
    assert not queries.scenarios().exists()
    with pytest.raises(services.NoSuchScenario):
        services.drop(actor=people["treaty"], today=TODAY, scenario_id=kept.id)


def test_a_target_is_agreed_per_member_and_year(people: dict[str, User]) -> None:
    """AGR-03: the volume agreed, beside the limit."""
    agreed(people)
    given = {"actor": people["treaty"], "today": TODAY, "code": "P4222", "member_code": ANHE, "year": 2026}
    services.set_line(**given, line_fen=None, target_fen=30 * MILLION)
    services.set_line(**given, line_fen=40 * MILLION)
    line = Line.objects.get(member_code=ANHE)
    assert (line.line_fen, line.target_fen) == (40 * MILLION, 30 * MILLION)
    assert Treaty.objects.count() == 1
