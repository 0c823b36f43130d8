"""The three-way match: each kind of break by its name, and never more statements for more rows."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel.access.models import User
from kernel.cash import queries, services
from tests.kernel.cash.conftest import TODAY, expected, paid, received

People = dict[str, User]
LATER = date(2026, 4, 1)


def said(key: str, fen: int, **more: str) -> None:
    told = {"counterparty": "ANHE", "purpose": "CLAIM", "voucher_no": "V-1", "said": "ARRIVED"}
    services.report(key=key, fen=fen, on=TODAY, **(told | more))


def code(key: str, today: date = TODAY) -> str:
    return str(queries.board(today=today).get(key=key).break_code)


def test_what_agrees_is_no_break(people: People) -> None:
    key = expected(people["cashier"]).key
    assert code(key) == ""
    paid(people, key)
    said(key, 1_000)
    assert code(key, LATER) == ""


def test_late(people: People) -> None:
    key = expected(people["cashier"]).key
    assert (code(key, date(2026, 3, 20)), code(key, date(2026, 3, 21))) == ("", "LATE")
    paid(people, key, fen=400)
    assert code(key, LATER) == "LATE", "a part that moved does not hide what is late"


def test_moved_and_not_reported(people: People) -> None:
    key = expected(people["cashier"]).key
    paid(people, key)
    assert code(key) == "UNREPORTED"


def test_funds_and_banks_send_no_word(people: People) -> None:
    key = expected(people["cashier"], key="fund-claim:NFGF:1", purpose="FUND_CLAIM", direction="IN", counterparty="NFGF").key
    received(people, fen=1_000, counterparty="NFGF", key=key)
    assert code(key, LATER) == ""
    said(key, 900, counterparty="NFGF")
    assert code(key, LATER) == "DIFFERENT", "but a word that they did send is compared"


def test_moved_and_reported_differently(people: People) -> None:
    key = expected(people["cashier"]).key
    paid(people, key)
    said(key, 900)
    assert code(key) == "DIFFERENT"


def test_reported_and_not_moved(people: People) -> None:
    key = expected(people["cashier"]).key
    said(key, 1_000)
    assert code(key) == "REPORTED_ONLY"


def test_the_same_word_twice_counts_once_and_a_second_booking_counts(people: People) -> None:
    key = expected(people["cashier"]).key
    for _ in range(2):
        said(key, 1_000, reference="SK-1/1")
    paid(people, key)
    assert code(key) == ""
    said(key, -1_000, reference="ZJ-1/2")
    assert code(key) == "UNREPORTED"
    said(key, 1_000, reference="SK-2/3")
    assert code(key) == ""


def test_a_neighbours_word_about_our_money_counts_for_nothing(people: People) -> None:
    key = expected(people["cashier"]).key
    said(key, 1_000, counterparty="BOYU")
    assert code(key) == ""
    assert [row.counterparty for row in queries.orphan_reports()] == ["BOYU"]


def test_a_word_about_nothing_that_we_expect(people: People) -> None:
    said("claim:ANHE:404", 1_000)
    assert [row.key for row in queries.orphan_reports()] == ["claim:ANHE:404"]


def test_the_worst_stands_first(people: People) -> None:
    for number, (moves, tells) in enumerate(((0, 0), (1_000, 0), (1_000, 900), (0, 1_000), (1_000, 1_000))):
        key = expected(people["cashier"], key=f"claim:ANHE:{number}").key
        if moves:
            paid(people, key, fen=moves, voucher_no=f"V-{number}")
        if tells:
            said(key, tells)
    found = [row.break_code for row in queries.breaks(today=LATER)]
    assert found == ["REPORTED_ONLY", "DIFFERENT", "LATE", "UNREPORTED"]


def test_the_lists_ask_once(people: People) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            list(queries.board(today=LATER))
            list(queries.breaks(today=LATER))
            list(queries.movements())
            queries.proposed(list(queries.unallocated()))
            list(queries.orders(state="CONFIRMED"))
        return len(seen)

    few = statements()
    for number in range(12):
        key = expected(people["cashier"], key=f"claim:ANHE:{number}").key
        paid(people, key, voucher_no=f"V-{number}")
        received(people, fen=5, voucher_no=f"R-{number}")
        said(key, 1_000)
    assert statements() == few + 1 == 6, "one more for the proposals of all receipts together"


def test_late_by_the_day(people: People) -> None:
    key = expected(people["cashier"], due_on=None).key
    assert code(key, TODAY + timedelta(days=400)) == ""
    with pytest.raises(services.DueExists):
        expected(people["cashier"], fen=1)
