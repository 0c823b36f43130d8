"""Monthly lists: drawn the same however often, agreed, disputed, reckoned anew."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kernel.access.actors import SYSTEM
from kernel.access.models import User
from kernel.access.permissions import MissingPermission
from kernel.letters import GuaranteeEnded
from kernel.parameters.models import Value
from reguarantee.filings import services as filings
from reguarantee.premiums import services
from reguarantee.premiums.models import Item, PremiumList
from tests.factories.houses import ANHE, BOYU
from tests.reguarantee.engine.terms import MARCH, MILLION
from tests.reguarantee.premiums.world import agreed, answer, drawn, figures, file, letters, report, treaty

People = dict[str, User]
DAILY = {"base": "DAILY_BALANCE"}


def test_the_running_case_is_listed_with_its_parts(people: People, april: date) -> None:
    """FEE-12: 6,000 in advance, NFGF 3,000, province net 3,000; frozen free of VAT, for the firm was small."""
    treaty()
    file()
    row = drawn("2026-03", on=april)
    item = row.items.get()
    assert (item.kind, item.premium_fen, item.fund_fen, item.net_fen) == ("COVER", 600_000, 300_000, 300_000)
    assert (item.first, item.last, item.days, item.vat) == (MARCH, date(2027, 2, 28), 365, "EXEMPT")
    assert (item.base_fen, item.ceded_fen, str(item.rate.normalize())) == (5 * MILLION, 2 * MILLION, "0.003")
    assert [(part.party, part.ceded_fen, part.fen) for part in item.parts.all()] == [("nfgf", MILLION, 300_000)]


def test_drawing_again_changes_nothing(people: People, april: date) -> None:
    """FEE-12: a list is drawn as often as one likes; a cover stands on one list only."""
    treaty()
    file(1)
    first = drawn("2026-03", on=april)
    ids = list(first.items.values_list("id", flat=True))
    again = drawn("2026-03", on=april)
    assert again.pk == first.pk and list(again.items.values_list("id", flat=True)) == ids and not again.changed
    assert services.draw_list(actor=SYSTEM, today=date(2026, 5, 2), member_code=ANHE, period="2026-04") is None
    assert services.draw_list(actor=SYSTEM, today=april, member_code=BOYU, period="2026-03") is None


def test_a_late_filing_stands_on_the_next_open_list(people: People, april: date) -> None:
    """FEE-12: what came after the list was agreed is listed in the month in which it was confirmed."""
    treaty()
    file(1)
    agreed("2026-03", on=april)
    file(2, on=date(2026, 4, 20), drawdown_on=date(2026, 3, 25))
    assert [row[1] for row in figures(drawn("2026-04", on=date(2026, 5, 2)))] == ["DB-2"]
    # In the month itself it was not known yet.
    assert [row[1] for row in figures(drawn("2026-03", on=date(2026, 5, 2)))] == ["DB-1"]


def test_a_change_before_the_bill_is_reckoned_anew(people: People, april: date) -> None:
    """FEE-12: the filing is corrected while the list is with the member: the next drawing shows the new figure."""
    treaty()
    file(1)
    row = services.issue_list(actor=people["accountant"], today=april, list_id=drawn("2026-03", on=april).pk)
    file(1, on=april, principal_fen=4 * MILLION, guaranteed_fen=3_20000000)
    # Cover that was given is not taken away by a smaller principal; the ceded part follows the filing.
    filing = row.items.get().filing
    assert drawn("2026-03", on=april).items.get().premium_fen == filing.ceded_fen * 3 // 1000 < 600_000


@pytest.mark.parametrize(("base", "expected"), [("OBLIGOR", 1_000_000), ("LOAN", 600_000)])
def test_the_rate_looks_at_the_obligor_or_at_the_loan(people: People, april: date, set_value, base: str, expected: int) -> None:
    """domain.md 11.14: two loans of 5,000,000 to one obligor at two members: 0.5 % by the obligor, 0.3 % by the loan."""
    set_value("rg.premium.threshold", base)
    treaty()
    file(1, obligor_key="same", sender=BOYU)
    file(2, obligor_key="same")
    assert drawn("2026-03", on=april).items.get().premium_fen == expected


def test_days_of_a_balance_in_arrears(people: People, april: date) -> None:
    """FEE-12: worked example 10 by DAILY_BALANCE: March has 31 days on 2,000,000 ceded, April falls with the repayment."""
    treaty(**DAILY)
    filing = file(1)
    report(filing, [(MARCH, 4 * MILLION), (date(2026, 4, 16), 2 * MILLION)])
    march, april_list = drawn("2026-03", on=april), drawn("2026-04", on=date(2026, 5, 2))
    assert figures(march) == [("BALANCE", "DB-1", 50_959, 25_479)]  # 2,000,000 x 0.3 % x 31/365 = 509.589
    item = april_list.items.get()
    # 15 days on 2,000,000 and 15 on 1,000,000; together with March 879.452, rounded once over both.
    assert (item.premium_fen, item.days, item.ceded_fen, item.base_fen) == (36_986, 30, 150_000_000, 375_000_000)
    assert 50_959 + 36_986 == 87_945


def test_a_late_joiner_pays_from_its_drawdown_to_the_end_of_the_month(people: People, april: date) -> None:
    treaty(**DAILY)
    filing = file(1, drawdown_on=date(2026, 3, 20), on=date(2026, 3, 25))
    report(filing, [(date(2026, 3, 20), 4 * MILLION)])
    item = drawn("2026-03", on=april).items.get()
    assert (item.first, item.last, item.days) == (date(2026, 3, 20), date(2026, 3, 31), 12)


def test_a_month_that_nobody_listed_is_in_the_next_one(people: People) -> None:
    treaty(**DAILY)
    report(file(1), [(MARCH, 4 * MILLION)])
    item = drawn("2026-05", on=date(2026, 6, 2)).items.get()
    assert (item.first, item.last, item.days) == (MARCH, date(2026, 5, 31), 92)


def test_the_balance_ends_with_the_cover(people: People) -> None:
    """The last day is the one before the loan is due; the months sum to the whole."""
    treaty(**DAILY)
    filing = file(1, due_on=date(2026, 4, 11))
    report(filing, [(MARCH, 4 * MILLION)])
    first, second = drawn("2026-03", on=date(2026, 4, 2)), drawn("2026-04", on=date(2026, 5, 2))
    assert second.items.get().last == date(2026, 4, 10)
    whole = 67_397  # 2,000,000 x 0.3 % x 41/365 = 673.973
    assert first.items.get().premium_fen + second.items.get().premium_fen == whole
    assert services.draw_list(actor=SYSTEM, today=date(2026, 6, 2), member_code=ANHE, period="2026-05") is None


def test_a_month_is_sent_only_when_it_is_over(people: People) -> None:
    """Midnight: on 31 March it can be drawn up but not sent; on 1 April it can."""
    treaty(**DAILY)
    report(file(1), [(MARCH, 4 * MILLION)])
    row = drawn("2026-03", on=date(2026, 3, 31))
    assert row.items.get().last == date(2026, 3, 30)
    with pytest.raises(services.MonthNotOver):
        services.issue_list(actor=people["accountant"], today=date(2026, 3, 31), list_id=row.pk)
    sent = services.issue_list(actor=people["accountant"], today=date(2026, 4, 1), list_id=row.pk)
    assert (sent.state, sent.items.get().last, sent.confirm_by) == ("ISSUED", date(2026, 3, 31), date(2026, 4, 11))
    body = letters("PREMIUM_LIST_ISSUED")[-1]
    assert body["list_no"] == "BFQD-ANHE-2026-03" and body["items"][0]["to"] == "2026-03-31"


def test_a_dispute_is_answered_and_the_list_goes_out_again(people: People, april: date) -> None:
    """FEE-12: disputed rows must be answered before the list is sent again; a dropped row costs nothing."""
    treaty()
    file(1), file(2)
    row = services.issue_list(actor=people["accountant"], today=april, list_id=drawn("2026-03", on=april).pk)
    answer(row, on=april, disputes=[{"guarantee_id": 1, "text": "金额不符"}, {"guarantee_id": 2, "text": "未放款"}])
    assert row.state == "DISPUTED"
    one, two = row.items.order_by("filing__guarantee_id")
    told = {"actor": people["filing"], "today": april}
    services.resolve(**told, item_id=one.pk, outcome=services.EXPLAINED, answer="按合同金额")
    with pytest.raises(services.DisputesOpen):
        services.issue_list(**told, list_id=row.pk)
    services.resolve(**told, item_id=two.pk, outcome=services.DROPPED, answer="同意剔除")
    with pytest.raises(services.NoDispute):
        services.resolve(**told, item_id=two.pk, outcome=services.DROPPED, answer="再次")
    again = services.issue_list(**told, list_id=row.pk)
    body = letters("PREMIUM_LIST_ISSUED")[-1]
    assert (again.round, [entry["answer"] for entry in body["items"]]) == (2, ["按合同金额"])
    # What was dropped does not come back on another list.
    answer(again, on=april)
    assert services.draw_list(actor=SYSTEM, today=date(2026, 5, 2), member_code=ANHE, period="2026-04") is None


def test_an_approved_deviation_changes_the_disputed_row(people: People, april: date) -> None:
    """FEE-11: a deviation for one guarantee needs two people, and counts when the row is reckoned anew."""
    treaty()
    filing = file(1)
    row = services.issue_list(actor=people["accountant"], today=april, list_id=drawn("2026-03", on=april).pk)
    answer(row, on=april, disputes=[{"guarantee_id": 1, "text": "减半"}])
    kept = services.propose_standard(
        actor=people["treaty"], today=april, kind="FACTOR", factor=Decimal("0.5"),
        effective_from=MARCH, filing_id=filing.pk, reason="扶持",
    )  # fmt: skip
    services.decide_standard(actor=people["executive"], today=april, standard_id=kept.pk, approve=True)
    item = row.items.get()
    done = services.resolve(
        actor=people["filing"], today=april, item_id=item.pk, outcome=services.RECKONED_ANEW, answer="已减半"
    )  # fmt: skip
    assert (done.premium_fen, done.fund_fen, done.found_by[0]["by"]) == (300_000, 300_000, f"standard:{kept.pk}")


def test_silence_agrees_after_the_day(people: People, april: date, set_value) -> None:
    """A list that nobody answered is agreed after its day; by parameter it waits for ever."""
    treaty()
    file(1)
    row = services.issue_list(actor=SYSTEM, today=april, list_id=drawn("2026-03", on=april).pk)
    assert not services.agree_by_silence(actor=SYSTEM, today=row.confirm_by, list_id=row.pk)
    set_value("rg.premium.tacit", "false")
    assert not services.agree_by_silence(actor=SYSTEM, today=date(2026, 6, 1), list_id=row.pk)
    Value.objects.filter(key="rg.premium.tacit").delete()
    assert services.agree_by_silence(actor=SYSTEM, today=date(2026, 6, 1), list_id=row.pk)
    row.refresh_from_db()
    assert (row.state, row.tacit) == ("AGREED", True)
    # A late "no" changes nothing any more.
    answer(row, on=date(2026, 6, 2), disputes=[{"guarantee_id": 1, "text": "迟"}])
    assert row.state == "AGREED"


def test_a_list_is_answered_by_its_own_member_only(people: People, april: date) -> None:
    treaty()
    file(1)
    row = services.issue_list(actor=SYSTEM, today=april, list_id=drawn("2026-03", on=april).pk)
    with pytest.raises(services.NoSuchList):
        answer(row, on=april, sender=BOYU)
    assert PremiumList.objects.get().state == "ISSUED"


def test_rights(people: People, april: date) -> None:
    treaty()
    file(1)
    with pytest.raises(MissingPermission):
        services.draw_list(actor=people["cashier"], today=april, member_code=ANHE, period="2026-03")
    row = drawn("2026-03", on=april)
    with pytest.raises(MissingPermission):
        services.issue_list(actor=people["claims"], today=april, list_id=row.pk)


def test_an_extension_begins_where_the_first_ends(people: People) -> None:
    """domain.md 11.18: the first covers to the day before the extension, the extension from its own start."""
    treaty()
    first = file(1)
    over = GuaranteeEnded(guarantee_id=1, end="RELEASED", on=date(2026, 9, 1), released_principal_fen=0)
    filings.open_ended(over, sender=ANHE, actor=SYSTEM, today=date(2026, 9, 3))
    later = file(2, on=date(2026, 9, 3), drawdown_on=date(2026, 9, 1), due_on=date(2027, 9, 1), extends_guarantee_id=1,
                 obligor_key="k1")  # fmt: skip
    first.refresh_from_db()
    items = {item.filing_id: item for item in drawn("2026-09", on=date(2026, 10, 2)).items.all()}
    ends = first.extended_on or first.due_on
    assert items[first.pk].last == min(ends, first.due_on) - date.resolution
    assert (items[later.pk].first, items[later.pk].last) == (date(2026, 9, 1), date(2027, 8, 31))


def test_statements_do_not_grow_with_the_rows(people: People, april: date, django_assert_max_num_queries) -> None:
    treaty(**DAILY)
    for number in range(1, 13):
        report(file(number), [(MARCH, 4 * MILLION)])
    with django_assert_max_num_queries(32):
        assert drawn("2026-03", on=april).items.count() == 12
    assert Item.objects.count() == 12
