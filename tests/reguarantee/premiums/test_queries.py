"""Live figures, the forecast, and corrections of corrections."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from kernel.access.actors import SYSTEM
from kernel.access.models import User
from kernel.cash import services as cash
from reguarantee.filings.models import Filing
from reguarantee.premiums import queries, services
from reguarantee.premiums.models import Bill
from tests.factories.houses import ANHE, BOYU
from tests.reguarantee.engine.terms import MARCH, MILLION
from tests.reguarantee.premiums.world import agreed, drawn, file, report, treaty

People = dict[str, User]


def deviate(people: People, filing: Filing, factor: str, *, payee: str = "") -> None:
    row = services.propose_standard(
        actor=people["treaty"], today=MARCH, kind="FACTOR", factor=Decimal(factor), effective_from=MARCH, payee=payee,
        filing_id=filing.pk, reason="x",
    )  # fmt: skip
    services.decide_standard(actor=people["executive"], today=MARCH, standard_id=row.pk, approve=True)


def billed(period: str, quarter: str, on: date) -> list[Bill]:
    agreed(period, on=on)
    return services.bill(actor=SYSTEM, today=on, member_code=ANHE, period=quarter)


def test_due_paid_open_refunded_by_member_and_guarantee(people: People, april: date, django_assert_num_queries) -> None:
    """FEE-16, FEE-41: what was paid is spread over the guarantees of the bill; rows sum to the bill, to the fen."""
    treaty()
    file(1), file(2), file(3, sender=BOYU)
    (bill,) = billed("2026-03", "2026-Q1", april)
    drawn("2026-03", on=april, sender=BOYU)
    cash.receive(
        actor=people["cashier"], today=april, counterparty=ANHE, fen=700_001, on=april, voucher_no="V", key=bill.key
    )  # fmt: skip
    with django_assert_num_queries(1):
        rows = queries.by_guarantee(today=date(2026, 6, 1))
    assert [(row.number, row.billed_fen, row.paid_fen, row.open_fen, row.late_fen, row.listed_fen) for row in rows] == [
        ("DB-1", 600_000, 600_000, 0, 0, 0),
        ("DB-2", 600_000, 100_001, 499_999, 499_999, 0),
        ("DB-3", 0, 0, 0, 0, 600_000),
    ]
    deviate(people, Filing.objects.get(number="DB-1"), "0.5")
    (note,) = billed("2026-06", "2026-Q2", date(2026, 7, 2))
    assert (note.premium_fen, note.refund_fen) == (-300_000, 0)
    rows = {row.number: row for row in queries.by_guarantee(today=date(2026, 7, 3), member_code=ANHE)}
    assert [(row.credited_fen, row.paid_fen, row.open_fen) for row in rows.values()] == [
        (300_000, 300_000, 0),
        (0, 400_001, 199_999),
    ]
    (total,) = queries.by_member(today=date(2026, 7, 3), member_code=ANHE)
    bill = queries.bill(bill.pk)
    assert total.open_fen == bill.left_fen == bill.open_fen == 199_999


def test_a_correction_of_a_correction(people: People, april: date) -> None:
    """FEE-14: halved, then charged in full again, then waived: bill and fund end at nothing, no credit above its bill."""
    treaty()
    filing = file(1)
    billed("2026-03", "2026-Q1", april)
    deviate(people, filing, "0.5")
    (half,) = billed("2026-04", "2026-Q2", date(2026, 7, 2))
    assert half.premium_fen == -300_000
    deviate(people, filing, "1")
    (again,) = billed("2026-07", "2026-Q3", date(2026, 10, 2))
    assert (again.kind, again.premium_fen) == ("BILL", 300_000)
    deviate(people, filing, "0"), deviate(people, filing, "0", payee="FUND")
    notes = billed("2026-10", "2026-Q4", date(2027, 1, 2))
    assert sorted(note.premium_fen for note in notes) == [-300_000, -300_000]
    (total,) = queries.by_member(today=date(2027, 1, 3))
    assert (total.open_fen, total.billed_fen - total.credited_fen) == (0, 0)
    assert sum(item.fund_fen for item in queries.items()) == 0
    assert queries.parts_waiting()[0]["fen"] == 0


def test_the_forecast_opens_its_rows(people: People, april: date) -> None:
    """FEE-17: per month: listed, covered and not listed, by the day as scheduled, and what is under review."""
    treaty(base="DAILY_BALANCE")
    filing = file(1)
    report(filing, [(MARCH, 4 * MILLION)])
    drawn("2026-03", on=april)
    rows = queries.forecast(today=april, months=3)
    assert [(row.month, row.source, row.fen) for row in rows] == [
        ("2026-04", "BALANCE", 49_315),
        ("2026-04", "LISTED", 50_959),
        ("2026-05", "BALANCE", 50_959),
        ("2026-06", "BALANCE", 49_315),
    ]
    months = queries.by_month(rows)
    assert months[0] == ("2026-04", {"LISTED": 50_959, "COVER": 0, "BALANCE": 49_315, "PIPELINE": 0})
    assert queries.by_month(queries.forecast(today=date(2027, 1, 2), months=12))[-1][0] == "2027-02"


def test_what_is_under_review_is_in_the_forecast(people: People, april: date) -> None:
    """FEE-17: the pipeline."""
    from dataclasses import replace

    from kernel.access.actors import Actor
    from reguarantee.filings import services as filings
    from tests.reguarantee.filings.test_filings_cover import LETTER

    treaty(scope={"principal_max_fen": 5 * MILLION})
    file(1)
    large = replace(
        LETTER, guarantee_id=9, number="DB-9", obligor_key="k9", principal_fen=10 * MILLION, guaranteed_fen=8 * MILLION
    )
    filings.open_filing(large, sender=ANHE, actor=Actor("LETTER", ANHE), today=MARCH)
    rows = {row.source: row for row in queries.forecast(today=april)}
    assert (rows["COVER"].fen, rows["COVER"].number) == (600_000, "DB-1")
    assert (rows["PIPELINE"].fen, rows["PIPELINE"].number) == (2_000_000, "DB-9")
