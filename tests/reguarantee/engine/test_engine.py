"""The agreement engine against worked figures: domain.md 5 and 12, and design.md 5 by hand."""

from datetime import date
from decimal import Decimal

import pytest

from kernel.calendar import inclusive_days
from kernel.money import half_up, split, times
from reguarantee.treaties.engine import BadLoss, BadTerms, Loss, Position, apply, cede, replay
from tests.reguarantee.engine.terms import MARCH, MILLION, N_4222, held, layer, lose, member_to_group, quota, terms

RATIOS = {party: Decimal(ratio) for party, ratio in N_4222.items()}
UNPAID, INTEREST = 4 * MILLION, 6_000_000


def test_example_9_the_premium_follows_the_ceded_share() -> None:
    cession = cede(terms(quota(**N_4222)), principal_fen=5 * MILLION, guaranteed_fen=4 * MILLION, on=MARCH)
    per_year = times(cession.ceded_fen, Decimal("0.003"))
    premium, fund = half_up(per_year * 300, 365), half_up(per_year * 300, 2 * 365)
    assert (premium, fund, premium - fund) == (493_151, 246_575, 246_576)
    wrong = half_up(times(3 * MILLION, Decimal("0.003")) * 300, 365)  # 40 + 20 %: the fund's part is inside the 40
    assert wrong == 739_726 != premium


def test_example_11_above_the_cap_the_bank_bears() -> None:
    batch = terms(
        quota(bank="0.20", group="0.80"),
        layer("RATE_CAP", 2, party="group", cap_rate="0.03", base="RELEASED", excess_to="bank"),
        residual="group",
        loss_base="PRINCIPAL_AND_INTEREST",
    )
    base = times(500 * MILLION, Decimal("0.80"))
    earlier = lose(batch, 1_437_500_000, released_base_fen=base)
    assert earlier.shares["group"] == 1_150_000_000
    claim = lose(batch, 100_000_000, interest_fen=12_500_000, released_base_fen=base, after=earlier.position)
    assert claim.trace.steps[0].fen == 22_500_000  # the bank's own 20 %
    assert claim.shares["group"] == 50_000_000
    assert claim.shares["bank"] == 22_500_000 + 40_000_000
    # The wrong way: the cap measured by released principal without x 80 % leaves room for the whole claim.
    assert lose(batch, 100_000_000, interest_fen=12_500_000, released_base_fen=500 * MILLION,
                after=earlier.position).shares["group"] == 90_000_000  # fmt: skip


def test_example_12_the_claim_is_a_share_of_the_whole_unpaid_principal() -> None:
    result = lose(terms(quota(**N_4222)), UNPAID, interest_fen=INTEREST)
    province = result.shares["group"] + result.shares["nfgf"]
    assert province == 160_000_000
    assert result.shares["nfgf"] == 80_000_000
    paid = times(UNPAID + INTEREST, Decimal("0.80"))
    assert paid == 324_800_000
    assert paid - province == 164_800_000 == result.shares["member"] + times(INTEREST, Decimal("0.80"))
    wrong_ways = {
        "of the payout": times(paid, Decimal("0.40")),
        "half of the payout": times(paid, Decimal("0.50")),
        "of principal and interest": times(UNPAID + INTEREST, Decimal("0.40")),
        "40 + 20 %": times(UNPAID, Decimal("0.60")),
    }
    assert wrong_ways == {
        "of the payout": 129_920_000,
        "half of the payout": 162_400_000,
        "of principal and interest": 162_400_000,
        "40 + 20 %": 240_000_000,
    }
    assert province not in wrong_ways.values()


def test_a_batch_treaty_counts_normal_interest_too() -> None:
    result = lose(terms(quota(**N_4222), loss_base="PRINCIPAL_AND_INTEREST"), UNPAID, interest_fen=INTEREST)
    assert held(result) == {"bank": 81_200_000, "member": 162_400_000, "group": 81_200_000, "nfgf": 81_200_000}


def test_example_13_recoveries_go_back_by_the_risk_borne_after_costs() -> None:
    assert split(90_000_000, RATIOS, "member") == {
        "bank": 18_000_000,
        "member": 36_000_000,
        "group": 18_000_000,
        "nfgf": 18_000_000,
    }
    assert split(100_000_000, RATIOS, "member")["bank"] == 20_000_000  # the wrong way: costs not taken first


