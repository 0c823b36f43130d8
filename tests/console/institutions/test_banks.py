"""Pages of banks' branches, of capital and leverage, and the filter by type of institution."""

from __future__ import annotations

import pytest

from infra.demo import names
from kernel.access.models import User
from reguarantee.partners import queries, services
from tests.console.conftest import SignIn, file, file_large, today
from tests.factories.houses import ANHE, BANK, BOYU
from tests.factories.pages import statements

People = dict[str, User]
YI = 10_000_000_000


@pytest.fixture
def bank(people: People) -> str:
    services.enrol(actor=people["admission"], today=today(), code=BANK, name="华星银行", kind="BANK", reason="建库")
    return BANK


@pytest.fixture
def anhe(people: People) -> str:
    services.enrol(
        actor=people["admission"], today=today(), code=ANHE, name="安和融资担保有限公司", kind="MEMBER", reason="建库",
        file={"uscc": names.uscc(1), "paid_in_capital_fen": 3 * YI, "is_policy": True, "category": "AGRICULTURE"},
    )  # fmt: skip
    return ANHE


def test_branches_of_a_bank(bank: str, sign_in: SignIn) -> None:
    """PAR-29: taken up, changed with a reason and read in the history; who only looks has no button."""
    client = sign_in("admission")
    told = {
        "name": "江城分行", "contact": "陈经理", "phone": "0551-1", "line_fen": "50,000,000", "deposit_ratio": "5",
        "deposit_terms": "按季缴存", "valid_from": today().isoformat(),
    }  # fmt: skip
    assert client.get(f"/partners/{bank}/branches/new/").status_code == 200
    assert client.post(f"/partners/{bank}/branches/new/", told).status_code in (204, 302)
    (row,) = queries.branches(on=today(), bank=bank)
    assert (row.line_fen, str(row.deposit_ratio)) == (5_000_000_000, "0.050000")
    here = f"/partners/branches/{row.pk}/"
    assert "江城分行" in client.get(here).content.decode()
    assert client.post(here, {**told, "line_fen": "80,000,000"}).status_code == 422
    assert client.post(here, {**told, "line_fen": "80,000,000", "reason": "续约提额"}).status_code in (204, 302)
    page = client.get(f"/partners/{bank}/").content.decode()
    for words in ("江城分行", "陈经理", "按季缴存", "5.00%", "续约提额", "50,000,000.00 → 80,000,000.00", "分支机构：江城分行"):
        assert words in page
    every = client.get("/partners/branches/", {"q": "江城"}).content.decode()
    assert "华星银行" in every and "陈经理" in every
    assert client.get(f"/partners/branches/{row.pk + 1}/").status_code == 404
    looker = sign_in("filing")
    assert "编辑" not in looker.get(f"/partners/{bank}/").content.decode()
    assert looker.post(f"/partners/{bank}/branches/new/", told).status_code == 403


def test_the_list_of_branches_asks_as_often_for_many(bank: str, people: People, sign_in: SignIn) -> None:
    """PAR-29: a constant number of statements."""
    client = sign_in("admission")
    for number in range(3):
        services.save_branch(actor=people["admission"], today=today(), code=bank, name=f"支行{number}")
    few, few_on_page = statements(client, "/partners/branches/?q="), statements(client, f"/partners/{bank}/")
    for number in range(3, 30):
        services.save_branch(actor=people["admission"], today=today(), code=bank, name=f"支行{number}")
    assert statements(client, "/partners/branches/?q=") == few
    assert statements(client, f"/partners/{bank}/") == few_on_page


def test_capital_and_leverage(anhe: str, people: People, book: None, sign_in: SignIn) -> None:
    """AGR-13: sources are typed a row each, by name; the page and the list show what stands on them."""
    client = sign_in("admission")
    rows = {"rows": "地方财政, 江城市财政局, 200000000\n民间资本，, 50000000", "reason": "验资"}
    assert client.post(f"/partners/{anhe}/lists/capital/", rows).status_code in (204, 302)
    assert queries.get(anhe).capital_parts == {"LOCAL_FINANCE": 2 * YI, "PRIVATE": YI // 2, "": YI // 2}
    assert "地方财政, 江城市财政局, 200000000.00" in client.get(f"/partners/{anhe}/lists/capital/").content.decode()
    for wrong in ("天上掉下, , 1", "地方财政, , 一亿", "地方财政, , 300000001"):
        assert client.post(f"/partners/{anhe}/lists/capital/", {"rows": wrong}).status_code == 422
    page = client.get(f"/partners/{anhe}/").content.decode()
    assert "财政资金放大倍数" in page and "66.67%" in page and "江城市财政局" in page
    listed = client.get("/partners/capital/", {"q": ""}).content.decode()
    assert "安和融资担保有限公司" in listed and "0.00 倍" in listed
    assert "安和" not in client.get("/partners/capital/", {"category": "SME"}).content.decode()
    few = statements(client, "/partners/capital/?q=")
    services.enrol(actor=people["admission"], today=today(), code=BOYU, name="博裕", kind="MEMBER", reason="建库")
    assert statements(client, "/partners/capital/?q=") == few


def test_type_and_fees_of_a_policy_institution(anhe: str, treaty: str, sign_in: SignIn) -> None:
    """AGR-14, BUS-65, BUS-66: type on page, list and figures, each with its filter; fees against the cap on page and filing."""
    file(fee_rate="0.012")
    large = file_large(fee_rate="0.016")
    file(sender=BOYU, guarantee_id=2, number="DB-BOYU")
    client = sign_in("admission")
    page = client.get(f"/partners/{anhe}/").content.decode()
    assert "农业信贷担保公司" in page and "超上限备案" in page and "1 / 1" in page
    assert "安和" in client.get("/partners/", {"category": "AGRICULTURE"}).content.decode()
    assert "安和" not in client.get("/partners/", {"category": "SME"}).content.decode()
    told = {"name": "安和融资担保有限公司", "uscc": names.uscc(1), "category": "SME", "is_policy": "on",
            "paid_in_capital_fen": "300000000"}  # fmt: skip
    officer = sign_in("filing")
    case = officer.get(f"/filings/{large.pk}/").content.decode()
    assert "担保费率未超政策性机构上限" in case and "1.60%，上限 1.50%" in case
    figures = officer.get("/filings/figures/", {"by": "member", "kind": "AGRICULTURE"}).content.decode()
    assert f"member_code={ANHE}" in figures and f"member_code={BOYU}" not in figures
    assert f"member_code={BOYU}" in officer.get("/filings/figures/", {"by": "member"}).content.decode()
    assert client.post(f"/partners/{anhe}/edit/", told).status_code == 302
    figures = officer.get("/filings/figures/", {"by": "member", "kind": "AGRICULTURE"}).content.decode()
    assert f"member_code={ANHE}" not in figures
    history = client.get(f"/partners/{anhe}/").content.decode()
    assert "农业信贷担保公司 → 中小企业融资担保公司" in history


def test_a_bank_has_no_questions_of_a_company(bank: str, sign_in: SignIn) -> None:
    """BUS-65: type, policy and source of capital are asked of guarantee companies only."""
    page = sign_in("admission").get(f"/partners/{bank}/edit/").content.decode()
    assert 'name="category"' not in page and 'name="is_policy"' not in page and 'name="capital_source"' not in page
