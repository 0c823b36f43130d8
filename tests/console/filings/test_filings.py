"""Filings on the console: the answer with its reason, and an officer's decision in place."""

from __future__ import annotations

import re

from kernel.access.models import User
from registry.tenancy import inside
from reguarantee.filings import queries
from tests.console.conftest import SignIn, file, file_large
from tests.factories.houses import BOYU, GROUP, house
from tests.reguarantee.engine.terms import MILLION
from tests.reguarantee.filings.test_filings import through


def now(pk: int) -> tuple[str, str, int]:
    with inside(house(GROUP)):
        filing = queries.get(pk)
        return filing.status, filing.coverage, filing.ceded_fen


def test_a_filing_within_the_treaty_says_so(treaty: str, sign_in: SignIn) -> None:
    filing = file()
    body = sign_in("executive").get(f"/filings/{filing.pk}/").content.decode()
    assert "已确认" in body and "已分保" in body and treaty in body
    assert "400.00 万元" in body and "200.00 万元" in body
    assert "确认分保" not in body


def test_the_worklist_holds_what_waits_with_its_reason(treaty: str, sign_in: SignIn) -> None:
    file()
    file_large()
    client = sign_in("filing")
    body = client.get("/todo/?q=").content.decode()
    assert "DB-LARGE" in body and "DB2026-000001" not in body and "单笔超限" in body
    assert re.search(r"待办.{0,80}1<", client.get("/").content.decode(), re.S)


def test_an_officer_confirms_less_than_asked(treaty: str, sign_in: SignIn, people: dict[str, User]) -> None:
    filing = file_large()
    through(filing, people)
    client = sign_in("filing")
    assert "确认分保" in client.get(f"/filings/{filing.pk}/").content.decode()
    answer = client.post(f"/filings/{filing.pk}/confirm/", {"guaranteed_fen": "4,000,000", "text": "同意一半"})
    assert (answer.status_code, answer["Location"]) == (302, f"/filings/{filing.pk}/")
    assert now(filing.pk) == ("CONFIRMED", "PARTLY", 2 * MILLION)
    assert "同意一半" in client.get(f"/filings/{filing.pk}/").content.decode()


def test_more_than_asked_is_refused_in_place(treaty: str, sign_in: SignIn, people: dict[str, User]) -> None:
    filing = file_large()
    through(filing, people)
    answer = sign_in("filing").post(f"/filings/{filing.pk}/confirm/", {"guaranteed_fen": "8,000,000.01"})
    assert answer.status_code == 422
    assert "form-bad" in answer.content.decode()
    assert now(filing.pk)[0] == "REVIEWING"


def test_a_rejection_says_why_and_can_be_reopened(treaty: str, sign_in: SignIn) -> None:
    filing = file_large()
    client = sign_in("filing")
    silent = client.post(f"/filings/{filing.pk}/reject/", {"text": " "})
    assert silent.status_code == 422 and "form-bad" in silent.content.decode()
    assert client.post(f"/filings/{filing.pk}/reject/", {"text": "资料不全"}).status_code == 302
    assert now(filing.pk) == ("REJECTED", "UNCOVERED", 0)
    assert client.post(f"/filings/{filing.pk}/reopen/", {"text": "补齐资料"}).status_code == 302
    assert now(filing.pk)[0] == "REVIEWING"
    body = client.get(f"/filings/{filing.pk}/").content.decode()
    assert body.index("补齐资料") < body.rindex("资料不全")


def test_a_decided_filing_is_not_decided_again(treaty: str, sign_in: SignIn) -> None:
    filing = file()
    answer = sign_in("filing").post(f"/filings/{filing.pk}/confirm/", {})
    assert answer.status_code in (302, 422)
    assert now(filing.pk) == ("CONFIRMED", "COVERED", 2 * MILLION)


def test_only_an_officer_decides(treaty: str, sign_in: SignIn, people: dict[str, User]) -> None:
    filing = file_large()
    for seat in ("executive", "treaty", "auditor"):
        client = sign_in(seat)
        for verb in ("confirm", "reject", "reopen"):
            assert client.post(f"/filings/{filing.pk}/{verb}/", {"text": "x"}).status_code == 403, (seat, verb)
    assert "确认分保" not in sign_in("executive").get(f"/filings/{filing.pk}/").content.decode()
    assert now(filing.pk)[0] == "REVIEWING"


def test_the_same_obligor_at_another_member_is_counted(treaty: str, sign_in: SignIn) -> None:
    file(BOYU, guarantee_id=3, number="DB-BOYU", principal_fen=MILLION, guaranteed_fen=MILLION * 8 // 10)
    filing = file_large()
    body = sign_in("filing").get(f"/filings/{filing.pk}/").content.decode()
    assert "DB-BOYU" in body and "另有 1 笔备案" in body and "涉及 1 家机构" in body and "已分保 " in body


def test_filters_narrow_the_list(treaty: str, sign_in: SignIn) -> None:
    file()
    file_large()
    client = sign_in("executive")
    assert "DB2026-000001" not in client.get("/filings/", {"status": "REVIEWING"}).content.decode()
    assert "DB-LARGE" not in client.get("/filings/", {"coverage": "COVERED"}).content.decode()
    assert "DB-LARGE" in client.get("/filings/", {"treaty": treaty}).content.decode()
