"""Treaties: drafted, published, followed by a next version, ended; what is published stays."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from kernel.access.models import User
from kernel.audit import queries as audit
from kernel.flow import WrongState
from registry.tenancy import inside
from reguarantee.treaties import queries, services
from reguarantee.treaties.engine import BadTerms
from reguarantee.treaties.models import Line, Treaty, TreatyVersion
from tests.factories.houses import ANHE, BOYU, GROUP, house, staff
from tests.factories.treaties import BOARD, sign
from tests.reguarantee.engine.terms import MARCH, MILLION, N_4222, document, layer, quota

TODAY = date(2026, 2, 1)
TERMS = document(quota(**N_4222), scope={"principal_max_fen": 10 * MILLION})


@pytest.fixture
def officer(db: None) -> Iterator[User]:
    """The treaty manager, at work in the group's house."""
    with inside(house(GROUP)):
        yield staff(GROUP)["treaty"]


def drafted(officer: User, code: str = "P4222", **changes: Any) -> TreatyVersion:
    given = {"title": "四二二二", "members": ["*"], "terms": TERMS, **changes}
    return services.draft(actor=officer, today=TODAY, code=code, **given)


def published(officer: User, code: str = "P4222", **changes: Any) -> TreatyVersion:
    return sign(drafted(officer, code, **changes), actor=officer, today=TODAY)


def from_day(day: str, to: str | None = None) -> dict[str, Any]:
    return document(quota(**N_4222), attaches={"from": day, "to": to, "by": "drawdown"})


def in_force(on: date, member: str = ANHE) -> list[str]:
    return [str(version) for version in queries.in_force(member_code=member, on=on)]


def test_a_draft_is_in_force_only_when_published(officer: User) -> None:
    version = drafted(officer)
    assert (version.treaty.status, version.is_published, in_force(MARCH)) == ("DRAFT", False, [])
    sign(version, actor=officer, today=TODAY)
    assert in_force(MARCH) == ["P4222/1"]
    assert in_force(date(2025, 12, 31)) == in_force(date(2027, 1, 1)) == []
    assert in_force(date(2026, 1, 1)) == in_force(date(2026, 12, 31)) == ["P4222/1"]
    treaty = queries.get("P4222")
    assert treaty.status == "ACTIVE"
    acts = [(entry.act, entry.actor) for entry in audit.of(f"treaty:{treaty.id}")]
    assert acts == [
        ("treaties.publish", officer.label),
        ("treaties.approve", BOARD.label),
        ("treaties.submit", officer.label),
        ("treaties.draft", officer.label),
    ]


def test_terms_are_read_by_the_engine_before_they_are_kept(officer: User) -> None:
    with pytest.raises(BadTerms) as refused:
        drafted(officer, terms=document(quota(bank="0.20", member="0.40")))
    assert refused.value.field == "layers[0].shares"
    with pytest.raises(BadTerms) as refused:
        drafted(officer, terms=document(quota(**N_4222), attaches={"by": "approval"}))
    assert refused.value.field == "attaches.by"
    with pytest.raises(BadTerms) as refused:
        drafted(officer, terms=document(quota(**N_4222), scope={"obligor_kinds": ["MICRO", "SMAL"]}))
    assert refused.value.field == "scope.obligor_kinds[1]"
    assert not Treaty.objects.exists()


def test_the_order_of_the_parties_is_kept_as_written(officer: User) -> None:
    version = published(officer)
    version.refresh_from_db()
    terms = queries.terms_of(version)
    assert list(terms.document["layers"][0]["shares"]) == ["bank", "member", "group", "nfgf"]
    assert (terms.code, terms.version) == ("P4222", 1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"members": []}, "members"),
        ({"members": ["*", ANHE]}, "members"),
        ({"title": " "}, "title"),
        ({"above_limits": "X"}, "above_limits"),
        ({"code": "p 1"}, "code"),
    ],
)
def test_a_treaty_without_sense_is_refused(officer: User, change: dict[str, Any], field: str) -> None:
    with pytest.raises(services.BadTreaty) as refused:
        drafted(officer, **{"code": "P4222", **change})
    assert refused.value.field == field


def test_one_code_is_one_treaty(officer: User) -> None:
    drafted(officer)
    with pytest.raises(services.TreatyExists):
        drafted(officer)


