"""The rules by which committees count: versions of data, proposed by one person and approved by another, never changed."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from kernel.access.permissions import check
from kernel.approval.committee.models import CommitteeRule
from kernel.audit import services as audit
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound, gettext_noop

_SHARES = ("quorum", "pass_share", "defer_share")
TERMS = (*_SHARES, "chair_veto", "abstentions_count", "conditional", "ballot_minutes")
"""What a version says; the names of CommitteeRule's fields."""
_SHIPPED = {
    "member": ("REVIEW", "审保会", "Guarantee committee"),
    "group": ("GROUP", "评审会", "Review committee"),
}
_FIRST_DAY = date(2017, 1, 1)


class NoRule(NotFound):
    code = "NO_COMMITTEE_RULE"
    sentence = gettext_noop("There is no committee “%(code)s” with a rule in force.")


class BadShare(Invalid):
    code = "BAD_SHARE"
    sentence = gettext_noop("“%(text)s” is not a share: write 4/5 or 0.80, more than 0 and at most 1.")


class RuleWaits(Conflict):
    code = "RULE_PROPOSED_ALREADY"
    sentence = gettext_noop("A next rule is proposed already. It is approved or refused first.")


class RuleTooEarly(Invalid):
    code = "RULE_TOO_EARLY"
    sentence = gettext_noop("A rule holds from today on at the earliest: meetings that were held keep theirs.")


class RuleStands(Conflict):
    code = "RULE_STANDS"
    sentence = gettext_noop("Another rule begins on %(on)s already. Choose another day.")


class RuleDecided(Conflict):
    code = "RULE_DECIDED"
    sentence = gettext_noop("This rule is decided already. Read the list of versions.")


class OwnRule(NotAllowed):
    code = "OWN_RULE"
    sentence = gettext_noop("You proposed this rule; another person has to approve it.")


def in_force(on: date) -> QuerySet[CommitteeRule]:
    """The version of each committee's rule that holds on a day."""
    rows = CommitteeRule.objects.filter(state=CommitteeRule.State.APPROVED, effective_from__lte=on)
    return rows.order_by("code", "-effective_from", "-version").distinct("code")


def rule_of(code: str, on: date) -> CommitteeRule:
    """The rule of one committee on a day; without a code the house's only one. Raises NoRule."""
    rows = [rule for rule in in_force(on) if code in ("", rule.code)]
    if len(rows) != 1:
        raise NoRule(code=code)
    return rows[0]


@transaction.atomic
def propose_rule(*, actor: Any, today: date, code: str, effective_from: date, reason: str = "", **terms: Any) -> CommitteeRule:
    """Propose a committee's next version from a day on: quorum, pass_share, defer_share (text: "4/5", "0.80"), chair_veto,
    abstentions_count, conditional, ballot_minutes; what is not given stays as it is on that day. Needs committee.manage.

    Of two at once the second hears that one waits. Raises NoRule, BadShare, RuleTooEarly, RuleWaits.
    """
    check(actor, "committee.manage")
    if effective_from < today:
        raise RuleTooEarly(field="effective_from")
    standing = rule_of(code, effective_from)
    told = {name: terms.get(name, getattr(standing, name)) for name in TERMS}
    for name in _SHARES:
        told[name] = told[name].strip()
        _check_share(name, told[name])
    latest = CommitteeRule.objects.filter(code=code).order_by("-version").values_list("version", flat=True)[0]
    row = CommitteeRule(
        code=code, version=latest + 1, title_zh=standing.title_zh, title_en=standing.title_en, effective_from=effective_from,
        reason=reason.strip()[:300], proposed_by_id=actor.id, proposed_by=actor.label, proposed_on=today, **told,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as clash:
        raise RuleWaits from clash
    _note(actor, "committee.propose_rule", row, **told)
    return row


@transaction.atomic
def decide_rule(*, actor: Any, today: date, rule_id: int, approve: bool) -> CommitteeRule:
    """Approve a proposed version, or refuse it. Needs committee.approve_rules and another person than who proposed it.

    Meetings convened before keep theirs. Raises NoRule, RuleDecided, OwnRule, RuleTooEarly, RuleStands.
    """
    check(actor, "committee.approve_rules")
    row = CommitteeRule.objects.select_for_update().filter(pk=rule_id).first()
    if row is None:
        raise NoRule(code=rule_id)
    if row.state != CommitteeRule.State.PROPOSED:
        raise RuleDecided
    if approve and row.proposed_by_id == actor.id:
        raise OwnRule
    if approve and row.effective_from < today:
        raise RuleTooEarly
    row.state = CommitteeRule.State.APPROVED if approve else CommitteeRule.State.REFUSED
    row.decided_by, row.decided_on = actor.label, today
    try:
        with transaction.atomic():
            row.save(update_fields=["state", "decided_by", "decided_on"])
    except IntegrityError as clash:
        if "committee_rule_one_a_day" not in str(clash):
            raise
        raise RuleStands(on=row.effective_from) from clash
    _note(actor, "committee.approve_rule" if approve else "committee.refuse_rule", row)
    return row


def _note(actor: Any, act: str, row: CommitteeRule, **facts: Any) -> None:
    told = {"version": row.version, "from": row.effective_from, **facts}
    audit.leave(actor=actor, act=act, subject=f"committee:{row.code}", facts=told)


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
        told = {
            "title_zh": title_zh, "title_en": title_en, "effective_from": _FIRST_DAY, "proposed_by": "SYSTEM",
            "proposed_on": _FIRST_DAY, "decided_on": _FIRST_DAY, "state": CommitteeRule.State.APPROVED,
        }  # fmt: skip
        CommitteeRule.objects.get_or_create(code=code, version=1, defaults=told)
