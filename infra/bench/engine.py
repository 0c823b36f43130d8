"""How many losses and recoveries a second the agreement engine takes, proving its invariants on every one of them."""

import random
import time
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from reguarantee.treaties.engine import ORDERS, Loss, Position, Terms, read_terms, replay, share

PARTIES = {"bank": "BANK", "member": "GUARANTOR", "group": "REGUARANTOR", "nfgf": "FUND", "gov": "GOVERNMENT"}
LOSSES = 1_000_000
LOSSES_PER_TREATY = 1_000
RECOVERIES = 100_000
YEAR_START = date(2026, 1, 1)
WAN = 1_000_000  # fen in ten thousand yuan


def throughput(losses: int = LOSSES) -> dict[str, float | int]:
    """Run `losses` random losses through random treaties of one to six layers; one core, traces included.

    Returns {"ours": processor seconds in the engine, "losses": n, "losses_per_second": x}. Raises AssertionError when the
    shares of any loss do not sum to it exactly or one is below nothing.
    """
    chance = random.Random(20_260_101)  # fixed: each run takes the same treaties and losses
    seconds, done = 0.0, 0
    while done < losses:
        terms = random_terms(chance)
        batch = list(_random_losses(chance, min(LOSSES_PER_TREATY, losses - done)))
        start = time.process_time()
        replayed = replay(terms, batch, Position())
        seconds += time.process_time() - start
        for outcome in replayed.outcomes:
            shares = outcome.shares.values()
            if sum(shares) != outcome.trace.base_fen or min(shares) < 0:
                raise AssertionError(f"{terms.document} shares {outcome.trace.loss_id} as {outcome.shares}")
        done += len(batch)
    return {"ours": round(seconds, 3), "losses": done, "losses_per_second": round(done / seconds)}


def recoveries(number: int = RECOVERIES) -> dict[str, float | int]:
    """Share `number` random recoveries of random losses in the four orders; one core, traces included.

    Returns {"ours": processor seconds in the engine, "recoveries": n, "recoveries_per_second": x}. Raises AssertionError
    when what is shared and held is not exactly the net, or something is below nothing.
    """
    chance = random.Random(20_260_102)
    seconds, terms = 0.0, random_terms(chance)
    for n in range(number):
        bears = {party: chance.randint(0, 10**9) for party in PARTIES}
        paid = {party: chance.choice((fen, fen // 2, 0)) for party, fen in bears.items()}
        gross, cost = chance.randint(0, 10**9), chance.randint(0, 10**8)
        start = time.process_time()
        shared = share(terms, bears, paid, gross_fen=gross, cost_fen=cost, order=ORDERS[n % len(ORDERS)])
        seconds += time.process_time() - start
        parts = [*shared.shares.values(), *shared.held.values()]
        if sum(parts) != max(gross - cost, 0) or min(parts) < 0:
            raise AssertionError(f"{bears} {paid} shares {gross} - {cost} as {shared}")
    return {"ours": round(seconds, 3), "recoveries": number, "recoveries_per_second": round(number / seconds)}


def random_terms(chance: random.Random) -> Terms:
    """Return terms with a quota share and up to five further layers of any kind."""
    cuts = sorted(chance.randrange(0, 101) for _ in range(len(PARTIES) - 1))
    parts = [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]
    shares = {party: f"{Decimal(part) / 100:.2f}" for party, part in zip(PARTIES, parts, strict=True)}
    layers: list[dict[str, Any]] = [{"kind": "QUOTA_SHARE", "order": 1, "shares": shares}]
    layers += [_random_layer(chance) for _ in range(chance.randrange(6))]
    return read_terms(
        {
            "code": "BENCH",
            "parties": PARTIES,
            "residual": chance.choice(list(PARTIES)),
            "attaches": {"from": "2026-01-01", "to": "2026-12-31"},
            "loss_base": chance.choice(["PRINCIPAL", "PRINCIPAL_AND_INTEREST"]),
            "layers": layers,
        }
    )


def _random_layer(chance: random.Random) -> dict[str, Any]:
    giver, taker = chance.sample(list(PARTIES), 2)
    order, some = chance.randint(1, 4), chance.randint(0, 300) * WAN
    move: dict[str, Any] = {"order": order, "from": giver, "to": taker}
    cap: dict[str, Any] = {"order": order, "party": giver, "excess_to": taker, "base": "RELEASED"}
    bands = [{"to": "0.03", "factor": "1"}, {"to": "0.05", "factor": "0.5"}, {"factor": "0"}]
    return chance.choice(
        [
            {"kind": "SURPLUS", **move, "retention_fen": some, "lines": chance.randint(1, 5)},
            {"kind": "EXCESS", **move, "attachment_fen": some, "limit_fen": 2 * some, "share": "0.90"},
            {"kind": "EXCESS", **move, "attachment_fen": some, "aad_fen": some, "aal_fen": 50 * some},
            {"kind": "AGGREGATE", **move, "attachment_rate": "0.02", "limit_rate": "0.03", "base": "RELEASED"},
            {"kind": "RATE_CAP", **cap, "cap_rate": "0.03"},
            {"kind": "TIERS", **cap, "bands": bands},
        ]
    )


def _random_losses(chance: random.Random, number: int) -> Iterator[Loss]:
    for n in range(number):
        principal = chance.randint(0, 10**9)
        yield Loss(
            f"L{n}",
            YEAR_START + timedelta(days=chance.randrange(365)),
            guaranteed_fen=principal + chance.randint(0, 10**8),
            principal_fen=principal,
            interest_fen=chance.randint(0, 10**7),
            released_base_fen=10**11,
        )
