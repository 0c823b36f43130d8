"""A member's real history as losses of the engine: what its claims told, and before a claim came, what its book shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from kernel.money import half_up
from reguarantee.claims import queries as claims
from reguarantee.filings import queries as filings
from reguarantee.monitoring import queries as monitoring
from reguarantee.treaties.engine import Loss

MOST = 20_000
"""Losses that a page runs; a longer history is run in parts."""
_DEAD = ("REJECTED", "WITHDRAWN")


@dataclass(frozen=True)
class Known:
    """One loss and where its figures come from: CLAIM (told by the member's claim) or BOOK (estimated from its book).

    `kinds` is what the obligor is, by every name that a scope may give it.
    """

    member: str
    number: str
    source: str
    loss: Loss
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class History:
    """The losses of a time in the order of their days, the released base of each calendar year (fen), and what was left out."""

    losses: list[Known]
    base_fen: dict[int, int]
    cut: bool


def read(*, member: str, first: date, last: date, all_business: bool = False) -> History:
    """The history of one member, or of all (""), by the day of compensation.

    Without `all_business` only guarantees that a treaty covered. A claim's principal and interest are exact. From the book
    alone the principal is what the member paid, brought from its guaranteed part to the whole loan (domain.md 5.8.1), and
    the interest nothing. Four statements however long the history is.
    """
    told = _claims(member, first, last)
    booked = monitoring.compensations(first=first, last=last, member=member)
    filed = _filings(member, booked)
    known = {(one.member, one.loss.loss_id): one for one in told}
    base = monitoring.released(first=date(first.year, 1, 1), last=date(last.year, 12, 31), member=member)
    for row in booked:
        filing = filed.get((row["member_code"], row["guarantee_id"]))
        key = (row["member_code"], _loss_id(row["member_code"], row["guarantee_id"]))
        if key not in known and (all_business or (filing is not None and filing.coverage != "UNCOVERED")):
            known[key] = _booked(row, filing)
    losses = sorted(known.values(), key=lambda one: (one.loss.date, one.member, one.loss.loss_id))
    return History(losses[:MOST], base, len(losses) > MOST)


def _loss_id(member: str, guarantee_id: int) -> str:
    return f"{member}:{guarantee_id}"


def _claims(member: str, first: date, last: date) -> list[Known]:
    rows = claims.listing().exclude(status__in=_DEAD).filter(compensated_on__range=(first, last))
    if member:
        rows = rows.filter(member_code=member)
    found: dict[tuple[str, int], list[Any]] = {}
    for claim in rows.order_by("id"):
        found.setdefault((claim.member_code, claim.guarantee_id), []).append(claim)
    return [_told(code, guarantee_id, group) for (code, guarantee_id), group in found.items()]


def _told(member: str, guarantee_id: int, group: list[Any]) -> Known:
    """The claims on one guarantee are one loss: a compensation may have been paid in parts."""
    filing = group[0].filing
    loss = Loss(
        _loss_id(member, guarantee_id),
        group[0].compensated_on,
        guaranteed_fen=filing.guaranteed_fen if filing else 0,
        principal_fen=sum(claim.principal_fen for claim in group),
        interest_fen=sum(claim.interest_fen for claim in group),
        product=filing.product_code if filing else "",
        obligor_kind=filing.obligor_kind if filing else "",
        obligor_id=group[0].obligor_key,
        bank=filing.bank_code if filing else "",
        region=filing.region_code if filing else "",
        industry=filing.industry if filing else "",
        term_months=filing.term_months if filing else None,
    )
    return Known(member, filing.number if filing else group[0].number, "CLAIM", loss, filings.kinds(filing) if filing else ())


def _filings(member: str, booked: list[dict[str, Any]]) -> dict[tuple[str, int], Any]:
    rows = filings.listing(member_code=member).filter(guarantee_id__in={row["guarantee_id"] for row in booked})
    return {(row.member_code, row.guarantee_id): row for row in rows.order_by()}


def _booked(row: dict[str, Any], filing: Any) -> Known:
    whole = half_up(row["compensation_fen"] * row["loan_fen"], row["guaranteed_fen"]) if row["guaranteed_fen"] else 0
    loss = Loss(
        _loss_id(row["member_code"], row["guarantee_id"]),
        row["compensated_on"],
        guaranteed_fen=row["guaranteed_fen"],
        principal_fen=whole,
        product=row["product_code"],
        obligor_kind=filing.obligor_kind if filing else "",
        obligor_id=filing.obligor_key if filing else "",
        bank=filing.bank_code if filing else row["bank_name"],
        region=row["region_code"],
        industry=row["industry"],
        term_months=row["term_months"],
    )
    return Known(row["member_code"], row["number"], "BOOK", loss, filings.kinds(filing) if filing else ())
