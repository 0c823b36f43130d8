"""What kind of institution a member is: type, policy or not, source of its capital; and what depends on it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from kernel.access.models import User
from registry import queries as registry
from registry.tenancy import inside
from reguarantee.filings.models import Filing
from reguarantee.filings.queries import cases, fees, figures
from reguarantee.monitoring import services as monitoring
from reguarantee.monitoring.queries.leverage import capitals, leverage
from reguarantee.partners import queries, services
from reguarantee.partners.models import Partner
from tests.factories.houses import ANHE, BOYU, house
from tests.reguarantee.admission.conftest import TODAY, YI, people, publish, reach
from tests.reguarantee.engine.terms import MILLION
from tests.reguarantee.filings import test_filings
from tests.reguarantee.filings.test_rules import set_value
from tests.reguarantee.monitoring import books

__all__ = ["people"]
People = dict[str, User]


def enrol(people: People, code: str = ANHE, **file: Any) -> Partner:
    return services.enrol(
        actor=people["admission"], today=TODAY, code=code, name=f"{code}公司", kind="MEMBER", reason="建库", file=file
    )


def amend(people: People, code: str = ANHE, **changes: Any) -> Partner:
    return services.amend(actor=people["admission"], today=TODAY, code=code, changes=changes, reason="更正")


def test_the_members_house_knows_its_kind(people: People) -> None:
    """AGR-14, BUS-65, BUS-66: what the file says is published in the same act; a bank has no such type."""
    enrol(people, is_policy=True, category="AGRICULTURE")
    member = registry.institution(ANHE)
    assert (member.is_policy, member.category) == (True, "AGRICULTURE")
    assert registry.institution(BOYU).is_policy is False
    amend(people, is_policy=False, category="SME")
    member = registry.institution(ANHE)
    assert (member.is_policy, member.category, member.get_category_display()) == (False, "SME", "中小企业融资担保公司")
    with pytest.raises(services.BadFile):
        amend(people, category="BANKING")
    services.enrol(actor=people["admission"], today=TODAY, code="HXYH", name="华星银行", kind="BANK", reason="建库")
    with pytest.raises(services.BadFile):
        amend(people, "HXYH", category="SME")


def test_an_admitted_member_brings_its_kind(people: People) -> None:
    """AGR-14, BUS-65: said in the application, in the file from admission, in its house from activation on."""
    publish(people)
    reach("ACTIVE", people, category="AGRICULTURE")
    assert (queries.get("XINHE").category, queries.get("XINHE").is_policy) == ("AGRICULTURE", True)
    with inside(registry.institution("XINHE")) as member:
        assert (member.is_policy, member.category) == (True, "AGRICULTURE")


def test_members_are_found_by_their_type(people: People) -> None:
    """BUS-65, BUS-66: the figures of filings and the list of partners narrow to one type of institution."""
    enrol(people, category="AGRICULTURE", is_policy=True)
    enrol(people, BOYU, category="SME")
    test_filings.publish(people, scope={"principal_max_fen": 5 * MILLION})
    test_filings.file()
    test_filings.file(sender=BOYU, guarantee_id=9, number="DB-9")
    assert {row["key"] for row in figures.table(by="member")} == {ANHE, BOYU}
    assert [row["key"] for row in figures.table(by="member", kind="AGRICULTURE")] == [ANHE]
    assert [row["key"] for row in figures.table(by="member", kind="SME")] == [BOYU]
    assert [row["key"] for row in figures.table(by="member", kind="POLICY")] == [ANHE]
    assert (figures.total(kind="SME")["count"], figures.total()["count"]) == (1, 2)
    assert [row.code for row in queries.listing(today=TODAY).filter(category="SME")] == [BOYU]


def check(filing: Filing) -> tuple[bool | None, str]:
    found = next(one for one in cases.checks(filing) if one.label == "担保费率未超政策性机构上限")
    return found.ok, found.note


def test_a_policy_institutions_fee_has_a_cap(people: People) -> None:
    """AGR-14: 1 % up to 5 million yuan of guarantee, 1.5 % above (domain.md 3.5); no cap for others; the cap is a parameter."""
    test_filings.publish(people, scope={"principal_max_fen": 20 * MILLION})
    at_cap = test_filings.file(fee_rate="0.01", principal_fen=5 * MILLION, guaranteed_fen=5 * MILLION)
    assert check(at_cap) == (None, "非政策性机构")
    enrol(people, is_policy=True)
    assert check(at_cap) == (True, "1.00%，上限 1.00%")
    over = test_filings.file(
        guarantee_id=2,
        number="DB-2",
        fee_rate="0.0101",
        principal_fen=25 * MILLION // 4,
        guaranteed_fen=5 * MILLION,
        obligor_key="k2",
    )
    assert check(over) == (False, "1.01%，上限 1.00%")
    large = test_filings.file(
        guarantee_id=3, number="DB-3", fee_rate="0.015", principal_fen=5 * MILLION + 1, guaranteed_fen=5 * MILLION + 1,
        obligor_key="k3",
    )  # fmt: skip
    assert check(large) == (True, "1.50%，上限 1.50%")
    assert check(test_filings.file(guarantee_id=4, number="DB-4", fee_rate="", obligor_key="k4")) == (None, "上限 1.00%")
    small = {"principal_fen": 5 * MILLION // 4, "guaranteed_fen": MILLION, "fee_rate": "0.015"}
    second = test_filings.file(guarantee_id=5, number="DB-5", obligor_key="k2", **small)
    assert check(second) == (True, "1.50%，上限 1.50%")  # the obligor, not the guarantee, is above 5 million
    assert check(test_filings.file(BOYU, guarantee_id=6, obligor_key="k6", **small))[0] is None
    assert check(test_filings.file(guarantee_id=7, number="DB-7", obligor_key="k6", **small)) == (False, "1.50%，上限 1.00%")
    set_value("rg.fee_cap.le5m", "0.008", f"member={ANHE}")
    assert check(at_cap) == (False, "1.00%，上限 0.80%")


def test_fees_of_a_year_against_the_cap(people: People, django_assert_num_queries: Any) -> None:
    """AGR-14: how many are above, what is within, and the average weighed by amount; as many statements for many."""
    enrol(people, is_policy=True)
    test_filings.publish(people, scope={"principal_max_fen": 20 * MILLION})
    amounts = ((1, MILLION, "0.008"), (2, 3 * MILLION, "0.012"), (3, 6 * MILLION, "0.015"), (4, MILLION, ""))
    for pk, fen, fee in amounts:
        told = {"number": f"DB-{pk}", "obligor_key": f"k{pk}", "fee_rate": fee, "guaranteed_fen": fen}
        test_filings.file(guarantee_id=pk, principal_fen=fen * 5 // 4, **told)
    year = Filing.objects.get(guarantee_id=1).drawdown_on.year
    with django_assert_num_queries(3):
        told = fees.of_year(ANHE, year=year, on=test_filings.TODAY)
    assert (told["count"], told["above"], told["guaranteed_fen"], told["within_fen"]) == (3, 1, 10 * MILLION, 7 * MILLION)
    # (1 × 0.8 % + 3 × 1.2 % + 6 × 1.5 %) / 10 = 1.34 %
    assert (told["average"], told["small_cap"], told["large_cap"]) == (Decimal("0.013400"), Decimal("0.010"), Decimal("0.015"))
    assert fees.of_year(BOYU, year=year, on=test_filings.TODAY)["average"] is None
    test_filings.file(
        guarantee_id=5, obligor_key="k2", fee_rate="0.015", principal_fen=3 * MILLION, guaranteed_fen=12 * MILLION // 5
    )
    told = fees.of_year(ANHE, year=year, on=test_filings.TODAY)
    assert (told["count"], told["above"]) == (4, 0)  # together the two guarantees of one obligor are above 5 million


def test_capital_by_source(people: People) -> None:
    """AGR-13: parts by source and giver, no more than is paid in; a single source brought all; what nobody names is seen."""
    partner = enrol(people, paid_in_capital_fen=10 * YI, capital_source="LOCAL_FINANCE")
    assert (partner.capital_parts, partner.public_capital_fen) == ({"LOCAL_FINANCE": 10 * YI}, 10 * YI)
    rows = [
        {"source": "LOCAL_FINANCE", "giver": "江城市财政局", "fen": str(4 * YI)},
        {"source": "LOCAL_FINANCE", "giver": "江城区财政局", "fen": str(YI)},
        {"source": "DEPARTMENT", "giver": "市农业局", "fen": str(YI)},
        {"source": "PRIVATE", "giver": "", "fen": str(2 * YI)},
    ]
    partner = amend(people, capital=rows, capital_source="MIXED")
    assert partner.capital_parts == {"LOCAL_FINANCE": 5 * YI, "DEPARTMENT": YI, "PRIVATE": 2 * YI, "": 2 * YI}
    assert partner.public_capital_fen == 6 * YI
    with pytest.raises(services.CapitalAboveWhole):
        amend(people, paid_in_capital_fen=7 * YI)
    with pytest.raises(services.CapitalAboveWhole):
        amend(people, capital=[*rows, {"source": "STATE_OWNED", "giver": "", "fen": str(3 * YI)}])
    for wrong in ({"source": "MIXED", "fen": "1"}, {"source": "GIFT", "fen": "1"}, {"source": "PRIVATE", "fen": "-1"}):
        with pytest.raises(services.BadFile):
            amend(people, capital=[wrong])
    assert queries.get(ANHE).paid_in_capital_fen == 10 * YI


def test_leverage_by_source_of_capital(people: People) -> None:
    """AGR-13: balance in force against the paid-in capital, against what each source brought and against public money."""
    for code, count in ((ANHE, 3), (BOYU, 1)):
        with inside(house(code)):
            for number in range(count):
                told = {"customer": f"客户{code}{number}", "coverage": "COVERED", "start_on": TODAY, "straight": True}
                books.put(code, loan_fen=5 * YI, guaranteed_fen=4 * YI, **told)
    monitoring.catch_up(today=TODAY)
    rows = [{"source": "LOCAL_FINANCE", "giver": "", "fen": str(YI)}, {"source": "PRIVATE", "giver": "", "fen": str(2 * YI)}]
    partner = enrol(people, paid_in_capital_fen=4 * YI, capital=rows, capital_source="MIXED")
    found = leverage(partner, on=TODAY)
    assert (found.balance_fen, found.whole, found.times, found.is_above) == (12 * YI, True, Decimal("3.00"), False)
    assert (found.public_fen, found.public_times) == (YI, Decimal("12.00"))
    assert [(part.label, part.fen, part.share, part.times) for part in found.parts] == [
        ("地方财政", YI, Decimal("0.2500"), Decimal("12.00")),
        ("民间资本", 2 * YI, Decimal("0.5000"), Decimal("6.00")),
        ("", YI, Decimal("0.2500"), Decimal("12.00")),
    ]
    set_value("rg.leverage.warn", "2.99", f"member={ANHE}")
    assert leverage(partner, on=TODAY).is_above
    none = leverage(enrol(people, BOYU), on=TODAY)
    # BOYU tells what it ceded only, and nobody recorded its capital.
    assert (none.balance_fen, none.whole, none.times, none.public_times, none.parts) == (4 * YI, False, None, None, [])
    assert {row.code: row.balance_fen for row in capitals()} == {ANHE: 12 * YI, BOYU: 4 * YI}