def test_only_its_members_find_a_treaty_and_the_lowest_rank_first(officer: User) -> None:
    published(officer, "B-ALL")
    published(officer, "C-OWN", members=[ANHE], rank=10)
    assert in_force(MARCH, ANHE) == ["C-OWN/1", "B-ALL/1"]
    assert in_force(MARCH, BOYU) == ["B-ALL/1"]


def test_revising_edits_the_draft_until_it_is_published(officer: User) -> None:
    drafted(officer)
    again = services.revise(actor=officer, today=TODAY, code="P4222", terms=from_day("2026-01-01"), title="新")
    assert (again.version, again.treaty.title, again.effective_to) == (1, "新", None)
    sign(again, actor=officer, today=TODAY)
    following = services.revise(actor=officer, today=TODAY, code="P4222", terms=from_day("2026-07-01"))
    assert (following.version, following.treaty.title, following.above_limits) == (2, "新", "REVIEW")


def test_a_new_version_ends_the_one_before_and_leaves_its_wording(officer: User) -> None:
    first = published(officer)
    wording = first.terms
    second = services.revise(actor=officer, today=TODAY, code="P4222", terms=from_day("2026-07-01"))
    sign(second, actor=officer, today=TODAY)
    first.refresh_from_db()
    assert (first.effective_to, first.terms) == (date(2026, 6, 30), wording)
    assert in_force(date(2026, 6, 30)) == ["P4222/1"]
    assert in_force(date(2026, 7, 1)) == ["P4222/2"]
    assert [version.version for version in queries.versions("P4222")] == [2, 1]


def test_a_version_that_begins_no_later_than_a_published_one_is_refused(officer: User) -> None:
    published(officer)
    same = services.revise(actor=officer, today=TODAY, code="P4222", terms=from_day("2026-01-01"))
    with pytest.raises(services.VersionsOverlap):
        sign(same, actor=officer, today=TODAY)
    before = services.revise(actor=officer, today=TODAY, code="P4222", terms=from_day("2025-01-01", "2025-12-31"))
    sign(before, actor=officer, today=TODAY)
    assert in_force(date(2025, 6, 1)) == ["P4222/2"]


def test_publishing_twice_and_publishing_nothing_are_refused(officer: User) -> None:
    version = published(officer)
    with pytest.raises(services.VersionPublished):
        services.publish(actor=officer, today=TODAY, version_id=version.id)
    with pytest.raises(services.NoSuchVersion):
        services.publish(actor=officer, today=TODAY, version_id=0)


def test_an_ended_treaty_still_covers_the_days_before(officer: User) -> None:
    published(officer)
    with pytest.raises(services.EndsTooEarly):
        services.end(actor=officer, today=TODAY, code="P4222", on=date(2025, 12, 31))
    treaty = services.end(actor=officer, today=TODAY, code="P4222", on=date(2026, 3, 31))
    assert (treaty.status, treaty.ended_on) == ("ENDED", date(2026, 3, 31))
    assert (in_force(date(2026, 3, 31)), in_force(date(2026, 4, 1))) == (["P4222/1"], [])
    with pytest.raises(services.TreatyEnded):
        services.revise(actor=officer, today=TODAY, code="P4222", terms=TERMS)
    with pytest.raises(WrongState):
        services.end(actor=officer, today=TODAY, code="P4222", on=date(2026, 4, 1))
    with pytest.raises(services.NoSuchTreaty):
        services.end(actor=officer, today=TODAY, code="NONE", on=date(2026, 4, 1))


@pytest.mark.parametrize(
    "statement",
    [
        "update treaties_treatyversion set terms = '{}'",
        "update treaties_treatyversion set effective_from = '2025-01-01'",
        "update treaties_treatyversion set effective_to = '2027-12-31'",
        "update treaties_treatyversion set effective_to = null",
        "update treaties_treatyversion set published_on = null",
        "update treaties_treatyversion set above_limits = 'PART'",
        "delete from treaties_treatyversion",
        "insert into treaties_treatyversion (treaty_id, version, terms, above_limits, effective_from, effective_to,"
        " drafted_by, published_on, published_by) select treaty_id, 9, terms, above_limits, '2026-12-31', null, '',"
        " '2026-02-01', '' from treaties_treatyversion",
    ],
)
def test_the_database_refuses_to_touch_or_overlap_what_is_published(officer: User, statement: str) -> None:
    published(officer)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update treaties_treatyversion set effective_to = '2026-11-30'")
    assert TreatyVersion.objects.get().effective_to == date(2026, 11, 30)


