"""Caps, tiers and the fuse: worked example 11, positions equal a replay, partial cover (domain.md 5.6, 5.7, 5.8.1, 11.13)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kernel.access.models import User
from kernel.cash import queries as cash
from kernel.parameters.models import Value
from reguarantee.claims import queries, services
from reguarantee.claims.models import Claim, Fuse
from reguarantee.claims.services import fuses
from reguarantee.filings.models import Filing
from reguarantee.partners import queries as partners
from reguarantee.treaties import positions
from reguarantee.treaties import queries as treaties
from reguarantee.treaties.engine import Loss, replay
from tests.factories.houses import ANHE
from tests.reguarantee.claims.shared import DAY, approve, bring, review, sign
from tests.reguarantee.engine.terms import MILLION, N_4222, layer, quota
from tests.reguarantee.filings.test_filings import file, publish

YUAN = 100


def released(filing: Filing, fen: int, on: date = date(2026, 12, 1)) -> None:
    """Another filing under the same treaty ended without a claim: the base of caps."""
    other = file(guarantee_id=900, number="DB-900", obligor_key="k900", principal_fen=MILLION, guaranteed_fen=MILLION * 4 // 5)
    assert other.treaty_version_id == filing.treaty_version_id
    Filing.objects.filter(id=other.id).update(released_principal_fen=fen, end="RELEASED", ended_on=on)


def loss(number: int, principal: int, **more: Any) -> Claim:
    """A claim on its own filing: the whole 80 % paid, no interest."""
    told = {"guarantee_id": number, "obligor_key": f"k{number}"}
    file(number=f"DB-{number}", principal_fen=principal, guaranteed_fen=principal * 4 // 5, **told)
    figures = {"principal_fen": principal, "interest_fen": 0, "paid_fen": principal * 4 // 5, "asked_fen": principal * 2 // 5}
    return bring(claim_no=f"BC-{number}", voucher_no=f"DC-{number}", **told, **figures, **more)


def cap(rate: str, excess_to: str = "bank") -> dict[str, Any]:
    return layer("RATE_CAP", 2, party="group", cap_rate=rate, base="RELEASED", excess_to=excess_to)


def set_value(key: str, value: str) -> None:
    Value.objects.create(
        key=key, value=value, effective_from=date(2026, 1, 1), state="APPROVED", proposed_by="a", decided_by="b",
        proposed_on=DAY, decided_on=DAY,
    )  # fmt: skip


def test_example_11_the_cap_pays_half_a_million_and_the_bank_bears_the_rest(people: dict[str, User]) -> None:
    """AGR-22: annualised 500m, base 400m, cap 12m; 11.5m are used, 0.9m is new: 0.5m is payable, 0.4m stays with the bank."""
    publish(people, layers=[quota(bank="0.20", group="0.80"), cap("0.03")])
    set_value("rg.claim.annualised_base", "true")
    before = loss(1, 1_437_500_000)  # 80 % are 11.5m
    # Drawn on 2026-03-01, ended a year later: 365 days, so annualised released is 500m.
    released(before.filing, 50_000_000_000, on=date(2027, 3, 1))
    approve(before, people)
    before.refresh_from_db()
    assert before.approved_fen == 11_500_000 * YUAN
    new = approve(loss(2, 112_500_000), people)  # 80 % are 0.9m
    assert new.trace["released_base_fen"] == 400_000_000 * YUAN
    assert new.approved_fen == 500_000 * YUAN
    assert new.shares["bank"] == (225_000 + 400_000) * YUAN
    assert any(step["kind"] == "RATE_CAP" and step["fen"] == 400_000 * YUAN for step in new.trace["steps"])
    # The wrong denominator (in-force or not annualised x 80 %) would have paid all of it.
    assert 3 * 500_000_000 * YUAN // 100 - before.approved_fen > 900_000 * YUAN


def test_the_position_after_several_claims_is_that_of_a_replay(people: dict[str, User]) -> None:
    """AGR-20, AGR-22: quota, cap and tiers over four claims, one of them refused; position and shares as the engine's replay."""
    bands = [{"to": "0.03", "factor": "1"}, {"to": "0.05", "factor": "0.5"}, {"factor": "0"}]
    tiers = layer("TIERS", 3, party="nfgf", base="RELEASED", bands=bands, excess_to="member")
    publish(people, layers=[quota(**N_4222), cap("0.04", "member"), tiers])
    first = loss(1, 500_000_001)
    released(first.filing, 10_000_000_000)
    rows = [first, loss(2, 499_999_999), loss(3, 123_456_789), loss(4, 333_333_333)]
    refused = review(rows[2], people)
    sign(refused, people, verdict="REJECT")
    for row in (rows[0], rows[1], rows[3]):
        approve(row, people)
    version = first.treaty_version
    losses = [
        Loss(
            loss_id=row.number, date=row.filing.attached_on, guaranteed_fen=row.filing.guaranteed_fen,
            principal_fen=row.principal_fen, released_base_fen=10_000_000_000,
        )
        for row in (rows[0], rows[1], rows[3])
    ]  # fmt: skip
    told = replay(treaties.terms_of(version), losses)
    assert positions.standing(version).to_json() == told.position.to_json()
    for row, outcome in zip((rows[0], rows[1], rows[3]), told.outcomes, strict=True):
        row.refresh_from_db()
        assert row.shares == dict(outcome.shares)
        assert sum(row.shares.values()) == row.base_fen


