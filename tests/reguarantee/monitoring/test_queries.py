"""Reading the consolidated book: the contract of the command, the page, and the way from a figure to its rows."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django.utils.translation import override

from kernel.calendar import add_months
from registry import queries as registry
from registry.tenancy import inside
from reguarantee.monitoring import queries, services, tasks
from reguarantee.monitoring.queries import Wanted
from reguarantee.monitoring.queries.book import PUBLISHED
from tests.factories.houses import ANHE, BOYU, house
from tests.reguarantee.monitoring import books

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 31)
FIELDS = ["key", "count", "loan_fen", "guaranteed_fen", "released_count", "compensated_count", "compensation_fen",
          "in_force_count", "in_force_loan_fen", "in_force_guaranteed_fen", "in_force_balance_fen"]  # fmt: skip


@pytest.fixture
def library() -> None:
    """Forty guarantees over two members, three banks, two industries and five months."""
    for place, code in enumerate((ANHE, BOYU)):
        with inside(house(code)):
            for n in range(20):
                approved = add_months(date(2025, 11, 3), n % 5)
                state = ["IN_FORCE", "RELEASED", "COMPENSATED", "LAPSED"][n % 4]
                ended = None if state == "IN_FORCE" else date(2026, 3, 1 + n)
                books.put(
                    code,
                    loan_fen=(n + 1) * 1_000_00,
                    guaranteed_fen=(n + 1) * 800_00,
                    approved_on=approved,
                    start_on=approved if n % 7 else None,
                    state=state if n % 7 else "CANCELLED",
                    ended_on=ended if n % 7 else date(2026, 3, 1),
                    compensated_on=ended if state == "COMPENSATED" and n % 7 else None,
                    compensation_fen=100_00 if state == "COMPENSATED" and n % 7 else 0,
                    straight=True,
                    industry="AC"[n % 2],
                    bank_name=["华星银行", "锦州城市银行", "100% Bank_A"][n % 3],
                    coverage=["COVERED", "UNCOVERED", "PARTLY"][(n + place) % 3] if code == ANHE else "COVERED",
                    customer=f"客户{n % 6}",
                )
    services.catch_up(today=TODAY)


@pytest.mark.parametrize("by", ["member", "bank", "industry", "region", "month"])
@pytest.mark.parametrize("as_of", [TODAY, date(2026, 3, 15)])
def test_consolidated_keeps_its_contract(library: None, by: str, as_of: date) -> None:
    with inside(registry.group()):
        found = queries.consolidated(by=by, as_of=as_of)
    assert list(found) == ["as_of", "by", "rows", "total"]
    assert (found["as_of"], found["by"]) == (as_of.isoformat(), by)
    truth = books.book((ANHE, BOYU), as_of)
    assert list(found["total"]) == FIELDS[1:]
    assert found["total"] == {name: truth["TOTAL"][""][name] for name in PUBLISHED}
    keys = [row["key"] for row in found["rows"]]
    assert keys == sorted(truth[by.upper()])
    for row in found["rows"]:
        assert list(row) == FIELDS
        assert row == {"key": row["key"], **{name: truth[by.upper()][row["key"]][name] for name in PUBLISHED}}


def test_an_empty_book_is_zero_and_an_unknown_dimension_refused() -> None:
    with inside(registry.group()):
        assert queries.consolidated(by="bank", as_of=TODAY)["total"]["count"] == 0
        assert queries.overview(as_of=TODAY).total["in_force_balance_fen"] == 0
        with pytest.raises(queries.NoSuchDimension):
            queries.consolidated(by="colour", as_of=TODAY)


def test_the_command_is_current_without_a_worker(library: None) -> None:
    with inside(house(ANHE)):
        books.put(ANHE, loan_fen=7, guaranteed_fen=5)
    out = StringIO()
    call_command("consolidated", "--as-of", "2026-03-31", "--by", "member", "--json", stdout=out)
    figures = json.loads(out.getvalue())
    assert [row["key"] for row in figures["rows"]] == [ANHE, BOYU]
    assert figures["rows"][0]["count"] == 21 and figures["total"]["count"] == 41
    assert figures["total"]["loan_fen"] == 2 * 210 * 1_000_00 + 7
    out = StringIO()
    call_command("consolidated", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0].startswith(timezone.localdate().isoformat())
    assert [line.split()[0] for line in lines[1:4]] == ["member", ANHE, BOYU]
    assert lines[4].split()[:2] == ["41", "420,000.07"]
    with pytest.raises(CommandError):
        call_command("consolidated", "--by", "colour")


def test_every_number_of_the_page_opens_the_rows_behind_it(library: None) -> None:
    with inside(registry.group()):
        page = queries.overview(as_of=TODAY)
        assert [line.key for line in page.coverage] == ["COVERED", "PARTLY", "UNCOVERED"]
        assert [line.key for line in page.months] == [f"{add_months(date(2025, 4, 1), n):%Y-%m}" for n in range(12)]
        lines = [*page.members, *page.banks, *page.industries, *page.regions, *page.coverage, *page.months]
        assert len(lines) >= 2 + 3 + 2 + 1 + 3 + 12
        for line in lines:
            wanted = Wanted.of(line.wanted)
            assert wanted.parameters() == line.wanted
            assert queries.totals(wanted=wanted, as_of=TODAY) == line.figures, line
        assert sum(line.figures["in_force_balance_fen"] for line in page.banks) == page.total["in_force_balance_fen"]
        assert {line.key: line.label for line in page.members}[ANHE] == "安和融资担保有限公司"
        days = [day for day, _ in page.balances]
        assert days[-2:] == [date(2026, 2, 28), TODAY] and len(days) == 13
        for day, figures in page.balances:
            truth = books.book((ANHE, BOYU), day)["TOTAL"][""]
            assert figures == {name: truth[name] for name in figures}, day
        assert page.month_end == page.balances[-2][1]
        assert page.approved["this_month"] == page.months[-1].figures
        assert page.approved["last_month"]["count"] == 0 or page.approved["last_month"] == page.months[-2].figures
        assert {line.key for line in queries.lines(by="month", as_of=TODAY)} == {f"2025-{m}" for m in (11, 12)} | {
            f"2026-0{m}" for m in (1, 2, 3)
        }


def test_any_other_day_gives_the_page_too(library: None) -> None:
    day = date(2026, 1, 15)
    with inside(registry.group()):
        page = queries.overview(as_of=day)
        truth = books.book((ANHE, BOYU), day)
        assert page.total == truth["TOTAL"][""]
        assert {line.key: line.figures for line in page.members} == truth["MEMBER"]
        assert page.balances[-2][0] == date(2025, 12, 31)


def test_labels_are_in_the_readers_language(library: None) -> None:
    with inside(registry.group()):
        with override("zh-hans"):
            assert {line.label for line in queries.overview(as_of=TODAY).industries} == {"制造业", "农、林、牧、渔业"}
        with override("en"):
            assert queries.coverage_label("PARTLY") == "Partly covered"
            assert queries.industry_label("") == "Not stated"


def test_pages_of_rows_neither_skip_nor_repeat(library: None) -> None:
    with inside(registry.group()):
        everything = queries.guarantees(wanted=Wanted(), as_of=TODAY, size=1000)
        assert len(everything.rows) == 40 and everything.following == ""
        seen, after = [], ""
        while True:
            page = queries.guarantees(wanted=Wanted(), as_of=TODAY, after=after, size=7)
            seen += page.rows
            after = page.following
            if not after:
                break
        assert seen == everything.rows
        order = [(row["approved_on"], row["institution_id"], row["guarantee_id"]) for row in seen]
        assert order == sorted(order, reverse=True)
        exact = queries.guarantees(wanted=Wanted(), as_of=TODAY, size=40)
        assert exact.following == ""


@pytest.mark.parametrize(
    ("wanted", "keep"),
    [
        (Wanted(member="boyu"), lambda row: row["member_code"] == BOYU),
        (Wanted(bank="100% Bank_A", industry="A"), lambda row: row["bank_name"] == "100% Bank_A" and row["industry"] == "A"),
        (Wanted(month="2026-01"), lambda row: f"{row['approved_on']:%Y-%m}" == "2026-01"),
        (Wanted(state="RELEASED", member=ANHE), lambda row: row["state"] == "RELEASED" and row["member_code"] == ANHE),
        (Wanted(coverage="PARTLY"), lambda row: row["coverage"] == "PARTLY"),
        (Wanted(in_force="1"), lambda row: row["in_force"]),
        (Wanted(in_force="0", region="340100"), lambda row: not row["in_force"]),
        (Wanted(search="户3"), lambda row: row["customer_name"] == "客户3"),
        (Wanted(search="anhe-00001"), lambda row: row["number"] == "ANHE-00001"),
        (Wanted(search="%"), lambda row: False),
        (Wanted(industry=""), lambda row: False),
        (Wanted(product="TEST"), lambda row: True),
    ],
)
def test_filters(library: None, wanted: Wanted, keep: object) -> None:
    assert callable(keep)
    with inside(registry.group()):
        everything = queries.guarantees(wanted=Wanted(), as_of=TODAY, size=1000).rows
        found = queries.guarantees(wanted=wanted, as_of=TODAY, size=1000).rows
        assert found == [row for row in everything if keep(row)]
        totals = queries.totals(wanted=wanted, as_of=TODAY)
        assert totals["count"] == len(found)
        assert totals["in_force_balance_fen"] == sum(row["balance_fen"] for row in found)


@pytest.mark.parametrize("parameters", [{"month": "2026-13"}, {"month": "x"}, {"in_force": "yes"}])
def test_a_filter_that_cannot_be_read_is_refused(parameters: dict[str, str]) -> None:
    with pytest.raises(queries.BadFilter):
        Wanted.of(parameters)


@pytest.mark.parametrize("after", ["x", "2026-02-30.1.1", "2026-01-01.1.1; drop"])
def test_a_cursor_that_cannot_be_read_is_refused(after: str) -> None:
    with inside(registry.group()), pytest.raises(queries.BadFilter):
        queries.guarantees(wanted=Wanted(), as_of=TODAY, after=after)


def test_one_guarantee_with_its_history() -> None:
    with inside(house(ANHE)):
        row = books.put(ANHE)
        books.move(row, date(2026, 2, 1), row.loan_fen)
        books.move(row, date(2026, 3, 1), row.loan_fen // 4)
    services.catch_up(today=TODAY)
    with inside(registry.group()):
        now = queries.guarantee(member=ANHE, guarantee_id=row.pk, as_of=TODAY)
        then = queries.guarantee(member=ANHE, guarantee_id=row.pk, as_of=date(2026, 2, 28))
        assert (now["balance_fen"], then["balance_fen"], now["customer_name"]) == (20_000_00, 80_000_00, "甲公司")
        assert now["movements"] == [(date(2026, 2, 1), 80_000_00), (date(2026, 3, 1), 20_000_00)]
        assert queries.members()[0].code == ANHE
        with pytest.raises(queries.NoSuchGuarantee):
            queries.guarantee(member=BOYU, guarantee_id=row.pk, as_of=TODAY)


def test_the_clocks_tasks() -> None:
    with inside(house(ANHE)):
        books.put(ANHE)
    with inside(registry.group()):
        assert tasks.project.run() == 1
        assert tasks.roll.run() is True
        assert tasks.compare.run() == 0