def test_a_line_is_a_yearly_limit_that_can_go_down_to_what_is_used(officer: User) -> None:
    published(officer)

    def line(line_fen: int | None, member: str = ANHE) -> Line:
        return services.set_line(actor=officer, today=TODAY, code="P4222", member_code=member, year=2026, line_fen=line_fen)

    assert line(10 * MILLION).left_fen == 10 * MILLION
    Line.objects.filter(member_code=ANHE).update(used_fen=MILLION, reserved_fen=MILLION)
    assert line(2 * MILLION).left_fen == 0
    with pytest.raises(services.LineBelowUse):
        line(2 * MILLION - 1)
    assert line(None).left_fen is None
    for wrong in ("nobody", ""):
        with pytest.raises(services.BadTreaty):
            line(MILLION, wrong)
    assert [row.member_code for row in queries.lines("P4222", 2026)] == ["*", ANHE]


def test_the_list_shows_the_version_in_force_and_what_is_left(officer: User, django_assert_num_queries: Any) -> None:
    published(officer, "A-SHARED")
    published(officer, "B-OWN", members=[ANHE, BOYU])
    drafted(officer, "C-DRAFT")
    services.set_line(actor=officer, today=TODAY, code="A-SHARED", member_code="*", year=2026, line_fen=10 * MILLION)
    for member, fen in ((ANHE, 2 * MILLION), (BOYU, 3 * MILLION)):
        services.set_line(actor=officer, today=TODAY, code="B-OWN", member_code=member, year=2026, line_fen=fen)
    Line.objects.filter(treaty__code="A-SHARED").update(used_fen=4 * MILLION, reserved_fen=MILLION)
    with django_assert_num_queries(1):
        rows = {row.code: row for row in queries.listing(today=TODAY)}
    shared, own, draft = rows["A-SHARED"], rows["B-OWN"], rows["C-DRAFT"]
    assert (shared.line_fen, shared.used_fen, shared.reserved_fen, shared.left_fen) == (
        10 * MILLION, 4 * MILLION, MILLION, 5 * MILLION,
    )  # fmt: skip
    assert (own.line_fen, own.left_fen) == (5 * MILLION, 5 * MILLION)
    assert (draft.current_version, draft.line_fen, draft.used_fen, draft.left_fen) == (None, None, 0, None)
    assert (shared.current_version, shared.current_to) == (1, date(2026, 12, 31))
    assert [row.code for row in queries.listing(today=TODAY, member_code=ANHE, q="own")] == ["B-OWN"]
    assert [row.code for row in queries.listing(today=TODAY, status="DRAFT")] == ["C-DRAFT"]


def test_terms_are_told_in_sentences_of_both_languages(officer: User) -> None:
    version = published(
        officer,
        terms=document(
            quota(**N_4222),
            layer("SURPLUS", 2, source="member", target="group", retention_fen=MILLION, lines=4),
            layer("EXCESS", 3, source="member", target="group", attachment_fen=MILLION, limit_fen=MILLION),
            layer("AGGREGATE", 4, source="member", target="group", attachment_rate="0.05"),
            layer("RATE_CAP", 5, party="group", cap_rate="0.03", base="RELEASED", excess_to="bank"),
            layer("TIERS", 5, party="group", bands=[{"to": "0.03", "factor": "1"}, {"factor": "0.5"}], excess_to="member"),
            scope={"principal_max_fen": 10 * MILLION, "obligor_total_max_fen": MILLION, "term_max_months": 36, "banks": ["B"]},
            premium={"rates": [{"obligor_max_fen": 5 * MILLION, "rate": "0.003"}, {"rate": "0.005"}]},
            claims={"deadline_days": 120},
        ),
    )
    with translation.override("en"):
        english = queries.summary(version)
    assert english[0] == "For loans drawn down from 2026-01-01 to 2026-12-31."
    assert "Each loss is shared: the bank 20%, the member 40%, the group 20%, the national fund 20%." in english
    assert "Premium a year on the initial principal ceded: 0.3% for obligors up to 5,000,000.00 yuan, otherwise 0.5%." in english
    with translation.override("zh-hans"):
        chinese = queries.summary(version)
    assert len(chinese) == len(english) == 16
    assert "每笔损失分担：银行 20%、担保机构 40%、集团 20%、国担基金 20%。" in chinese
    assert not set(chinese) & set(english)
