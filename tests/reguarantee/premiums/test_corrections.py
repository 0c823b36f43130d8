"""What changes after a list was sent, agreed or billed: nothing is charged twice, nothing lost, nothing agreed unseen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.access.actors import SYSTEM, Actor
from kernel.access.models import User
from kernel.cash import services as cash
from kernel.letters import GuaranteeEnded, PremiumListAnswered
from kernel.parameters import queries as parameters
from kernel.parameters.models import Value
from reguarantee.filings import services as filing_services
from reguarantee.premiums import queries, services
from reguarantee.premiums.models import Bill, Item, PremiumList
from tests.factories.houses import ANHE, BOYU
from tests.reguarantee.engine.terms import MARCH, MILLION
from tests.reguarantee.premiums.world import agreed, answer, drawn, figures, file, letters, report, treaty

People = dict[str, User]
Q1, JULY = "2026-Q1", date(2026, 7, 2)


def bills(people: People, period: str, on: date, member: str = ANHE) -> list[Bill]:
    return services.bill(actor=people["accountant"], today=on, member_code=member, period=period)


def end(guarantee_id: int, how: str, on: date) -> None:
    letter = GuaranteeEnded(guarantee_id=guarantee_id, end=how, on=on, released_principal_fen=5 * MILLION)
    filing_services.open_ended(letter, sender=ANHE, actor=Actor("LETTER", ANHE), today=on)


def standard(people: People, on: date, **told: Any) -> None:
    kept = services.propose_standard(actor=people["treaty"], today=on, reason="x", **told)
    services.decide_standard(actor=people["executive"], today=on, standard_id=kept.pk, approve=True)


def listed(period: str, *, on: date) -> PremiumList | None:
    return services.draw_list(actor=SYSTEM, today=on, member_code=ANHE, period=period)


def test_cover_that_was_borne_to_its_end_costs_its_premium(people: People, april: date) -> None:
    """FEE-14: the bank let the guarantee period pass without a claim: the risk was borne, nothing comes back."""
    treaty()
    file(1)
    agreed("2026-03", on=april)
    bills(people, Q1, april)
    end(1, "LAPSED", date(2027, 9, 1))
    assert listed("2027-09", on=date(2027, 10, 2)) is None


def test_without_a_report_the_balance_ends_with_the_guarantee(people: People) -> None:
    """FEE-12: charged by the day on the principal while nobody reports, but not after the end that the member told."""
    treaty(base="DAILY_BALANCE")
    file(1)
    end(1, "RELEASED", date(2026, 3, 16))
    april = drawn("2026-03", on=date(2026, 4, 2)).items.get()
    assert (april.premium_fen, april.ceded_fen) == (24_658, 96_774_194)  # 15 of 31 days
    assert listed("2026-04", on=date(2026, 5, 2)) is None


def test_a_fund_that_waives_afterwards_gets_its_part_back_only(people: People, april: date) -> None:
    """FEE-10, domain.md 5.4: the fund waives a billed quarter; the member's premium stays, the fund's part goes."""
    treaty()
    file(1)
    agreed("2026-03", on=april)
    bills(people, Q1, april)
    standard(people, april, kind="FACTOR", factor=Decimal(0), payee="FUND", effective_from=MARCH)
    row = drawn("2026-06", on=JULY)
    assert figures(row) == [("CORRECTION", "DB-1", 0, -300_000)]
    services.issue_list(actor=SYSTEM, today=JULY, list_id=row.pk)
    answer(row, on=JULY)
    assert bills(people, "2026-Q2", JULY) == []
    told = {"actor": people["accountant"], "today": JULY, "party": "nfgf", "period": "2026-Q2"}
    assert services.close_fund(**told) is None, "nothing is left for the fund"
    assert listed("2026-07", on=date(2026, 8, 2)) is None


def test_a_correction_that_was_dropped_does_not_come_back(people: People, april: date) -> None:
    """FEE-12: dropped after a dispute it costs nothing, on this list and on every later one."""
    treaty()
    file(1)
    agreed("2026-03", on=april)
    bills(people, Q1, april)
    standard(people, april, kind="FACTOR", factor=Decimal("0.5"), effective_from=MARCH)
    agreed("2026-04", on=date(2026, 5, 2))
    bills(people, "2026-Q2", JULY)
    standard(people, JULY, kind="FACTOR", factor=Decimal("0.8"), effective_from=MARCH)
    row = services.issue_list(actor=SYSTEM, today=JULY, list_id=drawn("2026-06", on=JULY).pk)
    (item,) = row.items.all()
    assert item.premium_fen == 180_000
    answer(row, on=JULY, disputes=[{"guarantee_id": 1, "item": item.pk, "text": "已约定减半"}])
    services.resolve(actor=people["filing"], today=JULY, item_id=item.pk, outcome=services.DROPPED, answer="同意")
    again = services.issue_list(actor=SYSTEM, today=JULY, list_id=row.pk)
    answer(again, on=JULY)
    assert bills(people, "2026-Q2", JULY) == []
    assert listed("2026-07", on=date(2026, 8, 2)) is None


def test_the_tax_of_a_bill_and_its_notes_is_nothing_in_the_end(people: People, april: date) -> None:
    """FEE-14, domain.md 4.6: whatever the steps in which a bill is taken back, net and VAT go with it to the fen."""
    treaty()
    file(1, size_class="MEDIUM")
    agreed("2026-03", on=april)
    (bill,) = bills(people, Q1, april)
    on, notes = JULY, [bill]
    for period, quarter, factor in (
        ("2026-06", "2026-Q2", "0.666667"),
        ("2026-09", "2026-Q3", "0.333333"),
        ("2026-12", "2026-Q4", "0"),
    ):
        standard(people, on, kind="FACTOR", factor=Decimal(factor), effective_from=MARCH)
        agreed(period, on=on)
        notes += bills(people, quarter, on)
        on = {"2026-Q2": date(2026, 10, 2), "2026-Q3": date(2027, 1, 2)}.get(quarter, on)
    assert len(notes) == 4 and sum(note.premium_fen for note in notes) == 0
    assert (sum(note.net_fen for note in notes), sum(note.tax_fen for note in notes)) == (0, 0)


def test_the_member_hears_that_its_bill_is_credited(people: People, april: date) -> None:
    """FEE-14: a bill in arrears that is taken back stops nothing any more, here and in the member's house."""
    treaty()
    filing = file(1)
    agreed("2026-03", on=april)
    (bill,) = bills(people, Q1, april)
    services.roll(today=date(2026, 6, 1))
    assert letters("PREMIUM_BILLED")[-1]["stops"]
    standard(people, JULY, kind="FACTOR", factor=Decimal(0), effective_from=MARCH, filing_id=filing.pk)
    agreed("2026-06", on=JULY)
    bills(people, "2026-Q2", JULY)
    told = [(one["status"], one["stops"]) for one in letters("PREMIUM_BILLED") if one["bill_no"] == bill.number]
    assert told[-1] == ("CREDITED", False)


