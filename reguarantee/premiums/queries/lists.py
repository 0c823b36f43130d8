"""Reads of lists, bills, standards and what goes on to the funds. Lists are QuerySets with constant statements."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, Count, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest, Least

from kernel.cash import queries as money
from kernel.errors import NotFound, gettext_noop
from reguarantee.premiums.models import Bill, Bordereau, Item, Part, PremiumList, Standard, Subsidy, SubsidyLine
from reguarantee.premiums.services import NoSuchList, NoSuchStandard


class NoSuchBill(NotFound):
    code = "NO_SUCH_PREMIUM_BILL"
    sentence = gettext_noop("There is no such bill.")


class NoSuchBordereau(NotFound):
    code = "NO_SUCH_BORDEREAU"
    sentence = gettext_noop("There is no such bordereau.")


def _zero(total: Any) -> Any:
    return Coalesce(total, Value(0), output_field=BigIntegerField())


def _each(rows: QuerySet[Any], by: str, what: Any) -> Any:
    """A total beside each row of a page: it reads the rows of those shown, not of all that ever were."""
    return _zero(Subquery(rows.order_by().values(by).annotate(total=what).values("total")))


def lists() -> QuerySet[PremiumList]:
    """Monthly lists; adds `rows`, `premium_fen`, `fund_fen`, `net_fen` and `disputed` (rows that wait for an answer)."""
    items = Item.objects.filter(list=OuterRef("pk"))
    live = items.filter(dropped=False)
    return PremiumList.objects.annotate(
        rows=_each(live, "list", Count("pk")),
        premium_fen=_each(live, "list", Sum("premium_fen")),
        fund_fen=_each(live, "list", Sum("fund_fen")),
        net_fen=F("premium_fen") - F("fund_fen"),
        disputed=_each(items.filter(dispute="OPEN"), "list", Count("pk")),
    )


def premium_list(list_id: int) -> PremiumList:
    """One list with its sums. Raises NoSuchList."""
    row = lists().filter(pk=list_id).first()
    if row is None:
        raise NoSuchList
    return row


def items(**filters: Any) -> QuerySet[Item]:
    """Items with filing and parts; `filters` are field lookups (list=, bill=, filing=)."""
    rows = Item.objects.filter(**filters).select_related("filing__treaty_version__treaty", "list", "bill")
    rows = rows.defer("filing__treaty_version__terms", "filing__facts", "filing__shares")
    return rows.prefetch_related("parts").order_by("id")


def item(item_id: int) -> Item:
    """Raises NoSuchList."""
    row = items(pk=item_id).first()
    if row is None:
        raise NoSuchList
    return row


def bills() -> QuerySet[Bill]:
    """Bills and credit notes; adds `left_fen`: what has still to come, or of a credit note to be paid back."""
    refunds = Bill.objects.filter(credits=OuterRef("pk")).order_by().values("credits").annotate(total=Sum("refund_fen"))
    back = _zero(Subquery(refunds.values("total")))
    return Bill.objects.select_related("credits").annotate(
        left_fen=Coalesce(
            Subquery(money.dues().filter(key=OuterRef("key")).annotate(open=F("fen") - F("moved_fen")).values("open")[:1]),
            Value(0),
        ),
        back_fen=back,
    )


def bill(bill_id: int) -> Bill:
    """Raises NoSuchBill."""
    row = bills().filter(pk=bill_id).first()
    if row is None:
        raise NoSuchBill
    return row


def credit_notes(of: Bill) -> QuerySet[Bill]:
    return Bill.objects.filter(credits=of).order_by("id")


def standards() -> QuerySet[Standard]:
    """All standards ever proposed, those that wait for a decision first."""
    return Standard.objects.select_related("filing").order_by("decided_on", "-effective_from", "-id")


def standard(standard_id: int) -> Standard:
    """Raises NoSuchStandard."""
    row = standards().filter(pk=standard_id).first()
    if row is None:
        raise NoSuchStandard
    return row


def bordereaux() -> QuerySet[Bordereau]:
    """Closed periods with the funds; adds `rows` and `moved_fen`."""
    moved = money.dues().filter(key=OuterRef("key")).values("moved_fen")[:1]
    rows = _each(Part.objects.filter(bordereau=OuterRef("pk")), "bordereau", Count("pk"))
    return Bordereau.objects.annotate(rows=rows, moved_fen=Coalesce(Subquery(moved), Value(0)))


def bordereau(bordereau_id: int) -> Bordereau:
    """Raises NoSuchBordereau."""
    row = bordereaux().filter(pk=bordereau_id).first()
    if row is None:
        raise NoSuchBordereau
    return row


def parts(bordereau_id: int) -> QuerySet[Part]:
    """The rows of a bordereau: guarantee by guarantee."""
    return Part.objects.filter(bordereau=bordereau_id).select_related("item__filing", "item__list").order_by("id")


def parts_waiting() -> list[dict[str, Any]]:
    """By fund, what is billed and not yet closed: `{"party", "fen", "rows"}`."""
    rows = Part.objects.filter(bordereau=None, item__dropped=False, item__list__state=PremiumList.State.BILLED)
    return list(rows.order_by("party").values("party").annotate(fen=Sum("fen"), rows=Count("id")))


def subsidies() -> QuerySet[Subsidy]:
    """Claimed subsidies; adds `rows` and `moved_fen`, what has come."""
    moved = money.dues().filter(key=OuterRef("key")).values("moved_fen")[:1]
    rows = _each(SubsidyLine.objects.filter(subsidy=OuterRef("pk")), "subsidy", Count("pk"))
    return Subsidy.objects.annotate(rows=rows, moved_fen=Coalesce(Subquery(moved), Value(0)))


def subsidy_lines() -> QuerySet[SubsidyLine]:
    """What was claimed guarantee by guarantee; adds `received_fen`: what has come is spread over the rows in their order."""
    came = Subquery(money.dues().filter(key=OuterRef("subsidy__key")).values("moved_fen")[:1])
    before = SubsidyLine.objects.filter(subsidy=OuterRef("subsidy"), pk__lt=OuterRef("pk")).order_by().values("subsidy")
    left = _zero(came) - _zero(Subquery(before.annotate(total=Sum("fen")).values("total")))
    received = Least(F("fen"), Greatest(left, Value(0)), output_field=BigIntegerField())
    return SubsidyLine.objects.select_related("subsidy", "filing").annotate(received_fen=received).order_by("-id")


def waiting(user: Any = None) -> int:
    """Lists that wait for the group: to be sent, or disputed."""
    return PremiumList.objects.filter(state__in=[PremiumList.State.DRAFT, PremiumList.State.DISPUTED]).count()


def standards_waiting(user: Any = None) -> int:
    return Standard.objects.filter(state=Standard.State.PROPOSED).count()
