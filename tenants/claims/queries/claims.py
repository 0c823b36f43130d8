"""Reads of claims on the group, their papers, and how ready each guarantee is for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, IntegerField, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel.access.queries import visible
from kernel.cash import queries as moneys
from kernel.documents import queries as documents
from kernel.parameters.queries import value
from tenants.claims.flow import CLAIM
from tenants.claims.models import CaseNote, Claim, Compensation
from tenants.claims.services.claiming import COVERED, NoSuchClaim
from tenants.claims.services.hearing import key_of
from tenants.claims.services.papers import expected, required, subject_of
from tenants.claims.slots import AFTER_PAYMENT, RELEVANT, SLOTS
from tenants.guarantees import figures
from tenants.guarantees.models import Guarantee

STATES = Claim.State.choices
_WAY = ("DRAFT", "SUBMITTED", "CHECKING", "REVIEWING", "APPROVED", "PAID")
_PLACE = {"RECEIVED": 1, "CHECKING": 2, "RETURNED": 2, "REVIEWING": 3, "APPROVED": 4, "PAYING": 4, "PAID": 5, "CLOSED": 6}
_RUNNING = ("ISSUED", "PARTLY_DRAWN", "IN_FORCE", "OVERDUE")


@dataclass(frozen=True)
class Readiness:
    """How ready a guarantee's papers are: `score` of 100, and the labels of what can be there and is not."""

    score: int
    missing: list[str]


def claims(user: Any) -> QuerySet[Claim]:
    """Claims on guarantees that the user may see: what we have to do first, then by their last day."""
    rows = Claim.objects.select_related("guarantee__customer", "guarantee__product", "compensation")
    rows = visible(user, rows, owner="guarantee__owner", department="guarantee__department")
    waits = Case(When(state__in=["DRAFT", "RETURNED"], then=0), default=1, output_field=IntegerField())
    return rows.annotate(waits=waits).order_by("waits", "deadline_on", "-id")


def open_count(user: Any) -> int:
    """Claims that wait for us."""
    return claims(user).filter(state__in=["DRAFT", "RETURNED"]).count()


def one(user: Any, claim_id: int) -> Claim:
    """One claim. Raises NoSuchClaim when it is not there or not for this user."""
    claim = claims(user).filter(id=claim_id).first()
    if claim is None:
        raise NoSuchClaim
    return claim


def of_guarantee(guarantee: Guarantee) -> list[Claim]:
    """The claims on one guarantee, newest first."""
    return list(Claim.objects.filter(guarantee=guarantee).order_by("-id"))


def unclaimed(guarantee: Guarantee) -> QuerySet[Compensation]:
    """Payments to the bank for which no claim stands."""
    standing = Claim.objects.exclude(state="WITHDRAWN").filter(guarantee=guarantee)
    return Compensation.objects.filter(guarantee=guarantee).exclude(id__in=standing.values("compensation")).order_by("id")


def slots(guarantee: Guarantee) -> list[dict[str, Any]]:
    """The claim file by slot: `{"code", "label", "required", "later", "papers"}`; `later`: it comes with the payment."""
    wanted, now = required(guarantee), set(expected(guarantee))
    by_slot: dict[str, list[Any]] = {slot: [] for slot in (*wanted, *RELEVANT)}
    for document in documents.of(subject_of(guarantee.pk)):
        by_slot.setdefault(document.kind, []).append(document)
    return [
        {
            "code": slot,
            "label": str(SLOTS.get(slot, slot)),
            "required": slot in wanted,
            "later": slot in wanted and slot not in now and slot in AFTER_PAYMENT,
            "papers": papers,
        }
        for slot, papers in by_slot.items()
    ]


def readiness(guarantee: Guarantee) -> Readiness:
    """How ready a covered guarantee is for a claim now."""
    wanted = expected(guarantee)
    there = set(documents.of(subject_of(guarantee.pk)).values_list("kind", flat=True))
    lacking = [slot for slot in wanted if slot not in there]
    score = 100 * (len(wanted) - len(lacking)) // len(wanted) if wanted else 100
    return Readiness(score, [str(SLOTS.get(slot, slot)) for slot in lacking])


def files(user: Any) -> QuerySet[Guarantee]:
    """Covered guarantees that run, with `claim_score` (0 to 100), the least ready first."""
    rows = Guarantee.objects.filter(coverage__in=COVERED, state__in=_RUNNING).select_related("customer", "product", "claim_file")
    rows = visible(user, rows, owner="owner", department="department")
    score = Coalesce(F("claim_file__score"), Value(0), output_field=IntegerField())
    return rows.annotate(claim_score=score).order_by("claim_score", "due_on", "id")


def notes(claim: Claim) -> QuerySet[CaseNote]:
    """What the group and we wrote about the claim, oldest first."""
    return CaseNote.objects.filter(subject=f"claim:{claim.claim_no}").order_by("id")


