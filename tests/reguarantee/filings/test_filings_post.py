"""The post between the houses: a member's drawdown becomes a filing, and its answer stands beside the guarantee."""

import pytest

from infra import wiring
from registry.tenancy import inside
from reguarantee.filings import queries
from tests.factories import members
from tests.factories.houses import ANHE, GROUP, house, staff
from tests.reguarantee.engine.terms import MILLION
from tests.reguarantee.filings.test_filings import publish


@pytest.mark.django_db
def test_a_drawdown_is_filed_covered_and_known_to_both() -> None:
    with inside(house(GROUP)):
        publish(staff(GROUP), scope={"principal_max_fen": 5 * MILLION})
    with inside(house(ANHE)):
        small = members.make_guarantee(state="IN_FORCE")
        large = members.make_guarantee(state="IN_FORCE", loan_fen=6 * MILLION)
        assert (small.coverage, small.filing_status) == ("UNCOVERED", "SUBMITTED")
    assert wiring.deliver() == 6  # the agreement to two members, two filings, two answers
    with inside(house(GROUP)):
        filings = {filing.number: filing for filing in queries.listing(member_code=ANHE)}
        assert set(filings) == {small.number, large.number}
        assert filings[small.number].ceded_fen == 2 * MILLION
        assert [filing.number for filing in queries.worklist(members.TODAY)] == [large.number]
    with inside(house(ANHE)):
        for guarantee, told in (
            (small, ("COVERED", "CONFIRMED", 2 * MILLION, "WITHIN_TREATY", "P4222")),
            (large, ("UNCOVERED", "REVIEWING", 0, "PRINCIPAL_ABOVE_LIMIT", "P4222")),
        ):
            guarantee.refresh_from_db()
            kept = (guarantee.coverage, guarantee.filing_status, guarantee.ceded_fen)
            assert (*kept, guarantee.coverage_reason_code, guarantee.treaty_code) == told