def later(key: str, value: str, since: date) -> None:
    Value.objects.create(
        key=key, scope="", value=value, effective_from=since, state="APPROVED",
        proposed_by="a", proposed_on=since, decided_by="b", decided_on=since,
    )  # fmt: skip


def test_a_tariff_of_next_year_leaves_what_is_billed(people: People, april: date) -> None:
    """domain.md 5.4, 13: a cover costs what held on its first day; new rates from January on reprice no cover before."""
    treaty()
    file(1)
    agreed("2026-03", on=april)
    bills(people, Q1, april)
    january = date(2027, 1, 1)
    later("rg.nfgf.fee_le5m", "0.006", january)
    later("rg.premium.day_count", "ACT/360", january)
    assert listed("2027-01", on=date(2027, 2, 2)) is None


def test_a_tariff_that_turns_within_the_month_turns_the_funds_part(people: People, april: date) -> None:
    """By the day a new rate counts from its day on: 15 days of March at 0.3 %, 16 at 0.6 % on the fund's 1,000,000."""
    treaty(base="DAILY_BALANCE")
    report(file(1), [(MARCH, 4 * MILLION)])
    later("rg.nfgf.fee_le5m", "0.006", date(2026, 3, 16))
    assert figures(drawn("2026-03", on=april)) == [("BALANCE", "DB-1", 50_959, 38_630)]


def test_the_history_of_a_parameter_says_what_its_value_says(people: People) -> None:
    """Read once for many days it gives the same as asked day by day, the most specific scope first."""
    later("rg.premium.base", "DAILY_BALANCE", date(2026, 3, 1))
    later("rg.premium.base", "INITIAL_PRINCIPAL", date(2026, 6, 1))
    later("rg.premium.base", "DAILY_BALANCE", date(2026, 4, 1))
    Value.objects.filter(effective_from=date(2026, 4, 1)).update(scope="product=P")
    for scopes in ({}, {"member": ANHE, "product": "P"}, {"product": "Z"}):
        found = parameters.history("rg.premium.base", **scopes)
        for day in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1), date(2026, 7, 1)):
            said = next(value for since, value in reversed(found) if since <= day)
            assert said == parameters.value("rg.premium.base", on=day, **scopes), (scopes, day)


