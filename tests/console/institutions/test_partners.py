"""The register of partner institutions at the console."""

from __future__ import annotations

from datetime import timedelta

import pytest

from infra.demo import names
from kernel.access.actors import Actor
from kernel.access.models import User
from kernel.letters import InstitutionChangeReported
from reguarantee.admission import services as admission
from reguarantee.admission.models import ReportedChange
from reguarantee.partners import queries, services
from tests.console.conftest import SignIn, today
from tests.factories.houses import ANHE, BANK
from tests.factories.pages import statements

People = dict[str, User]


@pytest.fixture
def anhe(people: People) -> str:
    services.enrol(
        actor=people["admission"], today=today(), code=ANHE, name="安和融资担保有限公司", kind="MEMBER", reason="建库",
        file={"uscc": names.uscc(1), "registered_capital_fen": 30_000_000_000},
    )  # fmt: skip
    return ANHE


def test_take_up_and_complete_the_file(people: People, sign_in: SignIn) -> None:
    """PAR-01, PAR-05: an institution that is here already comes into the register; its file is completed."""
    client = sign_in("admission")
    assert client.get("/partners/new/").status_code == 200
    made = client.post("/partners/new/", {"who": f"MEMBER:{ANHE}", "reason": "建库"})
    assert (made.status_code, made["Location"]) == (302, f"/partners/{ANHE}/")
    told = {
        "name": "安和融资担保有限公司", "uscc": names.uscc(1), "registered_capital_fen": "300000000", "licence_no": "R-1",
        "licence_valid_to": (today() + timedelta(days=30)).isoformat(), "capital_source": "LOCAL_FINANCE", "is_policy": "on",
        "reason": "建档",
    }  # fmt: skip
    assert client.get(f"/partners/{ANHE}/edit/").status_code == 200
    assert client.post(f"/partners/{ANHE}/edit/", {**told, "uscc": "91110000100001661X"}).status_code == 422
    assert client.post(f"/partners/{ANHE}/edit/", told).status_code == 302
    rows = {"rows": "江城财政局, 60%\n江城城投，40%", "reason": ""}
    assert client.post(f"/partners/{ANHE}/lists/shareholders/", rows).status_code == 302
    assert client.post(f"/partners/{ANHE}/lists/shareholders/", {"rows": "甲, 60\n乙, 50"}).status_code == 422
    partner = queries.get(ANHE)
    assert [row["share"] for row in partner.shareholders] == ["0.6", "0.4"]
    page = client.get(f"/partners/{ANHE}/").content.decode()
    assert "江城财政局" in page
    assert "60.00%" in page
    assert "地方财政" in page
    assert ANHE in client.get("/partners/licences/").content.decode()


def test_suspend_and_resume_by_the_page(people: People, anhe: str, sign_in: SignIn) -> None:
    """PAR-03, PAR-37: asks why, shows the stop with its words, and only those who may have the button."""
    executive = sign_in("executive")
    assert f"/partners/{ANHE}/move/suspend/" in executive.get(f"/partners/{ANHE}/").content.decode()
    assert f"/partners/{ANHE}/move/suspend/" not in sign_in("risk").get(f"/partners/{ANHE}/").content.decode()
    assert sign_in("risk").post(f"/partners/{ANHE}/move/suspend/", {"reason": "x"}).status_code == 403
    assert executive.get(f"/partners/{ANHE}/move/suspend/").status_code == 200
    assert executive.post(f"/partners/{ANHE}/move/suspend/", {"reason": ""}).status_code == 422
    assert executive.post(f"/partners/{ANHE}/move/suspend/", {"reason": "重大风险"}).status_code == 302
    page = executive.get(f"/partners/{ANHE}/").content.decode()
    assert "起暂停合作：重大风险" in page
    assert "重大风险" in executive.get("/partners/stops/").content.decode()
    assert executive.post(f"/partners/{ANHE}/move/watch/", {"reason": "x"}).status_code == 422
    assert executive.post(f"/partners/{ANHE}/move/resume/", {"reason": "已整改"}).status_code == 302
    assert queries.standing(ANHE) == "ACTIVE"


def test_a_banks_grade_by_the_page(people: People, sign_in: SignIn) -> None:
    """PAR-27, PAR-28: a bank below the minimum says so on its page."""
    services.enrol(actor=people["admission"], today=today(), code=BANK, name="华星银行", kind="BANK", reason="建库")
    client = sign_in("admission")
    assert client.post(f"/partners/{BANK}/grade/", {"grade": "D", "reason": ""}).status_code == 422
    assert client.post(f"/partners/{BANK}/grade/", {"grade": "D", "reason": "年报"}).status_code == 302
    assert "低于银行最低等级" in client.get(f"/partners/{BANK}/").content.decode()


def test_reported_changes_by_pages(people: People, anhe: str, sign_in: SignIn) -> None:
    """PAR-24: each field with what the member says, what our file says, and what it is to be."""
    letter = InstitutionChangeReported(
        change_no="BG-1", changes={"legal_rep": {"from": "郭建国", "to": "马晓东"}}, reason="换届", reported_on=today()
    )
    admission.open_change(letter, sender=ANHE, actor=Actor("LETTER", ANHE), today=today())
    change = ReportedChange.objects.get()
    client = sign_in("admission")
    assert "BG-1" in client.get("/partners/changes/?q=").content.decode()
    page = client.get(f"/partners/changes/{change.pk}/").content.decode()
    assert "马晓东" in page
    assert "不一致" in page
    assert client.post(f"/partners/changes/{change.pk}/refuse/", {"reason": ""}).status_code == 422
    assert client.post(f"/partners/changes/{change.pk}/accept/").status_code == 302
    assert queries.get(ANHE).legal_rep == "马晓东"


def test_the_register_asks_as_often_for_many(people: People, anhe: str, sign_in: SignIn) -> None:
    """PAR-01: status, limit, used, balance and next evaluation of everybody in a constant number of statements."""
    client = sign_in("admission")
    paths = ("/partners/?q=", "/partners/licences/", "/partners/stops/", "/partners/changes/?q=", "/evaluations/?q=")
    admission.start(actor=people["admission"], today=today(), partner_code=ANHE, year=today().year - 1)
    few = [statements(client, path) for path in paths]
    for number in range(10, 25):
        code = f"NEW{number}"
        services.enrol(
            actor=people["admission"], today=today(), code=code, name=f"新{number}", kind="MEMBER", reason="建库",
            file={"licence_valid_to": today()},
        )  # fmt: skip
        services.suspend(actor=people["executive"], today=today(), code=code, reason="x")
        admission.start(actor=people["admission"], today=today(), partner_code=code, year=today().year - 1)
    many = [statements(client, path) for path in paths]
    assert [(path, a, b) for path, a, b in zip(paths, few, many, strict=True) if b > a] == []
    assert max(many) < 30


def test_pages_in_english(people: People, anhe: str, sign_in: SignIn) -> None:
    client = sign_in("admission", english=True)
    for path in ("/partners/?q=", f"/partners/{ANHE}/", "/evaluations/?q=", "/admission/", "/admission/standards/?q="):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert 'lang="en"' in answer.content.decode()
