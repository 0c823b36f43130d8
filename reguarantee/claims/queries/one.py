"""One claim: its figures by party, its papers, its way."""

from __future__ import annotations

from typing import Any

from kernel.documents import queries as documents
from reguarantee.claims.flow import CLAIM
from reguarantee.claims.models import Claim, Status
from reguarantee.claims.models.claim import CEDED, DEAD
from reguarantee.claims.reasons import SLOTS
from reguarantee.claims.services.checking import denials
from reguarantee.claims.services.checks import missing, required
from reguarantee.claims.services.records import NoSuchClaim
from reguarantee.filings.models import Filing

__all__ = ["denials", "get", "missing", "obligations", "of_filing", "papers", "required", "steps"]

_WAY = (Status.RECEIVED, Status.CHECKING, Status.REVIEWING, Status.APPROVED, Status.PAYING, Status.PAID, Status.CLOSED)


def get(claim_id: int) -> Claim:
    """One claim with its filing and treaty. Raises NoSuchClaim."""
    claim = Claim.objects.select_related("filing", "treaty_version__treaty").filter(id=claim_id).first()
    if claim is None:
        raise NoSuchClaim
    return claim


def of_filing(filing: Filing) -> list[Claim]:
    """The claims on a filing that are alive, oldest first (a guarantee that was compensated in parts has several)."""
    return list(Claim.objects.filter(filing=filing).exclude(status__in=DEAD).order_by("id"))


def obligations(claim: Claim) -> dict[str, tuple[str, int, int]]:
    """Party → (role, what it owes of the loss, what it has really paid of that), fen, in the treaty's order.

    Recoveries are shared by these (domain.md 5.9). The bank and the member bear their parts from the day of the
    compensation on. Of the ceded parts, a fund has paid what came from it; the group has paid all else that reached the
    member (money and held recoveries taken off): until a fund has paid, the group's paid part is larger than its own
    obligation, so that paid sums to what was settled with the member.
    """
    shares, roles = claim.shares, claim.roles
    settled = claim.paid_fen + (claim.netted_fen if claim.approved_fen else 0)
    from_funds = {row.party: row.paid_fen for row in claim.outward.all()}
    group = next((party for party, role in roles.items() if role == "REGUARANTOR"), "")
    result = {}
    for party, fen in shares.items():
        if roles[party] not in CEDED:
            paid = fen
        elif party == group:
            paid = max(settled - sum(from_funds.values()), 0)
        else:
            paid = from_funds.get(party, 0)
        result[party] = (roles[party], fen, paid)
    return result


def papers(claim: Claim) -> list[dict[str, Any]]:
    """The claim's papers by slot: `{"code", "label", "required", "papers"}`, required ones first, then what else there is."""
    wanted = required(claim)
    by_slot: dict[str, list[Any]] = {slot: [] for slot in wanted}
    for document in documents.of(claim.subject):
        by_slot.setdefault(document.kind, []).append(document)
    return [
        {"code": slot, "label": SLOTS.get(slot, slot), "required": slot in wanted, "papers": rows}
        for slot, rows in by_slot.items()
    ]


def steps(claim: Claim) -> list[dict[str, Any]]:
    """The way of a claim for the page's steps."""
    closed = {step.status: step for step in claim.steps.all()}
    if claim.status in (*DEAD, Status.RETURNED):
        place = 1 if claim.status == Status.RETURNED else len(_WAY)
    else:
        place = _WAY.index(Status(claim.status))
    result = []
    for number, status in enumerate(_WAY):
        state = "done" if number < place or (claim.status == status == Status.CLOSED) else "now" if number == place else "todo"
        if claim.status in DEAD:
            state = "done" if status in closed else "skipped"
        step = closed.get(status)
        result.append({"label": CLAIM.states[status], "state": state, "note": str(step.opened_on) if step else ""})
    if claim.status in (*DEAD, Status.RETURNED):
        state = "now" if claim.status == Status.RETURNED else "failed"
        result.insert(
            2 if claim.status == Status.RETURNED else len(result),
            {"label": claim.get_status_display(), "state": state, "note": ""},
        )
        if claim.status == Status.RETURNED:
            result[1]["state"] = "done"
    return result
