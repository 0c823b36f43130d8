"""What one guarantee cedes, and why not."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from reguarantee.treaties.engine import cede
from tests.reguarantee.engine.terms import MARCH, MILLION, N_4222, layer, member_to_group, quota, terms

FOUR_WAYS = terms(quota(**N_4222), code="N", scope={"principal_max_fen": 10 * MILLION, "products": ["P"]})
GUARANTEE = {"principal_fen": 5 * MILLION, "guaranteed_fen": 4 * MILLION, "on": MARCH, "product": "P"}


def test_what_reguarantor_and_fund_would_take_is_ceded() -> None:
    cession = cede(FOUR_WAYS, **GUARANTEE)
    assert cession.applies
    assert (cession.code, cession.ceded_fen, cession.kept_fen) == ("CEDED", 2 * MILLION, 2 * MILLION)
    assert cession.shares == {"bank": MILLION, "member": 2 * MILLION, "group": MILLION, "nfgf": MILLION, "gov": 0}
    assert cession.why == "Of 5,000,000.00 principal 2,000,000.00 is ceded and 2,000,000.00 kept."
    assert cession.sentence % cession.facts == cession.why


def test_a_government_that_shares_counts_as_ceded() -> None:
    anhui = terms(quota(bank="0.20", member="0.40", group="0.30", gov="0.10"))
    assert cede(anhui, **GUARANTEE).ceded_fen == 2 * MILLION


def test_outside_period_or_scope_nothing_is_ceded_and_the_reason_is_given() -> None:
    late = cede(FOUR_WAYS, **{**GUARANTEE, "on": date(2027, 1, 1)})
    assert (late.applies, late.code, late.field, late.ceded_fen) == (False, "OUT_OF_PERIOD", "date", 0)
    assert late.why == "2027-01-01 is outside the treaty's period 2026-01-01 to 2026-12-31."
    large = cede(FOUR_WAYS, **{**GUARANTEE, "principal_fen": 10 * MILLION + 1})
    assert (large.applies, large.code, large.field) == (False, "OUT_OF_SCOPE", "principal_max_fen")
    assert large.why == "The principal of 10,000,000.01 is above the treaty's limit of 10,000,000.00."
    other = cede(FOUR_WAYS, **{**GUARANTEE, "product": "Q"})
    assert (other.field, other.why) == ("product", "The treaty does not cover the product “Q”.")
    assert other.shares["member"] == 5 * MILLION


def test_a_version_in_its_period_explains_more_than_one_that_has_ended() -> None:
    ended = terms(quota(**N_4222), attaches={"to": "2025-12-31"})
    cession = cede([ended, FOUR_WAYS], **{**GUARANTEE, "product": "Q"})
    assert (cession.code, cession.field) == ("OUT_OF_SCOPE", "product")
    assert cede([ended, FOUR_WAYS], **GUARANTEE).ceded_fen == 2 * MILLION


def test_an_obligors_total_over_all_members_decides() -> None:
    capped = terms(quota(**N_4222), scope={"obligor_total_max_fen": 10 * MILLION})
    assert cede(capped, **GUARANTEE).applies
    assert cede(capped, **GUARANTEE, obligor_total_fen=10 * MILLION).applies
    assert cede(capped, **GUARANTEE, obligor_total_fen=10 * MILLION + 1).field == "obligor_total_max_fen"


def test_layers_of_the_whole_period_take_no_part() -> None:
    with_caps = terms(
        quota(**N_4222),
        member_to_group("AGGREGATE", 2, attachment_fen=0),
        layer("RATE_CAP", 3, party="group", cap_rate="0.03", base="RELEASED", excess_to="bank"),
        layer("TIERS", 3, party="nfgf", base="RELEASED", bands=[{"factor": "0"}], excess_to="bank"),
    )
    assert cede(with_caps, **GUARANTEE).shares == cede(FOUR_WAYS, **GUARANTEE).shares
    yearly = terms(member_to_group("EXCESS", attachment_fen=MILLION, aad_fen=10 * MILLION, aal_fen=1))
    assert cede(yearly, **GUARANTEE).ceded_fen == 4 * MILLION


def test_a_treaty_that_passes_nothing_on_says_so() -> None:
    cession = cede(terms(quota(bank="0.20", member="0.80")), **GUARANTEE)
    assert (cession.applies, cession.code, cession.ceded_fen) == (True, "NOTHING_CEDED", 0)
    assert "no part of 5,000,000.00" in cession.why


def test_a_surplus_cedes_by_the_guaranteed_amount() -> None:
    treaty = terms(member_to_group("SURPLUS", retention_fen=MILLION, lines=4))
    assert cede(treaty, **GUARANTEE).ceded_fen == 5 * MILLION * 3 // 4


@given(st.integers(0, 10**13), st.integers(0, 10**13))
def test_ceded_kept_and_the_banks_part_are_the_whole(principal: int, guaranteed: int) -> None:
    cession = cede(terms(quota(**N_4222)), principal_fen=principal, guaranteed_fen=guaranteed, on=MARCH)
    assert cession.ceded_fen + cession.kept_fen + cession.shares["bank"] == principal
