"""What happens to a treaty while it is in force: members come and go, lines are set, and it ends."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from kernel.audit import services as audit
from kernel.errors import Conflict, Invalid, gettext_noop
from reguarantee.treaties.flow import TREATY
from reguarantee.treaties.lines import hold
from reguarantee.treaties.models import EVERY_MEMBER, Line, Treaty
from reguarantee.treaties.services.drafts import MEMBER, BadTreaty, TreatyEnded, allowed, locked
from reguarantee.treaties.services.telling import tell_all, tell_line


class EndsTooEarly(Invalid):
    code = "ENDS_TOO_EARLY"
    sentence = gettext_noop("The last version is in force from %(first)s, so the treaty cannot end before that day.")


class LineBelowUse(Conflict):
    code = "LINE_BELOW_USE"
    sentence = gettext_noop("%(used)s fen of this line are used or reserved already; it cannot be less.")


class LastMember(Conflict):
    code = "LAST_MEMBER"
    sentence = gettext_noop("%(member)s is the only member of treaty %(code)s. End the treaty instead.")


@transaction.atomic
def end(*, actor: Any, today: date, code: str, on: date) -> Treaty:
    """End a treaty with `on` as the last day on which a drawdown attaches. What is attached stays attached.

    Raises NoSuchTreaty, WrongState, EndsTooEarly.
    """
    allowed(actor, "treaties.publish")
    treaty = locked(code)
    TREATY.move(treaty, "end")
    last = treaty.versions.filter(published_on__isnull=False).order_by("-effective_from").first()
    if last is not None and on < last.effective_from:
        raise EndsTooEarly(field="on", first=last.effective_from)
    if last is not None and (last.effective_to is None or last.effective_to > on):
        last.effective_to = on
        last.save(update_fields=["effective_to"])
    treaty.ended_on = on
    treaty.save(update_fields=["status", "ended_on"])
    audit.leave(actor=actor, act="treaties.end", subject=f"treaty:{treaty.id}", facts={"code": code, "on": on})
    if last is not None:
        last.treaty = treaty
        tell_all(last, today=today)
    return treaty


@transaction.atomic
def set_line(
    *, actor: Any, today: date, code: str, member_code: str, year: int, line_fen: int | None, target_fen: int | None = None
) -> Line:
    """Set how much may be ceded under a treaty in a calendar year of drawdown; None takes the limit away.

    `member_code` `*` is the line that all members share. What was ceded before the line was set counts. `target_fen` is
    the volume that the member is to bring in that year (AGR-03); left out, it stays. A member hears of its own line.
    Raises NoSuchTreaty, BadTreaty, LineBelowUse.
    """
    allowed(actor, "treaties.edit")
    treaty = locked(code)
    if member_code != EVERY_MEMBER and not MEMBER.match(member_code):
        raise BadTreaty(gettext_noop("“%(member)s” is not a member's code."), field="member_code", member=member_code)
    for name, fen in (("line_fen", line_fen), ("target_fen", target_fen)):
        if fen is not None and fen < 0:
            raise BadTreaty(gettext_noop("A line cannot be below nothing."), field=name)
    rows = hold(treaty_id=treaty.id, member_code=member_code, year=year).rows
    line = next(row for row in rows if row.member_code == member_code)
    taken = line.used_fen + line.reserved_fen
    if line_fen is not None and line_fen < taken:
        raise LineBelowUse(field="line_fen", used=taken)
    line.line_fen = line_fen
    if target_fen is not None:
        line.target_fen = target_fen
    line.save(update_fields=["line_fen", "target_fen"])
    facts = {"code": code, "member": member_code, "year": year, "line_fen": line_fen, "target_fen": line.target_fen}
    audit.leave(actor=actor, act="treaties.set_line", subject=f"treaty:{treaty.id}", facts=facts)
    tell_line(line)
    return line


@transaction.atomic
def join(*, actor: Any, today: date, code: str, member_code: str) -> Treaty:
    """Let a member take part in a treaty: its drawdowns attach from now on. Nothing happens when it does already.

    Called by admission, which has checked that the actor may. Raises NoSuchTreaty, TreatyEnded, BadTreaty.
    """
    treaty = locked(code)
    if treaty.status == Treaty.Status.ENDED:
        raise TreatyEnded(code=code)
    if not MEMBER.match(member_code):
        raise BadTreaty(gettext_noop("“%(member)s” is not a member's code."), field="member_code", member=member_code)
    known = treaty.members == [EVERY_MEMBER] or member_code in treaty.members
    if known and member_code not in treaty.left:
        return treaty
    treaty.left.pop(member_code, None)
    if not known:
        treaty.members = [*treaty.members, member_code]
    treaty.save(update_fields=["members", "left"])
    _membership_changed(actor, today, treaty, "treaties.join", member_code)
    return treaty


@transaction.atomic
def leave(*, actor: Any, today: date, code: str, member_code: str, on: date | None = None) -> Treaty:
    """Let a member leave: drawdowns after `on` (left out: today) do not attach; what is attached stays (PAR: exit keeps).

    Nothing happens when it does not take part. Raises NoSuchTreaty, LastMember.
    """
    treaty = locked(code)
    known = treaty.members == [EVERY_MEMBER] or member_code in treaty.members
    if not known or member_code in treaty.left:
        return treaty
    if treaty.members == [member_code]:
        raise LastMember(code=code, member=member_code)
    treaty.left[member_code] = (on or today).isoformat()
    treaty.members = [member for member in treaty.members if member != member_code]
    treaty.save(update_fields=["members", "left"])
    _membership_changed(actor, today, treaty, "treaties.leave", member_code)
    return treaty


def _membership_changed(actor: Any, today: date, treaty: Treaty, act: str, member_code: str) -> None:
    audit.leave(
        actor=actor, act=act, subject=f"treaty:{treaty.id}", facts={"code": treaty.code, "member": member_code, "on": today}
    )
    versions = treaty.versions.filter(published_on__isnull=False).order_by("-effective_from")
    if last := versions.first():
        last.treaty = treaty
        tell_all(last, today=today, only=member_code)
