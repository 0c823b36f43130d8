"""Drawing up the list of a member and month (FEE-12): always the same list, until the member has agreed."""

from __future__ import annotations

import calendar
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery

from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.errors import Conflict, Invalid, gettext_noop
from kernel.money import half_up
from reguarantee.filings.models import Decision, Filing, Status
from reguarantee.premiums.models import Item, Part, PremiumList
from reguarantee.premiums.reckoning.balances import balances
from reguarantee.premiums.reckoning.charging import DAILY, INITIAL, Cost, Reckoning, bears_premium, first_day, last_day
from reguarantee.premiums.reckoning.standards import Tariffs, told
from reguarantee.premiums.services.telling import alone
from reguarantee.premiums.tariff import ONE_DAY

OPEN = (PremiumList.State.DRAFT, PremiumList.State.ISSUED, PremiumList.State.DISPUTED)
_FIGURES = (
    "first", "last", "days", "base_fen", "ceded_fen", "rate", "day_count", "premium_fen", "fund_fen", "vat", "basis"
)  # fmt: skip


class BadPeriod(Invalid):
    code = "BAD_PERIOD"
    sentence = gettext_noop("“%(text)s” is not a month. Write it like 2026-03.")


class MonthNotBegun(Conflict):
    code = "MONTH_NOT_BEGUN"
    sentence = gettext_noop("%(period)s has not begun yet; there is nothing to list.")


def month(period: str) -> tuple[date, date]:
    """First and last day of YYYY-MM. Raises BadPeriod."""
    try:
        first = date.fromisoformat(f"{period}-01")
    except ValueError:
        raise BadPeriod(field="period", text=period) from None
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


@transaction.atomic
def draw_list(*, actor: Any, today: date, member_code: str, period: str) -> PremiumList | None:
    """Draw up, or draw up again, what a member owes for a month; None when there is nothing.

    On it stand the covers confirmed up to its end that no list has yet, the days of the month on reported balances, and
    corrections of what was billed before and would now cost something else. Once agreed a list stays as it is; one that
    changes while it is with the member is a draft again, for nobody agrees to what he has not seen. The row lock of the
    list lets one at a time draw it; the same again changes nothing. Needs premiums.list. Raises BadPeriod, MonthNotBegun.
    """
    check_list(actor)
    first, end = month(period)
    if today < first:
        raise MonthNotBegun(period=period)
    until = min(end, today - ONE_DAY)
    row = PremiumList.objects.select_for_update().filter(member_code=member_code, period=period).first()
    if row is not None and row.state not in OPEN:
        row.changed = 0
        return row
    fresh = row is None
    if row is None:
        number = f"BFQD-{member_code}-{period}"
        PremiumList.objects.bulk_create(
            [PremiumList(number=number, member_code=member_code, period=period, drawn_on=today)], ignore_conflicts=True
        )
        row = PremiumList.objects.select_for_update().get(member_code=member_code, period=period)
        if row.state not in OPEN:
            row.changed = 0
            return row
    # Lists of two months look at the same filings: one after the other, or both would take the same rows.
    alone(f"draw:{member_code}")
    changed = _Drawing(row, end=end, until=until).run()
    if row.state == PremiumList.State.DRAFT and not row.round and not row.items.exists():
        row.delete()
        return None
    if changed or fresh:
        row.drawn_on = today
        if row.state == PremiumList.State.ISSUED:
            row.state = PremiumList.State.DRAFT
        row.save(update_fields=["drawn_on", "state"])
        facts = {"member": member_code, "period": period, "changed": changed}
        audit.leave(actor=actor, act="premiums.draw", subject=f"premium-list:{row.pk}", facts=facts)
    row.changed = changed
    return row


def check_list(actor: Any) -> None:
    """A person needs the right; the clock draws lists by itself."""
    if getattr(actor, "kind", "") != "SYSTEM":
        check(actor, "premiums.list")


