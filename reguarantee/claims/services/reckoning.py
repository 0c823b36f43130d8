"""The claim's figures under its treaty: looked at while it is checked, kept when it is approved."""

from __future__ import annotations

import json
from datetime import date

from kernel.errors import Conflict, gettext_noop
from kernel.money import times
from kernel.parameters.queries import value
from reguarantee.claims.calculation import Calculation, compute
from reguarantee.claims.models import Claim
from reguarantee.filings import queries as filings
from reguarantee.treaties import queries as treaties
from reguarantee.treaties.engine import Position
from reguarantee.treaties.models import TreatyVersion


class NotCovered(Conflict):
    code = "CLAIM_NOT_COVERED"
    sentence = gettext_noop("The guarantee of this claim is not covered by any treaty, so nothing can be reckoned.")


def released_base(version: TreatyVersion, *, today: date, member_code: str = "", product: str = "") -> int:
    """Released principal in fen of all members under a version, or of one: the base of caps (domain.md 5.7, 11.13).

    A position counts the losses of all who share the version, so its base does, too.
    """
    annualised = value("rg.claim.annualised_base", on=today, product=product)
    base = filings.released_base(member_code, version, version.effective_from, today, annualised=annualised)
    # Batch business is capped on the system's share of it (worked example 11: 500m annualised, 400m base).
    return times(base, value("rg.batch.system_share", on=today, product=product)) if annualised else base


def reckon(claim: Claim, position: Position, *, today: date) -> Calculation:
    """What the claim comes to after `position`. Raises NotCovered."""
    filing, version = claim.filing, claim.treaty_version
    if filing is None or version is None or not filing.covered_fen:
        raise NotCovered
    return compute(
        treaties.terms_of(version),
        position,
        filing,
        loss_id=claim.number,
        principal_fen=claim.principal_fen,
        interest_fen=claim.interest_fen,
        compensation_fen=claim.compensation_fen,
        released_base_fen=released_base(version, today=today, product=filing.product_code),
    )


def keep(claim: Claim, calculation: Calculation) -> None:
    """Write the figures on the claim; the caller saves it."""
    claim.base_fen = calculation.base_fen
    claim.shares_text = json.dumps(dict(calculation.shares))
    claim.roles_text = json.dumps({party: calculation.roles[party] for party in calculation.shares})
    claim.trace_text = json.dumps(calculation.trace, default=str)
