"""What a treaty makes of a filing: figures in, figures out, no database."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.letters import FilingSubmitted
from reguarantee.filings.cover import Candidate, Outcome, accept, assess, fit, grant, keep
from reguarantee.filings.reasons import SENTENCES, Reason
from tests.reguarantee.engine.terms import MARCH, MILLION, N_4222, layer, quota, terms

LETTER = FilingSubmitted(
    guarantee_id=1,
    number="DB2026-000001",
    product_code="P",
    obligor_kind="COMPANY",
    obligor_name="甲公司",
    obligor_key="k1",
    bank_code="B",
    bank_name="某银行",
    region_code="340100",
    industry="C",
    principal_fen=5 * MILLION,
    guaranteed_fen=4 * MILLION,
    term_months=12,
    drawdown_on=MARCH,
    due_on=date(2027, 3, 1),
)


def candidate(above: str = "REVIEW", *, name: str = "v", shares: dict[str, str] | None = None, **scope: Any) -> Candidate:
    return Candidate(name, terms(quota(**(shares or N_4222)), scope=scope), above)


def decide(filed: Any = LETTER, *candidates: Candidate, others: int = 0) -> Outcome:
    return assess(filed, candidates, others_fen=others, on=filed.drawdown_on)


def figures(outcome: Outcome) -> tuple[str, int, int, str]:
    return outcome.event, outcome.covered_fen, outcome.ceded_fen, str(outcome.reason_code)


def test_the_running_case_cedes_forty_percent_of_the_loan() -> None:
    outcome = decide(LETTER, candidate())
    assert figures(outcome) == ("accept", 4 * MILLION, 2 * MILLION, "WITHIN_TREATY")
    assert outcome.facts["shares"] == {"bank": MILLION, "member": 2 * MILLION, "group": MILLION, "nfgf": MILLION, "gov": 0}


def test_a_member_that_guarantees_less_than_its_side_cedes_in_proportion() -> None:
    # 60 % guaranteed where the treaty's side is 80 %: three quarters of 2,000,000 (domain.md 5.8.1).
    assert decide(replace(LETTER, guaranteed_fen=3 * MILLION), candidate()).ceded_fen == MILLION * 3 // 2


@pytest.mark.parametrize(
    ("scope", "reason"),
    [
        ({"products": ["Q"]}, "PRODUCT_OUT_OF_SCOPE"),
        ({"obligor_kinds": ["PERSON"]}, "OBLIGOR_KIND_OUT_OF_SCOPE"),
        ({"banks": ["X"]}, "BANK_OUT_OF_SCOPE"),
        ({"regions": ["110000"]}, "REGION_OUT_OF_SCOPE"),
        ({"industries": ["A"]}, "INDUSTRY_OUT_OF_SCOPE"),
    ],
)
def test_outside_the_scope_is_refused_with_the_field_that_decided(scope: dict[str, list[str]], reason: str) -> None:
    assert figures(decide(LETTER, candidate(**scope))) == ("refuse", 0, 0, reason)


def test_no_treaty_and_nothing_to_cede_are_refused() -> None:
    assert figures(decide(LETTER)) == ("refuse", 0, 0, "NO_TREATY")
    assert decide(LETTER).version is None
    late = replace(LETTER, drawdown_on=date(2027, 1, 1))
    assert figures(decide(late, candidate())) == ("refuse", 0, 0, "NO_TREATY")
    alone = candidate(shares={"bank": "0.20", "member": "0.80"})
    assert figures(decide(LETTER, alone)) == ("refuse", 0, 0, "NOTHING_CEDED")


@pytest.mark.parametrize(
    "change",
    [{"guaranteed_fen": 0}, {"guaranteed_fen": 5 * MILLION + 1}, {"principal_fen": 0}, {"due_on": date(2026, 2, 28)}],
)
def test_contradictory_figures_are_refused(change: dict[str, Any]) -> None:
    assert figures(decide(replace(LETTER, **change), candidate())) == ("refuse", 0, 0, "BAD_FIGURES")


@pytest.mark.parametrize(
    ("scope", "others", "reason"),
    [
        ({"principal_max_fen": 5 * MILLION - 1}, 0, "PRINCIPAL_ABOVE_LIMIT"),
        ({"obligor_total_max_fen": 10 * MILLION}, 6 * MILLION + 1, "OBLIGOR_ABOVE_LIMIT"),
        ({"term_max_months": 11}, 0, "TERM_ABOVE_LIMIT"),
    ],
)
def test_above_a_limit_an_officer_decides(scope: dict[str, int], others: int, reason: str) -> None:
    outcome = decide(LETTER, candidate(**scope), others=others)
    assert figures(outcome) == ("refer", 0, 0, reason)
    assert outcome.wanted_fen == 2 * MILLION


def test_at_a_limit_is_within_it() -> None:
    at = candidate(principal_max_fen=5 * MILLION, obligor_total_max_fen=10 * MILLION, term_max_months=12)
    assert figures(decide(LETTER, at, others=6 * MILLION)) == ("accept", 4 * MILLION, 2 * MILLION, "WITHIN_TREATY")


def test_where_the_treaty_says_part_what_fits_is_covered() -> None:
    principal = candidate("PART", principal_max_fen=3 * MILLION)
    assert figures(decide(LETTER, principal)) == (
        "accept", 3 * MILLION * 4 // 5, 3 * MILLION * 2 // 5, "PRINCIPAL_ABOVE_LIMIT",
    )  # fmt: skip
    obligor = candidate("PART", obligor_total_max_fen=10 * MILLION)
    assert figures(decide(LETTER, obligor, others=9 * MILLION)) == (
        "accept", MILLION, MILLION // 2, "OBLIGOR_ABOVE_LIMIT",
    )  # fmt: skip
    assert figures(decide(LETTER, obligor, others=10 * MILLION)) == ("refuse", 0, 0, "OBLIGOR_ABOVE_LIMIT")
    both = candidate("PART", principal_max_fen=3 * MILLION, obligor_total_max_fen=10 * MILLION)
    assert decide(LETTER, both, others=9 * MILLION).covered_fen == MILLION


def test_no_part_of_a_loan_makes_its_term_shorter() -> None:
    long = candidate("PART", principal_max_fen=3 * MILLION, term_max_months=6)
    assert figures(decide(LETTER, long)) == ("refer", 0, 0, "TERM_ABOVE_LIMIT")


def test_of_several_treaties_the_one_that_covers_most_is_chosen_and_else_the_first() -> None:
    refused = candidate(name="scope", products=["Q"])
    referred = candidate(name="limit", principal_max_fen=1)
    part = candidate("PART", name="part", principal_max_fen=MILLION)
    whole, again = candidate(name="whole"), candidate(name="again")
    assert decide(LETTER, refused, referred, part, whole, again).version == "whole"
    assert decide(LETTER, refused, referred, part).version == "part"
    assert decide(LETTER, refused, referred).version == "limit"
    assert decide(LETTER, refused).version == "scope"


def test_a_line_takes_what_is_left_by_the_treatys_rule() -> None:
    whole = decide(LETTER, candidate())
    assert fit(whole, left_fen=None, above_limits="REVIEW") is whole
    assert fit(whole, left_fen=2 * MILLION, above_limits="REVIEW") is whole
    part = fit(whole, left_fen=MILLION // 2, above_limits="PART")
    assert figures(part) == ("accept", MILLION, MILLION // 2, "LINE_PART")
    assert figures(fit(whole, left_fen=0, above_limits="PART")) == ("refuse", 0, 0, "LINE_EXHAUSTED")
    review = fit(whole, left_fen=MILLION, above_limits="REVIEW")
    assert (figures(review), review.wanted_fen) == (("refer", 0, 0, "LINE_PART"), 2 * MILLION)


def test_an_officer_sets_limits_aside_but_not_the_scope() -> None:
    limited = candidate(principal_max_fen=1, obligor_total_max_fen=1, term_max_months=1)
    whole = grant(LETTER, limited, guaranteed_fen=4 * MILLION, on=MARCH)
    assert figures(whole) == ("accept", 4 * MILLION, 2 * MILLION, "APPROVED_CASE")
    assert grant(LETTER, limited, guaranteed_fen=MILLION, on=MARCH).ceded_fen == MILLION // 2
    elsewhere = grant(LETTER, candidate(banks=["X"]), guaranteed_fen=MILLION, on=MARCH)
    assert figures(elsewhere) == ("refuse", 0, 0, "BANK_OUT_OF_SCOPE")


def test_cover_once_given_stays_when_the_loan_grows_above_a_limit() -> None:
    before = accept("v", 4 * MILLION, 2 * MILLION, Reason.WITHIN_TREATY)
    grown = replace(LETTER, principal_fen=10 * MILLION, guaranteed_fen=8 * MILLION)
    outcome = keep(grown, decide(grown, candidate(principal_max_fen=5 * MILLION)), before)
    assert figures(outcome) == ("accept", 4 * MILLION, 2 * MILLION, "COVER_KEPT")
    assert keep(grown, decide(grown, candidate()), before).covered_fen == 8 * MILLION
    smaller = replace(LETTER, guaranteed_fen=2 * MILLION)
    assert figures(keep(smaller, decide(smaller), before)) == ("accept", 2 * MILLION, MILLION, "WITHIN_TREATY")


def test_every_reason_has_a_sentence_without_places() -> None:
    assert set(SENTENCES) == set(Reason)
    assert not [sentence for sentence in SENTENCES.values() if "%" in sentence or not sentence]


amounts = st.integers(1, 10**13)
limits = st.none() | st.integers(0, 10**13)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Any, Candidate, int, int | None]:
    principal = draw(amounts)
    filed = SimpleNamespace(**{**LETTER.__dict__, "principal_fen": principal, "guaranteed_fen": draw(st.integers(1, principal))})
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=4, max_size=4)))
    ratios = [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]
    shares = {
        party: f"{ratio / 100:.2f}" for party, ratio in zip(("bank", "member", "group", "nfgf", "gov"), ratios, strict=True)
    }
    scope = {
        "principal_max_fen": draw(limits),
        "obligor_total_max_fen": draw(limits),
        "term_max_months": draw(st.none() | st.integers(0, 24)),
    }
    layers = [quota(**shares)]
    if draw(st.booleans()):
        layers.append(
            layer("SURPLUS", 2, source="member", target="group", retention_fen=draw(amounts), lines=draw(st.integers(1, 9)))
        )
    above = draw(st.sampled_from(["REVIEW", "PART"]))
    return filed, Candidate("v", terms(*layers, scope=scope), above), draw(st.integers(0, 10**13)), draw(limits)


@given(cases())
def test_what_is_covered_and_what_is_not_is_always_the_whole(case: tuple[Any, Candidate, int, int | None]) -> None:
    filed, one, others, left = case
    outcome = fit(assess(filed, [one], others_fen=others, on=filed.drawdown_on), left_fen=left, above_limits=one.above_limits)
    uncovered = filed.guaranteed_fen - outcome.covered_fen
    assert 0 <= outcome.ceded_fen <= outcome.covered_fen <= filed.guaranteed_fen
    if outcome.event != "accept":
        assert (outcome.covered_fen, outcome.ceded_fen) == (0, 0)
        return
    assert outcome.ceded_fen > 0
    assert left is None or outcome.ceded_fen <= left
    assert (uncovered == 0) == (outcome.reason_code == Reason.WITHIN_TREATY)
    scope = one.terms.scope
    if scope["obligor_total_max_fen"] is not None:
        assert others + outcome.covered_fen <= scope["obligor_total_max_fen"]
    if scope["principal_max_fen"] is not None and filed.principal_fen > scope["principal_max_fen"]:
        assert outcome.covered_fen * filed.principal_fen <= filed.guaranteed_fen * scope["principal_max_fen"]


@given(cases(), st.integers(1, 10**13), st.integers(1, 10**13))
def test_cover_is_kept_within_what_is_asked(case: tuple[Any, Candidate, int, int | None], covered: int, ceded: int) -> None:
    filed, one, others, _ = case
    before = accept("v", covered, min(ceded, covered), Reason.WITHIN_TREATY)
    outcome = keep(filed, assess(filed, [one], others_fen=others, on=filed.drawdown_on), before)
    assert 0 <= outcome.ceded_fen <= outcome.covered_fen <= filed.guaranteed_fen
    if outcome.event == "accept":
        assert outcome.ceded_fen > 0


@pytest.mark.parametrize(
    ("admitted", "obligor", "covered"),
    [
        (["SMALL", "MICRO"], {"size_class": "MICRO"}, True),
        (["SMALL", "MICRO"], {"size_class": "MEDIUM"}, False),
        (["SMALL", "MICRO"], {}, False),
        (["COMPANY"], {"size_class": "LARGE"}, True),
        (["FARMER"], {"is_farmer": True, "obligor_kind": "PERSON"}, True),
        (["FARMER"], {"industry": "A"}, False),
        (["AGRICULTURE"], {"industry": "A"}, True),
        (["MICRO", "AGRICULTURE"], {"is_farmer": True, "obligor_kind": "PERSON"}, True),
    ],
)
def test_customers_are_admitted_by_size_or_as_farmers(admitted: list[str], obligor: dict[str, Any], covered: bool) -> None:
    """AGR-15: small and micro firms, 三农: an agreement says for whom it is; who is not eligible is refused."""
    outcome = decide(replace(LETTER, **obligor), candidate(obligor_kinds=admitted))
    assert (outcome.event, outcome.reason_code == Reason.OBLIGOR_KIND_OUT_OF_SCOPE) == (
        ("accept", False) if covered else ("refuse", True)
    )
