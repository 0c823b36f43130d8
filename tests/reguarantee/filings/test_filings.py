"""Filings: read from a letter, decided by the treaty of their day, answered by a letter."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kernel.access.actors import Actor
from kernel.access.models import User
from kernel.access.permissions import MissingPermission
from kernel.audit import queries as audit
from kernel.flow import WrongState
from kernel.outbox.models import Letter
from registry.tenancy import PUBLIC, inside
from reguarantee.filings import queries, services
from reguarantee.filings.models import Filing
from reguarantee.treaties import queries as treaties
from reguarantee.treaties import services as treaty_services
from tests.factories.houses import ANHE, BOYU, GROUP, house, staff
from tests.factories.treaties import sign
from tests.reguarantee.engine.terms import MILLION, N_4222, document, quota
from tests.reguarantee.filings.test_filings_cover import LETTER

TODAY = date(2026, 3, 5)
POST = Actor("LETTER", ANHE)


@pytest.fixture
def people(db: None) -> Iterator[dict[str, User]]:
    """The group's people, at work in its house."""
    with inside(house(GROUP)):
        yield staff(GROUP)


def publish(people: dict[str, User], code: str = "P4222", **changes: Any) -> None:
    """Put a treaty in force for 2026; `scope` and other terms by name, `above_limits` and `members` beside them."""
    outside = {name: changes.pop(name) for name in ("above_limits", "members") if name in changes}
    terms = document(*changes.pop("layers", [quota(**N_4222)]), **changes)
    given = {"title": code, "members": ["*"], "terms": terms, **outside}
    version = treaty_services.draft(actor=people["treaty"], today=TODAY, code=code, **given)
    sign(version, actor=people["treaty"], today=TODAY)


def set_line(people: dict[str, User], line_fen: int, member: str = "*") -> None:
    treaty_services.set_line(actor=people["treaty"], today=TODAY, code="P4222", member_code=member, year=2026, line_fen=line_fen)


def file(sender: str = ANHE, today: date = TODAY, **changes: Any) -> Filing:
    letter = replace(LETTER, **changes)
    services.open_filing(letter, sender=sender, actor=POST, today=today)
    filing = queries.of(sender, letter.guarantee_id)
    assert filing is not None
    assert filing.covered_fen + filing.uncovered_fen == filing.guaranteed_fen == letter.guaranteed_fen
    return filing


def answer(filing: Filing) -> tuple[str, str, int, int, str]:
    return filing.status, filing.coverage, filing.ceded_fen, filing.uncovered_fen, filing.reason_code


def lines() -> dict[str, tuple[int, int]]:
    return {line.member_code: (line.used_fen, line.reserved_fen) for line in treaties.lines("P4222", 2026)}


def letters() -> list[Letter]:
    """The answers that were posted."""
    with inside(PUBLIC):
        return list(Letter.objects.filter(kind="FILING_DECIDED").order_by("id"))


def through(filing: Filing, people: dict[str, User], until: str = "SIGNING") -> None:
    """Take a case through its stages, each with a person of its own, up to (not including) `until`."""
    seats = {"ACCEPTANCE": "filing", "EXAMINATION": "treaty", "VERIFICATION": "risk", "REVIEW": "risk2", "REPLY": "executive"}
    for stage, seat in seats.items():
        if stage == until or queries.get(filing.id).stage == "SIGNING":
            return
        told = {"actor": people[seat], "today": TODAY, "filing_id": filing.id, "text": "同意"}
        services.reply(**told) if stage == "REPLY" else services.opine(**told, stage=stage)