def test_a_month_that_has_not_begun_takes_nothing(people: People, april: date) -> None:
    """FEE-12: a slip of the pen, 2062 for 2026, must not put the premiums on a list that is sent in 36 years."""
    treaty()
    file(1)
    with pytest.raises(services.MonthNotBegun):
        listed("2062-03", on=april)
    assert drawn("2026-03", on=april).items.count() == 1


def test_an_answer_to_the_list_before_agrees_to_nothing(people: People, april: date) -> None:
    """FEE-12: the member's yes crossed a list that was sent again with other figures: it says nothing about those."""
    treaty()
    filing = file(1)
    row = services.issue_list(actor=SYSTEM, today=april, list_id=drawn("2026-03", on=april).pk)
    standard(people, april, kind="FACTOR", factor=Decimal("0.5"), effective_from=MARCH, filing_id=filing.pk)
    services.issue_list(actor=SYSTEM, today=april, list_id=row.pk)
    for fen, state in ((600_000, "ISSUED"), (300_000, "AGREED")):
        letter = PremiumListAnswered(list_no=row.number, agreed=True, answered_on=april, premium_fen=fen)
        services.open_list_answered(letter, sender=ANHE, actor=Actor("LETTER", ANHE), today=april)
        row.refresh_from_db()
        assert row.state == state


def test_a_list_that_changed_under_the_members_eyes_is_sent_again(people: People, april: date) -> None:
    """FEE-12: what was drawn anew after it was sent is not agreed to by silence: the next round sends it."""
    treaty()
    filing = file(1)
    services.issue_list(actor=SYSTEM, today=april, list_id=drawn("2026-03", on=april).pk)
    standard(people, april, kind="FACTOR", factor=Decimal("0.5"), effective_from=MARCH, filing_id=filing.pk)
    row = drawn("2026-03", on=april)
    assert row.state == "DRAFT"
    assert not services.agree_by_silence(actor=SYSTEM, today=date(2026, 6, 1), list_id=row.pk)
    assert services.roll(today=date(2026, 4, 20)).issued == 1
    row.refresh_from_db()
    assert (row.state, row.round, row.items.get().premium_fen) == ("ISSUED", 2, 300_000)


def test_a_list_of_which_nothing_is_left_is_told_to_the_member(people: People, april: date) -> None:
    """FEE-12: it was sent, then its only guarantee was cancelled: an empty list goes out, and nothing waits for ever."""
    treaty()
    file(1)
    services.roll(today=april)
    end(1, "CANCELLED", april)
    done = services.roll(today=date(2026, 4, 3))
    assert (done.issued, done.troubles) == (1, [])
    assert letters("PREMIUM_LIST_ISSUED")[-1]["items"] == []
    row = PremiumList.objects.get()
    answer(row, on=april)
    assert bills(people, Q1, april) == [] and PremiumList.objects.get().state == "BILLED"


def test_a_subsidy_is_not_claimed_twice_by_another_period(people: People, april: date, set_value: Any) -> None:
    """FEE-38: what was claimed with the quarter is not claimed again with its month, nor the other way round."""
    set_value("rg.premium.subsidy_rate", "0.25")
    treaty()
    file(1)
    agreed("2026-03", on=april)
    bills(people, Q1, april)
    told = {"actor": people["accountant"], "today": april, "payer": "czt", "payer_name": "省财政厅"}
    services.claim_subsidy(**told, period=Q1)
    for period in (Q1, "2026-03"):
        with pytest.raises(services.SubsidyStands):
            services.claim_subsidy(**told, period=period)


def test_a_funds_quarter_is_closed_when_all_members_are_billed(people: People, april: date) -> None:
    """FEE-12: the nightly round closes a fund's quarter once and whole, also when that is months later."""
    treaty()
    file(1), file(1, sender=BOYU, obligor_key="b", iou_no="JJ-b")
    agreed("2026-03", on=april)
    agreed("2026-03", on=april, sender=BOYU)
    row = PremiumList.objects.get(member_code=BOYU)
    PremiumList.objects.filter(pk=row.pk).update(state="DISPUTED", agreed_on=None)
    assert services.roll(today=april).bordereaux == 0, "a list of the quarter is still disputed"
    services.issue_list(actor=SYSTEM, today=date(2026, 5, 10), list_id=row.pk)
    row.refresh_from_db()
    answer(row, on=date(2026, 5, 10))
    assert services.roll(today=date(2026, 5, 10)).bordereaux == 1
    assert services.funds_waiting(Q1) == []


