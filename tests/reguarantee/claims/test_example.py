"""Worked example 12 through the services, to its end; and what the wrong ways would give (domain.md 5.8.1, 11.10, 12)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kernel.access.models import User
from kernel.cash import queries as cash
from kernel.cash.services import SamePerson
from kernel.documents import queries as documents
from kernel.letters import ClaimDecided, ClaimPaid
from kernel.money import times
from kernel.outbox.models import Letter
from registry.tenancy import PUBLIC, inside
from reguarantee.claims import queries, services
from reguarantee.filings.models import Filing
from tests.factories.houses import ANHE
from tests.reguarantee.claims.shared import DAY, LETTER, approve, bring, pay, review, sign
from tests.reguarantee.engine.terms import MILLION

APPROVED = 160_000_000


def letters(kind: type) -> list[dict]:
    import json

    with inside(PUBLIC):
        return [json.loads(row.body) for row in Letter.objects.filter(kind=kind.kind, recipient=ANHE).order_by("id")]


def test_example_12_from_the_letter_to_the_funds_money(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07, AGR-20: 4,000,000 x 40 % = 1,600,000; the shares sum to the base; paid by two people; the fund pays 800,000."""
    claim = bring()
    assert (claim.status, claim.asked_fen, claim.checked_fen) == ("RECEIVED", APPROVED, APPROVED)
    claim = review(claim, people)
    assert claim.status == "REVIEWING"
    claim = sign(claim, people)
    assert (claim.status, claim.base_fen, claim.approved_fen) == ("APPROVED", 4 * MILLION, APPROVED)
    assert claim.shares == {"bank": 80_000_000, "member": 160_000_000, "group": 80_000_000, "nfgf": 80_000_000, "gov": 0}
    assert sum(claim.shares.values()) == claim.base_fen
    due = cash.due(f"claim:{ANHE}:BC2027-000001")
    assert (due.direction, due.purpose, due.fen, due.subject) == ("OUT", "CLAIM", APPROVED, claim.subject)
    assert documents.of(claim.subject).filter(kind="DECISION").count() == 1

    services.prepare(actor=people["cashier"], today=DAY, claim_id=claim.id)
    claim = services.confirm(actor=people["accountant"], today=DAY, claim_id=claim.id, voucher_no="V-1")
    assert (claim.status, claim.paid_fen) == ("PAID", APPROVED)
    (sent,) = letters(ClaimPaid)
    assert sent.pop("reference")
    assert sent == {"claim_no": "BC2027-000001", "key": claim.key, "fen": APPROVED, "on": DAY.isoformat(), "voucher_no": "V-1"}
    outward = claim.outward.get()
    assert (outward.party, outward.role, outward.fen, outward.state) == ("nfgf", "FUND", 80_000_000, "OPEN")
    assert queries.obligations(claim) == {
        "bank": ("BANK", 80_000_000, 80_000_000),
        "member": ("GUARANTOR", 160_000_000, 160_000_000),
        "group": ("REGUARANTOR", 80_000_000, APPROVED),  # it fronts the fund's part until the fund pays
        "nfgf": ("FUND", 80_000_000, 0),
        "gov": ("GOVERNMENT", 0, 0),
    }
    services.submit_outward(actor=people["claims"], today=DAY, outward_id=outward.id)
    told = {"outward_id": outward.id, "fen": 80_000_000, "on": DAY, "voucher_no": "GD-1"}
    services.receive_outward(actor=people["cashier"], today=DAY, **told)
    claim.refresh_from_db()
    assert claim.status == "CLOSED"
    assert queries.obligations(claim)["group"] == ("REGUARANTOR", 80_000_000, 80_000_000)
    assert queries.obligations(claim)["nfgf"] == ("FUND", 80_000_000, 80_000_000)
    assert [row["status"] for row in letters(ClaimDecided)] == [
        "RECEIVED", "CHECKING", "REVIEWING", "APPROVED", "PAYING", "PAID", "CLOSED",
    ]  # fmt: skip


def test_the_three_wrong_ways_give_other_figures(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07: payout x 40 %, payout x 50 %, principal and interest x 40 % (domain.md 5.8.1)."""
    claim = approve(bring(), people)
    wrong = (
        times(LETTER.paid_fen, Decimal("0.40")),
        times(LETTER.paid_fen, Decimal("0.50")),
        times(LETTER.principal_fen + LETTER.interest_fen, Decimal("0.40")),
    )
    assert wrong == (129_920_000, 162_400_000, 162_400_000)
    assert claim.approved_fen not in wrong
    # What stays with the member: 40 % of the principal and 80 % of the interest.
    assert LETTER.paid_fen - claim.approved_fen == times(4 * MILLION, Decimal("0.40")) + times(6_000_000, Decimal("0.80"))


def test_the_one_who_prepared_the_payment_cannot_confirm_it(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07: two people pay."""
    claim = approve(bring(), people)
    services.prepare(actor=people["cashier"], today=DAY, claim_id=claim.id)
    both = people["cashier"]
    both.roles.add(*people["accountant"].roles.all())
    both = type(both).objects.get(id=both.id)
    with pytest.raises(SamePerson):
        services.confirm(actor=both, today=DAY, claim_id=claim.id, voucher_no="V-1")
    claim.refresh_from_db()
    assert (claim.status, claim.paid_fen) == ("PAYING", 0)


def test_a_held_recovery_is_taken_off_before_payment(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07: claim = 1,600,000 - 360,000 (domain.md 5.9); the same recovery counts once."""
    claim = review(bring(), people)
    net = {"today": DAY, "claim_id": claim.id, "recovery_no": "ZC-1"}
    services.net(actor=people["claims"], fen=36_000_000, **net)
    services.net(actor=people["claims"], fen=36_000_000, **net)
    claim = sign(claim, people)
    assert (claim.approved_fen, claim.netted_fen, claim.payable_fen) == (APPROVED, 36_000_000, 124_000_000)
    assert cash.due(claim.key).fen == 124_000_000
    services.net(actor=people["claims"], today=DAY, claim_id=claim.id, recovery_no="ZC-2", fen=24_000_000)
    assert cash.due(claim.key).fen == 100_000_000
    claim = pay(claim, people)
    assert (claim.status, claim.paid_fen) == ("PAID", 100_000_000)
    assert queries.obligations(claim)["group"][2] == APPROVED


def test_a_reversed_payment_opens_the_claim_again(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07: money that came back is owed again, and can be paid anew."""
    from kernel.cash import services as money

    claim = pay(approve(bring(), people), people)
    movement = cash.due(claim.key).allocations.get().movement
    money.reverse(actor=people["accountant"], today=DAY, movement_id=movement.id, reason="退票")
    claim.refresh_from_db()
    assert (claim.status, claim.paid_fen, cash.due(claim.key).open_fen) == ("APPROVED", 0, APPROVED)
    assert pay(claim, people, voucher="V-2").paid_fen == APPROVED
