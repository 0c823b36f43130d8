"""The engine against a second one, written from the words of design.md 5 alone: plain lists, fractions, no shared code.

It knows no trace and no `Terms`: it reads the document, remembers every earlier loss, and adds the period up anew each time,
where the engine keeps running totals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reguarantee.treaties.engine import Loss, Terms, read_terms, replay
from tests.reguarantee.engine.test_properties import losses, treaties

Document = dict[str, Any]
Seen = list[dict[str, Any]]


def rounded(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def clip(total: Fraction, low: Fraction, length: Fraction | None) -> Fraction:
    above = max(total - low, Fraction(0))
    return above if length is None else min(above, length)


def whole(layer: Document, end: str, base: int) -> Fraction | None:
    if layer.get(f"{end}_rate") is not None:
        return Fraction(rounded(Fraction(layer[f"{end}_rate"]) * base))
    return None if layer.get(f"{end}_fen") is None else Fraction(layer[f"{end}_fen"])


def wants(layer: Document, n: int, x: dict[str, int], loss: Loss, document: Document, past: Seen) -> list[tuple[str, str, int]]:
    """What a layer wants to move: (from, to, fen). `past` are the period's earlier losses under this treaty."""
    kind = layer["kind"]
    if kind == "QUOTA_SHARE":
        giver = document["residual"]
        return [(giver, p, rounded(x[giver] * Fraction(s))) for p, s in layer["shares"].items() if p != giver]
    if kind in ("RATE_CAP", "TIERS"):
        party, base = layer["party"], loss.released_base_fen
        mine = Fraction(x[party])
        if kind == "RATE_CAP":
            cap = rounded(Fraction(layer["cap_rate"]) * base)
            room = max(cap - sum(one["after"][party] for one in past), 0)
            return [(party, layer["excess_to"], int(max(mine - room, 0)))]
        before, counts, low = Fraction(sum(one["x"][n] for one in past)), 0, Fraction(0)
        for band in layer["bands"]:
            high = None if band.get("to") is None else Fraction(rounded(Fraction(band["to"]) * base))
            length = None if high is None else high - low
            counts += rounded((clip(before + mine, low, length) - clip(before, low, length)) * Fraction(band["factor"]))
            low = high if high is not None else low
        return [(party, layer["excess_to"], int(mine) - counts)]
    giver, taker, mine = layer["from"], layer["to"], Fraction(x[layer["from"]])
    if kind == "SURPLUS":
        g, kept = loss.guaranteed_fen, layer["retention_fen"]
        lines = None if layer.get("lines") is None else Fraction(layer["lines"] * kept)
        return [(giver, taker, rounded(mine * clip(Fraction(g), Fraction(kept), lines) / g) if g else 0)]
    share = Fraction(layer.get("share", "1"))
    if kind == "AGGREGATE":
        base = loss.released_base_fen
        low, length = whole(layer, "attachment", base) or Fraction(0), whole(layer, "limit", base)
        before = Fraction(sum(one["x"][n] for one in past))
        return [(giver, taker, rounded((clip(before + mine, low, length) - clip(before, low, length)) * share))]

    def single(fen: int | Fraction) -> Fraction:
        return clip(Fraction(fen), Fraction(layer["attachment_fen"]), whole(layer, "limit", 0))

    low, length = whole(layer, "aad", 0) or Fraction(0), whole(layer, "aal", 0)
    before = sum((single(one["x"][n]) for one in past), Fraction(0))
    return [(giver, taker, rounded((clip(before + single(mine), low, length) - clip(before, low, length)) * share))]


def applies(document: Document, loss: Loss, earlier: Sequence[Loss]) -> bool:
    attaches, scope = document["attaches"], document.get("scope") or {}

    def within(one: Loss) -> bool:
        return attaches["from"] <= one.date.isoformat() <= attaches["to"]

    total = sum(one.guaranteed_fen for one in (*earlier, loss) if within(one) and one.obligor_id == loss.obligor_id)
    most = {"principal_max_fen": loss.principal_fen, "obligor_total_max_fen": total, "term_max_months": loss.term_months}
    lists = {"products": loss.product, "banks": loss.bank, "industries": loss.industry}
    return (
        within(loss)
        and all(not scope.get(name) or code in scope[name] for name, code in lists.items())
        and all(scope.get(name) is None or (figure or 0) <= scope[name] for name, figure in most.items())
    )


def shared(documents: Sequence[Document], rows: Sequence[Loss]) -> list[dict[str, int]]:
    found, past = [], [[] for _ in documents]  # type: tuple[list[dict[str, int]], list[Seen]]
    for at, loss in enumerate(rows):
        under = [n for n, document in enumerate(documents) if applies(document, loss, rows[:at])]
        first = documents[under[0] if under else 0]
        holds = dict.fromkeys(first["parties"], 0)
        interest = loss.interest_fen if first["loss_base"] == "PRINCIPAL_AND_INTEREST" else 0
        holds[first["residual"]] = loss.principal_fen + interest
        for number in under:
            document, memory = documents[number], {"x": {}, "after": {}}  # type: tuple[Document, dict[str, Any]]
            for order in sorted({layer["order"] for layer in document["layers"]}):
                x, given = dict(holds), dict.fromkeys(holds, 0)
                for n, layer in enumerate(document["layers"]):
                    if layer["order"] != order:
                        continue
                    memory["x"][n] = x[layer.get("from") or layer.get("party") or document["residual"]]
                    for giver, taker, fen in wants(layer, n, x, loss, document, past[number]):
                        moved = min(fen, x[giver] - given[giver])
                        given[giver] += moved
                        holds[giver] -= moved
                        holds[taker] += moved
            past[number].append({**memory, "after": dict(holds)})
        found.append(holds)
    return found


@st.composite
def scoped(draw: st.DrawFn) -> list[Terms]:
    """Treaties as elsewhere, most of them limited to some losses."""
    found = []
    for one in draw(treaties()):
        scope = {
            "products": draw(st.sampled_from([[], ["A"], ["A", "B"]])),
            "banks": draw(st.sampled_from([[], ["X"]])),
            "principal_max_fen": draw(st.none() | st.integers(0, 10**12)),
            "obligor_total_max_fen": draw(st.none() | st.integers(0, 10**12)),
            "term_max_months": draw(st.sampled_from([None, None, 12])),
        }
        found.append(read_terms({**one.document, "scope": scope}) if draw(st.booleans()) else one)
    return found


@st.composite
def described(draw: st.DrawFn) -> list[Loss]:
    """Losses of three obligors with what scopes look at, some outside the period."""
    text = {"product": st.sampled_from("ABC"), "bank": st.sampled_from("XY"), "obligor_id": st.sampled_from("123")}
    return [
        replace(
            loss,
            date=draw(st.sampled_from([loss.date, date(2025, 12, 31), date(2026, 1, 1)])),
            term_months=draw(st.sampled_from([12, 13])),
            **{name: draw(values) for name, values in text.items()},
        )
        for loss in draw(losses())
    ]


@settings(max_examples=250, deadline=None)
@given(scoped(), described())
def test_two_engines_agree_to_the_fen(under: list[Terms], rows: list[Loss]) -> None:
    """Every kind of layer, order, clipping, several treaties, scope and period."""
    assert [dict(one.shares) for one in replay(under, rows).outcomes] == shared([dict(one.document) for one in under], rows)
