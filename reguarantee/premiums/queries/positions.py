"""Premiums due, paid, open and refunded, live, by member and by guarantee (FEE-16, FEE-41)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

# What was paid on a bill is spread over its rows in their order, after credit notes, so that the rows sum to the fen.
# The ORM cannot aggregate over a window, so raw SQL.
_GUARANTEES = """
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
select f.member_code, f.number, f.id, sum(billed)::bigint, sum(credited)::bigint, sum(paid)::bigint, sum(open)::bigint,
  sum(late)::bigint,
  sum(refund_due)::bigint, sum(refunded)::bigint, sum(listed)::bigint
from rows r join filings_filing f on f.id = r.filing_id
where (%(member)s = '' or f.member_code = %(member)s) and (%(number)s = '' or f.number ilike %(like)s)
group by f.member_code, f.number, f.id order by f.member_code, f.number, f.id"""

_MEMBERS = """
with notes as (
  select credits_id as bill_id, sum(refund_fen) as refund_due, sum(paid_fen) as refunded
  from premiums_bill where kind = 'CREDIT' group by credits_id),
open_bills as (
  select b.*, coalesce(n.refund_due, 0) as refund_due, coalesce(n.refunded, 0) as refunded,
    b.premium_fen - b.credited_fen - b.paid_fen + coalesce(n.refund_due, 0) as open_fen
  from premiums_bill b left join notes n on n.bill_id = b.id where b.kind = 'BILL'),
rows as (
  select member_code, premium_fen as billed, credited_fen as credited, paid_fen as paid, open_fen as open,
    case when due_on < %(today)s then open_fen else 0 end as late, refund_due, refunded, 0 as listed from open_bills
  union all
  select l.member_code, 0, 0, 0, 0, 0, 0, 0, i.premium_fen from premiums_item i
  join premiums_premiumlist l on l.id = i.list_id where i.bill_id is null and not i.dropped and l.state <> 'BILLED')
select member_code, '', 0, sum(billed)::bigint, sum(credited)::bigint, sum(paid)::bigint, sum(open)::bigint,
  sum(late)::bigint, sum(refund_due)::bigint, sum(refunded)::bigint, sum(listed)::bigint
from rows where %(member)s in ('', member_code) group by member_code order by member_code"""


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
    """One row per member, from the few bills, not from their many rows."""
    return _read(_MEMBERS, today, member_code, "")


def by_guarantee(*, today: Any, member_code: str = "", number: str = "") -> list[Position]:
    """One row per guarantee that has a premium."""
    return _read(_GUARANTEES, today, member_code, number)


def _read(statement: str, today: Any, member_code: str, number: str) -> list[Position]:
    with connection.cursor() as cursor:
        values = {"today": today, "member": member_code, "number": number, "like": f"%{number}%"}
        cursor.execute(statement, values)
        return [Position(*row) for row in cursor.fetchall()]