def test_the_running_case_ends_in_one_sum() -> None:
    """domain.md 12: what the parties lose adds up to principal and interest less what was recovered."""
    treaty = terms(quota(**N_4222), code="N_4222")
    filed = cede(treaty, principal_fen=5 * MILLION, guaranteed_fen=4 * MILLION, on=MARCH)
    assert (filed.ceded_fen, filed.kept_fen, filed.shares["bank"]) == (2 * MILLION, 2 * MILLION, MILLION)
    premium = times(filed.ceded_fen, Decimal("0.003"))
    assert (premium, times(filed.shares["nfgf"], Decimal("0.003"))) == (600_000, 300_000)
    shares = lose(treaty, UNPAID, interest_fen=INTEREST).shares
    recovered = split(100_000_000 - 10_000_000, RATIOS, "member")
    bank_claim = UNPAID + INTEREST
    member_paid = times(bank_claim, Decimal("0.80"))
    claim = shares["group"] + shares["nfgf"]
    losses = {
        "bank": bank_claim - member_paid - recovered["bank"],
        "member": member_paid - claim - recovered["member"],
        "group": claim - shares["nfgf"] - recovered["group"],
        "nfgf": shares["nfgf"] - recovered["nfgf"],
    }
    assert losses == {"bank": 63_200_000, "member": 128_800_000, "group": 62_000_000, "nfgf": 62_000_000}
    assert sum(losses.values()) == bank_claim - 90_000_000 == 316_000_000


def test_day_120_is_in_time_and_day_121_is_late() -> None:
    compensated = date(2026, 1, 1)
    assert inclusive_days(compensated, date(2026, 4, 30)) <= 120 < inclusive_days(compensated, date(2026, 5, 1))


def test_the_residual_party_keeps_the_odd_fen() -> None:
    result = lose(terms(quota(bank="0.3", member="0.4", group="0.3")), 101)
    assert held(result) == {"bank": 30, "member": 41, "group": 30}


def test_when_roundings_take_more_than_there_is_the_last_takes_less() -> None:
    result = lose(terms(quota(bank="0.5", group="0.5")), 1)
    assert held(result) == {"bank": 1}
    assert result.trace.steps[1].why == "group would take 0.01, but member has only 0.00 left to give: 0.00."


@pytest.mark.parametrize(
    ("guaranteed", "moved"),
    [(MILLION, 0), (2 * MILLION, 50_000_000), (5 * MILLION, 80_000_000), (10 * MILLION, 40_000_000), (0, 0)],
)
def test_surplus_moves_what_is_above_the_retention_within_its_lines(guaranteed: int, moved: int) -> None:
    treaty = terms(member_to_group("SURPLUS", retention_fen=MILLION, lines=4))
    assert lose(treaty, MILLION, guaranteed_fen=guaranteed).shares["group"] == moved


def test_surplus_without_lines_has_no_limit() -> None:
    treaty = terms(member_to_group("SURPLUS", retention_fen=MILLION))
    assert lose(treaty, MILLION, guaranteed_fen=10 * MILLION).shares["group"] == 90_000_000


@pytest.mark.parametrize(("loss", "moved"), [(99, 0), (100, 0), (101, 1), (150, 25), (300, 100), (900, 100)])
def test_excess_moves_its_share_of_each_loss(loss: int, moved: int) -> None:
    treaty = terms(member_to_group("EXCESS", attachment_fen=100, limit_fen=200, share="0.50"))
    assert lose(treaty, loss).shares["group"] == moved  # 101: half a fen rounds up


def test_a_limit_of_nothing_covers_nothing_and_no_limit_covers_all() -> None:
    assert lose(terms(member_to_group("EXCESS", attachment_fen=0, limit_fen=0)), 500).shares["group"] == 0
    assert lose(terms(member_to_group("EXCESS", attachment_fen=100, limit_fen=None)), 500).shares["group"] == 400
    assert lose(terms(member_to_group("AGGREGATE", attachment_fen=0)), 500).shares["group"] == 500


def test_excess_with_a_yearly_deductible_and_limit() -> None:
    treaty = terms(member_to_group("EXCESS", attachment_fen=100, limit_fen=300, aad_fen=250, aal_fen=400))
    losses = [Loss(str(n), MARCH, principal_fen=fen) for n, fen in enumerate((200, 350, 50, 1000, 1000, 1000))]
    # t = 100, 250, 0, 300, 300, 300; their running total 100, 350, 350, 650, 950, 1250; clipped 0, 100, 100, 400, 400
    outcomes = replay(treaty, losses).outcomes
    assert [outcome.shares["group"] for outcome in outcomes] == [0, 100, 0, 300, 0, 0]


