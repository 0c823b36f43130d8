"""Bills, VAT, credit notes and refunds, arrears and their stop, the funds, the nightly round."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from kernel.access.actors import SYSTEM, Actor
from kernel.access.models import User
from kernel.access.permissions import MissingPermission
from kernel.cash import queries as money
from kernel.cash import services as cash
from kernel.documents import queries as documents
from kernel.letters import GuaranteeEnded
from reguarantee.filings import services as filing_services
from reguarantee.filings.models import Filing
from reguarantee.partners import queries as partners
from reguarantee.partners import services as partner_services
from reguarantee.premiums import queries, services
from reguarantee.premiums.models import Bill, Item, PremiumList
from tests.factories.houses import ANHE
from tests.reguarantee.engine.terms import MARCH, MILLION
from tests.reguarantee.premiums.world import agreed, answer, drawn, file, letters, report, treaty

People = dict[str, User]
Q1 = "2026-Q1"


def bills(people: People, period: str, on: date) -> list[Bill]:
    return services.bill(actor=people["accountant"], today=on, member_code=ANHE, period=period)


def pay(people: People, bill: Bill, fen: int, on: date, voucher: str = "V-1") -> Any:
    return cash.receive(
        actor=people["cashier"], today=on, counterparty=ANHE, fen=fen, on=on, voucher_no=voucher, key=bill.key
    )  # fmt: skip


def end(guarantee_id: int, how: str, on: date) -> None:
    letter = GuaranteeEnded(guarantee_id=guarantee_id, end=how, on=on, released_principal_fen=5 * MILLION)
    filing_services.open_ended(letter, sender=ANHE, actor=Actor("LETTER", ANHE), today=on)


def test_exempt_and_taxable_never_share_a_bill(people: People, april: date) -> None:
    """domain.md 4.6: two bills, each with its own VAT: 6,000 free, 6,000 = 5,660.38 + 339.62."""
    treaty()
    file(1), file(2, size_class="MEDIUM"), file(3, size_class="", is_farmer=True)
    agreed("2026-03", on=april)
    made = {bill.vat: bill for bill in bills(people, Q1, april)}
    assert (made["EXEMPT"].premium_fen, made["EXEMPT"].net_fen, made["EXEMPT"].tax_fen) == (1_200_000, 1_200_000, 0)
    assert (made["TAXABLE"].premium_fen, made["TAXABLE"].net_fen, made["TAXABLE"].tax_fen) == (600_000, 566_038, 33_962)
    assert PremiumList.objects.get().state == "BILLED"
    due = money.due(made["TAXABLE"].key)
    assert (due.key, due.direction, due.fen, due.due_on) == (
        f"premium:ANHE:{made['TAXABLE'].number}",
        "IN",
        600_000,
        date(2026, 4, 17),
    )
    assert documents.of(made["TAXABLE"].subject).get().name.endswith(".pdf")
    body = letters("PREMIUM_BILLED")[-1]
    assert (body["status"], body["vat"], body["tax_fen"], body["lists"]) == ("ISSUED", "TAXABLE", 33_962, ["BFQD-ANHE-2026-03"])


def test_the_treatment_is_frozen_with_the_filing(people: People) -> None:
    """domain.md 11.9: free until 2027-12-31, by what the firm was when the guarantee took effect."""
    treaty(base="DAILY_BALANCE")
    filing = file(1, due_on=date(2028, 3, 1))
    report(filing, [(MARCH, 4 * MILLION)])
    assert drawn("2027-12", on=date(2028, 1, 2)).items.get().vat == "EXEMPT"
    assert drawn("2028-01", on=date(2028, 2, 2)).items.get().vat == "TAXABLE"


def test_billing_twice_bills_once(people: People, april: date) -> None:
    treaty()
    file(1)
    agreed("2026-03", on=april)
    assert len(bills(people, Q1, april)) == 1
    assert bills(people, Q1, april) == []
    with pytest.raises(services.PeriodNotOver):
        bills(people, "2026-Q2", april)
    with pytest.raises(MissingPermission):
        services.bill(actor=people["filing"], today=april, member_code=ANHE, period=Q1)


def test_what_was_cancelled_after_the_agreement_is_not_billed(people: People, april: date) -> None:
    """FEE-12, domain.md 7.5: recomputed on change before it is billed: what never was covered costs nothing."""
    treaty()
    file(1), file(2)
    agreed("2026-03", on=april)
    end(1, "CANCELLED", april)
    (bill,) = bills(people, Q1, april)
    assert (bill.premium_fen, [item.filing.number for item in bill.items.all()]) == (600_000, ["DB-2"])
    assert Filing.objects.get(guarantee_id=2).billed_on == april
    assert Item.objects.get(filing__guarantee_id=1).dropped


def test_what_is_billed_stays(people: People, april: date) -> None:
    """A billed item never changes and a bill says the sum of its items, whoever writes."""
    treaty()
    file(1)
    agreed("2026-03", on=april)
    (bill,) = bills(people, Q1, april)
    for change in (
        lambda: Item.objects.update(premium_fen=1),
        lambda: Item.objects.all().delete(),
        lambda: Bill.objects.update(premium_fen=1, net_fen=1),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    with pytest.raises(IntegrityError, match="sum of its items"), transaction.atomic():
        Bill.objects.create(
            number="X", member_code=ANHE, period=Q1, vat="EXEMPT", premium_fen=5, net_fen=5, tax_fen=0, key="x",
            issued_on=april, issued_by="x", due_on=april,
        )  # fmt: skip
        connection.check_constraints()
    assert bill.premium_fen == 600_000


def test_a_receipt_settles_the_bill(people: People, april: date) -> None:
    """FEE-13, FEE-15, FEE-16: the balance changes right with the receipt, and the member hears that it is settled."""
    treaty()
    file(1)
    agreed("2026-03", on=april)
    (bill,) = bills(people, Q1, april)
    pay(people, bill, 250_000, april)
    bill.refresh_from_db()
    assert (bill.status, bill.paid_fen, bill.open_fen) == ("ISSUED", 250_000, 350_000)
    moved = pay(people, bill, 350_000, april, "V-2")
    bill.refresh_from_db()
    assert (bill.status, bill.paid_fen, bill.open_fen, bill.settled_on) == ("SETTLED", 600_000, 0, april)
    assert letters("PREMIUM_BILLED")[-1]["status"] == "SETTLED"
    cash.reverse(actor=people["accountant"], today=april, movement_id=moved.pk, reason="退票")
    bill.refresh_from_db()
    assert (bill.status, bill.paid_fen) == ("ISSUED", 250_000)


def test_an_early_release_gives_the_days_back_only_by_parameter(people: People, april: date, set_value) -> None:
    """FEE-14, domain.md 5.4: default no refund; by parameter 182 of 365 days: 2,991.78 come back of 6,000."""
    treaty()
    file(1)
    agreed("2026-03", on=april)
    bills(people, Q1, april)
    end(1, "RELEASED", date(2026, 8, 31))
    args = {"actor": SYSTEM, "today": date(2026, 10, 2), "member_code": ANHE, "period": "2026-09"}
    assert services.draw_list(**args) is None
    set_value("rg.premium.refund_on_early_release", "true")
    item = drawn("2026-09", on=date(2026, 10, 2)).items.get()
    # 183 of 365 days were covered: 3,008.22 stay.
    assert (item.kind, item.premium_fen, item.fund_fen) == ("CORRECTION", -(600_000 - 300_822), -(300_000 - 150_411))


@pytest.mark.parametrize(("paid", "lowered", "refund"), [(0, 299_178, 0), (400_000, 200_000, 99_178), (600_000, 0, 299_178)])
def test_a_credit_note_refunds_never_more_than_was_paid(
    people: People, april: date, set_value, paid: int, lowered: int, refund: int
) -> None:
    """FEE-14: a credit first lowers what is open; only what was paid comes back, as a payment of its own."""
    set_value("rg.premium.refund_on_early_release", "true")
    treaty()
    file(1)
    agreed("2026-03", on=april)
    (bill,) = bills(people, Q1, april)
    if paid:
        pay(people, bill, paid, april)
    end(1, "RELEASED", date(2026, 8, 31))
    october = date(2026, 10, 2)
    agreed("2026-09", on=october)
    (note,) = bills(people, "2026-Q3", october)
    bill.refresh_from_db()
    assert (note.kind, note.premium_fen, note.refund_fen, note.credits_id) == ("CREDIT", -299_178, refund, bill.pk)
    assert (bill.credited_fen, money.due(bill.key).fen) == (299_178, 600_000 - lowered)
    assert refund <= paid and bill.open_fen == 600_000 - paid - lowered
    told = letters("PREMIUM_BILLED")
    assert [(body["credits"], body["refund_fen"]) for body in told if body["premium_fen"] < 0] == [(bill.number, refund)]
    if refund:
        due = money.due(f"premium-refund:ANHE:{note.number}")
        assert (due.direction, due.fen) == ("OUT", refund)
        account = {"account_name": "安和", "account_no": "1", "account_bank": "华星"}
        order = cash.prepare(actor=people["cashier"], today=october, key=due.key, **account)
        with pytest.raises(cash.BadAmount):
            cash.prepare(actor=people["cashier"], today=october, key=bill.key, fen=1, **account)
        cash.confirm(actor=people["accountant"], today=october, order_id=order.pk, voucher_no="R-1")
        note.refresh_from_db()
        assert (note.status, note.paid_fen, note.open_fen) == ("SETTLED", refund, 0)
    else:
        assert note.status == "SETTLED"
    # Nothing more comes back of it, however often the list is drawn.
    assert services.draw_list(actor=SYSTEM, today=date(2026, 11, 2), member_code=ANHE, period="2026-10") is None


def test_a_waived_year_by_date(people: People, april: date) -> None:
    """FEE-10, FEE-11: from April on premiums are halved; proposed by one, approved by another, by the day of drawdown."""
    treaty()
    told = {
        "kind": "FACTOR", "factor": Decimal("0.5"), "effective_from": date(2026, 4, 1), "effective_to": date(2026, 12, 31),
        "reason": "减半征收",
    }  # fmt: skip
    row = services.propose_standard(actor=people["treaty"], today=MARCH, **told)
    with pytest.raises(MissingPermission):
        services.decide_standard(actor=people["treaty"], today=MARCH, standard_id=row.pk, approve=True)
    file(1)
    file(2, on=april, drawdown_on=date(2026, 4, 1), due_on=date(2027, 4, 1))
    before = {item.filing.guarantee_id: item.premium_fen for item in drawn("2026-04", on=date(2026, 5, 2)).items.all()}
    assert before == {1: 600_000, 2: 600_000}
    services.decide_standard(actor=people["executive"], today=MARCH, standard_id=row.pk, approve=True)
    with pytest.raises(services.StandardDecided):
        services.decide_standard(actor=people["executive"], today=MARCH, standard_id=row.pk, approve=True)
    after = {item.filing.guarantee_id: item.premium_fen for item in drawn("2026-04", on=date(2026, 5, 2)).items.all()}
    assert after == {1: 600_000, 2: 300_000}


def test_the_most_specific_table_counts(people: People, april: date) -> None:
    """FEE-10: standards per product, member and period."""
    treaty()
    for rate, scope in (
        ("0.01", {}),
        ("0.02", {"product_code": "P"}),
        ("0.04", {"member_code": ANHE}),
        ("0.08", {"product_code": "Z"}),
    ):
        row = services.propose_standard(
            actor=people["treaty"], today=MARCH, kind="TABLE", rates=[{"rate": rate}], effective_from=MARCH, reason="x", **scope
        )
        services.decide_standard(actor=people["executive"], today=MARCH, standard_id=row.pk, approve=True)
    file(1)
    item = drawn("2026-03", on=april).items.get()
    assert (item.rate, item.premium_fen, item.fund_fen) == (Decimal("0.04"), 8_000_000, 300_000)


def test_a_table_that_turns_within_the_month(people: People, april: date) -> None:
    """By the day the rate changes on its day: 15 days at 0.3 %, 16 at nothing."""
    treaty(base="DAILY_BALANCE")
    report(file(1), [(MARCH, 4 * MILLION)])
    row = services.propose_standard(
        actor=people["treaty"], today=MARCH, kind="FACTOR", factor=Decimal(0), effective_from=date(2026, 3, 16), reason="免收"
    )
    services.decide_standard(actor=people["executive"], today=MARCH, standard_id=row.pk, approve=True)
    assert drawn("2026-03", on=april).items.get().premium_fen == 24_658  # 2,000,000 x 0.3 % x 15/365 = 246.575


def test_arrears_stop_new_cessions_and_payment_lifts_it(people: People, april: date) -> None:
    """domain.md 5.4: 30 days after its day an unpaid bill stops new cessions; the payment lifts the stop at once."""
    treaty()
    file(1)
    agreed("2026-03", on=april)
    (bill,) = bills(people, Q1, april)  # due on 17 April
    services.roll(today=date(2026, 4, 17))
    bill.refresh_from_db()
    assert bill.status == "ISSUED"
    services.roll(today=date(2026, 4, 18))
    bill.refresh_from_db()
    assert bill.status == "OVERDUE" and not partners.stops(ANHE, on=date(2026, 4, 18))
    services.roll(today=date(2026, 5, 17))
    assert not partners.stops(ANHE, on=date(2026, 5, 17))
    for _ in range(2):
        services.roll(today=date(2026, 5, 18))
    (stop,) = partners.stops(ANHE, on=date(2026, 5, 18))
    assert stop.reason_code == "PREMIUM_ARREARS"
    assert [(body["status"], body["stops"]) for body in letters("PREMIUM_BILLED")] == [
        ("ISSUED", False), ("OVERDUE", False), ("OVERDUE", True)
    ]  # fmt: skip
    assert Filing.objects.get().status == "CONFIRMED"
    pay(people, bill, 600_000, date(2026, 5, 20))
    assert not partners.stops(ANHE, on=date(2026, 5, 20))
    assert letters("PREMIUM_BILLED")[-1]["status"] == "SETTLED"


def test_a_stop_of_another_reason_stays(people: People, april: date) -> None:
    from reguarantee.partners import services as partner_services

    partner_services.stop(
        actor=SYSTEM, today=april, member_code=ANHE, reason_code="SUSPENDED", sentence="Suspended.", facts={}
    )  # fmt: skip
    services.arrears(actor=SYSTEM, today=april, member_code=ANHE)
    assert [stop.reason_code for stop in partners.stops(ANHE, on=april)] == ["SUSPENDED"]


def test_the_funds_part_is_closed_once(people: People, april: date) -> None:
    """FEE-12: what NFGF gets of a quarter: 6,000 of two loans, one payable, closed once; a later part waits."""
    treaty()
    file(1), file(2)
    agreed("2026-03", on=april)
    bills(people, Q1, april)
    row = services.close_fund(actor=people["accountant"], today=april, party="nfgf", period=Q1)
    assert row is not None and (row.fen, row.parts.count()) == (600_000, 2)
    due = money.due("fund-premium:nfgf:2026-Q1")
    assert (due.direction, due.counterparty, due.fen) == ("OUT", "NFGF", 600_000)
    again = services.close_fund(actor=people["accountant"], today=april, party="nfgf", period=Q1)
    assert again == row and services.funds_waiting("2026-Q2") == []
    with pytest.raises(MissingPermission):
        services.close_fund(actor=people["cashier"], today=april, party="nfgf", period=Q1)


def test_a_subsidy_is_claimed_per_guarantee(people: People, april: date, set_value) -> None:
    """FEE-38: claimed and received per project and period; once per payer and period."""
    treaty()
    file(1), file(2)
    agreed("2026-03", on=april)
    bills(people, Q1, april)
    told = {"actor": people["accountant"], "today": april, "payer": "czt", "payer_name": "省财政厅", "period": Q1}
    with pytest.raises(services.NothingToClaim):
        services.claim_subsidy(**told)
    set_value("rg.premium.subsidy_rate", "0.25")
    row = services.claim_subsidy(**told)
    assert (row.fen, [line.fen for line in row.lines.all()]) == (300_000, [150_000, 150_000])
    with pytest.raises(services.SubsidyStands):
        services.claim_subsidy(**told)
    due = money.due("subsidy:CZT:2026-Q1")
    assert (due.direction, due.fen) == ("IN", 300_000)
    came = {"counterparty": "CZT", "fen": 200_000, "on": april, "voucher_no": "BT-1", "key": due.key}
    cash.receive(actor=people["cashier"], today=april, **came)
    lines = {line.filing.number: line.received_fen for line in queries.subsidy_lines()}
    assert lines == {"DB-1": 150_000, "DB-2": 50_000} and queries.subsidies().get().moved_fen == 200_000


def test_only_policy_institutions_may_be_subsidised(people: People, april: date, set_value) -> None:
    """AGR-14: by parameter the premiums of policy institutions count and no others."""
    treaty()
    file(1)
    agreed("2026-03", on=april)
    bills(people, Q1, april)
    set_value("rg.premium.subsidy_rate", "0.25")
    set_value("rg.premium.subsidy_policy_only", "true")
    told = {"actor": people["accountant"], "today": april, "payer": "czt", "payer_name": "省财政厅", "period": Q1}
    with pytest.raises(services.NothingToClaim):
        services.claim_subsidy(**told)
    partner_services.enrol(
        actor=people["admission"], today=april, code=ANHE, name="安和", kind="MEMBER", reason="建库", file={"is_policy": True}
    )
    assert services.claim_subsidy(**told).fen == 150_000


def test_the_nightly_round_may_run_as_often_as_it_likes(people: People) -> None:
    """A round sends last month's list, counts silence, bills the quarter, closes the fund; the same day again: nothing."""
    treaty()
    file(1)
    first = services.roll(today=date(2026, 4, 1))
    assert (first.issued, first.bills, first.troubles) == (1, 0, [])
    assert services.roll(today=date(2026, 4, 1)).issued == 0
    second = services.roll(today=date(2026, 4, 12))
    assert (second.agreed, second.bills, second.bordereaux) == (1, 1, 1)
    third = services.roll(today=date(2026, 4, 12))
    assert (third.issued, third.agreed, third.bills) == (0, 0, 0)
    assert Bill.objects.count() == 1


