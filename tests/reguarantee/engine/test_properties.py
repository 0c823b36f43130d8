"""What holds for every treaty and every loss: exact sums, the trace as proof, an oracle that counts single fen."""

from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from math import floor
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.money import split
from reguarantee.treaties.engine import Loss, Outcome, Position, Step, Terms, apply, read_terms, replay
from tests.reguarantee.engine.terms import MARCH, document, layer, member_to_group, quota, terms

NAMES = ["bank", "member", "group", "nfgf", "gov"]
KINDS = ["QUOTA_SHARE", "SURPLUS", "EXCESS", "AGGREGATE", "RATE_CAP", "TIERS"]
FEN = st.integers(0, 400) | st.integers(0, 10**12)
FEN_OR_NONE = st.none() | FEN
SHARE = st.sampled_from(["0", "0.07", "0.333333", "0.5", "0.90", "1"])
RATE = st.sampled_from(["0", "0.015", "0.03", "0.2", "1"])
many = settings(max_examples=120, deadline=None)


@st.composite
def shares_of_one(draw: st.DrawFn, names: list[str]) -> dict[str, str]:
    places = draw(st.sampled_from([10, 100, 10**6]))
    cuts = sorted(draw(st.lists(st.integers(0, places), min_size=len(names) - 1, max_size=len(names) - 1)))
    parts = [high - low for low, high in zip([0, *cuts], [*cuts, places], strict=True)]
    return {name: f"{Decimal(part) / places:f}" for name, part in zip(names, parts, strict=True)}


@st.composite
def any_layer(draw: st.DrawFn) -> dict[str, Any]:
    kind, order = draw(st.sampled_from(KINDS)), draw(st.integers(1, 3))
    if kind == "QUOTA_SHARE":
        return quota(order, **draw(shares_of_one(draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True)))))
    source, target = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=2, unique=True))
    move = {"source": source, "target": target}
    cap = {"party": source, "excess_to": target, "base": "RELEASED"}
    if kind == "SURPLUS":
        return layer(kind, order, **move, retention_fen=draw(FEN), lines=draw(st.none() | st.integers(1, 5)))
    if kind == "EXCESS":
        yearly = {name: draw(FEN_OR_NONE) for name in ("limit_fen", "aad_fen", "aal_fen")}
        return layer(kind, order, **move, attachment_fen=draw(FEN), share=draw(SHARE), **yearly)
    if kind == "AGGREGATE":
        attachment = draw(st.sampled_from([{"attachment_fen": draw(FEN)}, {"attachment_rate": draw(RATE)}]))
        limit = draw(st.sampled_from([{}, {"limit_fen": draw(FEN)}, {"limit_rate": draw(RATE), "base": "RELEASED"}]))
        return layer(kind, order, **move, **attachment, **limit, share=draw(SHARE))
    if kind == "RATE_CAP":
        return layer(kind, order, **cap, cap_rate=draw(RATE))
    bounds = sorted(draw(st.lists(st.integers(1, 50), max_size=3, unique=True)))
    bands = [{"to": f"0.{bound:02d}", "factor": draw(SHARE)} for bound in bounds]
    return layer(kind, order, **cap, bands=[*bands, {"factor": draw(SHARE)}])


@st.composite
def treaties(draw: st.DrawFn) -> list[Terms]:
    found = []
    for version in range(1, draw(st.integers(1, 2)) + 1):
        layers = draw(st.lists(any_layer(), max_size=5))
        changes = {"loss_base": draw(st.sampled_from(["PRINCIPAL", "PRINCIPAL_AND_INTEREST"]))}
        found.append(terms(*layers, version=version, residual=draw(st.sampled_from(NAMES)), **changes))
    return found


@st.composite
def losses(draw: st.DrawFn) -> list[Loss]:
    days = st.sampled_from([MARCH, date(2026, 12, 31), date(2027, 1, 1)])
    number = draw(st.integers(1, 5))
    return [Loss(f"L{n}", draw(days), draw(FEN), draw(FEN), draw(FEN), draw(st.integers(0, 10**5) | FEN)) for n in range(number)]


