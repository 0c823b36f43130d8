"""The count of a committee (domain.md 7.2): worked example 16, its variants, and what holds whatever is voted."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.approval.committee.counting import ABSTAIN, AGREE, CONDITIONAL, DEFER, DISAGREE, Tally, quorum_of, tally


@dataclass(frozen=True)
class Rule:
    quorum: str = "4/5"
    pass_share: str = "0.80"
    defer_share: str = "0.80"
    chair_veto: bool = False
    abstentions_count: bool = True

    def share(self, name: str) -> Fraction:
        return Fraction(getattr(self, name))


SEVEN = range(1, 8)


def count(*choices: str, rule: Rule = Rule(), members=SEVEN, recused=(), chair: int = 99, **more) -> Tally:
    """Members 1, 2, 3 … vote in the order given."""
    return tally(rule, members, recused, dict(enumerate(choices, 1)), chair, **more)


@pytest.mark.parametrize(
    ("a", "f", "d", "outcome"),
    [(5, 0, 1, "PASSED"), (4, 1, 1, "DEFERRED"), (4, 0, 2, "REJECTED"), (5, 0, 0, "INVALID"), (4, 1, 0, "INVALID")],
)
def test_worked_example_16(a, f, d, outcome):
    """PAR-13, BPM-05: M=7 → quorum 6; n=6: 5 agree pass, 4+1 defer, 4 with 2 against reject; n=5 is no meeting."""
    got = count(*[AGREE] * a, *[DEFER] * f, *[DISAGREE] * d)
    assert (got.quorum, got.members, got.present, got.outcome) == (6, 7, a + f + d, outcome)


def test_the_wrong_readings_of_example_16_come_to_something_else():
    """Rounding down, shares of M instead of n, or deferring by f alone would each decide otherwise."""
    assert floor(Fraction("4/5") * 7) == 5 != quorum_of(Fraction("4/5"), 7)  # n=5 would be a valid meeting
    assert Fraction(5, 7) < Fraction("0.80") <= Fraction(5, 6)  # 5 of M would not pass
    assert Fraction(1, 6) < Fraction("0.80") <= Fraction(4 + 1, 6)  # f alone would not defer
    # Rounding half up agrees for 7 and fails for 8: 6.4 is 7 people, not 6.
    assert (round(0.8 * 7), quorum_of(Fraction("4/5"), 7)) == (6, 6)
    assert (round(0.8 * 8), quorum_of(Fraction("4/5"), 8)) == (6, 7)
    # As floats 0.1 * 3 is more than 0.3: the share is kept exactly.
    assert ceil(0.1 * 3 * 10) == 4 and quorum_of(Fraction("0.1") * 3, 10) == 3


@pytest.mark.parametrize(("members", "quorum"), [(1, 1), (2, 2), (3, 3), (4, 4), (5, 4), (6, 5), (7, 6), (8, 7), (9, 8), (10, 8)])
def test_the_quorum_rounds_up(members, quorum):
    assert quorum_of(Fraction("4/5"), members) == quorum


def test_exactly_the_share_passes():
    assert count(*[AGREE] * 4, DISAGREE, members=range(1, 6)).outcome == "PASSED"  # 4 / 5 = 80.0 %
    assert count(*[AGREE] * 2, DISAGREE, rule=Rule("2/3", "2/3", "2/3"), members=range(1, 4)).outcome == "PASSED"


def test_two_thirds_as_a_decimal_would_miss_what_the_fraction_holds():
    votes = [AGREE, AGREE, DISAGREE]
    assert count(*votes, rule=Rule("2/3", "2/3", "2/3"), members=range(1, 4)).outcome == "PASSED"
    assert count(*votes, rule=Rule("2/3", "0.67", "0.67"), members=range(1, 4)).outcome == "REJECTED"


def test_recusal_leaves_m():
    """7.2: those recused leave M for the quorum: of 7 with 2 out, 5 may vote and 4 make a meeting."""
    got = count(AGREE, AGREE, AGREE, AGREE, recused=[6, 7])
    assert (got.members, got.recused, got.quorum, got.outcome) == (5, 2, 4, "PASSED")
    assert count(AGREE, AGREE, AGREE, AGREE).outcome == "INVALID"
    # A ballot of one who is recused does not count, whenever it was cast.
    assert count(*[AGREE] * 5, DISAGREE, recused=[6]).outcome == "PASSED"
    assert count(*[AGREE] * 5, DISAGREE, recused=[6]).disagree == 0


def test_the_chair_may_veto_where_the_rule_says_so():
    votes = [DISAGREE, *[AGREE] * 6]
    assert count(*votes, rule=Rule(chair_veto=True), chair=1).outcome == "VETOED"
    assert count(*votes, rule=Rule(chair_veto=False), chair=1).outcome == "PASSED"
    assert count(*votes, rule=Rule(chair_veto=True), chair=2).outcome == "PASSED"
    assert count(*votes, rule=Rule(chair_veto=True), chair=1, recused=[1]).outcome == "PASSED"
    assert count(DISAGREE, *[AGREE] * 4, rule=Rule(chair_veto=True), chair=1).outcome == "INVALID"  # no meeting, no veto


def test_agreeing_with_conditions_is_agreeing():
    got = count(*[AGREE] * 4, CONDITIONAL, DISAGREE)
    assert (got.outcome, got.agree, got.conditional) == ("PASSED_WITH_CONDITIONS", 4, 1)


def test_abstentions_count_or_do_not():
    votes = [*[AGREE] * 4, ABSTAIN, ABSTAIN]
    assert count(*votes).outcome == "REJECTED"  # 4 / 6
    assert count(*votes, rule=Rule(abstentions_count=False)).outcome == "PASSED"  # 4 / 4, and 6 are present
    assert count(*[ABSTAIN] * 6, rule=Rule(abstentions_count=False)).outcome == "INVALID"
    assert count(*[ABSTAIN] * 6).outcome == "REJECTED"


def test_who_sits_and_says_nothing_abstains():
    got = count(*[AGREE] * 5, present=[1, 2, 3, 4, 5, 6])
    assert (got.present, got.abstain, got.outcome) == (6, 1, "PASSED")
    assert count(*[AGREE] * 5, present=[6], recused=[6]).present == 5


def test_strangers_do_not_count():
    assert tally(Rule(), [1, 2, 3, 4, 5], [], {1: AGREE, 2: AGREE, 3: AGREE, 50: AGREE, 51: AGREE}, 1).outcome == "INVALID"


def test_the_working_says_how_it_came_to_it():
    got = count(*[AGREE] * 4, DEFER, DISAGREE)
    said = [str(step) for step in got.working]
    assert "4/5 of 7 is 5.6, rounded up 6; 6 voted" in said[1]
    assert "4 / 6 = 66.6%, less than 80.0%" in said[3]
    assert "5 / 6 = 83.3%, at least 80.0%: deferred" in said[4]


choices = st.sampled_from([AGREE, CONDITIONAL, DISAGREE, DEFER, ABSTAIN])
shares = st.sampled_from(["4/5", "2/3", "1/2", "0.80", "1", "3/4"])
rules = st.builds(Rule, shares, shares, shares, st.booleans(), st.booleans())


@given(rules, st.lists(choices, max_size=12), st.integers(1, 12), st.sets(st.integers(1, 12)), st.integers(1, 12))
def test_what_always_holds(rule, votes, members, recused, chair):
    people = range(1, members + 1)
    got = tally(rule, people, recused, dict(enumerate(votes, 1)), chair)
    assert got.agree + got.conditional + got.disagree + got.defer + got.abstain == got.present <= got.members
    assert got.members + got.recused == members
    assert got.quorum == ceil(Fraction(rule.quorum) * got.members)
    if got.present < got.quorum or not got.present:
        assert got.outcome == "INVALID"
    if got.outcome in ("PASSED", "PASSED_WITH_CONDITIONS"):
        base = got.present - (0 if rule.abstentions_count else got.abstain)
        assert Fraction(got.agree + got.conditional, base) >= Fraction(rule.pass_share)
        assert (got.conditional > 0) == (got.outcome == "PASSED_WITH_CONDITIONS")
    assert got.working and all(str(step) for step in got.working)


@given(rules, st.lists(choices, min_size=1, max_size=9), st.integers(0, 8), st.integers(1, 9))
def test_more_agreement_never_harms(rule, votes, place, chair):
    """A member who turns to AGREE never makes a passed matter fail."""
    place %= len(votes)
    people = range(1, len(votes) + 1)
    better = [*votes[:place], AGREE, *votes[place + 1 :]]
    before = tally(rule, people, (), dict(enumerate(votes, 1)), chair).outcome
    after = tally(rule, people, (), dict(enumerate(better, 1)), chair).outcome
    if before in ("PASSED", "PASSED_WITH_CONDITIONS"):
        assert after in ("PASSED", "PASSED_WITH_CONDITIONS")


@given(rules, st.lists(choices, min_size=1, max_size=9), st.randoms(use_true_random=False))
def test_the_order_of_the_ballots_does_not_matter(rule, votes, random):
    numbered = list(enumerate(votes, 1))
    before = tally(rule, range(1, 10), (), dict(numbered), 1)
    random.shuffle(numbered)
    assert tally(rule, range(1, 10), (), dict(numbered), 1) == before
