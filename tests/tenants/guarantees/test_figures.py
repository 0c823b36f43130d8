"""The workbench's figures against sums made by hand, and what each list costs."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from registry.tenancy import inside
from tenants.guarantees import queries, services
from tenants.guarantees.models import Guarantee, ReportingScope
from tests.factories.houses import BOYU, house
from tests.factories.members import LOAN_FEN, TODAY, bank, make_customer, make_guarantee

SHARE = LOAN_FEN * 8 // 10


def test_nothing_released_has_no_rate(staff):
    told = queries.figures(staff["risk"], TODAY)
    assert (told.in_force_balance_fen, told.in_force_count, told.released_fen) == (0, 0, 0)
    assert told.compensation_rate is None


def test_figures_add_up(staff):
    for state in ("ISSUED", "PARTLY_DRAWN", "IN_FORCE", "OVERDUE", "RELEASED", "COMPENSATED", "CANCELLED"):
        make_guarantee(state=state)
    told = queries.figures(staff["risk"], TODAY)
    assert told.in_force_balance_fen == SHARE // 2 + SHARE + SHARE
    assert (told.in_force_count, told.overdue_count, told.new_count) == (3, 1, 7)
    assert told.new_guaranteed_fen == 7 * SHARE
    # Compensated 80 % of principal and of 10,000 interest; released: one repaid and one compensated (domain.md 6.1).
    assert told.compensation_fen == SHARE + 800_000
    assert told.released_fen == 2 * SHARE
    assert told.compensation_rate == Decimal("0.501000")
    assert queries.figures(staff["manager2"], TODAY).in_force_count == 0
    with inside(house(BOYU)):
        assert not Guarantee.objects.exists()


def test_released_counts_what_was_drawn(staff):
    made = make_guarantee(state="PARTLY_DRAWN", loan_fen=900_000_001)
    told = {"actor": staff["operations"], "today": TODAY, "guarantee_id": made.pk}
    services.complete(**told)
    services.repay(**told, reference="HK-1", principal_fen=made.drawn_fen, on=TODAY)
    services.release(**told, certificate="JQ-1", on=TODAY)
    # 450,000,000 drawn of 900,000,001; guaranteed 720,000,001: 360,000,000.1
    assert queries.figures(staff["risk"], TODAY).released_fen == 360_000_000


def test_new_business_is_of_this_month(staff):
    make_guarantee(today=date(2026, 2, 28))
    make_guarantee(today=date(2026, 3, 1))
    assert queries.figures(staff["risk"], date(2026, 3, 31)).new_count == 1
    assert queries.figures(staff["risk"], date(2026, 4, 1)).new_count == 0


def test_the_series_carries_the_balance_from_month_to_month(staff):
    first = make_guarantee(state="IN_FORCE", today=date(2025, 11, 30))
    make_guarantee(state="COMPENSATED", today=date(2026, 1, 15))
    told = {"actor": bank(), "today": TODAY, "guarantee_id": first.pk}
    services.repay(**told, reference="HK-1", principal_fen=LOAN_FEN // 4, on=date(2026, 2, 1))
    months = queries.series(staff["risk"], TODAY, months=4)
    assert [month.month for month in months] == ["2025-12", "2026-01", "2026-02", "2026-03"]
    assert [month.balance_fen for month in months] == [SHARE, SHARE, SHARE * 3 // 4, SHARE * 3 // 4]
    assert [month.new_count for month in months] == [0, 1, 0, 0]
    assert [month.compensation_fen for month in months] == [0, SHARE + 800_000, 0, 0]
    now = queries.figures(staff["risk"], TODAY).in_force_balance_fen
    assert months[-1].balance_fen == now


def test_slices_sum_to_the_whole(staff):
    farm = make_customer(kind="PERSON", industry="A")
    make_guarantee(state="IN_FORCE", customer=farm, product_code="FARM", loan_fen=10_000_000, bank_name="锦州城市银行")
    make_guarantee(state="IN_FORCE")
    total = queries.figures(staff["risk"], TODAY).in_force_balance_fen
    for slices in (queries.by_bank, queries.by_industry, queries.by_product):
        rows = slices(staff["risk"])
        assert sum(row.balance_fen for row in rows) == total
        assert [row.count for row in rows] == [1, 1]
        assert rows[0].balance_fen > rows[1].balance_fen
    assert [row.key for row in queries.by_industry(staff["risk"])] == ["C", "A"]


def test_due_soon_lists_open_business_by_its_end(staff):
    late = make_guarantee(state="IN_FORCE", today=date(2025, 3, 20))
    over = make_guarantee(state="OVERDUE", today=date(2025, 2, 1))
    make_guarantee(state="IN_FORCE", today=TODAY)
    make_guarantee(state="RELEASED", today=date(2025, 3, 20))
    assert list(queries.due_soon(staff["risk"], TODAY)) == [over, late]
    assert queries.figures(staff["risk"], TODAY).due_soon_count == 2


def test_lists_cost_one_query_and_figures_one(staff, django_assert_num_queries):
    for _ in range(3):
        make_guarantee(state="IN_FORCE")
    with django_assert_num_queries(1):
        rows = list(queries.find(staff["risk"], q="DB2026", state="OPEN", product="WORKING_CAPITAL"))
        assert len([(row.customer.name, row.product.label, row.owner.name, row.application.number) for row in rows]) == 3
    with django_assert_num_queries(1):
        queries.figures(staff["risk"], TODAY)
    with django_assert_num_queries(3):
        queries.series(staff["risk"], TODAY)
    with django_assert_num_queries(1):
        assert len(queries.for_bank("HXYH")) == 3


@pytest.mark.parametrize(
    ("state", "bar"),
    [
        ("ISSUED", ["done", "done", "now", "todo", "todo"]),
        ("PARTLY_DRAWN", ["done", "done", "now", "todo", "todo"]),
        ("IN_FORCE", ["done", "done", "done", "now", "todo"]),
        ("OVERDUE", ["done", "done", "done", "failed", "todo"]),
        ("RELEASED", ["done", "done", "done", "done", "done"]),
        ("COMPENSATED", ["done", "done", "done", "done", "failed"]),
        ("CANCELLED", ["done", "done", "todo", "todo", "failed"]),
    ],
)
def test_steps_and_buttons_follow_the_state(staff, state, bar):
    made = make_guarantee(state=state)
    assert [step["state"] for step in queries.steps(made)] == bar
    buttons = {
        "ISSUED": ["drawdown", "lapse", "cancel"],
        "PARTLY_DRAWN": ["drawdown", "complete", "repay"],
        "IN_FORCE": ["repay", "mark_overdue", "extend", "lapse"],
        "OVERDUE": ["repay", "cure", "pay", "extend", "lapse"],
    }
    assert queries.actions(staff["operations"], made) == buttons.get(state, [])
    assert queries.actions(staff["risk"], made) == []


def test_the_timeline_tells_application_money_and_end(staff):
    made = make_guarantee(state="COMPENSATED")
    told = [(entry.title, entry.note) for entry in queries.timeline(made)]
    assert len(told) >= 11
    assert any("JJ-1" in note and "5,000,000.00" in note for _, note in told)
    assert any("DC-DB2026-000001" in note for _, note in told)


def test_old_values_of_a_guarantee_are_kept_with_the_act(staff):
    made = make_guarantee(state="IN_FORCE")
    services.repay(
        actor=bank(), today=TODAY + timedelta(days=1), guarantee_id=made.pk, reference="HK-1", principal_fen=1, on=TODAY
    )
    from tenants.guarantees.models import GuaranteeEvent

    rows = GuaranteeEvent.objects.filter(pgh_obj_id=made.pk).select_related("pgh_context").order_by("pgh_id")
    assert [(row.state, row.pgh_context.metadata["act"]) for row in rows] == [
        ("ISSUED", "guarantees.drawdown"),
        ("IN_FORCE", "guarantees.drawdown"),
        ("IN_FORCE", "guarantees.repay"),
    ]
    assert ReportingScope.objects.count() == 1