def test_aggregate_by_amount_and_by_rate_of_the_base() -> None:
    amounts = terms(member_to_group("AGGREGATE", attachment_fen=300, limit_fen=500, share="0.90"))
    rates = terms(member_to_group("AGGREGATE", attachment_rate="0.03", limit_rate="0.05", base="RELEASED", share="0.90"))
    losses = [Loss(str(n), MARCH, principal_fen=200, released_base_fen=10_000) for n in range(6)]
    for treaty in (amounts, rates):
        moved = [outcome.shares["group"] for outcome in replay(treaty, losses).outcomes]
        assert moved == [0, 90, 180, 180, 0, 0]


def test_tiers_count_each_band_at_its_factor() -> None:
    bands = [{"to": "0.03", "factor": "1"}, {"to": "0.05", "factor": "0.5"}, {"factor": "0"}]
    treaty = terms(layer("TIERS", party="member", base="RELEASED", bands=bands, excess_to="gov"))
    losses = [Loss(str(n), MARCH, principal_fen=200, released_base_fen=10_000) for n in range(4)]
    assert [outcome.shares["member"] for outcome in replay(treaty, losses).outcomes] == [200, 150, 50, 0]
    open_end = terms(layer("TIERS", party="member", bands=bands[:2], excess_to="gov"))
    assert lose(open_end, 700, released_base_fen=10_000).shares == lose(treaty, 700, released_base_fen=10_000).shares


def test_layers_of_one_order_see_the_same_and_later_orders_what_is_left() -> None:
    half, quarter = {"attachment_fen": 0, "share": "0.50"}, {"attachment_fen": 0, "share": "0.25"}
    together = terms(member_to_group("EXCESS", **half), layer("EXCESS", source="member", target="gov", **quarter))
    apart = terms(member_to_group("EXCESS", **half), layer("EXCESS", 2, source="member", target="gov", **quarter))
    assert held(lose(together, 1000)) == {"group": 500, "gov": 250, "member": 250}
    assert held(lose(apart, 1000)) == {"group": 500, "gov": 125, "member": 375}


def test_what_a_party_receives_in_an_order_it_cannot_pass_on_in_the_same() -> None:
    chain = {"attachment_fen": 0}
    on = layer("EXCESS", source="group", target="nfgf", **chain)
    assert held(lose(terms(member_to_group("EXCESS", **chain), on), 900)) == {"group": 900}
    assert held(lose(terms(member_to_group("EXCESS", **chain), {**on, "order": 2}), 900)) == {"nfgf": 900}


def test_later_in_the_list_takes_less_when_both_take_more_than_there_is() -> None:
    most = layer("EXCESS", source="member", target="gov", attachment_fen=0, share="0.80")
    result = lose(terms(quota(bank="0.40", member="0.60"), most), 1000)
    assert held(result) == {"bank": 400, "gov": 600}
    assert (result.trace.steps[1].inputs["wanted"], result.trace.steps[1].inputs["left"]) == (800, 600)


def test_treaties_run_in_list_order_each_on_what_the_earlier_left() -> None:
    first = terms(quota(bank="0.20", member="0.40", group="0.40"), code="A")
    retrocession = terms(quota(group="0.50", nfgf="0.50"), code="B", residual="group")
    stop = terms(member_to_group("EXCESS", attachment_fen=300), code="C")
    result = lose([first, retrocession, stop], 1000)
    assert held(result) == {"bank": 200, "member": 300, "group": 300, "nfgf": 200}
    assert [step.treaty for step in result.trace.steps] == ["A/1", "A/1", "B/1", "C/1"]
    assert held(lose([retrocession, first], 1000)) == {"group": 500, "nfgf": 500}  # member holds nothing by then


def test_the_date_decides_which_version_applies() -> None:
    old = terms(quota(bank="0.20", member="0.80"), attaches={"from": "2026-01-01", "to": "2026-05-31"})
    new = terms(quota(bank="0.40", member="0.60"), version=2, attaches={"from": "2026-06-01", "to": None})
    days = [date(2026, 5, 31), date(2026, 6, 1), date(2030, 1, 1), date(2025, 12, 31)]
    results = [lose([old, new], 1000, date=day) for day in days]
    assert [result.shares["bank"] for result in results] == [200, 400, 400, 0]
    assert held(results[3]) == {"member": 1000}
    assert [why.code for _, why in results[3].trace.skipped] == ["OUT_OF_PERIOD", "OUT_OF_PERIOD"]
    assert results[3].trace.skipped[0][1].why == "2025-12-31 is outside the treaty's period 2026-01-01 to 2026-05-31."


def test_the_first_treaty_that_applies_says_what_the_loss_is_and_who_holds_it() -> None:
    first = terms(quota(bank="1"), scope={"products": ["P"]})
    second = terms(quota(group="1"), code="U", residual="gov", loss_base="PRINCIPAL_AND_INTEREST")
    assert held(lose([first, second], 1000, interest_fen=7)) == {"group": 1007}
    assert held(lose([first, second], 1000, interest_fen=7, product="P")) == {"bank": 1000}
    assert held(lose([first], 1000, interest_fen=7)) == {"member": 1000}