def test_a_cap_used_up_between_two_approvals_is_not_paid_twice(people: dict[str, User]) -> None:
    """AGR-22: both were checked when the cap was free; the second is reckoned again at its last signature."""
    publish(people, layers=[quota(**N_4222), cap("0.01", "member")])
    first, second = loss(1, 500_000_000), loss(2, 500_000_000)
    released(first.filing, 12_000_000_000)  # 1.2m for the group's own part of each 1.0m
    first, second = review(first, people), review(second, people)
    assert (first.checked_fen, second.checked_fen) == (200_000_000, 200_000_000)
    first, second = sign(first, people), sign(second, people)
    assert first.approved_fen == 200_000_000
    assert second.shares["group"] == 20_000_000  # what was left of the cap
    assert second.approved_fen == 120_000_000


def test_partly_covered_is_scaled_and_the_rest_stays_where_it_was(people: dict[str, User]) -> None:
    """CLM-07: half of the guarantee is covered: half of 40 %; bank keeps its 20 %, the member the rest."""
    publish(people)
    filing = file()
    Filing.objects.filter(id=filing.id).update(
        coverage="PARTLY", covered_fen=2 * MILLION, uncovered_fen=2 * MILLION, ceded_fen=MILLION, line_used_fen=0
    )
    claim = approve(bring(asked_fen=80_000_000), people)
    assert claim.approved_fen == 80_000_000
    assert claim.shares == {"bank": 80_000_000, "member": 240_000_000, "group": 40_000_000, "nfgf": 40_000_000, "gov": 0}


def test_paid_less_than_its_share_is_scaled(people: dict[str, User]) -> None:
    """CLM-07: half of the 80 % paid to the bank: half of the claim; what it was not paid stays with the bank (5.8.1)."""
    publish(people)
    file()
    claim = approve(bring(paid_fen=162_400_000, asked_fen=80_000_000), people)
    assert claim.approved_fen == 80_000_000
    assert claim.shares["bank"] == 40_000_000 + 200_000_000
    assert sum(claim.shares.values()) == 4 * MILLION


def test_a_guarantee_below_the_treaty_s_side_is_scaled_like_its_filing(people: dict[str, User]) -> None:
    """CLM-07: 60 % guaranteed where the treaty's side is 80 %: three quarters, as at filing."""
    publish(people)
    filing = file(guaranteed_fen=3 * MILLION)
    assert filing.ceded_fen == 150_000_000
    told = {"principal_fen": 5 * MILLION, "interest_fen": 0, "paid_fen": 3 * MILLION, "asked_fen": 150_000_000}
    claim = approve(bring(**told), people)
    assert claim.approved_fen == 150_000_000
    assert claim.shares["bank"] == 2 * MILLION  # the 40 % it was never guaranteed


def test_interest_counts_where_the_treaty_says_so(people: dict[str, User]) -> None:
    """CLM-07: batch business includes normal interest (domain.md 5.6, 11.10)."""
    publish(people, loss_base="PRINCIPAL_AND_INTEREST")
    file()
    claim = approve(bring(asked_fen=162_400_000), people)
    assert (claim.base_fen, claim.approved_fen) == (406_000_000, 162_400_000)


FUSE = {"fuse": {"warn": "0.60", "hold": "0.80", "stop": "1.00"}}


def test_the_fuse_has_levels_and_red_stops_new_filings(people: dict[str, User]) -> None:
    """AGR-22: yellow at 60 % of 4 %, orange at 80 %, red at the cap; above it max(0, cap - paid); released by decision."""
    publish(people, **FUSE)
    first = loss(1, 500_000_000)  # 2.0m of a cap of 3.2m
    released(first.filing, 8_000_000_000)
    approve(first, people)
    fuse = Fuse.objects.get()
    assert (fuse.level, fuse.paid_fen, fuse.cap_fen) == ("YELLOW", 200_000_000, 320_000_000)
    approve(loss(2, 150_000_000), people)  # 2.6m
    fuse.refresh_from_db()
    assert fuse.level == "ORANGE"
    assert partners.stops(ANHE, treaty="P4222", on=DAY) == []
    third = approve(loss(3, 250_000_000), people)  # asks 1.0m, 0.6m are left
    fuse.refresh_from_db()
    assert third.approved_fen == 60_000_000 == cash.due(third.key).fen
    assert third.denials.get().code == "CAP"
    assert fuse.level == "RED"
    assert [stop.reason_code for stop in partners.stops(ANHE, treaty="P4222", on=DAY)] == ["FUSE"]
    fourth = review(loss(4, 100_000_000), people)
    fourth = sign(fourth, people)
    assert (fourth.status, fourth.reason_code, fourth.approved_fen) == ("REJECTED", "CAP", 0)
    assert not cash.of(fourth.subject).exists()
    assert [event.level for event in fuse.events.all()] == ["YELLOW", "ORANGE", "RED"]
    services.release(actor=people["executive"], today=DAY, fuse_id=fuse.id, text="委员会决议解除")
    assert partners.stops(ANHE, treaty="P4222", on=DAY) == []
    with pytest.raises(fuses.NotBlown):
        services.release(actor=people["executive"], today=DAY, fuse_id=fuse.id, text="再次")
    assert queries.fuses(lit_only=True).count() == 1


def test_without_anything_released_a_fuse_has_nothing_to_measure_by(people: dict[str, User]) -> None:
    """AGR-22: no base, no rate (domain.md 11.26, 11.32): the claim is paid, no fuse is lit."""
    publish(people, **FUSE)
    file()
    assert approve(bring(), people).approved_fen == 160_000_000
    assert not Fuse.objects.exists()
