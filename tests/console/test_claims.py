"""Claims in the console: the board, one claim with what may be done, rates, fuses, claim-paying ability."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kernel.access.models import User
from registry.tenancy import inside
from reguarantee.claims.models import Claim, Fuse
from reguarantee.treaties.models import TreatyVersion
from tests.console.conftest import SignIn, file, today
from tests.factories.houses import ANHE, GROUP, house
from tests.factories.pages import statements
from tests.reguarantee.claims.shared import approve, bring

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim(people: dict[str, User], treaty: str) -> Claim:
    file(guarantee_id=1)
    return claimed()


def claimed(guarantee_id: int = 1, **changes: Any) -> Claim:
    day = today()
    return bring(
        guarantee_id=guarantee_id, claim_no=f"BC-{guarantee_id}", voucher_no=f"DC-{guarantee_id}", today=day,
        paid_on=day - timedelta(days=2), bank_notice_on=day - timedelta(days=5), submitted_on=day, **changes,
    )  # fmt: skip


def test_the_board_shows_states_and_money_and_opens_the_rows(claim: Claim, sign_in: SignIn) -> None:
    """CLM-07: by state, late ones first, money per stage."""
    page = sign_in("claims").get("/claims/", {"q": ""})
    text = page.content.decode()
    assert page.status_code == 200
    assert claim.number in text and "1,600,000" in text.replace("160.00", "1,600,000")
    late = sign_in("claims").get("/claims/", {"late": "true"}).content.decode()
    assert claim.number not in late


def test_one_claim_says_what_to_do_and_shows_what_decides_it(claim: Claim, sign_in: SignIn) -> None:
    """CLM-07, AGR-20: steps, checks, papers, shares by party, trace, clocks."""
    text = sign_in("claims").get(f"/claims/{claim.pk}/").content.decode()
    for words in ("请接收该申请", "自动核验", "按参与方分摊", "办理时限", "国家融资担保基金", "借款合同"):
        assert words in text, words
    assert f"/claims/{claim.pk}/take-up/" in text
    # Somebody who may only see is offered nothing to do.
    assert f"/claims/{claim.pk}/take-up/" not in sign_in("treaty").get(f"/claims/{claim.pk}/").content.decode()


def test_the_officer_takes_up_returns_and_sends(claim: Claim, sign_in: SignIn) -> None:
    """CLM-07: the officer's acts are pages."""
    client = sign_in("claims")
    assert client.post(f"/claims/{claim.pk}/take-up/").status_code == 302
    assert client.get(f"/claims/{claim.pk}/return/").status_code == 200
    nothing = client.post(f"/claims/{claim.pk}/return/", {"text": "补正"})
    assert nothing.status_code == 422
    sent = {"text": "补正", "code_0": "ILLEGIBLE", "slot_0": "BANK_NOTICE", "words_0": "看不清"}
    assert client.post(f"/claims/{claim.pk}/return/", sent).status_code == 302
    with inside(house(GROUP)):
        claim.refresh_from_db()
        assert (claim.status, claim.deficiencies.get().code) == ("RETURNED", "ILLEGIBLE")


def test_payment_by_two_people_on_the_page(claim: Claim, people: dict[str, User], sign_in: SignIn) -> None:
    """CLM-07: the cashier prepares, the accountant confirms; then the fund's claim is there with its package."""
    approve(claim, people, today=today())
    account = {"account_name": "甲", "account_no": "1", "account_bank": "乙"}
    assert sign_in("cashier").post(f"/claims/{claim.pk}/prepare/", account).status_code == 302
    refused = sign_in("cashier").post(f"/claims/{claim.pk}/confirm/", {"voucher_no": "V-1", "on": today().isoformat()})
    assert refused.status_code in (302, 403, 422)
    claim.refresh_from_db()
    assert claim.status == "PAYING"
    done = sign_in("accountant").post(f"/claims/{claim.pk}/confirm/", {"voucher_no": "V-1", "on": today().isoformat()})
    assert done.status_code == 302
    claim.refresh_from_db()
    assert claim.status == "PAID"
    outward = claim.outward.get()
    pack = sign_in("claims").get(f"/claims/{claim.pk}/outward/{outward.pk}/package/")
    assert pack.content[:2] == b"PK"
    assert sign_in("claims").post(f"/claims/{claim.pk}/outward/{outward.pk}/submit/").status_code == 302
    told = {"fen": "800000", "on": today().isoformat(), "voucher_no": "GD-1"}
    assert sign_in("cashier").post(f"/claims/{claim.pk}/outward/{outward.pk}/receive/", told).status_code == 302
    claim.refresh_from_db()
    assert claim.status == "CLOSED"
    assert sign_in("claims").get(f"/claims/{claim.pk}/").status_code == 200


