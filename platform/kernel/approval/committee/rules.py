"""The rules by which committees count: versions of data, furnished and revised, never changed."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from kernel.access.permissions import check
from kernel.approval.committee.models import CommitteeRule
from kernel.audit import services as audit
from kernel.errors import Conflict, Invalid, NotFound, gettext_noop

_SHARES = ("quorum", "pass_share", "defer_share")
_TERMS = (*_SHARES, "chair_veto", "abstentions_count", "conditional", "ballot_minutes")
_SHIPPED = {
    "member": ("REVIEW", "审保会", "Guarantee committee"),
    "group": ("GROUP", "评审会", "Review committee"),
}


class NoRule(NotFound):
    code = "NO_COMMITTEE_RULE"
    sentence = gettext_noop("There is no committee “%(code)s” with a rule in force.")


class BadShare(Invalid):
    code = "BAD_SHARE"
    sentence = gettext_noop("“%(text)s” is not a share: write 4/5 or 0.80, more than 0 and at most 1.")


class RuleTaken(Conflict):
    code = "RULE_REVISED_MEANWHILE"
    sentence = gettext_noop("Another person has just revised this rule. Look at the new version first.")


def in_force(on: date) -> QuerySet[CommitteeRule]:
    """The version of each committee's rule that holds on a day."""
    return CommitteeRule.objects.filter(effective_from__lte=on).order_by("code", "-effective_from", "-version").distinct("code")


def rule_of(code: str, on: date) -> CommitteeRule:
    """The rule of one committee on a day; without a code the house's only one. Raises NoRule."""
    rows = [rule for rule in in_force(on) if code in ("", rule.code)]
    if len(rows) != 1:
        raise NoRule(code=code)
    return rows[0]


@transaction.atomic
def revise(*, actor: Any, today: date, code: str, effective_from: date, **terms: Any) -> CommitteeRule:
    """Give a committee's rule a next version from a day on: quorum, pass_share, defer_share (text: "4/5", "0.80"), chair_veto,
    abstentions_count, conditional, ballot_minutes. Meetings convened before keep theirs. Needs committee.manage.

    Raises NoRule, BadShare, RuleTaken.
    """
    check(actor, "committee.manage")
    latest = CommitteeRule.objects.filter(code=code).order_by("-version").first()
    if latest is None:
        raise NoRule(code=code)
    told = {name: terms.get(name, getattr(latest, name)) for name in _TERMS}
    for name in _SHARES:
        _check_share(name, told[name])
    row = CommitteeRule(
        code=code,
        version=latest.version + 1,
        title_zh=latest.title_zh,
        title_en=latest.title_en,
        effective_from=effective_from,
        by=actor.label,
        **told,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as clash:
        raise RuleTaken from clash
    audit.leave(actor=actor, act="committee.revise", subject=f"committee:{code}", facts={"version": row.version, **told})
    return row


def _check_share(name: str, text: str) -> None:
    try:
        share = Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise BadShare(field=name, text=text) from None
    if not 0 < share <= 1 or len(text) > 12:
        raise BadShare(field=name, text=text)


def furnish(kind: str) -> None:
    """The committee that a house starts with; domain.md 7.2 gives its shares, the chair's veto is a variant. Idempotent."""
    if kind in _SHIPPED:
        code, title_zh, title_en = _SHIPPED[kind]
        told = {"title_zh": title_zh, "title_en": title_en, "effective_from": date(2017, 1, 1), "by": "SYSTEM"}
        CommitteeRule.objects.get_or_create(code=code, version=1, defaults=told)