def test_the_running_case_is_covered_by_itself(people: dict[str, User]) -> None:
    publish(people)
    filing = file()
    assert answer(filing) == ("CONFIRMED", "COVERED", 2 * MILLION, 0, "WITHIN_TREATY")
    assert (filing.decided_on, filing.decided_by, str(filing.treaty_version)) == (TODAY, POST.label, "P4222/1")
    assert lines() == {"*": (2 * MILLION, 0), ANHE: (2 * MILLION, 0)}
    (entry,) = audit.of(f"filing:{filing.id}")
    assert (entry.act, audit.facts(entry)["ceded_fen"]) == ("filings.accept", 2 * MILLION)
    (posted,) = letters()
    assert (posted.sender, posted.recipient, posted.subject, posted.kind) == (GROUP, ANHE, "guarantee:1", "FILING_DECIDED")
    assert json.loads(posted.body) == {
        "guarantee_id": 1,
        "status": "CONFIRMED",
        "coverage": "COVERED",
        "ceded_fen": 2 * MILLION,
        "uncovered_fen": 0,
        "reason_code": "WITHIN_TREATY",
        "reason": "Within the treaty.",
        "treaty_code": "P4222",
        "treaty_version": 1,
        "decided_on": "2026-03-05",
        "line_near": False,
        "reply_no": "",
        "conditions": "",
        "deficiencies": [],
    }


def test_without_a_treaty_the_filing_is_not_covered_and_says_so(people: dict[str, User]) -> None:
    publish(people, members=[BOYU])
    filing = file()
    assert answer(filing) == ("REJECTED", "UNCOVERED", 0, 4 * MILLION, "NO_TREATY")
    assert (filing.treaty_version, lines()) == (None, {})
    assert json.loads(letters()[0].body)["treaty_code"] == ""
    assert answer(file(BOYU))[0] == "CONFIRMED"


def test_the_same_letter_again_changes_nothing_and_is_answered_again(people: dict[str, User]) -> None:
    publish(people)
    first = file()
    assert file(today=date(2026, 3, 9)).decided_on == first.decided_on
    assert queries.timeline(first.id).count() == 1
    assert lines()[ANHE] == (2 * MILLION, 0)
    one, again = (json.loads(letter.body) for letter in letters())
    assert again == {**one, "decided_on": "2026-03-09"}


def test_what_was_refused_is_looked_at_again_when_filed_again(people: dict[str, User]) -> None:
    refused = file()
    assert answer(file()) == answer(refused) == ("REJECTED", "UNCOVERED", 0, 4 * MILLION, "NO_TREATY")
    assert queries.timeline(refused.id).count() == 1
    publish(people)
    assert answer(file(today=date(2026, 3, 9))) == ("CONFIRMED", "COVERED", 2 * MILLION, 0, "WITHIN_TREATY")
    assert [decision.event for decision in queries.timeline(refused.id)] == ["refuse", "accept"]
    assert [json.loads(letter.body)["status"] for letter in letters()] == ["REJECTED", "REJECTED", "CONFIRMED"]


def test_a_guarantee_keeps_the_version_of_its_drawdown(people: dict[str, User]) -> None:
    publish(people)
    early = file(guarantee_id=1)
    july = document(quota(bank="0.20", member="0.60", group="0.20"), attaches={"from": "2026-07-01"})
    following = treaty_services.revise(actor=people["treaty"], today=TODAY, code="P4222", terms=july)
    sign(following, actor=people["treaty"], today=TODAY)
    late = file(guarantee_id=2, obligor_key="k2", today=date(2026, 8, 1), filed_on=TODAY)
    new = file(guarantee_id=3, obligor_key="k3", drawdown_on=date(2026, 7, 2), today=date(2026, 7, 31))
    assert [(str(f.treaty_version), f.ceded_fen) for f in (early, late, new)] == [
        ("P4222/1", 2 * MILLION), ("P4222/1", 2 * MILLION), ("P4222/2", MILLION),
    ]  # fmt: skip
    grown = file(guarantee_id=1, principal_fen=10 * MILLION, guaranteed_fen=8 * MILLION, drawdown_on=date(2026, 8, 1))
    assert (str(grown.treaty_version), grown.ceded_fen, grown.coverage) == ("P4222/1", 4 * MILLION, "COVERED")
    assert [decision.ceded_fen for decision in queries.timeline(grown.id)] == [2 * MILLION, 4 * MILLION]
    assert lines()[ANHE] == (7 * MILLION, 0)


