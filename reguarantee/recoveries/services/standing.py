"""How a loss stands when something comes back: who bears how much of it, and how much of that is settled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kernel.money import half_up
from reguarantee.claims.models import Claim
from reguarantee.claims.models.claim import CEDED
from reguarantee.claims.services.records import hold_loss
from reguarantee.filings.models import Filing
from reguarantee.recoveries.models import Share
from reguarantee.treaties import queries as treaties
from reguarantee.treaties.engine import Terms, recovery

_ALIVE = ("RECEIVED", "CHECKING", "RETURNED", "REVIEWING", "APPROVED", "PAYING", "PAID", "CLOSED")
# With a payment under way the group is as good as paid: what comes back is passed on, not netted from a sum that leaves.
_SETTLED = ("PAYING", "PAID", "CLOSED")


@dataclass(frozen=True)
class Standing:
    """The loss of one guarantee: `bears` (fen by party, summing to the loss base) and `settled` of it."""

    terms: Terms
    claim: Claim | None
    bears: dict[str, int]
    settled: dict[str, int]

    @property
    def roles(self) -> dict[str, str]:
        return {party: self.terms.parties[party] for party in self.bears}


def covered(filing: Filing | None) -> bool:
    """Whether the group stands behind any of it."""
    return filing is not None and filing.treaty_version is not None and filing.ceded_fen > 0


def find(member_code: str, guarantee_id: int) -> Filing | None:
    """The filing of a member's guarantee, an extension after what it prolongs."""
    return (
        Filing.objects.select_related("treaty_version__treaty").filter(member_code=member_code, guarantee_id=guarantee_id).first()
    )


def standing(filing: Filing, *, principal_fen: int = 0) -> Standing:
    """The loss as its claims kept it; what of `principal_fen` (paid for so far, 0 where not told) is in no claim yet, as the
    filing was confirmed. A guarantee that was compensated in parts has several claims, each settled or not.

    Holds the filing, the dues and the claims: two recoveries are shared one after the other, and whether a claim is paid
    does not change meanwhile.
    """
    hold_loss(filing.pk)
    assert filing.treaty_version is not None
    terms = treaties.terms_of(filing.treaty_version)
    claims = alive(filing)
    bears, settled = dict.fromkeys(terms.parties, 0), dict.fromkeys(terms.parties, 0)
    for claim in claims:
        paid, of = _group_side(claim)
        for party, fen in claim.shares.items():
            bears[party] += fen
            settled[party] += (half_up(fen * paid, of) if of else 0) if terms.parties[party] in CEDED else fen
    rest = principal_fen - sum(claim.principal_fen for claim in claims)
    if rest > 0 or not any(bears.values()):
        for party, fen in _at_filing(filing, terms, rest if rest > 0 else filing.principal_fen).items():
            bears[party] += fen
            settled[party] += 0 if terms.parties[party] in CEDED else fen
    return Standing(terms, claims[-1] if claims else None, bears, settled)


def alive(filing: Filing) -> list[Claim]:
    """The claims on a filing that stand, oldest first, with the shares that they keep now."""
    return list(Claim.objects.filter(filing=filing, status__in=_ALIVE).order_by("id"))


def borne(claims: list[Claim]) -> dict[str, int]:
    """The loss of several claims by party, in fen."""
    totals: dict[str, int] = {}
    for claim in claims:
        for party, fen in claim.shares.items():
            totals[party] = totals.get(party, 0) + fen
    return totals


def _group_side(claim: Claim) -> tuple[int, int]:
    """How much of what the group owes on the claim is settled, as a fraction. Netting counts as neither (domain.md 5.9)."""
    if claim.status in _SETTLED or (claim.approved_fen and not claim.payable_fen):
        return 1, 1
    return (claim.paid_fen, claim.payable_fen) if claim.paid_fen else (0, 0)


def _at_filing(filing: Filing, terms: Terms, principal_fen: int) -> dict[str, int]:
    """A loss of so much of what was filed: by the shares kept at confirmation, and each one's own part of what is not covered."""
    bears = dict.fromkeys(terms.parties, 0)
    for row in filing.split:
        bears[row["party"]] += int(row["fen"])
    left = max(filing.principal_fen - sum(bears.values()), 0)
    bank = next((party for party, role in terms.parties.items() if role == "BANK"), terms.residual)
    kept = half_up(left * filing.guaranteed_fen, filing.principal_fen)
    bears[terms.residual] += kept
    bears[bank] += left - kept
    return recovery.deal(principal_fen, bears, terms.residual)


def group_side(parts: Iterable[Share], bears: Mapping[str, int]) -> dict[str, int]:
    """What a recovery that was shared leaves with the member of each ceded party's part, by what each bears now.

    Since it was shared less may have been approved than was asked; of what is denied the group pays nothing, so nothing of
    it is the group's (domain.md 5.9). What was passed on already stays passed on.
    """
    parts = list(parts)
    then, now = sum(part.obligation_fen for part in parts), sum(bears.values())
    held = {}
    for part in parts:
        if part.held_fen and part.obligation_fen and now:
            whole = half_up(part.fen * bears.get(part.party, 0) * then, part.obligation_fen * now)
            held[part.party] = min(max(whole - (part.fen - part.held_fen), 0), part.held_fen)
        else:
            held[part.party] = part.held_fen
    return held
