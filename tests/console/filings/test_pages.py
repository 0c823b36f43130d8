"""The business-management centre of filings on the console: stages, lists, coverage, figures, events."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kernel.access.models import User
from registry.tenancy import inside
from reguarantee.filings import queries
from tests.console.conftest import SignIn, file, file_large, fill, today
from tests.factories.houses import ANHE, BOYU, GROUP, house
from tests.reguarantee.filings.test_filings import through


def stage(pk: int) -> tuple[str, str]:
    with inside(house(GROUP)):
        filing = queries.get(pk)
        return filing.status, filing.stage


def test_a_case_goes_through_its_stages_by_different_people(treaty: str, sign_in: SignIn) -> None:
    """BUS-01 to BUS-07, BUS-09: each stage has its own opinion by its own person; the reply is a paper; then it is signed."""
    filing = file_large()
    officer, manager, risk, other, boss = (sign_in(seat) for seat in ("filing", "treaty", "risk", "risk2", "executive"))
    here = f"/filings/{filing.pk}/"
    body = officer.get(here).content.decode()
    assert "受理" in body and "确认分保" not in body
    assert "DB-LARGE" in officer.get("/todo/", {"stage": "ACCEPTANCE"}).content.decode()
    assert "DB-LARGE" not in officer.get("/todo/", {"stage": "REVIEW"}).content.decode()
    answer = officer.post(f"{here}opine/", {"stage": "ACCEPTANCE", "agreed": "1", "text": "材料齐全"})
    assert (answer.status_code, stage(filing.pk)) == (302, ("REVIEWING", "EXAMINATION"))
    again = officer.post(f"{here}opine/", {"stage": "EXAMINATION", "agreed": "1", "text": "我自己来"})
    assert again.status_code == 422 and stage(filing.pk)[1] == "EXAMINATION"
    assert manager.post(f"{here}opine/", {"stage": "EXAMINATION", "agreed": "1", "text": "相符"}).status_code == 302
    assert risk.post(f"{here}opine/", {"stage": "VERIFICATION", "agreed": "0", "text": "偏高"}).status_code == 302
    told = {"stage": "REVIEW", "agreed": "1", "text": "可控", "risk_degree": "35", "risk_fen": "100,000"}
    assert other.post(f"{here}opine/", told).status_code == 302
    body = boss.get(here).content.decode()
    assert "35.00%" in body and "偏高" in body and "正式批复" in body
    told = {"approved": "1", "granted_fen": "6,000,000", "text": "同意", "conditions": "追加保证"}
    assert boss.post(f"{here}reply/", told).status_code == 302
    assert stage(filing.pk) == ("REVIEWING", "SIGNING")
    assert officer.post(f"{here}confirm/", {"text": "签约"}).status_code == 302
    body = officer.get(here).content.decode()
    assert "追加保证" in body and "PF20" in body and ".pdf" in body
    paper = officer.get(f"{here}certificate/")
    assert paper.status_code == 200 and paper["Content-Disposition"].startswith("attachment")
    assert b"".join(paper.streaming_content).startswith(b"%PDF")


def test_a_case_is_returned_with_codes_and_words(treaty: str, sign_in: SignIn) -> None:
    """BUS-02: accepted, or returned with reason."""
    filing = file_large()
    client = sign_in("filing")
    assert client.post(f"/filings/{filing.pk}/return/", {"text": "缺少合同"}).status_code == 422
    told = {"deficiencies": ["CONTRACT_NO", "CONSENT"], "text": "请补合同号"}
    assert client.post(f"/filings/{filing.pk}/return/", told).status_code == 302
    body = client.get(f"/filings/{filing.pk}/").content.decode()
    assert "请补合同号" in body and "退回补正" in body and "反担保人" in body


def test_a_bank_s_list_is_compared_row_by_row(treaty: str, sign_in: SignIn) -> None:
    """Batch (domain.md 5.6): a bad row never sinks a good one; the month is confirmed."""
    file(guarantee_id=1, iou_no="J1", number="DB-1", bank_code="HXYH")
    file(guarantee_id=2, iou_no="J2", number="DB-2", obligor_key="k2", bank_code="HXYH")
    rows = ["J1,5000000.00", "J2,1", "J9,1", "J1,5000000", ",x"]
    lines = ["担保机构,借据号,贷款金额", *(f"{ANHE},{row}" for row in rows)]
    client = sign_in("filing")
    upload = SimpleUploadedFile("名单.csv", "\n".join(lines).encode())
    answer = client.post("/filings/lists/new/", {"bank_code": "HXYH", "period": f"{today():%Y-%m}", "file": upload})
    assert answer.status_code == 302
    body = client.get(answer["Location"] + "?q=").content.decode()
    for words in ("已匹配", "金额不符", "未备案", "重复", "无法读取"):
        assert words in body, words
    upload.seek(0)
    twice = client.post("/filings/lists/new/", {"bank_code": "HXYH", "period": f"{today():%Y-%m}", "file": upload})
    assert twice.status_code == 422
    assert client.post(answer["Location"] + "again/").status_code == 302
    assert client.post(answer["Location"] + "confirm/").status_code == 302
    with inside(house(GROUP)):
        first, second = queries.of(ANHE, 1), queries.of(ANHE, 2)
    assert first and second and first.batch and not second.batch
    assert sign_in("executive").get("/filings/lists/").status_code == 200


def test_coverage_shows_every_reason_and_opens_its_rows(treaty: str, sign_in: SignIn) -> None:
    """AGR-18: covered, partly, not covered, each with reasons that open; together they are the book."""
    file()
    file_large()
    fill(3)
    client = sign_in("executive")
    body = client.get("/coverage/").content.decode()
    assert "协议范围内" in body and "单笔超限" in body and "未备案" in body
    rows = client.get("/coverage/rows/", {"q": "", "coverage": "UNCOVERED", "reason_code": "PRINCIPAL_ABOVE_LIMIT"})
    assert "DB-LARGE" in rows.content.decode() and "DB2026-000001" not in rows.content.decode()
    assert client.get("/coverage/", {"as_of": "2020-01-01"}).status_code == 200


def test_figures_and_events_open_what_is_behind_them(treaty: str, sign_in: SignIn, people: dict[str, User]) -> None:
    """BUS-10 to BUS-13: figures by stage, member and period; what happens at any member shows at once."""
    file()
    file(BOYU, guarantee_id=9, number="DB-BOYU", obligor_key="k9")
    large = file_large()
    client = sign_in("executive")
    for by in ("member", "industry", "bank", "product", "month", "line"):
        body = client.get("/filings/figures/", {"by": by}).content.decode()
        assert "受理" in body and "并列比较" in body
        assert client.get("/filings/figures/chart/", {"by": by}).json()["series"]
    assert f"member_code={BOYU}" in client.get("/filings/figures/").content.decode()
    through(large, people, until="REVIEW")
    body = client.get("/filings/events/").content.decode()
    assert body.index("审核") < body.rindex("DB-BOYU")
    part = client.get("/filings/events/", headers={"hx-target": "feed"}).content.decode()
    assert "<html" not in part and "DB-BOYU" in part
    assert "DB-BOYU" not in client.get("/filings/events/", {"member": ANHE}).content.decode()


@pytest.mark.parametrize("path", ["/filings/lists/new/", "/filings/1/opine/", "/filings/1/reply/", "/filings/1/return/"])
def test_pages_of_officers_are_closed_to_others(treaty: str, sign_in: SignIn, path: str) -> None:
    assert sign_in("auditor").get(path).status_code == 403


def test_the_same_note_at_another_member_warns_the_officer_only(treaty: str, sign_in: SignIn) -> None:
    """domain.md 7.5, 11.25: an officer sees the other filing; the member reads a sentence without any name or figure."""
    file(BOYU, guarantee_id=5, number="DB-BOYU", iou_no="J7", obligor_key="kb")
    doubled = file(ANHE, guarantee_id=6, number="DB-ANHE", iou_no="J7", obligor_key="ka")
    assert (doubled.status, doubled.reason_code) == ("REVIEWING", "CHECK_NEEDED")
    assert BOYU not in doubled.reason and "DB-BOYU" not in doubled.reason
    body = sign_in("filing").get(f"/filings/{doubled.pk}/").content.decode()
    assert "DB-BOYU" in body