def money(claim: Claim) -> Any:
    """What is expected and has come of it (kernel.cash), or None before approval."""
    return moneys.of(claim.subject).filter(key=key_of(claim)).first()


def steps(claim: Claim) -> list[dict[str, Any]]:
    """The way of the claim for a page."""
    place = _PLACE.get(claim.state, _WAY.index(claim.state) if claim.state in _WAY else -1)
    rows = []
    for number, state in enumerate(_WAY):
        word = "done" if number < place else "now" if number == place else "todo"
        if claim.state in ("REJECTED", "WITHDRAWN"):
            word = "done" if number == 0 or claim.round else "skipped"
        rows.append({"label": str(CLAIM.states[state]), "state": word, "note": ""})
    if claim.state in ("REJECTED", "WITHDRAWN"):
        rows = [*rows[:2], {"label": claim.get_state_display(), "state": "failed", "note": str(claim.decided_on or "")}]
    if claim.state == "RETURNED":
        rows.insert(2, {"label": claim.get_state_display(), "state": "now", "note": str(claim.answer_by or "")})
        rows[3]["state"] = "todo"
    return rows


def todo(claim: Claim, today: date) -> dict[str, Any]:
    """What has to happen now: `{"tone", "title", "text", "days", "left"}`.

    `days` left to the day that binds, negative when it is past, None without one; `left` says so in words.
    """
    by = {"DRAFT": claim.deadline_on, "RETURNED": claim.answer_by}.get(claim.state)
    if may_appeal(claim, today):
        by = claim.answer_by
    days = (by - today).days if by else None
    words = {
        "DRAFT": (_("Complete the papers and submit"), _("Last day %(on)s.") % {"on": claim.deadline_on}),
        "SUBMITTED": (_("Sent to the group"), _("Its answer comes here.")),
        "RECEIVED": (_("The group has it"), _("A claims officer takes it up.")),
        "CHECKING": (_("The group checks it"), _("Watch the messages for questions.")),
        "RETURNED": (_("Mend what is named and send again"), claim.reason),
        "REVIEWING": (_("Under approval at the group"), _("Nothing to do for you.")),
        "APPROVED": (_("Approved; the money is on its way"), _("Register it when it arrives.")),
        "PAYING": (_("Approved; the money is on its way"), _("Register it when it arrives.")),
        "PAID": (_("Paid by the group"), _("Register the receipt if it is not there yet.")),
        "REJECTED": (_("Refused by the group"), _refusal(claim, today)),
    }
    title, text = words.get(claim.state, (claim.get_state_display(), ""))
    late = days is not None and days < 0
    tone = "danger" if late or claim.state == "REJECTED" else "warning" if days is not None else "info"
    return {"tone": tone, "title": title, "text": text, "days": days, "left": _left(days)}


def may_appeal(claim: Claim, today: date) -> bool:
    """Refused once, and the day that the group told is not over; without such a day there is none (domain.md 7.6)."""
    in_time = claim.answer_by is None or today <= claim.answer_by
    return claim.state == "REJECTED" and not claim.is_appeal and in_time


def _refusal(claim: Claim, today: date) -> str:
    reason = _(claim.reason) if claim.reason else ""
    if claim.is_appeal:
        return reason
    if claim.answer_by is None:
        return _("%(reason)s You may appeal once.") % {"reason": reason}
    told = {"reason": reason, "on": claim.answer_by}
    if may_appeal(claim, today):
        return _("%(reason)s You may appeal once, until %(on)s.") % told
    return _("%(reason)s The last day to appeal was %(on)s; the refusal is final.") % told


def _left(days: int | None) -> str:
    if days is None:
        return ""
    if days < 0:
        return ngettext("%(n)s day late", "%(n)s days late", -days) % {"n": -days}
    return ngettext("%(n)s day left", "%(n)s days left", days) % {"n": days}


def rates(by: str, year: int) -> list[dict[str, Any]]:
    """What was paid to banks in a year against what was released in it, by product or bank, with the limit (CLM-05).

    Released is the member's share, and what ended by compensation counts as well (代偿解保, domain.md 6.1), as in the rate
    of the workbench. Rows `{"name", "paid_fen", "released_fen", "rate": Decimal|None, "limit"}`; None where nothing was.
    """
    column = {"product": "product__code", "bank": "bank_name"}[by]
    paid = dict(
        Compensation.objects.filter(paid_on__year=year).order_by().values_list(f"guarantee__{column}").annotate(Sum("paid_fen"))
    )
    released = figures.released(column, year)
    rows = []
    for name in sorted({*paid, *released}):
        base = released.get(name, 0)
        limit = value("rg.ordinary.claim_cap", on=date(year, 12, 31), product=name if by == "product" else "")
        rate = Decimal(paid.get(name, 0)) / base if base else None
        rows.append({"name": name, "paid_fen": paid.get(name, 0), "released_fen": base, "rate": rate, "limit": limit})
    return sorted(rows, key=lambda row: (row["rate"] is not None, -(row["rate"] or 0)))