@many
@given(treaties(), losses())
def test_shares_sum_exactly_and_none_is_below_nothing(under: list[Terms], rows: list[Loss]) -> None:
    replayed = replay(under, rows)
    for loss, outcome in zip(rows, replayed.outcomes, strict=True):
        base = outcome.trace.base_fen
        assert base in (loss.principal_fen, loss.principal_fen + loss.interest_fen)
        assert sum(outcome.shares.values()) == base
        assert all(fen >= 0 for fen in outcome.shares.values())
        assert all(step.fen >= 0 for step in outcome.trace.steps)
        assert set(outcome.shares) == set(NAMES)
    assert sum(replayed.totals.values()) == sum(outcome.trace.base_fen for outcome in replayed.outcomes)


@many
@given(treaties(), losses())
def test_a_replay_equals_its_steps(under: list[Terms], rows: list[Loss]) -> None:
    whole, position, totals = replay(under, rows), Position(), dict.fromkeys(NAMES, 0)
    for loss, outcome in zip(rows, whole.outcomes, strict=True):
        step = apply(under, position, loss)
        assert (step.shares, step.trace) == (outcome.shares, outcome.trace)
        position = step.position
        for party, fen in step.shares.items():
            totals[party] += fen
    assert (whole.position, whole.totals) == (position, totals)
    middle = len(rows) // 2
    first = replay(under, rows[:middle])
    assert replay(under, rows[middle:], first.position).position == whole.position


