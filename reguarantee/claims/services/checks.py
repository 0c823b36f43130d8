"""The automatic checks of a claim, each with a code, an outcome and its figures (domain.md 5.8.4).

OK says what was compared, WARN asks an officer to look, FAIL stops the claim before approval unless an officer waives it
with a reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max, Sum

from kernel.calendar import inclusive_days
from kernel.cash import queries as cash
from kernel.documents import queries as documents
from kernel.errors import gettext_noop
from kernel.money import half_up, yuan
from kernel.parameters.queries import value
from reguarantee.claims.calculation import Calculation
from reguarantee.claims.models import Check, Claim, Fuse, Level
from reguarantee.claims.models.claim import CEDED, DEAD
from reguarantee.claims.reasons import REQUIRED
from reguarantee.filings.models import Filing
from reguarantee.treaties import queries as treaties

OK, WARN, FAIL = "OK", "WARN", "FAIL"


@dataclass(frozen=True)
class Finding:
    """One outcome: `sentence` is a message id, `facts` are words that fill it."""

    code: str
    outcome: str
    sentence: str
    facts: dict[str, Any]


def deadline_days(claim: Claim, *, on: date) -> int:
    """Days to claim, both ends counted: the treaty's, else the parameter's (domain.md 5.8.2)."""
    terms = treaties.terms_of(claim.treaty_version).document.get("claims") or {} if claim.treaty_version else {}
    scopes = {"member": claim.member_code, "product": claim.filing.product_code if claim.filing else ""}
    return terms.get("deadline_days") or value("rg.claim.deadline_days", on=on, **scopes)


def required(claim: Claim) -> list[str]:
    """Codes of the papers that this claim must bring."""
    terms = treaties.terms_of(claim.treaty_version).document.get("claims") or {} if claim.treaty_version else {}
    return list(terms.get("documents") or REQUIRED)


def missing(claim: Claim) -> list[str]:
    """Required slots without a paper."""
    there = set(documents.of(claim.subject).values_list("kind", flat=True))
    return [slot for slot in required(claim) if slot not in there]


def run(claim: Claim, calculation: Calculation, *, today: date) -> list[Check]:
    """Write a new run of all checks beside the earlier ones. What was waived in the last run stays waived if it repeats."""
    last = claim.checks.aggregate(last=Max("run"))["last"] or 0
    waived = {row.code: row for row in claim.checks.filter(run=last).exclude(waived_by="")}
    rows = []
    for finding in _findings(claim, calculation, today):
        facts = json.dumps(finding.facts, default=str)
        row = Check(
            claim=claim, run=last + 1, code=finding.code, outcome=finding.outcome, sentence=finding.sentence, facts_text=facts,
            on=today,
        )  # fmt: skip
        before = waived.get(finding.code)
        if before is not None and (before.outcome, before.facts_text) == (row.outcome, facts):
            row.waived_by, row.waived_why = before.waived_by, before.waived_why
        rows.append(row)
    return Check.objects.bulk_create(rows)


def _findings(claim: Claim, calculation: Calculation, today: date) -> Iterator[Finding]:
    filing = claim.filing
    assert filing is not None  # a claim without a filing is refused before it is checked
    for check in _OF_FILING:
        yield check(claim, filing)
    yield _deadline(claim)
    yield _premium(claim, today)
    yield _prior(claim, filing)
    yield _ratio(claim, filing, calculation)
    yield _paid(claim, filing, calculation)
    yield _asked(claim, calculation)
    yield _cap(claim, calculation)
    yield _material(claim)


def _same(code: str, sentence: str, wrong: str, told: str, filed: str, *, unknown: str = WARN) -> Finding:
    if told and filed:
        return Finding(code, OK if told == filed else FAIL, sentence if told == filed else wrong, {"told": told, "filed": filed})
    # Neither side knows it: nothing to compare.
    outcome = OK if not told and not filed else unknown
    return Finding(
        code, outcome, gettext_noop("Nothing to compare: claim “%(told)s”, filing “%(filed)s”."), {"told": told, "filed": filed}
    )


def _name(claim: Claim, filing: Filing) -> Finding:
    right = gettext_noop("The debtor %(told)s is the one that was filed.")
    wrong = gettext_noop("The claim names %(told)s, the filing %(filed)s.")
    return _same("NAME", right, wrong, claim.obligor_name, filing.obligor_name)


def _obligor(claim: Claim, filing: Filing) -> Finding:
    same = claim.obligor_key == filing.obligor_key
    right = gettext_noop("The debtor's code is the one that was filed.")
    wrong = gettext_noop("The debtor's code is another one than was filed.")
    return Finding("OBLIGOR", OK if same else FAIL, right if same else wrong, {})


def _contract(claim: Claim, filing: Filing) -> Finding:
    right = gettext_noop("The contract %(told)s is the one that was filed.")
    wrong = gettext_noop("The claim names contract %(told)s, the filing %(filed)s.")
    return _same("CONTRACT", right, wrong, claim.contract_no, filing.contract_no)


def _iou(claim: Claim, filing: Filing) -> Finding:
    right = gettext_noop("The drawdown note %(told)s is the one that was filed.")
    wrong = gettext_noop("The claim names drawdown note %(told)s, the filing %(filed)s.")
    return _same("IOU", right, wrong, claim.iou_no, filing.iou_no)


def _principal(claim: Claim, filing: Filing) -> Finding:
    others = _alive(claim, filing).aggregate(total=Sum("principal_fen"))["total"] or 0
    # What ended without a compensation is known once the guarantee has ended, which the member tells before it claims.
    repaid = filing.released_principal_fen
    facts = {"told": yuan(claim.principal_fen), "filed": yuan(filing.principal_fen)}
    facts |= {"others": yuan(others), "repaid": yuan(repaid)}
    if claim.principal_fen + others <= filing.principal_fen - repaid:
        right = gettext_noop(
            "The unpaid principal of %(told)s is within the %(filed)s filed, of which %(repaid)s was repaid; earlier claims took"
            " %(others)s."
        )
        return Finding("PRINCIPAL", OK, right, facts)
    wrong = gettext_noop(
        "The unpaid principal of %(told)s with %(others)s of earlier claims is more than the %(filed)s filed less the %(repaid)s"
        " repaid."
    )
    return Finding("PRINCIPAL", FAIL, wrong, facts)


def _dates(claim: Claim, filing: Filing) -> Finding:
    days = (filing.drawdown_on, claim.bank_notice_on, claim.compensated_on, claim.submitted_on)
    facts = {"drawdown": days[0], "due": filing.due_on, "notice": days[1], "paid": days[2], "claimed": days[3]}
    if list(days) != sorted(days):
        wrong = gettext_noop(
            "Dates out of order: drawdown %(drawdown)s, notice %(notice)s, compensation %(paid)s, claim %(claimed)s."
        )
        return Finding("DATES", FAIL, wrong, facts)
    if claim.compensated_on < filing.due_on:
        early = gettext_noop("Compensated on %(paid)s, before the loan was due on %(due)s: see that the bank called it in.")
        return Finding("DATES", WARN, early, facts)
    right = gettext_noop("Drawdown %(drawdown)s, due %(due)s, compensation %(paid)s, claim %(claimed)s follow each other.")
    return Finding("DATES", OK, right, facts)


def _extension(claim: Claim, filing: Filing) -> Finding:
    if filing.extends_guarantee_id is None:
        return Finding("EXTENSION", OK, gettext_noop("The loan was not extended."), {})
    if filing.extends_id is None:
        wrong = gettext_noop("An extension that does not point to the filing it prolongs.")
        return Finding("EXTENSION", FAIL, wrong, {})
    right = gettext_noop("The extension points to its first filing %(first)s.")
    return Finding("EXTENSION", OK, right, {"first": filing.extends.number})


def _representative(claim: Claim, filing: Filing) -> Finding:
    before, now = claim.legal_rep_at_filing, claim.legal_rep
    if before and now and before != now:
        changed = gettext_noop(
            "The legal representative was %(before)s at filing and is %(now)s: see that counter-guarantees continue."
        )
        return Finding("LEGAL_REP", WARN, changed, {"before": before, "now": now})
    return Finding("LEGAL_REP", OK, gettext_noop("No change of the legal representative is known."), {})


def _cover(claim: Claim, filing: Filing) -> Finding:
    facts = {"covered": yuan(filing.covered_fen), "guaranteed": yuan(filing.guaranteed_fen)}
    if filing.coverage == "COVERED":
        return Finding("COVER", OK, gettext_noop("The whole guarantee of %(guaranteed)s is covered."), facts)
    part = gettext_noop("Only %(covered)s of %(guaranteed)s guaranteed are covered; the claim is reduced in proportion.")
    return Finding("COVER", WARN, part, facts)


_OF_FILING: tuple[Callable[[Claim, Filing], Finding], ...] = (
    _name, _obligor, _contract, _iou, _principal, _dates, _extension, _representative, _cover,
)  # fmt: skip


def _alive(claim: Claim, filing: Filing) -> Any:
    return Claim.objects.filter(filing=filing).exclude(status__in=DEAD).exclude(id=claim.id)


def _deadline(claim: Claim) -> Finding:
    limit = deadline_days(claim, on=claim.compensated_on)
    days = inclusive_days(claim.compensated_on, claim.first_submitted_on)
    facts = {"days": days, "limit": limit, "why": claim.late_reason}
    if days <= limit:
        return Finding("DEADLINE", OK, gettext_noop("Claimed on day %(days)s of %(limit)s."), facts)
    if claim.late_reason:
        return Finding("DEADLINE", WARN, gettext_noop("Claimed on day %(days)s, after day %(limit)s: %(why)s"), facts)
    return Finding("DEADLINE", FAIL, gettext_noop("Claimed on day %(days)s, after day %(limit)s, without a reason."), facts)


def _premium(claim: Claim, today: date) -> Finding:
    open_now = cash.dues(purposes=("PREMIUM",), counterparty=claim.member_code, open_only=True)
    late = [due for due in open_now if due.due_on and due.due_on < today]
    if not late:
        return Finding("PREMIUM", OK, gettext_noop("No premium bill of the member is overdue."), {})
    facts = {"count": len(late), "fen": yuan(sum(due.open_fen for due in late)), "key": late[0].key}
    return Finding(
        "PREMIUM", FAIL, gettext_noop("%(count)s premium bills with %(fen)s yuan are overdue, the first %(key)s."), facts
    )


def _prior(claim: Claim, filing: Filing) -> Finding:
    others = list(_alive(claim, filing).values_list("number", "voucher_no"))
    if not others:
        return Finding("PRIOR", OK, gettext_noop("No other claim on this filing."), {})
    # Two payments on one guarantee are two claims; one voucher twice cannot get here (a constraint of the table).
    facts = {"numbers": ", ".join(number for number, _ in others)}
    return Finding("PRIOR", WARN, gettext_noop("Earlier claims on this filing for other payments: %(numbers)s."), facts)


def _ratio(claim: Claim, filing: Filing, calculation: Calculation) -> Finding:
    """The ratio kept at confirmation against what the treaty gives now (domain.md 11.33)."""
    split = filing.split
    whole = sum(row["fen"] for row in split)
    ceded = sum(row["fen"] for row in split if row["role"] in CEDED)
    if not whole:
        return Finding("RATIO", OK, gettext_noop("No shares were kept at filing to compare with."), {})
    expected, got = half_up(calculation.covered_base_fen * ceded, whole), calculation.ceded_fen
    facts = {"ratio": f"{Decimal(half_up(ceded * 10000, whole)) / 100:.2f}%", "expected": yuan(expected), "got": yuan(got)}
    if abs(expected - got) <= len(split):  # odd fen go to the residual party
        return Finding(
            "RATIO",
            OK,
            gettext_noop("The ratio of %(ratio)s kept at filing gives %(expected)s; the treaty gives %(got)s."),
            facts,
        )
    outcome = WARN if got < expected else FAIL
    return Finding(
        "RATIO",
        outcome,
        gettext_noop("By the ratio of %(ratio)s kept at filing it were %(expected)s; the treaty gives %(got)s."),
        facts,
    )


def _paid(claim: Claim, filing: Filing, calculation: Calculation) -> Finding:
    owed = half_up((claim.principal_fen + claim.interest_fen) * filing.guaranteed_fen, filing.principal_fen)
    facts = {"paid": yuan(claim.compensation_fen), "owed": yuan(owed)}
    if claim.compensation_fen < owed:
        return Finding(
            "PAID",
            WARN,
            gettext_noop("The member paid %(paid)s of the %(owed)s it owed the bank; the claim is reduced in proportion."),
            facts,
        )
    if claim.compensation_fen > owed:
        return Finding(
            "PAID", WARN, gettext_noop("The member paid %(paid)s, more than the %(owed)s it owed; only that counts."), facts
        )
    return Finding("PAID", OK, gettext_noop("The member paid the bank its whole share of %(owed)s."), facts)


def _asked(claim: Claim, calculation: Calculation) -> Finding:
    facts = {"asked": yuan(claim.asked_fen), "reckoned": yuan(calculation.ceded_fen)}
    if claim.asked_fen == calculation.ceded_fen:
        return Finding("ASKED", OK, gettext_noop("Asked and reckoned are both %(asked)s."), facts)
    return Finding("ASKED", WARN, gettext_noop("The member asks for %(asked)s; by the treaty it is %(reckoned)s."), facts)


def _cap(claim: Claim, calculation: Calculation) -> Finding:
    taken = sum(step["fen"] for step in calculation.trace["steps"] if step["kind"] in ("RATE_CAP", "TIERS"))
    lit = Fuse.objects.filter(treaty_version=claim.treaty_version, member_code=claim.member_code).exclude(level=Level.NONE)
    fuse = lit.order_by("-paid_fen").first()
    if taken:
        return Finding("CAP", WARN, gettext_noop("The cap or the tiers of the treaty take %(fen)s off."), {"fen": yuan(taken)})
    if fuse is not None:
        facts = {"used": fuse.used or 0, "paid": yuan(fuse.paid_fen), "cap": yuan(fuse.cap_fen)}
        return Finding("CAP", WARN, gettext_noop("The fuse is lit: %(paid)s of %(cap)s are used, %(used)s%%."), facts)
    return Finding("CAP", OK, gettext_noop("No cap is reached and no fuse is lit."), {})


def _material(claim: Claim) -> Finding:
    lacking = missing(claim)
    if not lacking:
        return Finding("MATERIAL", OK, gettext_noop("All %(count)s required papers are there."), {"count": len(required(claim))})
    return Finding(
        "MATERIAL",
        FAIL,
        gettext_noop("%(count)s required papers are missing: %(slots)s."),
        {"count": len(lacking), "slots": ", ".join(lacking)},
    )
