"""How a loss stands when something comes back: who bears how much of it, and how much of that is settled."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.money import half_up
from reguarantee.claims.models import Claim
from reguarantee.claims.models.claim import CEDED
from reguarantee.claims.services.records import hold_loss
from reguarantee.filings.models import Filing
from reguarantee.treaties import queries as treaties
from reguarantee.treaties.engine import Terms

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


def standing(filing: Filing) -> Standing:
    """The loss as the claim kept it, before that as the filing was confirmed. Holds the filing, the dues and the claims:
    two recoveries are shared one after the other, and whether the claim is paid does not change meanwhile."""
    hold_loss(filing.pk)
    assert filing.treaty_version is not None
    terms = treaties.terms_of(filing.treaty_version)
    claims = Claim.objects.filter(filing=filing, status__in=_ALIVE)
    claim = claims.order_by("id").last()
    bears = dict(claim.shares) if claim is not None else {}
    if not any(bears.values()):
        bears = _at_filing(filing, terms)
    paid, of = _group_side(claim)
    ceded = {party: fen for party, fen in bears.items() if terms.parties[party] in CEDED}
    settled = {party: half_up(fen * paid, of) if party in ceded and of else fen for party, fen in bears.items()}
    if not of:
        settled |= dict.fromkeys(ceded, 0)
    return Standing(terms, claim, bears, settled)


def _group_side(claim: Claim | None) -> tuple[int, int]:
    """How much of what the group owes on the claim is settled, as a fraction. Netting counts as neither (domain.md 5.9)."""
    if claim is None:
        return 0, 0
    if claim.status in _SETTLED or (claim.approved_fen and not claim.payable_fen):
        return 1, 1
    return (claim.paid_fen, claim.payable_fen) if claim.paid_fen else (0, 0)


def _at_filing(filing: Filing, terms: Terms) -> dict[str, int]:
    """A full loss of what was filed: the shares kept at confirmation, and each one's own part of what is not covered."""
    bears = dict.fromkeys(terms.parties, 0)
    for row in filing.split:
        bears[row["party"]] += int(row["fen"])
    left = max(filing.principal_fen - sum(bears.values()), 0)
    bank = next((party for party, role in terms.parties.items() if role == "BANK"), terms.residual)
    kept = half_up(left * filing.guaranteed_fen, filing.principal_fen)
    bears[terms.residual] += kept
    bears[bank] += left - kept
    return bears
