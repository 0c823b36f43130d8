"""Claims on the group in the portal: what to do and by when, papers dropped into slots, submission, and what others see."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from registry.tenancy import inside
from tenants.cessions.models import InstitutionFile
from tenants.claims import services
from tenants.claims.models import Claim, ClaimFile
from tests.factories import members
from tests.factories.houses import ANHE, BOYU, house
from tests.factories.pages import statements
from tests.portal.conftest import SignIn
from tests.reguarantee.claims.houses import PDF, agree, covered, fill, paid

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim() -> Claim:
    agree()
    return paid()


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("loan.pdf", PDF, content_type="application/pdf")


def test_the_list_says_what_to_do_and_the_days_left(claim: Claim, sign_in: SignIn) -> None:
    """CLM-07: a draft opened by the compensation waits for its papers."""
    text = sign_in("operations").get("/claims/", {"q": ""}).content.decode()
    assert claim.claim_no in text and "补齐材料并提交" in text and str(claim.deadline_on) in text


def test_papers_are_dropped_into_slots_and_the_claim_is_sent(claim: Claim, sign_in: SignIn) -> None:
    """CLM-07: typed slots; submission names what is missing; then it goes out and says so."""
    client = sign_in("operations")
    page = client.get(f"/claims/{claim.pk}/").content.decode()
    assert "借款合同" in page and "缺少" in page
    where = f"/claims/files/{claim.guarantee_id}/add/?slot=LOAN_CONTRACT&claim={claim.pk}"
    answer = client.post(where, {"file": paper()})
    assert (answer.status_code, answer.url) == (302, f"/claims/{claim.pk}/")
    told = {"account_name": "安和", "account_no": "6222", "account_bank": "华星银行", "late_reason": "节假日"}
    refused = client.post(f"/claims/{claim.pk}/submit/", told)
    assert refused.status_code == 422 and "保证合同" in refused.content.decode()
    with inside(house(ANHE)):
        fill(claim, members.people(), without=("LOAN_CONTRACT",))
    assert client.post(f"/claims/{claim.pk}/submit/", told).status_code == 302
    with inside(house(ANHE)):
        claim.refresh_from_db()
    assert (claim.state, claim.round) == ("SUBMITTED", 1)
    assert "已提交集团" in client.get(f"/claims/{claim.pk}/").content.decode()


def test_the_guarantee_page_shows_how_ready_it_is(sign_in: SignIn) -> None:
    """CLM-07: claim-ready score on every covered guarantee in force, with what is missing."""
    agree()
    guarantee = covered()
    client = sign_in("operations")
    text = client.get(f"/guarantees/{guarantee.pk}/").content.decode()
    assert "0 / 100" in text and "借款合同" in text
    client.post(f"/claims/files/{guarantee.pk}/add/?slot=LOAN_CONTRACT", {"file": paper()})
    # One of the six that can be there before a default.
    assert "16 / 100" in client.get(f"/guarantees/{guarantee.pk}/").content.decode()
    assert "16 / 100" in client.get("/claims/files/", {"q": ""}).content.decode()
    assert guarantee.number not in client.get("/claims/files/", {"ready": "FULL"}).content.decode()


def test_an_unknown_slot_is_refused(claim: Claim, sign_in: SignIn) -> None:
    """CLM-07: slots are typed."""
    client = sign_in("operations")
    answer = client.post(f"/claims/files/{claim.guarantee_id}/add/?slot=HOLIDAY_PHOTO", {"file": paper()})
    assert answer.status_code == 422
    with inside(house(ANHE)):
        assert "HOLIDAY_PHOTO" not in ClaimFile.objects.get(guarantee_id=claim.guarantee_id).present


def test_another_member_sees_neither_claim_nor_paper(claim: Claim, sign_in: SignIn, neighbour: Client) -> None:
    """CLM-07: a claim of ANHE does not exist at BOYU, nor its papers."""
    with inside(house(ANHE)):
        told = {"guarantee_id": claim.guarantee_id, "slot": "LOAN_CONTRACT", "name": "a.pdf", "file": paper()}
        document = services.attach(actor=members.people()["operations"], today=members.TODAY, **told)
    path = f"/claims/files/{claim.guarantee_id}/{document.id}/"
    assert sign_in("operations").get(path).status_code == 200
    assert neighbour.get(path).status_code == 404
    assert neighbour.get(f"/claims/{claim.pk}/").status_code == 404
    assert claim.claim_no not in neighbour.get("/claims/", {"q": ""}).content.decode()
    with inside(house(BOYU)):
        assert not Claim.objects.exists()


def test_a_colleague_who_may_not_see_the_guarantee_sees_no_claim(claim: Claim, sign_in: SignIn) -> None:
    """CLM-07: the data scope of the guarantee holds for its claim and its papers."""
    other = sign_in("manager2")
    assert other.get(f"/claims/{claim.pk}/").status_code == 404
    assert other.get(f"/claims/files/{claim.guarantee_id}/").status_code == 404
    assert sign_in("manager").get(f"/claims/{claim.pk}/").status_code == 200


def test_only_those_who_may_submit_are_offered_it(claim: Claim, sign_in: SignIn) -> None:
    path = f"/claims/{claim.pk}/submit/"
    assert path in sign_in("operations").get(f"/claims/{claim.pk}/").content.decode()
    manager = sign_in("manager")
    assert path not in manager.get(f"/claims/{claim.pk}/").content.decode()
    assert manager.post(path, {}).status_code == 403


def test_what_the_group_misses_is_uploaded_where_it_is_named(claim: Claim, sign_in: SignIn) -> None:
    """CLM-07: each named paper has its own button, and nothing that is not decided reads as an amount."""
    with inside(house(ANHE)):
        missed = [{"code": "UNREADABLE", "slot": "PAYMENT_VOUCHER", "text": "金额看不清"}]
        Claim.objects.filter(pk=claim.pk).update(state="RETURNED", deficiencies_text=json.dumps(missed))
    text = sign_in("operations").get(f"/claims/{claim.pk}/").content.decode()
    wanted = text[text.index("需要补正") : text.index("金额看不清") + 700]
    assert f"/claims/files/{claim.guarantee_id}/add/?slot=PAYMENT_VOUCHER&amp;claim={claim.pk}" in wanted
    approved = text[text.index("<dt>批准额</dt>") :]
    assert approved.startswith("<dt>批准额</dt><dd></dd>")


def test_our_account_is_typed_once(claim: Claim, sign_in: SignIn) -> None:
    """CLM-07: the account that the group knows of us stands in the form."""
    with inside(house(ANHE)):
        account = {"bank": "华星银行", "account_name": "安和融资担保有限公司", "account_no": "6222000012345678"}
        InstitutionFile.objects.update_or_create(id=1, defaults={"bank_accounts": [account]})
    text = sign_in("operations").get(f"/claims/{claim.pk}/submit/").content.decode()
    assert 'value="6222000012345678"' in text and 'value="华星银行"' in text


@pytest.mark.parametrize("path", ["/claims/", "/claims/files/", "/claims/rates/", "/claims/rates/?by=bank"])
def test_pages_open_empty(sign_in: SignIn, path: str) -> None:
    """CLM-05: every page has its empty state."""
    query: dict[str, Any] = {} if "?" in path or "rates" in path else {"q": ""}
    assert sign_in("operations").get(path, query).status_code == 200
    assert sign_in("sysadmin").get(path).status_code == 403


def test_rates_of_compensation(claim: Claim, sign_in: SignIn) -> None:
    """CLM-05: with nothing released there is no rate, not a rate of 0."""
    text = sign_in("operations").get("/claims/rates/?year=2026").content.decode()
    assert "流动资金贷款担保" in text and "WORKING_CAPITAL" not in text
    assert "0.00%" not in text


def test_lists_ask_as_often_for_many_rows_as_for_few(claim: Claim, sign_in: SignIn) -> None:
    """CLM-07: constant queries for claims and claim files."""
    client = sign_in("operations")
    paths = ("/claims/?q=", "/claims/files/?q=")
    covered()
    few = [statements(client, path) for path in paths]
    for _ in range(3):
        paid()
        covered()
    many = [statements(client, path) for path in paths]
    assert [(path, a, b) for path, a, b in zip(paths, few, many, strict=True) if b > a] == []
