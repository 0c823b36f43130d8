"""Premiums due, paid, open and refunded, live, by member and by guarantee (FEE-16, FEE-41)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

# What was paid on a bill is spread over its rows in their order, after credit notes, so that the rows sum to the fen.
# The ORM cannot aggregate over a window, so raw SQL.
_ROWS = """
with credit as (
  select i.corrects_id as item_id, -i.premium_fen as fen,
    least(-i.premium_fen, greatest(0, b.refund_fen - (sum(-i.premium_fen) over w + i.premium_fen))) as refund_due,
    least(-i.premium_fen, greatest(0, b.paid_fen - (sum(-i.premium_fen) over w + i.premium_fen))) as refunded
  from premiums_item i join premiums_bill b on b.id = i.bill_id and b.kind = 'CREDIT'
  window w as (partition by i.bill_id order by i.id)),
credited as (
  select item_id, sum(fen) as fen, sum(refund_due) as refund_due, sum(refunded) as refunded from credit group by item_id),
net as (
  select i.id, i.filing_id, i.bill_id, i.premium_fen, i.fund_fen, b.due_on, b.status, coalesce(c.fen, 0) as credited,
    coalesce(c.refund_due, 0) as refund_due, coalesce(c.refunded, 0) as refunded, i.premium_fen - coalesce(c.fen, 0) as net,
    b.paid_fen - coalesce((select sum(n.refund_fen) from premiums_bill n where n.credits_id = b.id), 0) as paid_net
  from premiums_item i join premiums_bill b on b.id = i.bill_id and b.kind = 'BILL' left join credited c on c.item_id = i.id),
spread as (
  select net.*, least(net.net, greatest(0, paid_net - (sum(net.net) over (partition by bill_id order by id) - net.net))) as part
  from net),
unbilled as (
  select i.filing_id, i.premium_fen from premiums_item i join premiums_premiumlist l on l.id = i.list_id
  where i.bill_id is null and not i.dropped and l.state <> 'BILLED'),
rows as (
  select filing_id, premium_fen as billed, credited, part + refund_due as paid, net - part as open, refund_due, refunded,
    case when due_on < %(today)s then net - part else 0 end as late, 0 as listed from spread
  union all select filing_id, 0, 0, 0, 0, 0, 0, 0, premium_fen from unbilled)
select {key}, sum(billed)::bigint, sum(credited)::bigint, sum(paid)::bigint, sum(open)::bigint, sum(late)::bigint,
  sum(refund_due)::bigint, sum(refunded)::bigint, sum(listed)::bigint
from rows r join filings_filing f on f.id = r.filing_id
where (%(member)s = '' or f.member_code = %(member)s) and (%(number)s = '' or f.number ilike %(like)s)
group by {group} order by {group}"""


@dataclass(frozen=True)
class Position:
    """Premiums of a member or of one of its guarantees, fen. open = billed - credited - paid + refund_due."""

    member_code: str
    number: str
    filing_id: int
    billed_fen: int
    credited_fen: int
    paid_fen: int
    open_fen: int
    late_fen: int
    refund_due_fen: int
    refunded_fen: int
    listed_fen: int
    """On lists that are not billed yet."""


def by_member(*, today: Any, member_code: str = "") -> list[Position]:
    """One row per member."""
    return _read("f.member_code, '', 0", "f.member_code", today, member_code, "")


def by_guarantee(*, today: Any, member_code: str = "", number: str = "") -> list[Position]:
    """One row per guarantee that has a premium."""
    columns = "f.member_code, f.number, f.id"
    return _read(columns, columns, today, member_code, number)


def _read(key: str, group: str, today: Any, member_code: str, number: str) -> list[Position]:
    with connection.cursor() as cursor:
        values = {"today": today, "member": member_code, "number": number, "like": f"%{number}%"}
        cursor.execute(_ROWS.format(key=key, group=group), values)
        return [Position(*row) for row in cursor.fetchall()]