def test_each_version_keeps_a_position_of_its_own() -> None:
    stop = member_to_group("AGGREGATE", attachment_fen=100)
    old = terms(stop, attaches={"to": "2026-05-31"})
    new = terms(stop, version=2, attaches={"from": "2026-06-01"})
    first = lose([old, new], 150)
    second = lose([old, new], 150, date=date(2026, 7, 1), after=first.position)
    assert (first.shares["group"], second.shares["group"]) == (50, 50)
    third = lose([old, new], 150, date=date(2026, 7, 2), after=second.position)
    assert third.shares["group"] == 150


def test_a_position_is_never_changed_and_survives_json() -> None:
    treaty = terms(member_to_group("AGGREGATE", attachment_fen=100))
    start = Position()
    once = lose(treaty, 150, after=start)
    assert start == Position() and once.position.to_json() == {"T/1:0": 150}
    again = Position.from_json(once.position.to_json())
    assert lose(treaty, 10, after=again).shares == lose(treaty, 10, after=once.position).shares


@pytest.mark.parametrize(
    ("scope", "loss", "field"),
    [
        ({"products": ["P1", "P2"]}, {"product": "P3"}, "product"),
        ({"obligor_kinds": ["FARMER"]}, {"obligor_kind": "SMALL"}, "obligor_kind"),
        ({"banks": ["B"]}, {"bank": ""}, "bank"),
        ({"regions": ["42"]}, {"region": "43"}, "region"),
        ({"industries": ["C"]}, {"industry": "A"}, "industry"),
        ({"principal_max_fen": 999}, {}, "principal_max_fen"),
        ({"term_max_months": 12}, {"term_months": 13}, "term_max_months"),
        ({"term_max_months": 12}, {}, "term_max_months"),
        ({"obligor_total_max_fen": 500}, {"obligor_total_fen": 501}, "obligor_total_max_fen"),
    ],
)
def test_outside_the_scope_the_loss_stays_where_it_was(scope: dict, loss: dict, field: str) -> None:
    result = lose(terms(quota(**N_4222), scope=scope), 1000, **loss)
    assert held(result) == {"member": 1000}
    assert not result.trace.steps
    ((treaty, refusal),) = result.trace.skipped
    assert (treaty, refusal.code, refusal.field) == ("T/1", "OUT_OF_SCOPE", field)
    assert refusal.why


def test_inside_the_scope_bounds_are_included() -> None:
    scope = {"products": ["P1"], "principal_max_fen": 1000, "term_max_months": 12, "obligor_total_max_fen": 500}
    treaty = terms(quota(**N_4222), scope=scope)
    assert lose(treaty, 1000, product="P1", term_months=12, obligor_total_fen=500).shares["bank"] == 200


def test_an_obligors_total_is_summed_over_its_losses() -> None:
    treaty = terms(quota(bank="1"), scope={"obligor_total_max_fen": 1000})
    losses = [
        Loss(str(n), MARCH, guaranteed_fen=fen, principal_fen=100, obligor_id=who)
        for n, (who, fen) in enumerate([("a", 600), ("b", 600), ("a", 400), ("a", 1), ("b", 500), ("", 900), ("", 900)])
    ]
    assert [outcome.shares["bank"] for outcome in replay(treaty, losses).outcomes] == [100, 100, 100, 0, 0, 100, 100]


def test_losses_outside_the_period_do_not_count_towards_an_obligors_total() -> None:
    treaty = terms(quota(bank="1"), scope={"obligor_total_max_fen": 1000})
    days = [date(2025, 12, 31), MARCH, date(2027, 1, 1), MARCH]
    losses = [Loss(str(n), day, 500, 100, obligor_id="a") for n, day in enumerate(days)]
    assert [outcome.shares["bank"] for outcome in replay(treaty, losses).outcomes] == [0, 100, 0, 100]


def test_a_loss_below_nothing_is_refused() -> None:
    with pytest.raises(BadLoss, match="principal_fen of loss L may not be below nothing") as refused:
        Loss("L", MARCH, principal_fen=-1)
    assert refused.value.facts["loss_id"] == "L"


def test_a_treaty_version_runs_once_and_something_must_run() -> None:
    treaty = terms(quota(bank="1"))
    with pytest.raises(BadTerms, match="T/1 is in the list twice"):
        apply([treaty, treaty], Position(), Loss("L", MARCH))
    with pytest.raises(BadTerms, match="no treaty"):
        apply([], Position(), Loss("L", MARCH))
