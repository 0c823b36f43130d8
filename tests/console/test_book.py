"""The consolidated page and the way from each of its numbers to the rows behind it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from registry.tenancy import inside
from reguarantee.monitoring import queries
from tests.console.conftest import SignIn, fill, today
from tests.factories.houses import GROUP, house
from tests.reguarantee.monitoring import books


def figure(body: str, name: str) -> int:
    found = re.search(rf'data-figure="{name}" data-fen="(\d+)"', body)
    assert found, name
    return int(found[1])


def truth(day: Any) -> dict[str, int]:
    return books.book(("ANHE", "BOYU"), day)["TOTAL"][""]


def test_the_page_shows_what_the_books_hold(book: None, sign_in: SignIn) -> None:
    body = sign_in("executive").get("/").content.decode()
    assert figure(body, "ceded_in_force") == truth(today())["in_force_ceded_fen"] > 0
    assert [re.search(rf'data-coverage="{code}"', body) is not None for code in queries.COVERAGES] == [True] * 3
    assert "集团总览" in body
    assert "data-freshness" in body


def test_the_page_of_another_day_shows_that_day(book: None, sign_in: SignIn) -> None:
    day = today() - timedelta(days=45)
    body = sign_in("executive").get(f"/?as_of={day}").content.decode()
    assert figure(body, "ceded_in_force") == truth(day)["in_force_ceded_fen"] != truth(today())["in_force_ceded_fen"]
    assert f"in_force=1&amp;as_of={day}" in body


def test_an_empty_book_has_no_rate_and_no_error(db: None, sign_in: SignIn) -> None:
    body = sign_in("executive").get("/").content.decode()
    assert figure(body, "ceded_in_force") == 0
    assert re.search(r'figure-value">-</span>\s*<span class="figure-note">已代偿金额', body)


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "2999-01-01", "' or 1=1"])
def test_a_day_that_is_none_is_said_in_place(book: None, sign_in: SignIn, day: str) -> None:
    client = sign_in("executive")
    for path in ("/", "/guarantees/", "/by/bank/", "/members/", "/members/ANHE/", "/charts/months/"):
        answer = client.get(path, {"as_of": day})
        assert answer.status_code == 422, path
        assert "不是今天或以前的日期" in answer.content.decode(), path


@pytest.mark.parametrize("name", ["months", "balances", "banks", "industries", "regions"])
def test_every_datum_opens_the_rows_that_it_counts(book: None, sign_in: SignIn, name: str) -> None:
    client = sign_in("executive")
    drawn = client.get(f"/charts/{name}/").json()
    for series in drawn["series"]:
        for datum in series["data"]:
            body = client.get(datum["url"]).content.decode()
            if name == "months":
                counted = int(re.search(r'data-figure="count">(\d+)<', body)[1])
                assert series.get("axis") != 1 or counted == datum["value"]
            elif series is drawn["series"][0]:
                assert f"{figure(body, 'balance') / 1_000_000:.2f}" == f"{float(datum['value']):.2f}", datum["url"]


def test_regions_of_gb2260_are_drawn_on_the_map(book: None, sign_in: SignIn) -> None:
    drawn = sign_in("executive").get("/charts/regions/").json()
    assert (drawn["kind"], sorted(drawn["categories"])) == ("map", ["安徽", "江苏"])


def test_regions_of_another_kind_are_ranked(db: None, sign_in: SignIn) -> None:
    with inside(house("ANHE")):
        books.put("ANHE", region_code="CA")
    fill(0)
    drawn = sign_in("executive").get("/charts/regions/").json()
    assert (drawn["kind"], drawn["categories"]) == ("rank", ["CA"])


def test_a_walk_through_all_pages_meets_each_guarantee_once(db: None, sign_in: SignIn) -> None:
    fill(60)
    client = sign_in("executive")
    seen: list[str] = []
    path = "/guarantees/?member=ANHE"
    while path:
        body = client.get(path).content.decode()
        seen += re.findall(r'href="/guarantees/ANHE/(\d+)/"', body)
        following = re.search(r'href="(\?[^"]*after=[^"]*)" rel="next"', body)
        path = f"/guarantees/{following[1].replace('&amp;', '&')}" if following else ""
    assert len(seen) == len(set(seen)) == 60


@pytest.mark.parametrize(
    "wrong", [{"month": "2026-13"}, {"in_force": "maybe"}, {"after": "nowhere"}, {"after": "2026-02-30.1.1"}]
)
def test_a_filter_that_is_none_is_said_in_place(book: None, sign_in: SignIn, wrong: dict[str, str]) -> None:
    answer = sign_in("executive").get("/guarantees/", wrong)
    assert answer.status_code == 422
    assert "alert-box tone-red" in answer.content.decode()


def test_the_filter_form_tells_all_from_none(book: None, sign_in: SignIn) -> None:
    """An empty choice of the form wants all rows; a link with an empty industry wants those without one."""
    client = sign_in("executive")
    every = client.get("/guarantees/", {"form": "1", "industry": "", "search": ""}).content.decode()
    none = client.get("/guarantees/", {"form": "1", "industry": "NONE"}).content.decode()
    link = client.get("/guarantees/?industry=").content.decode()
    counts = [int(re.search(r'data-figure="count">(\d+)<', body)[1]) for body in (every, none, link)]
    assert counts == [truth(today())["count"], 0, 0]


def test_htmx_gets_the_rows_alone(book: None, sign_in: SignIn) -> None:
    answer = sign_in("executive").get("/guarantees/?form=1", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="list")
    assert b"<html" not in answer.content and b"<tbody" in answer.content


def test_one_guarantee_says_what_was_never_filed(book: None, sign_in: SignIn) -> None:
    with inside(house(GROUP)):
        row = queries.guarantees(wanted=queries.Wanted(member="BOYU", coverage="COVERED"), as_of=today()).rows[0]
    body = sign_in("executive").get(f"/guarantees/BOYU/{row['guarantee_id']}/").content.decode()
    assert row["number"] in body and "从未备案" in body


@pytest.mark.parametrize("path", ["/by/bank/?q=", "/by/region/?q=", "/members/?q=", "/guarantees/?"])
def test_lists_are_exported(book: None, sign_in: SignIn, path: str) -> None:
    answer = sign_in("executive").get(f"{path}&_export=xlsx")
    assert answer.status_code == 200
    assert answer.content[:2] == b"PK"


def test_a_member_is_read_again_and_the_act_is_audited(book: None, sign_in: SignIn) -> None:
    client = sign_in("executive")
    assert client.post("/members/ANHE/resync/").status_code == 302
    assert "1 笔正在重新读取" in client.get("/members/ANHE/").content.decode()
    trail = sign_in("auditor").get("/audit/?q=monitoring.resync").content.decode()
    assert "重新读取机构账面" in trail and "梁振东" in trail


def test_search_opens_the_whole_number_at_once(book: None, sign_in: SignIn) -> None:
    client = sign_in("executive")
    assert "客户ANHE1" in client.get("/search", {"q": "客户ANHE1"}).content.decode()
    answer = client.get("/search", {"q": "ANHE-00003"})
    assert answer.status_code == 302 and answer["Location"].startswith("/guarantees/ANHE/")
    assert client.get("/search", {"q": "nothing like this"}).status_code == 200


def test_the_page_reads_in_english(book: None, sign_in: SignIn) -> None:
    body = sign_in("executive", english=True).get("/").content.decode()
    assert "Consolidated book" in body and "集团总览" not in body
