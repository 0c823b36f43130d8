"""What goes on to the funds (bordereau), and what the state gives for it (subsidy, FEE-38)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from kernel.audit import services as audit
from kernel.cash import services as cash
from kernel.documents.numbering import next_number
from kernel.errors import Conflict, Invalid, gettext_noop
from kernel.money import times
from kernel.parameters import queries as parameters
from reguarantee.partners import queries as partners
from reguarantee.premiums.models import Bordereau, Item, Part, PremiumList, Subsidy, SubsidyLine
from reguarantee.premiums.services.billing import PeriodNotOver, last_month, may_bill
from reguarantee.premiums.services.drawing import month
from reguarantee.premiums.services.telling import alone


class SubsidyStands(Conflict):
    code = "SUBSIDY_STANDS"
    sentence = gettext_noop("The subsidy of %(payer)s for %(period)s is claimed already.")


class NothingToClaim(Invalid):
    code = "NOTHING_TO_CLAIM"
    sentence = gettext_noop("No premium was billed in %(period)s, or the subsidy's rate is nothing (parameter %(key)s).")


def funds_waiting(period: str) -> list[str]:
    """Funds of which parts wait that were billed up to the end of the period."""
    return sorted(set(_waiting(period).values_list("party", flat=True)))


def _waiting(period: str) -> Any:
    billed = {"item__list__state": PremiumList.State.BILLED, "item__list__period__lte": last_month(period)}
    return Part.objects.filter(bordereau=None, item__dropped=False, **billed)


@transaction.atomic
def close_fund(*, actor: Any, today: date, party: str, period: str) -> Bordereau | None:
    """Close a period with a fund: all parts billed up to its end become one payable; once closed it stays as it is.

    Parts that sum to nothing or less (credit notes) wait for the next period: None. The parts are locked, so a second
    one who closes hears of the first one's bordereau. Needs premiums.bill. Raises PeriodNotOver, BadBillingPeriod.
    """
    may_bill(actor)
    if today <= month(last_month(period))[1]:
        raise PeriodNotOver(period=period)
    parts = list(_waiting(period).filter(party=party).select_for_update(of=("self",)).order_by("id"))
    standing = Bordereau.objects.filter(party=party, period=period).first()
    fen = sum(part.fen for part in parts)
    if standing is not None or fen <= 0:
        return standing
    row = Bordereau.objects.create(
        party=party,
        period=period,
        fen=fen,
        key=f"fund-premium:{party}:{period}",
        closed_on=today,
        closed_by=actor.label,
        due_on=today + timedelta(days=parameters.value("rg.premium.fund_due_days", on=today)),
    )
    Part.objects.filter(pk__in=[part.pk for part in parts]).update(bordereau=row)
    cash.expect(
        actor=actor,
        today=today,
        key=row.key,
        direction="OUT",
        purpose="FUND_PREMIUM",
        counterparty=party.upper(),
        subject=row.subject,
        fen=fen,
        due_on=row.due_on,
        why=f"{party} {period}",
    )
    facts = {"party": party, "period": period, "fen": fen, "parts": len(parts)}
    audit.leave(actor=actor, act="premiums.close_fund", subject=row.subject, facts=facts)
    return row


def _first_month(period: str) -> str:
    end = last_month(period)
    return f"{end[:5]}{int(end[5:]) - 2:02d}" if "Q" in period else end


@transaction.atomic
def claim_subsidy(*, actor: Any, today: date, payer: str, payer_name: str, period: str) -> Subsidy:
    """Claim the state's subsidy for what was billed in a period, filing by filing, at the parameter's rate; it becomes
    a receivable. By parameter only policy institutions' premiums count (AGR-14). Needs premiums.bill.
    Raises SubsidyStands, NothingToClaim, PeriodNotOver."""
    may_bill(actor)
    end = last_month(period)
    if today <= month(end)[1]:
        raise PeriodNotOver(period=period)
    code = payer.strip().upper()
    alone(f"subsidy:{code}")
    first = _first_month(period)
    for standing in Subsidy.objects.filter(payer=code).values_list("period", flat=True):
        # A month lies in its quarter: the same premium is claimed once, by whatever period.
        if _first_month(standing) <= end and first <= last_month(standing):
            raise SubsidyStands(payer=payer_name, period=standing)
    rate = parameters.value("rg.premium.subsidy_rate", on=month(end)[1])
    premiums: dict[int, int] = defaultdict(int)
    items = Item.objects.filter(list__state=PremiumList.State.BILLED, list__period__range=(first, end), dropped=False)
    if parameters.value("rg.premium.subsidy_policy_only", on=month(end)[1]):
        items = items.filter(list__member_code__in=partners.policy_codes())
    for filing_id, fen in items.values_list("filing_id", "premium_fen"):
        premiums[filing_id] += fen
    lines = [(filing, fen, times(fen, rate)) for filing, fen in sorted(premiums.items()) if fen > 0]
    total = sum(claimed for _, _, claimed in lines)
    if not total:
        raise NothingToClaim(period=period, key="rg.premium.subsidy_rate")
    number = next_number(kind="BT", today=today)
    row = Subsidy.objects.create(
        number=number,
        payer=code,
        payer_name=payer_name.strip(),
        period=period,
        fen=total,
        key=f"subsidy:{code}:{period}",
        claimed_on=today,
        claimed_by=actor.label,
    )
    SubsidyLine.objects.bulk_create(
        SubsidyLine(subsidy=row, filing_id=filing, premium_fen=fen, fen=claimed) for filing, fen, claimed in lines if claimed
    )
    cash.expect(
        actor=actor,
        today=today,
        key=row.key,
        direction="IN",
        purpose="SUBSIDY",
        counterparty=code,
        subject=row.subject,
        fen=total,
        due_on=None,
        why=f"{number} {period}",
    )
    audit.leave(
        actor=actor, act="premiums.claim_subsidy", subject=row.subject, facts={"payer": code, "period": period, "fen": total}
    )
    return row
