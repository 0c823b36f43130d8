"""What speaks against an application: a bank that the group grades too low, and a policy institution's fee above its cap."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kernel.access.models import User
from kernel.approval import queries as approvals
from kernel.approval import services as approval
from kernel.parameters.models import Value
from registry import services as registry
from registry.tenancy import inside
from tenants.applications import queries, services
from tenants.applications.cautions import BankBelowMinimum, FeeAboveCap
from tests.factories import members
from tests.factories.houses import ANHE, BANK, BOYU, OTHER_BANK, house, staff

TODAY = members.TODAY
LOAN = 500_000_000
"""Five million yuan, of which 80 % are guaranteed."""


@pytest.fixture
def people(db: None) -> Iterator[dict[str, User]]:
    with inside(house(ANHE)):
        yield staff(ANHE)


def grade(letter: str = "D", *, code: str = BANK) -> None:
    registry.grade_bank(code=code, grade=letter, on=date(2026, 2, 20), below_minimum=letter == "D")


def become_policy() -> Any:
    """The house again, as a request would find it after the group has said so."""
    registry.describe_member(code=ANHE, is_policy=True, category="SME")
    return house(ANHE)


def put(key: str, value: str) -> None:
    Value.objects.create(
        key=key, value=value, effective_from=date(2026, 1, 1), state="APPROVED", proposed_by="a", decided_by="b",
        proposed_on=date(2026, 1, 1), decided_on=date(2026, 1, 1),
    )  # fmt: skip


def test_a_bank_below_the_minimum_warns(people: dict[str, User]) -> None:
    """PAR-27: chosen all the same; what was known stays with the application when the grade is better later."""
    grade()
    draft = members.make_application()
    (caution,) = queries.cautions(draft)
    assert (caution.code, "2026-02-20" in caution.text, "D" in caution.text) == ("BANK_BELOW_MINIMUM", True, True)
    assert (draft.bank_grade, draft.bank_below_minimum) == ("", False)
    under = services.submit(actor=people["manager"], today=TODAY, application_id=draft.pk)
    assert (under.bank_grade, under.bank_below_minimum) == ("D", True)
    grade("B")
    under.refresh_from_db()
    (kept,) = queries.cautions(under)
    assert (kept.code, kept.title, under.bank_grade) == ("BANK_BELOW_MINIMUM", "银行评级曾过低", "D")
    sound = members.make_application(bank_code=OTHER_BANK, bank_name="锦州城市银行", state="IN_REVIEW")
    assert (queries.cautions(sound), sound.bank_grade) == ([], "")


def test_a_grade_that_falls_under_review_warns_too(people: dict[str, User]) -> None:
    """PAR-27: whoever signs sees the grade of now, not only that of the beginning."""
    under = members.make_application(state="IN_REVIEW")
    assert queries.cautions(under) == []
    grade()
    assert [one.code for one in queries.cautions(under)] == ["BANK_BELOW_MINIMUM"]
    assert under.bank_below_minimum is False


def test_by_parameter_such_a_bank_is_refused(people: dict[str, User]) -> None:
    """PAR-28: in the portal at once; a bank's own application is taken, and refused to whoever takes it up."""
    grade()
    standing = members.make_application()
    put("risk.bank_min_grade_blocks", "true")
    with pytest.raises(BankBelowMinimum) as refused:
        members.make_application()
    assert (refused.value.field, refused.value.facts["grade"]) == ("bank_code", "D")
    with pytest.raises(BankBelowMinimum):
        services.submit(actor=people["manager"], today=TODAY, application_id=standing.pk)
    received = members.make_received()
    assert received.state == "SUBMITTED"
    with pytest.raises(BankBelowMinimum):
        services.take_up(actor=people["manager"], today=TODAY, application_id=received.pk)
    grade("C")
    taken = services.take_up(actor=people["manager"], today=TODAY, application_id=received.pk)
    assert (taken.state, taken.bank_grade, taken.bank_below_minimum) == ("IN_REVIEW", "C", False)


def test_what_comes_back_is_looked_at_again(people: dict[str, User]) -> None:
    """PAR-27: handed in again after a correction, the application keeps the grade of that day."""
    under = members.make_application(state="IN_REVIEW")
    grade()
    task = approvals.mine(people["head"], under.subject, TODAY).get()
    approval.send_back(actor=people["head"], today=TODAY, task_id=task.pk, to="submit", text="请补充")
    again = services.submit(actor=people["manager"], today=TODAY, application_id=under.pk)
    assert (again.state, again.bank_grade, again.bank_below_minimum) == ("IN_REVIEW", "D", True)


def test_a_policy_institutions_fee_warns_above_its_cap(people: dict[str, User]) -> None:
    """AGR-14: 1 % a year up to 5 million yuan of guarantee, 1.5 % above (domain.md 3.5); others have no cap."""
    plain = members.make_application(loan_fen=LOAN, fee_rate=Decimal("0.0101"))
    assert queries.cautions(plain) == []
    with inside(become_policy()):
        (caution,) = queries.cautions(plain)
        assert (caution.code, "1.01" in caution.text, "1%" in caution.text) == ("FEE_ABOVE_CAP", True, True)
        at_cap = members.make_application(loan_fen=LOAN, fee_rate=Decimal("0.01"))
        assert queries.cautions(at_cap) == []
        # 6.25 million yuan at 80 % are 5 million, the last of the lower cap; a fen more has the higher one.
        edge = members.make_application(loan_fen=625_000_000, fee_rate=Decimal("0.015"))
        assert (edge.guaranteed_fen, [one.code for one in queries.cautions(edge)]) == (500_000_000, ["FEE_ABOVE_CAP"])
        above = members.make_application(loan_fen=625_000_002, fee_rate=Decimal("0.015"))
        assert (above.guaranteed_fen, queries.cautions(above)) == (500_000_002, [])
    with inside(house(BOYU)):
        neighbour = members.make_application(actor=staff(BOYU)["manager"], loan_fen=LOAN, fee_rate=Decimal("0.015"))
        assert queries.cautions(neighbour) == []


def test_by_parameter_such_a_fee_is_refused(people: dict[str, User]) -> None:
    """AGR-14: at the field of the fee, with the cap; also of a bank's application and when one is taken up with another fee."""
    with inside(become_policy()):
        received = members.make_received(amount_fen=LOAN, fee_rate=Decimal("0.01"))
        put("risk.fee_cap.action", "REFUSE")
        with pytest.raises(FeeAboveCap) as refused:
            members.make_application(loan_fen=LOAN, fee_rate=Decimal("0.012"))
        assert (refused.value.field, refused.value.facts["cap"]) == ("fee_rate", "1")
        with pytest.raises(FeeAboveCap):
            members.make_received(amount_fen=LOAN, fee_rate=Decimal("0.012"))
        with pytest.raises(FeeAboveCap):
            services.take_up(actor=people["manager"], today=TODAY, application_id=received.pk, fee_rate=Decimal("0.011"))
        put("risk.fee_cap.le5m", "0.02")
        assert members.make_application(loan_fen=LOAN, fee_rate=Decimal("0.015")).state == "DRAFT"


def test_what_is_decided_keeps_its_own_grade_only(people: dict[str, User]) -> None:
    """PAR-27: a closed application is not warned of anew when its bank falls later."""
    draft = members.make_application()
    services.withdraw(actor=people["manager"], today=TODAY, application_id=draft.pk)
    grade()
    draft.refresh_from_db()
    assert queries.cautions(draft) == []