def test_a_bill_of_many_rows_prints_its_lists(people: People, april: date, monkeypatch: pytest.MonkeyPatch) -> None:
    """A paper of thousands of rows would be set for half a minute under the bill's locks: above a limit it names the lists."""
    from reguarantee.premiums.services import telling

    treaty()
    file(1), file(2)
    agreed("2026-03", on=april)
    (bill,) = bills(people, Q1, april)
    items = list(bill.items.select_related("filing", "list"))
    assert [row[0] for row in telling._rows(items).rows] == ["DB-1", "DB-2"]
    assert telling._months(items).rows == [("BFQD-ANHE-2026-03", "2", "12,000.00")]
    monkeypatch.setattr(telling, "_PRINTED", 1)
    assert telling.paper(bill, items, april).startswith(b"%PDF-")


MONTHS = [("2026-03", date(2026, 4, 2)), ("2026-04", date(2026, 5, 2)), ("2026-05", date(2026, 6, 2)), ("2026-06", JULY)]


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    moves=st.lists(st.tuples(st.integers(1, 105), st.integers(0, 400_000_000)), min_size=1, max_size=4),
    drawn_months=st.sets(st.integers(0, 3)),
    bill_after=st.sets(st.integers(0, 3)),
    late=st.integers(0, 400_000_000),
    paid=st.lists(st.integers(0, 100), min_size=4, max_size=4),
)
def test_bills_and_refunds_sum_to_the_whole_term(
    people: People, moves: list[tuple[int, int]], drawn_months: set[int], bill_after: set[int], late: int, paid: list[int]
) -> None:
    """FEE-12, FEE-14: however the term is cut into lists and bills, and whatever is reported late, the items that stand sum
    to the premium of the whole term to the fen, and the bills to the items."""
    from django.db import transaction

    with transaction.atomic():
        treaty(base="DAILY_BALANCE")
        filing = file(1, due_on=date(2026, 6, 15))
        book = sorted({date.fromordinal(MARCH.toordinal() + day): fen for day, fen in moves}.items())
        report(filing, [(MARCH, 400_000_000), *book])
        for place, (period, on) in enumerate(MONTHS):
            if place in drawn_months and listed(period, on=on) is not None:
                agreed(period, on=on)
            for bill in bills(people, period, on) if place in bill_after else ():
                if fen := bill.premium_fen * paid[place] // 100:
                    told = {"counterparty": ANHE, "fen": fen, "on": on, "voucher_no": bill.number, "key": bill.key}
                    cash.receive(actor=people["cashier"], today=on, **told)
        report(filing, [(MARCH, late), *book])
        for on in (date(2026, 8, 2), date(2026, 9, 2)):
            period = f"2026-{on.month - 1:02d}"
            if listed(period, on=on) is not None:
                agreed(period, on=on)
            bills(people, period, on)
        held, whole = late, 0
        for day in range((date(2026, 6, 15) - MARCH).days):
            held = dict(book).get(date.fromordinal(MARCH.toordinal() + day), held)
            whole += held * 2_000_000_00 * 3  # ceded 2,000,000 of guaranteed 4,000,000; 0.3 %
        exact = Decimal(whole) / 4_000_000_00 / 1000 / 365
        items = list(Item.objects.all())
        assert abs(sum(item.premium_fen for item in items) - exact) <= Decimal("0.5")
        assert sum(bill.premium_fen for bill in Bill.objects.all()) == sum(item.premium_fen for item in items)
        assert all(bill.open_fen >= 0 for bill in Bill.objects.all())
        # The member's line, read from bills, is the sum of its guarantees', read from their rows.
        (member,) = queries.by_member(today=JULY) or [None]
        rows = queries.by_guarantee(today=JULY)
        for name in ("billed_fen", "credited_fen", "paid_fen", "open_fen", "late_fen", "refund_due_fen", "refunded_fen"):
            assert getattr(member, name, 0) == sum(getattr(row, name) for row in rows), name
        transaction.set_rollback(True)
