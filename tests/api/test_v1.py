"""Version 1: what a bank can do and see; everything else is refused in problem documents."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from registry.tenancy import inside
from tenants.applications.models import Application
from tenants.guarantees.models import Guarantee
from tests.api.conftest import PATH, BankClient, application_body
from tests.factories.houses import ANHE, BOYU, OTHER_BANK, house
from tests.factories.members import make_guarantee


def guarantee_of_anhe(**more: object) -> Guarantee:
    with inside(house(ANHE)):
        return make_guarantee(state="ISSUED", **more)


def test_an_application_arrives_and_can_be_followed(bank: BankClient) -> None:
    body = application_body()
    sent = bank.post(PATH, body)
    assert sent.status_code == 201, sent.content
    told = sent.json()
    assert told["state"] == "SUBMITTED"
    assert told["guaranteed_fen"] == 160_000_000  # the product's 80 %
    assert told["guarantee"] is None
    seen = bank.get(f"{PATH}/{told['id']}")
    assert seen.json() == told


def test_the_same_bank_reference_again_is_the_same_application(bank: BankClient) -> None:
    body = application_body()
    first, again = bank.post(PATH, body).json(), bank.post(PATH, body).json()
    assert first["id"] == again["id"]
    other = bank.post(PATH, {**body, "amount_fen": 1_000_000})
    assert (other.status_code, other.json()["code"]) == (409, "BANK_REFERENCE_TAKEN")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"amount_fen": 0}, "/amount_fen"),
        ({"amount_fen": "12.5"}, "/amount_fen"),
        ({"amount_fen": 10**16}, "/amount_fen"),
        ({"term_months": -1}, "/term_months"),
        ({"purpose": "nul\u0000"}, "/purpose"),
        ({"bank_reference": ""}, "/bank_reference"),
        ({"fee_rate": "1.5"}, "/fee_rate"),
        ({"obligor": None}, "/obligor"),
    ],
)
def test_a_bad_field_is_named_by_its_pointer(bank: BankClient, change: dict[str, object], pointer: str) -> None:
    answer = bank.post(PATH, application_body(**change))
    assert answer.status_code == 422
    assert pointer in {row["pointer"] for row in answer.json()["errors"]}
    with inside(house(ANHE)):
        assert not Application.objects.exists()


def test_a_wrong_check_digit_is_told_in_words(bank: BankClient) -> None:
    body = application_body()
    body["obligor"]["id_number"] = "91990000MA0DEM005C"
    answer = bank.post(PATH, body)
    assert answer.status_code == 422
    assert answer.json()["code"] == "BAD_USCC"


def test_a_body_that_is_no_json_is_a_problem_document(bank: BankClient) -> None:
    answer = bank.post(PATH, "{")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["trace_id"]


def test_drawdown_and_repayment_move_the_guarantee(bank: BankClient) -> None:
    guarantee = guarantee_of_anhe()
    base = f"institutions/{ANHE}/guarantees/{guarantee.id}"
    on = guarantee.issued_on.isoformat()
    drawn = bank.post(f"{base}/drawdowns", {"iou_no": "J1", "on": on, "amount_fen": guarantee.loan_fen}).json()
    assert drawn["guarantee"]["state"] == "IN_FORCE"
    assert drawn["guarantee"]["balance_fen"] == guarantee.guaranteed_fen
    repaid = bank.post(f"{base}/repayments", {"reference": "R1", "on": on, "principal_fen": guarantee.loan_fen // 4}).json()
    assert repaid["guarantee"]["outstanding_fen"] == guarantee.loan_fen - guarantee.loan_fen // 4
    assert bank.get(base).json() == repaid["guarantee"]


def test_a_partial_drawdown_may_be_the_last(bank: BankClient) -> None:
    guarantee = guarantee_of_anhe()
    body = {"iou_no": "J1", "on": guarantee.issued_on.isoformat(), "amount_fen": guarantee.loan_fen // 2, "complete": True}
    drawn = bank.post(f"institutions/{ANHE}/guarantees/{guarantee.id}/drawdowns", body).json()
    assert drawn["guarantee"]["state"] == "IN_FORCE"
    assert drawn["guarantee"]["drawn_fen"] == guarantee.loan_fen // 2


def test_another_bank_and_another_member_see_nothing(bank: BankClient, make_bank) -> None:
    stranger = make_bank(OTHER_BANK)
    guarantee = guarantee_of_anhe()
    application = bank.post(PATH, application_body()).json()
    paths = [f"{PATH}/{application['id']}", f"institutions/{ANHE}/guarantees/{guarantee.id}"]
    assert [bank.get(path).status_code for path in paths] == [200, 200]
    assert [stranger.get(path).status_code for path in paths] == [404, 404]
    assert [bank.get(path.replace(ANHE, BOYU)).status_code for path in paths] == [404, 404]
    body = {"iou_no": "J1", "on": guarantee.issued_on.isoformat(), "amount_fen": 100}
    assert stranger.post(f"{paths[1]}/drawdowns", body).status_code == 404
    repayment = {"reference": "R1", "on": body["on"], "principal_fen": 100}
    assert stranger.post(f"{paths[1]}/repayments", repayment).status_code == 404
    with inside(house(ANHE)):
        assert Guarantee.objects.get(id=guarantee.id).drawn_fen == 0


def test_pages_of_people_are_not_on_this_host(bank: BankClient) -> None:
    for path in ("/", "/applications/", "/accounts/login/", "/v1/nothing"):
        assert bank.http.get(path, headers={"host": "api.localhost"}).status_code == 404


def test_the_written_documents_are_the_program_s(db: None) -> None:
    """docs/openapi.yaml, states.md, letters.md and terms.schema.json; a difference names the file."""
    call_command("write_docs", check=True)
