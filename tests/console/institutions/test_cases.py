"""Admission, standards and evaluations at the console."""

from __future__ import annotations

import re
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kernel.access.models import User
from reguarantee.admission import queries, services
from reguarantee.admission.models import Case
from reguarantee.partners import queries as partners
from tests.console.conftest import SignIn, today
from tests.factories.pages import statements
from tests.reguarantee.admission.conftest import PDF, TODAY, TREATY, applied, publish, reach
from tests.reguarantee.admission.test_ranking import member

People = dict[str, User]
STATES = ("APPLIED", "DOCUMENTS", "ANALYSIS", "REVIEW", "COMMITTEE", "AGREEMENT", "ACTIVATING", "ACTIVE")


@pytest.fixture
def treaty(people: People) -> str:
    return publish(people)


def file(name: str = "a.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF)


@pytest.mark.parametrize("state", STATES)
def test_the_case_in_every_step(people: People, treaty: str, sign_in: SignIn, state: str) -> None:
    """PAR-08: the page of a case shows its step, what is next, and only what this person may do now."""
    case = reach(state, people)
    for seat in ("admission", "risk", "executive", "secretary", "treaty"):
        answer = sign_in(seat).get(f"/admission/cases/{case.pk}/")
        assert answer.status_code == 200, seat
        text = answer.content.decode()
        assert str(dict(queries.STATES)[state]) in text
        assert "注册资本" in text
    text = sign_in("admission").get(f"/admission/cases/{case.pk}/").content.decode()
    assert (f"/admission/cases/{case.pk}/do/accept/" in text) == (state == "APPLIED")
    assert (f"/admission/cases/{case.pk}/do/complete/" in text) == (state == "DOCUMENTS")
    assert f"/admission/cases/{case.pk}/do/activate/" not in text
    english = sign_in("admission", english=True).get(f"/admission/cases/{case.pk}/").content.decode()
    assert "Judgement by the standard" in english


def test_the_way_through_by_pages(people: People, treaty: str, sign_in: SignIn) -> None:
    """PAR-08…14, PAR-36: every step by its page; the bank of links at the end is shown once."""
    case, _token = applied()
    where = f"/admission/cases/{case.pk}/"
    officer, risk, executive = sign_in("admission"), sign_in("risk"), sign_in("executive")
    assert officer.post(f"{where}do/accept/", {"code": "XINHE", "text": ""}).status_code == 302
    assert officer.post(f"{where}do/complete/", {"text": ""}).status_code == 422
    for slot in case.standard.document["documents"]:
        sent = officer.post(f"{where}papers/new/", {"slot": slot["code"], "file": file()})
        assert sent.status_code == 302
    assert officer.post(f"{where}do/complete/", {"text": "齐"}).status_code == 302
    assert officer.post(f"{where}do/conclude/", {"text": "x"}).status_code == 422
    assert officer.post(f"{where}analyse/", {"text": "财务稳健"}).status_code == 302
    assert officer.post(f"{where}do/conclude/", {"text": "建议通过"}).status_code == 302
    told = {
        "on": "2026-03-02",
        "score": 84,
        "place": "江城",
        "visitors": "韩志远",
        "met": "郭建国",
        "findings": "好",
        "file": file(),
    }
    assert risk.post(f"{where}visit/", told).status_code == 302
    assert risk.post(f"{where}do/review/", {"score": 86, "text": "同意"}).status_code == 302
    services.decided(subject=case.subject, outcome="PASSED", conditions=(), actor=people["secretary"], today=today())
    line = {"prior_fen": "0", "growth": "10", "target_fen": "1500000000", "requested_fen": "1800000000", "is_new": "on"}
    assert officer.get(f"{where}line/").status_code == 200
    assert officer.post(f"{where}line/", line).status_code == 302
    agreed = {"agreement_no": "XY-9", "line_year": today().year, "treaty_code": TREATY, "title": ""}
    assert officer.post(f"{where}agree/", agreed).status_code == 302
    assert executive.post(f"{where}do/sign/", {"signed_on": today().isoformat(), "file": file()}).status_code == 302
    done = executive.post(f"{where}do/activate/")
    text = done.content.decode()
    assert done.status_code == 200
    assert "xinhe.localhost" in text
    assert text.count("/accounts/password/reset/key/") == 4
    assert done["Cache-Control"] == "no-store"
    assert "/accounts/password/reset/key/" not in executive.get(where).content.decode()
    case.refresh_from_db()
    assert (case.state, case.line_fen) == ("ACTIVE", 150_000_000_000)


def test_the_committee_decides_at_a_meeting(people: People, sign_in: SignIn) -> None:
    """PAR-13: on the agenda by the secretary, those who handled it recused; the vote's outcome moves the case on."""
    from kernel.approval.committee import services as committee
    from kernel.approval.committee.models import AgendaItem

    case = reach("COMMITTEE", people)
    seats = [people[seat].pk for seat in ("chair", "executive", "risk2", "legal", "claims_head", "admission")]
    day = today()
    meeting = committee.convene(actor=people["secretary"], today=day, on=day, chair_id=people["chair"].pk, member_ids=seats)
    secretary = sign_in("secretary")
    assert f"/admission/cases/{case.pk}/agenda/" in secretary.get(f"/admission/cases/{case.pk}/").content.decode()
    put = secretary.post(f"/admission/cases/{case.pk}/agenda/", {"meeting_id": meeting.pk, "summary": "建议准入"})
    assert (put.status_code, put["Location"]) == (302, f"/meetings/{meeting.pk}/")
    item = AgendaItem.objects.get(subject=case.subject)
    assert people["admission"].pk in [row.person_id for row in item.recusals.all()]
    committee.open_item(actor=people["secretary"], today=day, item_id=item.pk)
    for seat in ("chair", "executive", "risk2", "legal", "claims_head"):
        committee.vote(actor=people[seat], today=day, item_id=item.pk, choice="AGREE")
    committee.close_item(actor=people["secretary"], today=day, item_id=item.pk)
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("AGREEMENT", "PASSED")


def test_board_and_list(people: People, sign_in: SignIn) -> None:
    """PAR-08: open cases by step; statements do not grow with the cases."""
    client = sign_in("admission")
    first, _token = applied()
    few = statements(client, "/admission/")
    for number in range(901, 906):
        applied(number=number, code=f"NEW{number}")
    assert statements(client, "/admission/") == few
    assert statements(client, "/admission/cases/?q=") < 40
    assert first.number in client.get("/admission/cases/?q=").content.decode()


def test_an_officer_enters_an_application_from_paper(people: People, sign_in: SignIn) -> None:
    """PAR-09: the same form at the desk; a wrong credit code stands at its field."""
    client = sign_in("admission")
    assert client.get("/admission/cases/new/?kind=BANK").status_code == 200
    told = typed()
    refused = client.post("/admission/cases/new/", {**told, "uscc": "91110000100001661X"})
    assert refused.status_code == 422
    assert "统一社会信用代码" in refused.content.decode()
    assert client.post("/admission/cases/new/", told).status_code == 302
    case = Case.objects.get()
    assert (case.source, case.told["compensation_rate"], case.told["registered_capital_fen"]) == (
        "OFFICER",
        "0.012",
        30_000_000_000,
    )


def typed(**changes: Any) -> dict[str, Any]:
    """The application as a person types it: yuan and percent."""
    from infra.demo import names
    from reguarantee.admission.judging import UNITS
    from tests.reguarantee.admission.conftest import ANSWERS

    told: dict[str, Any] = {"name": "新禾融资担保有限公司", "uscc": names.uscc(900), "code": "xinhe", "region_code": "340200"}
    for name, value in ANSWERS.items():
        unit = UNITS.get(name)
        if isinstance(value, bool):
            if value:
                told[name] = "on"
        elif unit == "fen":
            told[name] = str(value // 100)
        elif unit == "rate":
            told[name] = f"{float(value) * 100:.4f}"
        else:
            told[name] = str(value)
    return {**told, **changes}


def test_papers_are_downloads_of_their_case_only(people: People, sign_in: SignIn) -> None:
    """A paper of one case is not found under another; it is never shown in place."""
    case, _token = applied()
    other, _token = applied(number=901, code="OTHER")
    document = services.attach(
        actor=services.applicant(case), today=TODAY, case_id=case.pk, slot="LICENCE", name="许可证.pdf", file=BytesIO(PDF)
    )
    client = sign_in("risk")
    answer = client.get(f"/admission/cases/{case.pk}/papers/{document.pk}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content) == PDF
    assert client.get(f"/admission/cases/{other.pk}/papers/{document.pk}/").status_code == 404
    assert sign_in("filing").get(f"/admission/cases/{case.pk}/papers/{document.pk}/").status_code == 403


def test_correct_the_figures(people: People, sign_in: SignIn) -> None:
    """PAR-22: figures are corrected by the papers, with the reason."""
    case = reach("ANALYSIS", people)
    client = sign_in("admission")
    assert client.get(f"/admission/cases/{case.pk}/correct/").status_code == 200
    told = {name: value for name, value in typed(compensation_rate="3").items() if name not in ("uscc", "code")}
    assert client.post(f"/admission/cases/{case.pk}/correct/", {**told, "reason": ""}).status_code == 422
    assert client.post(f"/admission/cases/{case.pk}/correct/", {**told, "reason": "按审计报告"}).status_code == 302
    case.refresh_from_db()
    assert case.told["compensation_rate"] == "0.03"


def test_standards_by_pages(people: People, sign_in: SignIn) -> None:
    """PAR-16: read, drafted, refused with the path of a mistake, published by another person."""
    officer, executive = sign_in("admission"), sign_in("executive")
    assert officer.get("/admission/standards/?q=").status_code == 200
    first = queries.standard_of("MEMBER", on=TODAY)
    assert first is not None
    assert "注册资本" in officer.get(f"/admission/standards/{first.pk}/").content.decode()
    draft = officer.get("/admission/standards/draft/MEMBER/")
    assert draft.status_code == 200
    day = today().isoformat()
    broken = first.content.replace('"GE"', '"ABOVE"', 1)
    refused = officer.post("/admission/standards/draft/MEMBER/", {"effective_from": day, "note": "", "document": broken})
    assert refused.status_code == 422
    assert "/rules/1/operator" in refused.content.decode()
    told = {"effective_from": day, "note": "提高门槛", "document": first.content.replace("10000000000", "20000000000", 1)}
    made = officer.post("/admission/standards/draft/MEMBER/", told)
    assert made.status_code == 302
    assert executive.post(f"{made['Location']}publish/").status_code == 302
    now = queries.standard_of("MEMBER", on=today())
    assert now is not None
    assert now.version == 2


def test_evaluation_by_pages(people: People, treaty: str, sign_in: SignIn) -> None:
    """PAR-04, PAR-35: opened, missing figures stated with their source, approved by another person."""
    case = reach("ACTIVE", people)
    officer, risk = sign_in("admission"), sign_in("risk")
    assert officer.get("/evaluations/?q=").status_code == 200
    made = officer.post("/evaluations/start/", {"partner_code": case.code, "year": 2025})
    assert made.status_code == 302
    where = made["Location"]
    assert "无数据" in officer.get(where).content.decode() or "No data" in officer.get(where).content.decode()
    assert officer.post(f"{where}submit/", {"text": "x"}).status_code == 422
    for metric in ("small_agri_share", "risk_shared_share", "leverage", "compensation_rate", "return_rate", "filing_rate"):
        assert officer.get(f"{where}state/{metric}/").status_code == 200
        assert officer.post(f"{where}state/{metric}/", {"figure": "90", "reason": "自报"}).status_code == 302
    assert officer.post(f"{where}submit/", {"text": "资料齐"}).status_code == 302
    assert officer.post(f"{where}approve/").status_code == 403
    risk.post(f"{where}approve/")
    assert partners.get(case.code).grade == ""  # nobody approves a score that he did not see
    (seen,) = re.findall(r'name="seen" value="([\d.]+)"', risk.get(where).content.decode())
    assert risk.post(f"{where}approve/", {"seen": seen}).status_code == 302
    assert risk.get(where).status_code == 200
    assert partners.get(case.code).grade == "D"


def test_a_rank_opens_the_field_behind_it(people: People, sign_in: SignIn) -> None:
    """PAR-04: two institutions, their places and how the points come about; a year without any says what to do."""
    rows = []
    for number, rate in ((801, "0.02"), (802, "0.04")):
        code = member(people, f"HE{number}", number)
        row = services.start(actor=people["admission"], today=TODAY, partner_code=code, year=2025)
        told: dict[str, Any] = {"metric": "compensation_rate", "figure": Decimal(rate), "reason": "年报"}
        rows.append(services.state(actor=people["admission"], today=TODAY, evaluation_id=row.pk, **told))
    best, last = (f'href="/evaluations/{row.pk}/"' for row in rows)
    client = sign_in("risk", english=True)
    page = client.get(f"/evaluations/{rows[1].pk}/").content.decode()
    assert "(4.00% − 4.00%) ÷ (4.00% − 2.00%) × 100 = 0.00" in page
    assert "2 / 2" in page
    path = "/evaluations/ranking/2025/compensation_rate/"
    assert f'href="{path}"' in page
    ranking = client.get(path).content.decode()
    assert ranking.index(best) < ranking.index(last)
    assert "less is better" in ranking
    assert "No evaluation of this year is opened" in client.get("/evaluations/ranking/2020/leverage/").content.decode()
    assert client.get("/evaluations/ranking/2025/height/").status_code == 404


def test_every_dialog_opens(people: People, treaty: str, sign_in: SignIn) -> None:
    """Each verb's form opens for whom it is."""
    case, _token = applied()
    officer, risk, executive = sign_in("admission"), sign_in("risk"), sign_in("executive")
    where = f"/admission/cases/{case.pk}/"
    for path in (
        "do/accept/",
        "do/send_back/",
        "do/refuse/",
        "do/withdraw/",
        "ask/",
        "papers/new/",
        "analyse/",
        "agree/",
        "correct/",
    ):
        assert officer.get(where + path).status_code == 200, path
    for path in ("visit/", "do/review/", "do/give_back/"):
        assert risk.get(where + path).status_code == 200, path
    assert executive.get(f"{where}do/sign/").status_code == 200
    assert officer.get(f"{where}do/nothing/").status_code == 404
