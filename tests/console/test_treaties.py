"""Treaties on the console: drafted with the engine's own words about a mistake, published, ended; lines set."""

from __future__ import annotations

import json
from typing import Any

import pytest

from registry.tenancy import inside
from reguarantee.treaties import queries
from tests.console.conftest import SignIn, file, today
from tests.factories.houses import GROUP, house
from tests.reguarantee.engine.terms import N_4222, document, quota


def form(terms: dict[str, Any] | str, **more: str) -> dict[str, str]:
    text = terms if isinstance(terms, str) else json.dumps(terms)
    given = {"code": "NEW-1", "title": "新协议", "members": "*", "above_limits": "PART", "rank": "50", "notice_days": "60"}
    return {**given, "mode": "json", "terms": text, **more}


def test_a_draft_is_written_published_and_ended(db: None, sign_in: SignIn) -> None:
    client = sign_in("treaty")
    assert 'name="parties-0-key"' in client.get("/treaties/new/").content.decode()
    answer = client.post("/treaties/new/", form(document(quota(**N_4222)), members="ANHE，BOYU"))
    assert (answer.status_code, answer["Location"]) == (302, "/treaties/NEW-1/")
    page = client.get("/treaties/NEW-1/").content.decode()
    assert "草稿" in page and "40%" in page and "ANHE" in page
    with inside(house(GROUP)):
        version = queries.versions("NEW-1")[0]
    sign = f"/agreements/NEW-1/sign/{version.pk}/"
    assert client.post(sign, {"signed_on": today().isoformat()}).status_code == 422  # nobody has approved it
    assert client.post(f"/agreements/NEW-1/submit/{version.pk}/").status_code == 302
    assert client.post(f"/agreements/NEW-1/approve/{version.pk}/").status_code == 403
    boss = sign_in("executive")
    assert "NEW-1" in boss.get("/agreements/waiting/?q=").content.decode()
    approve = f"/agreements/NEW-1/approve/{version.pk}/"
    assert boss.post(approve, {"seen": "other"}).status_code == 422
    assert boss.post(approve, {"seen": version.digest, "opinion": "同意"}).status_code == 302
    assert client.post(sign, {"signed_on": today().isoformat(), "number": "皖再担〔2026〕1号"}).status_code == 302
    with inside(house(GROUP)):
        assert queries.get("NEW-1").status == "ACTIVE"
    page = client.get("/treaties/NEW-1/").content.decode()
    assert "皖再担〔2026〕1号" in page and "同意" in page
    again = client.post(sign, {"signed_on": today().isoformat()})
    assert again.status_code == 422 and "已发布" in again.content.decode()
    early = client.post("/treaties/NEW-1/end/", {"on": "2025-01-01"})
    assert early.status_code == 422 and "form-bad" in early.content.decode()
    assert client.post("/treaties/NEW-1/end/", {"on": "2026-12-31"}).status_code == 302
    with inside(house(GROUP)):
        assert queries.get("NEW-1").status == "ENDED"


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ("{not json", "不是 JSON"),
        ("[]", "JSON 对象"),
        (document(quota(bank="0.2", member="0.9")), "layers[0].shares"),
        (document(quota(**{**N_4222, "bank": "much"})), "layers[0].shares.bank"),
        ({**document(quota(**N_4222)), "residual": "stranger"}, "residual"),
    ],
)
def test_a_mistake_in_the_terms_stands_at_its_path(db: None, sign_in: SignIn, terms: Any, said: str) -> None:
    answer = sign_in("treaty").post("/treaties/new/", form(terms))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with inside(house(GROUP)):
        assert not queries.listing(today=today()).filter(code="NEW-1").exists()


@pytest.mark.parametrize(("field", "value"), [("code", "small letters"), ("members", "nobody!"), ("title", ""), ("rank", "0")])
def test_a_mistake_in_a_field_stands_at_the_field(db: None, sign_in: SignIn, field: str, value: str) -> None:
    answer = sign_in("treaty").post("/treaties/new/", form(document(quota(**N_4222)), **{field: value}))
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()


def test_a_revision_is_another_version_and_the_first_stays(treaty: str, sign_in: SignIn) -> None:
    client = sign_in("treaty")
    filing = file()
    with inside(house(GROUP)):
        terms = json.loads(queries.versions(treaty)[0].terms)
    terms["attaches"] = {"from": f"{today().year + 1}-01-01", "to": None, "by": "drawdown"}
    answer = client.post(f"/treaties/{treaty}/revise/", form(terms))
    assert answer["Location"] == f"/treaties/{treaty}/?version=2"
    assert client.get(f"/treaties/{treaty}/?version=1").status_code == 200
    with inside(house(GROUP)):
        assert [one.is_published for one in queries.versions(treaty)] == [False, True]
    assert f"{treaty}/1" in client.get(f"/filings/{filing.pk}/").content.decode()


def test_a_line_is_set_and_never_below_its_use(treaty: str, sign_in: SignIn) -> None:
    file()
    client = sign_in("treaty")
    year = str(today().year)
    low = client.post(f"/treaties/{treaty}/line/", {"member_code": "*", "year": year, "line_fen": "1"})
    assert low.status_code == 422 and 'id="id_line_fen_error"' in low.content.decode()
    answer = client.post(f"/treaties/{treaty}/line/", {"member_code": "*", "year": year, "line_fen": "50,000,000"})
    assert answer.status_code == 302
    body = client.get(f"/treaties/{treaty}/?year={year}").content.decode()
    assert "5,000.00" in body and "4,800.00" in body


def test_whoever_only_reads_changes_nothing(treaty: str, sign_in: SignIn) -> None:
    for seat in ("filing", "executive"):
        client = sign_in(seat)
        assert client.get(f"/treaties/{treaty}/").status_code == 200
        for path in ("/treaties/new/", f"/treaties/{treaty}/revise/", f"/treaties/{treaty}/end/", f"/treaties/{treaty}/line/"):
            assert client.post(path, {}).status_code == 403, path
