"""domain.md 12: the running case through the services of bank, member, group and fund, to the last fen."""

from __future__ import annotations

from datetime import date

import pytest

from kernel.cash import queries as money
from tests.factories.five_parties import BANK_ACCOUNT, FUND_ACCOUNT, MEMBER_ACCOUNT, YUAN, Case
from tests.factories.houses import ANHE, BANK, GROUP

LOSSES = {"bank": 632_000, "member": 1_288_000, "group": 620_000, "nfgf": 620_000}
TOTAL = 3_160_000


@pytest.fixture
def case(db: None, monkeypatch: pytest.MonkeyPatch) -> Case:
    return until_the_claim(Case(monkeypatch))


def until_the_claim(found: Case) -> Case:
    """In force, ceded, its premium paid; then repaid in part, compensated, claimed."""
    found.agree()
    found.apply_and_draw()
    with found.group():
        filing = found.filing()
        assert (filing.status, filing.coverage, filing.ceded_fen) == ("CONFIRMED", "COVERED", 2_000_000 * YUAN)
    found.premium()
    found.default()
    found.claim()
    return found


def test_the_running_case_ends_in_its_figures(case: Case) -> None:
    """REC-10, AGR-21, CLM-07: claim 1,600,000, fund 800,000, recovery 180/360/180/180; losses sum to 3,160,000."""
    case.approve()
    case.pay_claim(1_600_000 * YUAN)
    case.fund_pays(800_000 * YUAN)
    assert case.losses() == {"bank": 812_000, "member": 1_648_000, "group": 800_000, "nfgf": 800_000}
    number = case.recover(date(2027, 6, 1))
    with case.member():
        dues = {due.key: due.fen // YUAN for due in money.dues(purposes=("RECOVERY", "BANK_RECOVERY"))}
        assert dues == {f"recovery:{ANHE}:{number}": 360_000, f"bank-recovery:{number}": 180_000}
    with case.group():
        fund = money.due(f"fund-recovery:nfgf:{ANHE}:{number}")
        assert (fund.direction, fund.counterparty, fund.fen) == ("OUT", "NFGF", 180_000 * YUAN)
    case.member_pays(f"recovery:{ANHE}:{number}")
    case.member_pays(f"bank-recovery:{number}", BANK_ACCOUNT)
    case.group_pays(f"fund-recovery:nfgf:{ANHE}:{number}", FUND_ACCOUNT)
    assert case.losses() == LOSSES
    assert sum(LOSSES.values()) == TOTAL
    case.nothing_breaks()


def test_a_recovery_before_the_claim_is_paid_ends_the_same(case: Case) -> None:
    """REC-10: 360,000 is held and netted, the claim pays 1,240,000, the fund 620,000 (domain.md worked example 13)."""
    number = case.recover(date(2027, 3, 11))
    with case.member():
        held = money.dues(purposes=("RECOVERY",))
        assert list(held) == [], "nothing goes to the group before it has paid"
    case.approve()
    case.pay_claim(1_240_000 * YUAN)
    case.fund_pays(620_000 * YUAN)
    case.member_pays(f"bank-recovery:{number}", BANK_ACCOUNT)
    assert case.losses() == LOSSES
    case.nothing_breaks()


def test_a_recovery_between_payment_and_the_funds_money_lowers_our_claim_on_it(case: Case) -> None:
    """AGR-21: the fund has not paid, so its 180,000 are taken off our claim on it; the losses are the same."""
    case.approve()
    case.pay_claim(1_600_000 * YUAN)
    number = case.recover(date(2027, 3, 18))
    case.member_pays(f"recovery:{ANHE}:{number}")
    case.member_pays(f"bank-recovery:{number}", BANK_ACCOUNT)
    case.fund_pays(620_000 * YUAN)
    assert case.losses() == LOSSES
    case.nothing_breaks()


def test_at_every_step_the_losses_sum_to_what_did_not_come_back(case: Case) -> None:
    """The best invariant of the whole money model (domain.md 12, last row)."""
    assert sum(case.losses().values()) == 4_060_000
    case.approve()
    assert sum(case.losses().values()) == 4_060_000
    case.recover(date(2027, 3, 13))
    assert sum(case.losses().values()) == TOTAL
    case.pay_claim(1_240_000 * YUAN)
    assert sum(case.losses().values()) == TOTAL


def test_with_real_commits(fresh_database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same with every step committed, letters in transactions of their own: what the database checks at commit holds."""
    case = until_the_claim(Case(monkeypatch))
    case.approve()
    number = case.recover(date(2027, 3, 13))
    case.pay_claim(1_240_000 * YUAN)
    case.fund_pays(620_000 * YUAN)
    case.member_pays(f"bank-recovery:{number}", BANK_ACCOUNT)
    assert case.losses() == LOSSES
    case.nothing_breaks()


def test_a_recovery_that_is_undone_puts_everything_back(case: Case) -> None:
    """After all of it has moved: the group, the bank and the fund give back, and the losses are as before."""
    case.approve()
    case.pay_claim(1_600_000 * YUAN)
    case.fund_pays(800_000 * YUAN)
    before = case.losses()
    number = case.recover(date(2027, 6, 1))
    case.member_pays(f"recovery:{ANHE}:{number}")
    case.member_pays(f"bank-recovery:{number}", BANK_ACCOUNT)
    case.group_pays(f"fund-recovery:nfgf:{ANHE}:{number}", FUND_ACCOUNT)
    opposite = case.undo(number)
    assert case.losses() == before
    refund = f"recovery:{ANHE}:{opposite}"
    sent = case.group_pays(refund, MEMBER_ACCOUNT)
    case.arrived("member", GROUP, refund, 360_000 * YUAN, sent)
    case.arrived("member", BANK, f"bank-recovery-refund:{opposite}", 180_000 * YUAN, case.voucher())
    case.arrived("group", "NFGF", f"fund-recovery-refund:nfgf:{ANHE}:{opposite}", 180_000 * YUAN, case.voucher())
    case.nothing_breaks()


def test_a_held_recovery_that_is_undone_is_owed_again(case: Case) -> None:
    """It was taken off the claim: the group owes the member 360,000 again, and the fund the group 180,000."""
    case.approve()
    number = case.recover(date(2027, 3, 13))
    case.pay_claim(1_240_000 * YUAN)
    opposite = case.undo(number)
    assert case.losses() == {"bank": 812_000, "member": 1_648_000, "group": 1_600_000}
    refund = f"recovery:{ANHE}:{opposite}"
    case.arrived("member", GROUP, refund, 360_000 * YUAN, case.group_pays(refund, MEMBER_ACCOUNT))
    case.fund_pays(800_000 * YUAN)
    assert case.losses() == {"bank": 812_000, "member": 1_648_000, "group": 800_000, "nfgf": 800_000}
    case.nothing_breaks()