@dataclass(frozen=True)
class _Row:
    """An item as it should stand; of a correction `fen` and `funds` are what it adds or (negative) takes back."""

    filing: Filing
    kind: str
    cost: Cost
    corrects: Item | None = None
    fen: int = 0
    funds: Mapping[str, int] = field(default_factory=dict)

    @property
    def place(self) -> tuple[int, str, int | None]:
        return self.filing.pk, self.kind, self.corrects.pk if self.corrects else None

    def figures(self) -> dict[str, Any]:
        found = {name: getattr(self.cost, name) for name in _FIGURES}
        if self.corrects is not None:
            found |= {"premium_fen": self.fen, "fund_fen": sum(self.funds.values()), "vat": self.corrects.vat}
        return found

    def parts(self) -> list[tuple[str, int, Any, int]]:
        if self.corrects is None:
            return [(part.party, part.ceded_fen, part.rate, part.fen) for part in self.cost.parts]
        known = {part.party: (part.ceded_fen, part.rate) for part in self.cost.parts}
        return [(party, *known.get(party, (0, 0)), fen) for party, fen in self.funds.items() if fen]


class _Drawing:
    def __init__(self, row: PremiumList, *, end: date, until: date) -> None:
        self.list, self.end, self.until = row, end, until

    def run(self) -> int:
        """Bring the list's items to what they should be; returns how many rows were added, changed or removed."""
        filings = self._filings()
        self.items: dict[int, list[Item]] = defaultdict(list)
        mine = Item.objects.filter(filing__in=[filing.pk for filing in filings])
        for item in mine.select_related("list", "corrects").prefetch_related("parts").order_by("id"):
            self.items[item.filing_id].append(item)
        tariffs = Tariffs(self.list.member_code, on=self.end)
        tariffs.size(filings)
        self.reckoning = Reckoning(tariffs, balances([filing for filing in filings if self._base(tariffs, filing) == DAILY]))
        wanted: list[_Row] = []
        for filing in filings:
            wanted += self._new(tariffs, filing)
            wanted += self._corrections(filing)
        return self._store(wanted)

    def _filings(self) -> list[Filing]:
        # The day of the first confirmation counts: what is corrected later stays in its month.
        confirmed = Decision.objects.filter(filing=OuterRef("pk"), status=Status.CONFIRMED).order_by("id")
        rows = Filing.objects.filter(member_code=self.list.member_code, treaty_version__isnull=False)
        rows = rows.annotate(confirmed_on=Subquery(confirmed.values("on")[:1]))
        live = Q(status=Status.CONFIRMED, confirmed_on__lte=self.end, drawdown_on__lte=self.end)
        known = Q(pk__in=Item.objects.filter(filing__member_code=self.list.member_code).values("filing"))
        return list(rows.filter(live | known).select_related("treaty_version__treaty").order_by("id"))

    def _base(self, tariffs: Tariffs, filing: Filing) -> str:
        """What a filing was charged by once, it is charged by always."""
        kinds = {item.kind for item in self.items[filing.pk]}
        if Item.Kind.COVER in kinds:
            return INITIAL
        return DAILY if Item.Kind.BALANCE in kinds else tariffs.agreed(filing, "base")

    def _new(self, tariffs: Tariffs, filing: Filing) -> Iterable[_Row]:
        confirmed_on = filing.confirmed_on  # annotated above
        if not bears_premium(filing) or confirmed_on is None or max(filing.drawdown_on, confirmed_on) > self.end:
            return
        others = [item for item in self.items[filing.pk] if item.list_id != self.list.pk and item.kind != Item.Kind.CORRECTION]
        if self._base(tariffs, filing) == INITIAL:
            if not others and filing.ceded_fen:
                yield _Row(filing, Item.Kind.COVER, self.reckoning.whole(filing, size_fen=self._size(filing)))
            return
        # A late list does not take the days that a later month's list has already.
        first = max([item.last + ONE_DAY for item in others], default=first_day(filing))
        last = min(self.until, last_day(filing))
        if first <= last:
            cost = self.reckoning.part(filing, first, last, size_fen=self._size(filing))
            if cost.premium_fen or cost.ceded_fen:
                yield _Row(filing, Item.Kind.BALANCE, cost)

    def _size(self, filing: Filing) -> int | None:
        """The size that the first item found: later loans of the obligor do not change the rate of this one."""
        first = next((item for item in self.items[filing.pk] if item.list_id != self.list.pk), None)
        return first.found_by[0]["size_fen"] if first else None

    def _corrections(self, filing: Filing) -> Iterable[_Row]:
        """What was billed and would cost something else now: one row more, or less on the rows that were charged."""
        rows = [item for item in self.items[filing.pk] if item.list_id != self.list.pk]
        for item in rows:
            if item.dropped or item.kind == Item.Kind.CORRECTION or item.list.state != PremiumList.State.BILLED:
                continue
            size = item.found_by[0]["size_fen"]
            if item.kind == Item.Kind.COVER:
                cost = self.reckoning.whole(filing, size_fen=size)
            else:
                cost = self.reckoning.part(filing, item.first, item.last, size_fen=size)
            corrections = [row for row in rows if _root(row) == item.pk != row.pk]
            missing = cost.premium_fen - item.premium_fen - sum(row.premium_fen + row.waived_fen for row in corrections)
            funds = Counter({part.party: part.fen for part in cost.parts})
            for row in (item, *corrections):
                funds.subtract({part.party: part.fen for part in row.parts.all()})
            if not missing:
                # Only a fund takes more or less than it got: nothing for the member to pay, but for the fund.
                if any(funds.values()) and not any(row.waived_fen for row in corrections):
                    yield _Row(filing, Item.Kind.CORRECTION, cost, item, 0, funds)
                continue
            for row, fen in _shared(missing, item, corrections):
                # The fund's part goes along in proportion; the last one keeps the odd fen.
                share = {party: half_up(part * fen, missing) for party, part in funds.items()}
                missing -= fen
                funds.subtract(share)
                yield _Row(filing, Item.Kind.CORRECTION, cost, row, fen, share)

    def _store(self, wanted: list[_Row]) -> int:
        standing = {
            (item.filing_id, item.kind, item.corrects_id): item for rows in self.items.values() for item in rows
            if item.list_id == self.list.pk
        }  # fmt: skip
        changed = 0
        fresh: list[tuple[Item, _Row]] = []
        for row in wanted:
            item = standing.pop(row.place, None)
            if item is None:
                item = Item(list=self.list, filing=row.filing, kind=row.kind, corrects=row.corrects, **row.figures())
                fresh.append((item, row))
            elif any(getattr(item, name) != value for name, value in row.figures().items()) and not item.dropped:
                for name, value in row.figures().items():
                    setattr(item, name, value)
                item.save()
                item.parts.all().delete()
                _parts([(item, row)])
                changed += 1
        Item.objects.bulk_create([item for item, _ in fresh])
        _parts(fresh)
        gone = [item.pk for item in standing.values() if not item.dropped]
        Item.objects.filter(pk__in=gone).delete()
        return changed + len(fresh) + len(gone)


