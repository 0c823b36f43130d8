"""The count of one item (domain.md 7.2), as a plain function: no database, no clock.

    quorum : n >= ceil(share * M), M = members appointed less those recused, n = members present
    pass   : a / d >= pass share, where a = all who agree (with conditions too) and d = the ballots that count
    defer  : a / d below it, and (a + f) / d >= defer share
    reject : otherwise

`d` is every ballot, or every ballot but the abstentions when the rule leaves them out. Shares are exact fractions. The
working is kept as sentences with their figures, so that the minutes and every page can say it in either language.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any, Protocol

from kernel.errors import gettext_noop

AGREE, CONDITIONAL, DISAGREE, DEFER, ABSTAIN = "AGREE", "AGREE_WITH_CONDITIONS", "DISAGREE", "DEFER", "ABSTAIN"
PASSED, WITH_CONDITIONS, DEFERRED = "PASSED", "PASSED_WITH_CONDITIONS", "DEFERRED"
REJECTED, VETOED, INVALID = "REJECTED", "VETOED", "INVALID"
# The matter is settled; after the others it can come before a meeting again.
SETTLED = (PASSED, WITH_CONDITIONS, REJECTED, VETOED)


class Rule(Protocol):
    """What a count needs of a rule; `share("quorum")`, `share("pass_share")`, `share("defer_share")` are exact."""

    chair_veto: bool
    abstentions_count: bool

    def share(self, name: str) -> Fraction: ...


@dataclass(frozen=True)
class Step:
    """One line of the working: an English msgid with %(name)s, and its figures."""

    sentence: str
    facts: dict[str, Any]

    def __str__(self) -> str:
        return self.sentence % self.facts


@dataclass(frozen=True)
class Tally:
    """The figures of a count, its outcome and the working. `members` is M after recusals, `present` is n."""

    outcome: str
    members: int
    recused: int
    quorum: int
    present: int
    agree: int
    conditional: int
    disagree: int
    defer: int
    abstain: int
    working: tuple[Step, ...]


def quorum_of(share: Fraction, members: int) -> int:
    """The least number of members that makes a valid meeting: rounded UP, 4/5 of 7 is 6."""
    return ceil(share * members)


def tally(
    rule: Rule,
    members: Collection[int],
    recused: Collection[int],
    ballots: Mapping[int, str],
    chair: int,
    present: Collection[int] = (),
) -> Tally:
    """Count `ballots` (person → choice) of the appointed `members` less `recused`.

    Ballots of anybody else do not count. `present` names members who sit but did not vote: they count for the quorum and
    as abstaining. The chair's DISAGREE is a veto when the rule gives one and he is not recused.
    """
    able = set(members) - set(recused)
    said = {person: choice for person, choice in ballots.items() if person in able}
    said |= {person: ABSTAIN for person in present if person in able and person not in said}
    count = {choice: list(said.values()).count(choice) for choice in (AGREE, CONDITIONAL, DISAGREE, DEFER, ABSTAIN)}
    quorum = quorum_of(rule.share("quorum"), len(able))
    steps: list[Step] = []
    outcome = _outcome(rule, said, count, len(able), quorum, chair, steps, len(set(members) & set(recused)))
    return Tally(
        outcome=outcome,
        members=len(able),
        recused=len(set(members) & set(recused)),
        quorum=quorum,
        present=len(said),
        agree=count[AGREE],
        conditional=count[CONDITIONAL],
        disagree=count[DISAGREE],
        defer=count[DEFER],
        abstain=count[ABSTAIN],
        working=tuple(steps),
    )


def _outcome(
    rule: Rule,
    said: Mapping[int, str],
    count: Mapping[str, int],
    able: int,
    quorum: int,
    chair: int,
    steps: list[Step],
    recused: int,
) -> str:
    def note(sentence: str, **facts: Any) -> None:
        steps.append(Step(sentence, facts))

    share = rule.share("quorum")
    note(
        gettext_noop("%(appointed)s members are appointed, %(recused)s recused: %(members)s may vote."),
        appointed=able + recused, recused=recused, members=able,
    )  # fmt: skip
    note(
        gettext_noop("Quorum: %(share)s of %(members)s is %(exact)s, rounded up %(quorum)s; %(present)s voted."),
        share=str(share), members=able, exact=_shown(share * able), quorum=quorum, present=len(said),
    )  # fmt: skip
    if not said or len(said) < quorum:
        note(gettext_noop("Fewer than the quorum: the meeting cannot decide this item."))
        return INVALID
    agreed = count[AGREE] + count[CONDITIONAL]
    note(
        gettext_noop("Agree %(agree)s (of them with conditions %(conditional)s), disagree %(disagree)s, defer %(defer)s,"
                     " abstain %(abstain)s."),
        agree=agreed, conditional=count[CONDITIONAL], disagree=count[DISAGREE], defer=count[DEFER], abstain=count[ABSTAIN],
    )  # fmt: skip
    if rule.chair_veto and said.get(chair) == DISAGREE:
        note(gettext_noop("The chair disagrees and has a veto: the matter is vetoed."))
        return VETOED
    counted = len(said) - (0 if rule.abstentions_count else count[ABSTAIN])
    if not rule.abstentions_count and count[ABSTAIN]:
        note(gettext_noop("Abstentions do not count: %(counted)s ballots count."), counted=counted)
    if not counted:
        note(gettext_noop("Nobody took a side: the meeting cannot decide this item."))
        return INVALID
    return _by_share(rule, agreed, count, counted, note)


def _by_share(rule: Rule, agreed: int, count: Mapping[str, int], counted: int, note: Any) -> str:
    needed, needed_to_defer = rule.share("pass_share"), rule.share("defer_share")
    passed = Fraction(agreed, counted) >= needed
    told = {"agree": agreed, "counted": counted, "share": _percent(Fraction(agreed, counted)), "needed": _percent(needed)}
    if passed:
        note(gettext_noop("Agree %(agree)s / %(counted)s = %(share)s, at least %(needed)s: passed."), **told)
        return WITH_CONDITIONS if count[CONDITIONAL] else PASSED
    note(gettext_noop("Agree %(agree)s / %(counted)s = %(share)s, less than %(needed)s: not passed."), **told)
    both = agreed + count[DEFER]
    told = {"both": both, "counted": counted, "share": _percent(Fraction(both, counted)), "needed": _percent(needed_to_defer)}
    if Fraction(both, counted) >= needed_to_defer:
        note(gettext_noop("Agree and defer %(both)s / %(counted)s = %(share)s, at least %(needed)s: deferred."), **told)
        return DEFERRED
    note(gettext_noop("Agree and defer %(both)s / %(counted)s = %(share)s, less than %(needed)s: rejected."), **told)
    return REJECTED


def _shown(number: Fraction) -> str:
    """A number of members with at most two decimals, cut: 5.6, 4.66."""
    hundredths = int(number * 100)
    return f"{hundredths // 100}.{hundredths % 100:02d}".rstrip("0").rstrip(".")


def _percent(share: Fraction) -> str:
    """A share with one decimal, cut and never rounded up to a bar that it misses: 83.3%."""
    tenths = int(share * 1000)
    return f"{tenths // 10}.{tenths % 10}%"
