"""A bank's application and the group's grade of the bank."""

from __future__ import annotations

from datetime import date

from registry import services as registry
from registry.tenancy import inside
from tenants.applications import queries
from tests.api.conftest import BankClient, application_body
from tests.factories.houses import ANHE, BANK, house, staff


def test_a_bank_below_the_minimum_is_taken_and_the_member_is_warned(bank: BankClient) -> None:
    """PAR-27: the bank gets its answer as ever and learns nothing of its grade; the member's people are warned."""
    registry.grade_bank(code=BANK, grade="D", on=date(2026, 2, 20), below_minimum=True)
    answer = bank.post(f"institutions/{ANHE}/applications", application_body())
    assert answer.status_code == 201
    assert "grade" not in answer.content.decode()
    with inside(house(ANHE)):
        (received,) = queries.inbox(staff(ANHE)["manager"])
        assert [one.code for one in queries.cautions(received)] == ["BANK_BELOW_MINIMUM"]