def nearest(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


def wanted(step: Step) -> int:
    """Compute what a step's layer asks for from the trace's inputs alone, by the words of the design."""
    i = {name: Fraction(value) if isinstance(value, int | Decimal) else value for name, value in step.inputs.items()}
    held = i["held"]

    def clip(total: Fraction, low: Fraction, length: Fraction | None) -> Fraction:
        above = max(total - low, Fraction(0))
        return above if length is None else min(above, length)

    if step.kind == "QUOTA_SHARE":
        return nearest(held * i["ratio"])
    if step.kind == "SURPLUS":
        lines = Fraction(i["lines"]) * i["retention"] if "lines" in i else None
        return nearest(held * clip(i["guaranteed"], i["retention"], lines) / i["guaranteed"]) if i["guaranteed"] else 0
    if step.kind == "EXCESS":
        part = clip(held, i["attachment"], i.get("limit"))
        if "before" not in i:
            return nearest(part * i["share"])
        after, before = (clip(total, i["aad"], i.get("aal")) for total in (i["before"] + part, i["before"]))
        return nearest((after - before) * i["share"])
    if step.kind == "AGGREGATE":
        after, before = (clip(x, i["attachment"], i.get("limit")) for x in (i["before"] + held, i["before"]))
        return nearest((after - before) * i["share"])
    if step.kind == "RATE_CAP":
        room = max(Fraction(nearest(i["base"] * i["rate"])) - i["paid"], Fraction(0))
        return int(held - min(held, room))
    counted = 0
    for low, high, factor in step.inputs["bands"]:
        length = None if high is None else Fraction(high - low)
        grown = clip(i["before"] + held, Fraction(low), length) - clip(i["before"], Fraction(low), length)
        counted += nearest(grown * Fraction(factor))
    return int(held) - counted


def recompute(outcome: Outcome) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """Return the shares at the end, and after each treaty, by the trace alone.

    The start, then each movement, checked against its own inputs.
    """
    trace = outcome.trace
    holdings = dict.fromkeys(trace.parties, 0) | {trace.held_by: trace.base_fen}
    after: dict[str, dict[str, int]] = {}
    before, left, now = dict(holdings), dict(holdings), None
    for step in trace.steps:
        if (step.treaty, step.order) != now:
            before, left, now = dict(holdings), dict(holdings), (step.treaty, step.order)
        assert step.inputs["held"] == before[step.source]
        assert step.fen == min(wanted(step), left[step.source])
        assert step.why.count("%(") == 0 and step.source in step.why
        left[step.source] -= step.fen
        holdings[step.source] -= step.fen
        holdings[step.target] += step.fen
        after[step.treaty] = dict(holdings)
    return holdings, after


@many
@given(treaties(), losses())
def test_the_trace_alone_gives_the_result(under: list[Terms], rows: list[Loss]) -> None:
    seen: dict[Any, int] = defaultdict(int)
    paid: dict[Any, int] = defaultdict(int)
    for outcome in replay(under, rows).outcomes:
        shares, after = recompute(outcome)
        assert shares == outcome.shares
        place: dict[str, int] = defaultdict(int)
        for step in outcome.trace.steps:
            key = (step.treaty, place[step.treaty])
            place[step.treaty] += 1
            if "before" in step.inputs:  # what the trace says was used up is what earlier traces show
                assert step.inputs["before"] == seen[key]
                seen[key] += step.inputs["part" if step.kind == "EXCESS" else "held"]
            if "paid" in step.inputs:
                assert step.inputs["paid"] == paid[step.treaty, step.source]
        for treaty, holdings in after.items():
            for party, fen in holdings.items():
                paid[treaty, party] += fen


@many
@given(shares_of_one(NAMES), st.sampled_from(NAMES), FEN, st.permutations(NAMES))
def test_the_order_of_the_parties_moves_at_most_odd_fen(
    shares: dict[str, str], residual: str, principal: int, order: list[str]
) -> None:
    loss = Loss("L", MARCH, principal_fen=principal)
    one = apply(terms(quota(**shares), residual=residual), Position(), loss).shares
    other_order = quota(**{name: shares[name] for name in order})
    other = apply(terms(other_order, residual=residual), Position(), loss).shares
    odd = sum(abs(one[name] - other[name]) for name in NAMES)
    assert odd <= len(NAMES) - 1
    for name in NAMES:
        assert abs(other[name] - principal * Fraction(shares[name])) <= Fraction(len(NAMES) - 1, 2)


@many
@given(treaties(), losses(), st.permutations(NAMES))
def test_the_order_in_which_parties_are_declared_is_no_matter(under: list[Terms], rows: list[Loss], order: list[str]) -> None:
    again = [read_terms({**one.document, "parties": {name: one.parties[name] for name in order}}) for one in under]
    assert replay(again, rows).totals == replay(under, rows).totals


@many
@given(shares_of_one(NAMES), st.sampled_from(NAMES), FEN)
def test_a_quota_share_is_the_kernels_split(shares: dict[str, str], residual: str, principal: int) -> None:
    result = apply(terms(quota(**shares), residual=residual), Position(), Loss("L", MARCH, principal_fen=principal))
    assert result.shares == split(principal, {name: Decimal(text) for name, text in shares.items()}, residual)


SMALL = st.integers(0, 120)


@many
@given(
    st.lists(SMALL, min_size=1, max_size=5), SMALL, st.none() | SMALL, SMALL, st.none() | SMALL,
    st.sampled_from(["0.2", "0.35", "0"]),
)  # fmt: skip
def test_an_oracle_that_counts_single_fen(
    rows: list[int], attachment: int, limit: int | None, stop_attachment: int, stop_limit: int | None, bank: str
) -> None:
    """Quota share, then excess, then stop loss, by counting every fen of every loss one at a time."""
    treaty = read_terms(
        document(
            quota(bank=bank, member=f"{1 - Decimal(bank)}"),
            member_to_group("EXCESS", 2, attachment_fen=attachment, limit_fen=limit),
            layer("AGGREGATE", 3, source="member", target="gov", attachment_fen=stop_attachment, limit_fen=stop_limit),
        )
    )
    outcomes = replay(treaty, [Loss(str(n), MARCH, principal_fen=fen) for n, fen in enumerate(rows)]).outcomes
    counter = 0
    for fen, outcome in zip(rows, outcomes, strict=True):
        with localcontext(prec=40):
            kept_by_bank = int((fen * Decimal(bank)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
        tally = {"bank": kept_by_bank, "member": 0, "group": 0, "nfgf": 0, "gov": 0}
        for nth in range(1, fen - kept_by_bank + 1):
            if nth > attachment and (limit is None or nth <= attachment + limit):
                tally["group"] += 1
                continue
            counter += 1
            stopped = counter > stop_attachment and (stop_limit is None or counter <= stop_attachment + stop_limit)
            tally["gov" if stopped else "member"] += 1
        assert outcome.shares == tally
