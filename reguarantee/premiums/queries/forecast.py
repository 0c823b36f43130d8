"""Income that will come: listed, still to be listed, by the day on scheduled balances, and under review (FEE-17)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.db.models import Exists, Max, OuterRef
from django.utils.translation import gettext_noop

from kernel.calendar import add_months
from kernel.money import half_up
from reguarantee.filings.models import Filing, Status
from reguarantee.premiums.models import Item, PremiumList
from reguarantee.premiums.reckoning.balances import Steps, balances, stretched
from reguarantee.premiums.reckoning.charging import DAILY, Reckoning, bears_premium, first_day, last_day, unreported
from reguarantee.premiums.reckoning.standards import Tariffs
from reguarantee.premiums.tariff import ONE_DAY, Stretch, average, year_part

LISTED, COVER, BALANCE, PIPELINE = "LISTED", "COVER", "BALANCE", "PIPELINE"
SOURCES = (
    (LISTED, gettext_noop("Listed, not billed yet")),
    (COVER, gettext_noop("Covered, not listed yet")),
    (BALANCE, gettext_noop("By the day, on scheduled balances")),
    (PIPELINE, gettext_noop("Under review")),
)


@dataclass(frozen=True)
class Expected:
    """What a guarantee is expected to bring in a month, fen."""

    month: str
    source: str
    member_code: str
    number: str
    filing_id: int
    fen: int


def forecast(*, today: date, months: int = 12) -> list[Expected]:
    """What each guarantee brings from this month on. A forecast, not a claim: balances fall as scheduled, or stay as they
    are, and what is under review is covered as asked for."""
    this = today.replace(day=1)
    ends = [add_months(this, place + 1) - ONE_DAY for place in range(months)]
    rows = list(_listed(f"{this:%Y-%m}"))
    # What was charged for its whole cover brings nothing more: those, the most by far, are not read at all.
    covered = Exists(Item.objects.filter(filing=OuterRef("pk"), kind=Item.Kind.COVER))
    filings = Filing.objects.filter(
        ~covered, status__in=[Status.CONFIRMED, Status.REVIEWING], treaty_version__isnull=False,
        due_on__gte=this - timedelta(days=400),
    )  # fmt: skip
    members = defaultdict(list)
    for filing in filings.select_related("treaty_version__treaty"):
        members[filing.member_code].append(filing)
    balance = Item.objects.filter(kind=Item.Kind.BALANCE, filing__in=filings).order_by().values("filing_id")
    charged = dict(balance.annotate(until=Max("last")).values_list("filing_id", "until"))
    for code, found in members.items():
        tariffs = Tariffs(code, on=today)
        tariffs.size(found)
        steps = balances([one for one in found if tariffs.agreed(one, "base") == DAILY])
        for filing in found:
            rows += _of(filing, Reckoning(tariffs, steps), steps, charged.get(filing.pk), this, ends)
    return sorted(rows, key=lambda row: (row.month, row.source, row.member_code, row.number))


def _listed(this: str) -> Iterable[Expected]:
    items = Item.objects.filter(bill=None, dropped=False).exclude(list__state=PremiumList.State.BILLED)
    for item in items.select_related("filing", "list"):
        month = max(item.list.period, this) if item.list else this
        yield Expected(month, LISTED, item.filing.member_code, item.filing.number, item.filing_id, item.premium_fen)


def _of(
    filing: Filing, reckoning: Reckoning, steps: dict[int, Steps], charged: date | None, this: date, ends: list[date]
) -> Iterable[Expected]:
    told = (filing.member_code, filing.number, filing.pk)
    if filing.status == Status.REVIEWING:
        rate = reckoning.tariffs.rate(filing, filing.drawdown_on).rate
        whole = Fraction(filing.reserved_fen) * Fraction(rate) * _year(reckoning, filing)
        yield Expected(f"{this:%Y-%m}", PIPELINE, *told, half_up(whole.numerator, whole.denominator))
    elif not bears_premium(filing):
        return
    elif reckoning.tariffs.agreed(filing, "base") != DAILY:
        yield Expected(f"{this:%Y-%m}", COVER, *told, reckoning.whole(filing).premium_fen)
    else:
        begin = (charged + ONE_DAY) if charged else first_day(filing)
        known = steps.get(filing.pk) or unreported(filing)
        rate = reckoning.tariffs.rate(filing, max(begin, this)).rate
        count = reckoning.tariffs.agreed(filing, "day_count")
        for end in ends:
            last = min(end, last_day(filing))
            if begin > last:
                continue
            held = [Stretch(a, b, fen, rate) for a, b, fen in stretched(known, begin, last)]
            whole = average(held, begin, last) * Fraction(rate) * year_part(begin, last, count)
            if fen := half_up(whole.numerator, whole.denominator):
                yield Expected(f"{end:%Y-%m}", BALANCE, *told, fen)
            begin = last + ONE_DAY


def _year(reckoning: Reckoning, filing: Filing) -> Fraction:
    return year_part(first_day(filing), last_day(filing), reckoning.tariffs.agreed(filing, "day_count"))


def by_month(rows: Iterable[Expected]) -> list[tuple[str, dict[str, int]]]:
    """(month, {source: fen}) in order of the months."""
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        month = found.setdefault(row.month, dict.fromkeys((code for code, _ in SOURCES), 0))
        month[row.source] += row.fen
    return sorted(found.items())
