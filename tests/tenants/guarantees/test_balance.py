"""The balance over random lives: whatever order the events come in, the invariants hold and the history agrees."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.errors import DomainError
from registry.tenancy import inside
from tenants.claims import services as claims
from tenants.guarantees import queries, services
from tenants.guarantees.models import ENDED, Guarantee
from tests.factories.houses import ANHE, house
from tests.factories.members import TODAY, bank, make_customer, people

EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["draw", "repay", "overdue", "cure", "pay", "complete", "release", "lapse", "cancel"]),
        st.integers(0, 60),  # days before the last one
        st.fractions(0, Fraction(5, 4)),  # of what is left, now and then too much
    ),
    min_size=1,
    max_size=14,
)
LOANS = st.integers(1, 10**13).flatmap(lambda loan: st.tuples(st.just(loan), st.integers(1, loan)))
END = TODAY + timedelta(days=500)


def issued(loan_fen: int, guaranteed_fen: int) -> Guarantee:
    """A guarantee with figures that no product would allow: only the arithmetic is on trial here."""
    from tenants.products.queries import by_code

    customer = make_customer()
    return Guarantee.objects.create(
        number=f"T-{customer.pk}",
        customer=customer,
        product=by_code("WORKING_CAPITAL"),
        bank_code="HXYH",
        bank_name="华星银行",
        approved_on=TODAY,
        issued_on=TODAY,
        loan_fen=loan_fen,
        guaranteed_fen=guaranteed_fen,
        term_months=12,
        fee_rate=0,
        source="PORTAL",
    )


def play(made: Guarantee, step: int, event: str, on: date, part: Fraction) -> None:
    told = {"today": END, "guarantee_id": made.pk}
    by_bank, by_us = {"actor": bank(), **told}, {"actor": people()["operations"], **told}
    owed = int(made.outstanding_fen * part)
    if event == "draw":
        amount = int((made.loan_fen - made.drawn_fen) * part)
        services.drawdown(**by_bank, iou_no=f"JJ-{step}", amount_fen=amount, on=on)
    elif event == "repay":
        services.repay(**by_bank, reference=f"HK-{step}", principal_fen=owed, on=on)
    elif event == "overdue":
        services.mark_overdue(**by_bank, on=on)
    elif event == "pay":
        paid = int(owed * Fraction(made.guaranteed_fen, made.loan_fen))
        figures = {"principal_fen": owed, "interest_fen": 0, "paid_fen": paid}
        claims.pay(**by_us, **figures, paid_on=on, bank_notice_on=on, voucher_no=f"DC-{step}")
    elif event == "release":
        services.release(**by_us, certificate="JQ", on=END)
    elif event in ("lapse", "cancel"):
        getattr(services, event)(**by_us, reason="测试")
    else:
        getattr(services, event)(**by_bank)


def check(made: Guarantee) -> None:
    """domain.md 7.4 and 11.27, recomputed with exact fractions from the rows themselves."""
    made.refresh_from_db()
    money = queries.money(made)
    paid = sum(row.principal_fen for row in made.compensations.all())
    assert made.drawn_fen == sum(row.amount_fen for row in money.drawdowns) <= made.loan_fen
    assert made.repaid_fen == sum(row.principal_fen for row in money.repayments)
    assert made.outstanding_fen == made.drawn_fen - made.repaid_fen - paid >= 0
    assert made.compensation_fen == sum(row.paid_fen for row in made.compensations.all())
    exact = Fraction(made.outstanding_fen * made.guaranteed_fen, made.loan_fen)
    if made.state == "LAPSED":
        assert made.balance_fen == 0
    else:
        assert -Fraction(1, 2) < made.balance_fen - exact <= Fraction(1, 2)
    if made.state in ENDED:
        assert made.balance_fen == 0
    if made.outstanding_fen == made.loan_fen and made.state != "LAPSED":
        assert made.balance_fen == made.guaranteed_fen
    history(made, money)


def history(made: Guarantee, money: queries.Money) -> None:
    """Each day's row says what the events up to that day add up to, however late they were reported."""
    assert len({row.on for row in money.movements}) == len(money.movements)
    before = 0
    for row in money.movements:
        outstanding = (
            sum(r.amount_fen for r in money.drawdowns if r.on <= row.on)
            - sum(r.principal_fen for r in money.repayments if r.on <= row.on)
            - sum(r.principal_fen for r in made.compensations.all() if r.paid_on <= row.on)
        )
        assert row.outstanding_fen == outstanding >= 0
        assert row.change_fen == row.balance_fen - before
        before = row.balance_fen
    assert before == made.balance_fen


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(figures=LOANS, events=EVENTS)
def test_the_balance_is_the_own_share_of_what_is_outstanding(db, figures, events):
    with inside(house(ANHE)):
        made = issued(*figures)
        for step, (event, ago, part) in enumerate(events):
            before = (made.state, made.outstanding_fen, made.balance_fen, made.movements.count())
            try:
                play(made, step, event, END - timedelta(days=ago), part)
            except DomainError as refusal:
                assert "%(" not in str(refusal)
                made.refresh_from_db()
                assert before == (made.state, made.outstanding_fen, made.balance_fen, made.movements.count())
            check(made)