def test_a_paper_is_fetched_only_under_its_own_claim(people: dict[str, User], treaty: str, sign_in: SignIn) -> None:
    """CLM-07: a file's address under another claim does not exist."""
    from kernel.documents import queries as documents

    file(guarantee_id=1)
    file(guarantee_id=2, number="DB2", obligor_key="k2")
    first, second = claimed(1), claimed(2, obligor_key="k2")
    document = documents.of(first.subject).first()
    client = sign_in("claims")
    assert client.get(f"/claims/{first.pk}/papers/{document.id}/").status_code == 200
    assert client.get(f"/claims/{second.pk}/papers/{document.id}/").status_code == 404


@pytest.mark.parametrize("path", ["/claims/", "/claims/rates/", "/claims/rates/?by=bank", "/claims/fuses/", "/claims/abilities/"])
def test_pages_open_empty_and_only_for_those_who_may(sign_in: SignIn, path: str) -> None:
    """CLM-05, CLM-06: every page has its empty state; a person without the permission is refused."""
    assert sign_in("claims").get(path, {"q": ""} if path == "/claims/" else {}).status_code == 200
    assert sign_in("auditor").get(path).status_code == 403


def test_rates_by_product_against_the_limit(claim: Claim, people: dict[str, User], sign_in: SignIn) -> None:
    """CLM-05: approved 1,600,000 against 20,000,000 released is 8 %, above 4 %."""
    approve(claim, people, today=today())
    with inside(house(GROUP)):
        other = file(guarantee_id=9, number="DB9", obligor_key="k9")
        type(other).objects.filter(pk=other.pk).update(released_principal_fen=2_000_000_000, end="RELEASED", ended_on=today())
    text = sign_in("claims").get("/claims/rates/").content.decode()
    assert "8.00%" in text and "4.00%" in text and "200%" in text


def test_a_fuse_is_shown_and_released_with_a_reason(people: dict[str, User], treaty: str, sign_in: SignIn) -> None:
    """AGR-22: release by decision."""
    version = TreatyVersion.objects.get()
    fuse = Fuse.objects.create(
        treaty_version=version, member_code=ANHE, level="RED", paid_fen=12, cap_fen=10, base_fen=300, since=today()
    )
    assert "熔断" in sign_in("executive").get("/claims/fuses/").content.decode()
    assert sign_in("claims").post(f"/claims/fuses/{fuse.pk}/release/", {"text": "整改"}).status_code == 403
    assert sign_in("executive").post(f"/claims/fuses/{fuse.pk}/release/", {"text": ""}).status_code == 422
    assert sign_in("executive").post(f"/claims/fuses/{fuse.pk}/release/", {"text": "整改完成"}).status_code == 302
    fuse.refresh_from_db()
    assert fuse.released_on == today()


def test_liquid_funds_against_what_is_overdue(people: dict[str, User], treaty: str, sign_in: SignIn) -> None:
    """CLM-06: 2,000,000 liquid against 4,000,000 overdue covers 50 %."""
    filing = file(guarantee_id=1)
    type(filing).objects.filter(pk=filing.pk).update(overdue_on=today())
    told = {"member_code": ANHE, "as_of": today().isoformat(), "liquid_fen": "2000000", "source": "月报"}
    assert sign_in("claims").post("/claims/abilities/new/", told).status_code == 302
    text = sign_in("claims").get("/claims/abilities/").content.decode()
    assert "50%" in text


def test_the_list_asks_as_often_for_many_rows_as_for_few(people: dict[str, User], treaty: str, sign_in: SignIn) -> None:
    """CLM-07: constant queries."""
    client = sign_in("claims")
    file(guarantee_id=1)
    claimed(1)
    few = statements(client, "/claims/?q=")
    for number in range(2, 8):
        file(guarantee_id=number, number=f"DB{number}", obligor_key=f"k{number}")
        claimed(number, obligor_key=f"k{number}")
    assert statements(client, "/claims/?q=") <= few
