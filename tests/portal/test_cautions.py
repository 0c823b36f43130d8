"""The pages that warn: the form while it is typed, the application and where it is signed; and what the group takes us for."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from desks.pages import today
from kernel.approval import queries as approvals
from registry import services as registry
from registry.tenancy import inside
from tests.factories import members
from tests.factories.houses import ANHE, BANK, BOYU, OTHER_BANK, house, staff
from tests.portal.conftest import SignIn

TOO_LOW = "银行评级过低"


@pytest.fixture
def graded(db: None) -> None:
    registry.grade_bank(code=BANK, grade="D", on=date(2026, 2, 20), below_minimum=True)
    registry.grade_bank(code=OTHER_BANK, grade="A", on=date(2026, 2, 21), below_minimum=False)


def body(client: Client, path: str, **query: str) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_form_warns_before_a_bank_is_chosen(graded: None, sign_in: SignIn) -> None:
    """PAR-27: the choice names each bank's grade; choosing one below the minimum warns at once, another one does not."""
    client = sign_in("manager")
    page = body(client, "/applications/new/")
    assert "华星银行（评级 D，过低）" in page
    assert "锦州城市银行（评级 A）" in page
    assert TOO_LOW in body(client, "/applications/limits/", bank_code=BANK)
    told = {"product_code": "WORKING_CAPITAL", "amount_fen": "5,000,000"}
    assert TOO_LOW in body(client, "/applications/limits/", bank_code=BANK, **told)
    sound = body(client, "/applications/limits/", bank_code=OTHER_BANK, **told)
    assert TOO_LOW not in sound
    assert "2026-02-21" in sound
    assert "below the lowest grade" in body(sign_in("manager", english=True), "/applications/limits/", bank_code=BANK)


def test_application_and_signing_page_warn(graded: None, sign_in: SignIn) -> None:
    """PAR-27: whoever reads or signs the application sees it; it is taken all the same."""
    with inside(house(ANHE)):
        under = members.make_application(state="IN_REVIEW", today=today())
        task = approvals.mine(staff(ANHE)["head"], under.subject, today()).get()
    assert TOO_LOW in body(sign_in("manager"), f"/applications/{under.pk}/")
    signing = body(sign_in("head"), f"/tasks/{task.pk}/")
    assert TOO_LOW in signing
    assert "开始评审时评级 D" in signing


def test_what_a_bank_sent_warns_whoever_takes_it_up(graded: None, sign_in: SignIn) -> None:
    """PAR-27: a bank's own application is taken; its page says what the group thinks of the bank."""
    with inside(house(ANHE)):
        received = members.make_received(today=today())
    assert TOO_LOW in body(sign_in("manager"), f"/applications/{received.pk}/")


def test_the_fee_is_held_against_the_cap(graded: None, sign_in: SignIn) -> None:
    """AGR-14: while it is typed, by the amount that is guaranteed; the neighbour, no policy institution, has no cap."""
    told = {"product_code": "WORKING_CAPITAL", "amount_fen": "5,000,000", "bank_code": OTHER_BANK}
    assert "费率上限" not in body(sign_in("manager"), "/applications/limits/", fee_rate="1.2", **told)
    registry.describe_member(code=ANHE, is_policy=True, category="AGRICULTURE")
    client = sign_in("manager")
    page = body(client, "/applications/limits/", fee_rate="1.2", **told)
    assert "担保费率超过上限" in page and "1.2%" in page and "1.00%" in page
    assert "担保费率超过上限" not in body(client, "/applications/limits/", fee_rate="0.9", **told)
    # Left empty it is the product's own rate, 1.5 %; what cannot be read is not judged as if it were nothing.
    assert "担保费率超过上限" in body(client, "/applications/limits/", fee_rate="", **told)
    assert "担保费率超过上限" not in body(client, "/applications/limits/", fee_rate="", **{**told, "amount_fen": "8,000,000"})
    assert "费率上限" not in body(sign_in("manager", at=BOYU), "/applications/limits/", fee_rate="1.2", **told)
    own = body(sign_in("executive"), "/group/institution/")
    assert "农业信贷担保公司" in own and "是，担保费率有上限" in own
    assert "农业信贷担保公司" not in body(sign_in("executive", at=BOYU), "/group/institution/")


def test_the_banks_with_their_grades(graded: None, sign_in: SignIn) -> None:
    """PAR-27: every member sees which banks are graded how and since when."""
    page = body(sign_in("manager", at=BOYU), "/group/banks/")
    assert "华星银行" in page and "不予再担保：评级过低" in page and "2026-02-20" in page
    assert "Not covered: grade too low" in body(sign_in("manager", english=True), "/group/banks/")