def test_a_changed_filing_is_sent_again_by_the_round(people: People, set_value) -> None:
    """FEE-12: recomputed on change before it is billed."""
    treaty()
    filing = file(1)
    services.roll(today=date(2026, 4, 1))
    row = services.propose_standard(
        actor=people["treaty"], today=MARCH, kind="FACTOR", factor=Decimal("0.5"), effective_from=MARCH,
        filing_id=filing.pk, reason="x",
    )  # fmt: skip
    services.decide_standard(actor=people["executive"], today=MARCH, standard_id=row.pk, approve=True)
    assert services.roll(today=date(2026, 4, 2)).issued == 1
    sent = PremiumList.objects.get()
    assert (sent.round, sent.items.get().premium_fen) == (2, 300_000)
    answer(sent, on=date(2026, 4, 3))
    assert sent.state == "AGREED"


def test_a_deviation_after_the_bill_becomes_a_correction(people: People, april: date) -> None:
    """FEE-11: approved after the bill: the next list takes the difference back."""
    treaty()
    filing = file(1)
    agreed("2026-03", on=april)
    (bill,) = bills(people, Q1, april)
    row = services.propose_standard(
        actor=people["treaty"], today=april, kind="FACTOR", factor=Decimal(0), effective_from=MARCH, filing_id=filing.pk,
        reason="免收",
    )  # fmt: skip
    services.decide_standard(actor=people["executive"], today=april, standard_id=row.pk, approve=True)
    agreed("2026-06", on=date(2026, 7, 2))
    (note,) = bills(people, "2026-Q2", date(2026, 7, 2))
    bill.refresh_from_db()
    assert (note.premium_fen, note.refund_fen, bill.status, bill.open_fen) == (-600_000, 0, "CREDITED", 0)