def _root(item: Item) -> int:
    """The first item that a correction, or a correction of a correction, goes back to."""
    if item.corrects is None:
        return item.pk
    return item.corrects.corrects_id or item.corrects.pk


def waive(item: Item) -> None:
    """Take a row off its list: it costs nothing. What a correction would have cost stays with it, or the next list would
    find the same difference again."""
    if item.kind == Item.Kind.CORRECTION:
        item.basis = told([*item.found_by, {"waived_fen": item.premium_fen}])
    item.parts.all().delete()
    item.dropped, item.premium_fen, item.fund_fen = True, 0, 0


def _shared(missing: int, item: Item, corrections: list[Item]) -> Iterable[tuple[Item, int]]:
    """More is charged beside the first item; less is taken from what was charged, the latest first, never below nothing."""
    if missing > 0:
        yield item, missing
        return
    for row in reversed([item, *(row for row in corrections if row.premium_fen > 0)]):
        taken = sum(other.premium_fen for other in corrections if other.premium_fen < 0 and other.corrects_id == row.pk)
        fen = max(missing, -(row.premium_fen + taken))
        if fen:
            missing -= fen
            yield row, fen
        if not missing:
            return


def _parts(rows: list[tuple[Item, _Row]]) -> None:
    Part.objects.bulk_create(
        Part(item=item, party=party, ceded_fen=ceded, rate=rate, fen=fen)
        for item, row in rows
        for party, ceded, rate, fen in row.parts()
    )