def test_cover_once_given_is_not_lost_when_the_loan_grows_above_a_limit(people: dict[str, User]) -> None:
    publish(people, scope={"principal_max_fen": 5 * MILLION})
    file()
    grown = file(principal_fen=6 * MILLION, guaranteed_fen=5 * MILLION)
    assert answer(grown) == ("CONFIRMED", "PARTLY", 2 * MILLION, MILLION, "COVER_KEPT")
    assert lines()[ANHE] == (2 * MILLION, 0)


def test_above_a_limit_an_officer_decides_and_the_line_is_reserved(people: dict[str, User]) -> None:
    publish(people, scope={"principal_max_fen": 3 * MILLION})
    set_line(people, 5 * MILLION, ANHE)
    filing = file()
    assert answer(filing) == ("REVIEWING", "UNCOVERED", 0, 4 * MILLION, "PRINCIPAL_ABOVE_LIMIT")
    assert (filing.decided_on, filing.reserved_fen, filing.figures["limit_fen"]) == (None, 2 * MILLION, 3 * MILLION)
    assert lines()[ANHE] == (0, 2 * MILLION)
    through(filing, people)
    done = services.confirm(
        actor=people["filing"], today=TODAY, filing_id=filing.id, guaranteed_fen=3 * MILLION, text="按三百万元承担"
    )
    assert answer(done) == ("CONFIRMED", "PARTLY", MILLION * 3 // 2, MILLION, "APPROVED_CASE")
    assert (done.reason, done.decided_by) == ("按三百万元承担", people["filing"].label)
    assert lines()[ANHE] == (MILLION * 3 // 2, 0)
    assert [json.loads(letter.body)["status"] for letter in letters()] == ["REVIEWING", "REVIEWING", "CONFIRMED"]
    with pytest.raises(WrongState):
        services.reject(actor=people["filing"], today=TODAY, filing_id=filing.id, text="反悔")


def test_rejecting_releases_the_line_and_reopening_reserves_it_again(people: dict[str, User]) -> None:
    publish(people, scope={"principal_max_fen": 3 * MILLION})
    filing = file()
    officer = {"actor": people["filing"], "today": TODAY, "filing_id": filing.id}
    with pytest.raises(services.TextRequired):
        services.reject(**officer, text=" ")
    rejected = services.reject(**officer, text="超出政策范围")
    assert answer(rejected) == ("REJECTED", "UNCOVERED", 0, 4 * MILLION, "REFUSED_CASE")
    assert lines()[ANHE] == (0, 0)
    again = services.reopen(**officer, text="补充材料")
    assert (again.status, again.reserved_fen, lines()[ANHE]) == ("REVIEWING", 2 * MILLION, (0, 2 * MILLION))
    through(again, people)
    assert services.confirm(**officer).coverage == "COVERED"
    acts = [decision.event for decision in queries.timeline(filing.id)]
    stages = ["acceptance", "examination", "verification", "review", "reply"]
    assert acts == ["refer", "reject", "reopen", *stages, "confirm"]


def test_what_no_treaty_admits_cannot_be_reopened(people: dict[str, User]) -> None:
    publish(people, scope={"banks": ["X"]})
    filing = file()
    assert answer(filing)[0::4] == ("REJECTED", "BANK_OUT_OF_SCOPE")
    with pytest.raises(services.NothingToReview):
        services.reopen(actor=people["filing"], today=TODAY, filing_id=filing.id, text="再看")


def test_only_those_who_may_decide_decide(people: dict[str, User]) -> None:
    publish(people, scope={"term_max_months": 6})
    filing = file()
    for nobody in (people["treaty"], POST):
        with pytest.raises(MissingPermission):
            services.confirm(actor=nobody, today=TODAY, filing_id=filing.id)
    with pytest.raises(services.NoSuchFiling):
        services.confirm(actor=people["filing"], today=TODAY, filing_id=0)
    through(filing, people)
    for grant in (0, 4 * MILLION + 1):
        with pytest.raises(services.BadGrant):
            services.confirm(actor=people["filing"], today=TODAY, filing_id=filing.id, guaranteed_fen=grant)


def test_the_line_all_members_share_covers_a_part_and_then_nothing(people: dict[str, User]) -> None:
    publish(people, above_limits="PART")
    set_line(people, 3 * MILLION)
    assert answer(file()) == ("CONFIRMED", "COVERED", 2 * MILLION, 0, "WITHIN_TREATY")
    part = file(BOYU, obligor_key="k2")
    assert answer(part) == ("CONFIRMED", "PARTLY", MILLION, 2 * MILLION, "LINE_PART")
    assert part.figures["left_fen"] == MILLION
    none = file(BOYU, guarantee_id=2, obligor_key="k3")
    assert answer(none) == ("REJECTED", "UNCOVERED", 0, 4 * MILLION, "LINE_EXHAUSTED")
    assert lines() == {"*": (3 * MILLION, 0), ANHE: (2 * MILLION, 0), BOYU: (MILLION, 0)}


def test_a_line_is_of_the_year_of_drawdown(people: dict[str, User]) -> None:
    publish(people, attaches={"from": "2026-01-01"})
    set_line(people, 2 * MILLION)
    file()
    next_year = file(guarantee_id=2, obligor_key="k2", drawdown_on=date(2027, 1, 1), due_on=date(2028, 1, 1))
    assert next_year.coverage == "COVERED"
    assert file(guarantee_id=3, obligor_key="k3").status == "REVIEWING"


def test_an_officer_cannot_cede_more_than_the_line_holds(people: dict[str, User]) -> None:
    publish(people)
    set_line(people, 3 * MILLION)
    file(BOYU, obligor_key="k2")
    filing = file()
    assert answer(filing)[0::4] == ("REVIEWING", "LINE_PART")
    assert lines()["*"] == (2 * MILLION, MILLION)
    officer = {"actor": people["filing"], "today": TODAY, "filing_id": filing.id}
    through(filing, people)
    with pytest.raises(services.LineTooShort) as refused:
        services.confirm(**officer)
    assert refused.value.facts == {"wanted": 2 * MILLION, "left": MILLION}
    assert services.confirm(**officer, guaranteed_fen=2 * MILLION).ceded_fen == MILLION


def test_an_obligor_is_limited_over_all_members(people: dict[str, User]) -> None:
    publish(people, scope={"obligor_total_max_fen": 10 * MILLION})
    file(ANHE, guarantee_id=1)
    file(BOYU, guarantee_id=1)
    third = file(ANHE, guarantee_id=2)
    assert answer(third) == ("REVIEWING", "UNCOVERED", 0, 4 * MILLION, "OBLIGOR_ABOVE_LIMIT")
    assert third.figures["others_fen"] == 8 * MILLION
    assert file(ANHE, guarantee_id=3, obligor_key="other").coverage == "COVERED"
    later = {"drawdown_on": date(2026, 12, 1), "due_on": date(2027, 12, 1), "guarantee_id": 4}
    assert file(ANHE, **later).status == "REVIEWING"
    assert {f.id for f in queries.same_obligor(third)} == set(
        Filing.objects.filter(obligor_key="k1").exclude(id=third.id).values_list("id", flat=True)
    )


def test_guarantees_that_are_over_do_not_count_against_the_obligor(people: dict[str, User]) -> None:
    publish(people, scope={"obligor_total_max_fen": 4 * MILLION})
    file(BOYU, due_on=date(2026, 6, 30))
    assert file(ANHE, drawdown_on=date(2026, 6, 30)).status == "REVIEWING"
    assert file(ANHE, guarantee_id=2, drawdown_on=date(2026, 7, 1)).coverage == "COVERED"
