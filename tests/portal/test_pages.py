"""Each page renders for the right person, in two languages, in the states it can be in."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.factories.members import make_application, make_customer, make_guarantee, people
from tests.portal.conftest import SignIn

_ENGLISH = re.compile(r">\s*([A-Z][a-z]+(?: [a-z]+)+)\s*<")
_STATES = ("ISSUED", "PARTLY_DRAWN", "IN_FORCE", "OVERDUE", "COMPENSATED", "RELEASED", "LAPSED", "CANCELLED")


def _text(answer: object) -> str:
    return answer.content.decode()


def _chinese(page: str) -> None:
    """No English sentence stands between tags of a Chinese page, but for the other language's own name."""
    assert not [words for words in _ENGLISH.findall(page) if words not in ("English",)]


LISTS = {
    "manager": ("/", "/tasks/", "/tasks/done/", "/tasks/coming/", "/tasks/started/", "/tasks/copied/", "/tasks/deputies/",
                "/applications/", "/applications/inbox/", "/applications/new/", "/guarantees/", "/compensations/", "/customers/",
                "/customers/new/", "/products/", "/notices/", "/notices/bell/", "/search", "/search?q=安和",
                "/applications/limits/"),
    "operations": ("/", "/imports/", "/imports/new/", "/reporting/"),
    "executive": ("/products/", "/products/new/"),
    "sysadmin": ("/people/", "/people/new/"),
    "security": ("/people/",),
    "auditor": ("/audit/",),
}  # fmt: skip


@pytest.mark.parametrize("seat", LISTS)
def test_pages_of_an_empty_house(sign_in: SignIn, seat: str) -> None:
    client = sign_in(seat)
    for path in LISTS[seat]:
        answer = client.get(path)
        assert answer.status_code == 200, path
        _chinese(_text(answer))


@pytest.mark.parametrize("seat", LISTS)
def test_pages_in_english(sign_in: SignIn, seat: str) -> None:
    client = sign_in(seat, english=True)
    for path in LISTS[seat]:
        page = _text(client.get(path))
        assert "<html" not in page or '<html lang="en">' in page
        # Names of people and houses stay as they are; the words of the page do not.
        assert not re.findall(r"工作台|提交|取消|保存|全部", page), path


@pytest.mark.parametrize("state", ("DRAFT", "SUBMITTED", "IN_REVIEW", "APPROVED"))
def test_application_in_each_state(member: None, sign_in: SignIn, state: str) -> None:
    made = make_application(state=state)
    page = _text(sign_in("manager").get(f"/applications/{made.pk}/"))
    assert made.number in page
    assert made.customer.name in page
    _chinese(page)


@pytest.mark.parametrize("state", _STATES)
def test_guarantee_in_each_state(member: None, sign_in: SignIn, state: str) -> None:
    made = make_guarantee(state=state)
    page = _text(sign_in("operations").get(f"/guarantees/{made.pk}/"))
    assert made.number in page
    assert "再担保" in page and "自留金额" in page
    _chinese(page)


def test_figures_of_the_workbench_open_their_rows(member: None, sign_in: SignIn) -> None:
    make_guarantee(state="IN_FORCE")
    make_guarantee(state="OVERDUE")
    client = sign_in("operations")
    page = _text(client.get("/"))
    for url in re.findall(r'<a href="([^"]+)" class="figure"', page):
        assert client.get(url.replace("&amp;", "&")).status_code == 200, url
    rows = _text(client.get("/guarantees/?state=OVERDUE"))
    assert rows.count("data-row") == 1


@pytest.mark.parametrize("name", ("months", "banks", "industries"))
def test_charts_answer_in_json(member: None, sign_in: SignIn, name: str) -> None:
    make_guarantee(state="IN_FORCE")
    answer = sign_in("operations").get(f"/charts/{name}/")
    assert answer["Content-Type"] == "application/json"
    assert len(answer.json()["series"][0]["data"]) == len(answer.json()["categories"]) > 0


def test_no_chart_of_another_name(sign_in: SignIn) -> None:
    assert sign_in("operations").get("/charts/nothing/").status_code == 404


def test_the_position_of_a_case(member: None, sign_in: SignIn) -> None:
    made = make_application(state="IN_REVIEW")
    told = sign_in("manager").get(f"/applications/{made.pk}/position/").json()
    assert "bpmn" in told["xml"].lower()
    assert told["done"] == ["submit"]
    assert [now["id"] for now in told["now"]] == ["acceptance"]


def test_a_whole_number_opens_its_page_at_once(member: None, sign_in: SignIn) -> None:
    made = make_guarantee(state="IN_FORCE")
    answer = sign_in("operations").get("/search", {"q": made.number})
    assert answer["Location"] == f"/guarantees/{made.pk}/"


def test_search_stays_within_what_the_person_may_see(member: None, sign_in: SignIn) -> None:
    other = make_customer(actor=people()["manager2"], name="江城独见有限公司")
    assert other.name in _text(sign_in("manager2").get("/search", {"q": "独见"}))
    assert other.name not in _text(sign_in("manager").get("/search", {"q": "独见"}))


def test_lists_export_what_they_show(member: None, sign_in: SignIn) -> None:
    make_guarantee(state="IN_FORCE")
    client: Client = sign_in("operations")
    for path in ("/guarantees/", "/applications/", "/customers/", "/compensations/", "/reporting/"):
        answer = client.get(path, {"_export": "xlsx"})
        assert answer.status_code == 200, path
        assert b"".join(answer.streaming_content if answer.streaming else [answer.content])[:2] == b"PK", path


def test_administrators_without_a_workbench_land_where_their_work_is(sign_in: SignIn) -> None:
    assert sign_in("auditor").get("/")["Location"] == "/audit/"
    assert sign_in("sysadmin").get("/")["Location"] == "/people/"


def test_the_navigation_shows_only_what_opens(sign_in: SignIn) -> None:
    page = _text(sign_in("auditor").get("/audit/"))
    assert 'href="/guarantees/"' not in page
    assert 'href="/audit/"' in page
