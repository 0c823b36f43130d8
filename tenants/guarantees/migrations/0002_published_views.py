"""What the group may see of a member's book, and the notes that tell it which rows changed (design.md 3)."""

from __future__ import annotations

from django.db import migrations

# The exact formula stays in the database too. div() truncates numerics, so this is floor(n/d + 1/2): half up, as
# kernel.money.half_up. A lapsed guarantee answers for nothing although the loan may be outstanding; a straight-line
# balance depends on the day and is computed when it is read.
BALANCE = """
alter table guarantees_guarantee add constraint guarantees_balance_is_own_share check (
  amortisation <> 'MOVEMENTS' or state = 'LAPSED'
  or balance_fen = div(2::numeric * outstanding_fen * guaranteed_fen + loan_fen, 2::numeric * loan_fen));
"""
DROP_BALANCE = "alter table guarantees_guarantee drop constraint guarantees_balance_is_own_share;"

# Views run with their owner's rights: a reader of the view needs no right on the tables behind it.
VIEWS = """
create view reported_guarantees as
select g.id, g.number, c.name as customer_name, p.code as product_code, g.bank_name, g.region_code, g.industry,
       g.approved_on, g.loan_fen, g.guaranteed_fen, g.term_months, g.start_on, g.due_on, g.ended_on, g.state,
       g.amortisation, g.balance_fen, g.drawn_fen, g.compensation_fen, g.compensated_on, g.ceded_fen, g.coverage
from guarantees_guarantee g
join customers_customer c on c.id = g.customer_id
join products_product p on p.id = g.product_id
where exists (
  select from guarantees_reportingscope s
  where s.replaced_on is null and (s.scope = 'ALL_BUSINESS' or g.coverage <> 'UNCOVERED'));

create view reported_movements as
select m.guarantee_id, m."on", m.balance_fen
from guarantees_movement m
join guarantees_guarantee g on g.id = m.guarantee_id
where exists (
  select from guarantees_reportingscope s
  where s.replaced_on is null and (s.scope = 'ALL_BUSINESS' or g.coverage <> 'UNCOVERED'));
"""
DROP_VIEWS = "drop view reported_movements; drop view reported_guarantees;"

WATCHED = {"guarantees_guarantee": "id", "guarantees_movement": "guarantee_id"}
EVENTS = {"insert": "new", "update": "new", "delete": "old"}


def _capture() -> str:
    """One trigger per table and event, because a transition table belongs to a single event."""
    rows = [
        f"create trigger {table}_{event}_noted after {event} on {table} referencing {side} table as changed\n"
        f"  for each statement execute function public.note_change('GUARANTEE', '{key}');"
        for table, key in WATCHED.items()
        for event, side in EVENTS.items()
    ]
    # Another scope shows or hides the whole book.
    rows.append(
        "create trigger guarantees_reportingscope_noted after insert or update or delete on guarantees_reportingscope\n"
        "  for each statement execute function public.note_all();"
    )
    return "\n".join(rows)


def _release() -> str:
    rows = [f"drop trigger {table}_{event}_noted on {table};" for table in WATCHED for event in EVENTS]
    return "\n".join([*rows, "drop trigger guarantees_reportingscope_noted on guarantees_reportingscope;"])


# The view shows the customer's name. Only another name reaches a guarantee; the note is written with the owner's rights,
# as public.note_change() does, because a house may not write it by itself.
RENAMES = """
create function guarantees_note_renames() returns trigger language plpgsql security definer as $$
begin
  execute format('insert into public.reported_change (house, kind, key)
    select %L, ''GUARANTEE'', g.id from %I.guarantees_guarantee g
    join changed n on n.id = g.customer_id join before o on o.id = n.id where o.name <> n.name',
    tg_table_schema, tg_table_schema);
  return null;
end $$;
alter function guarantees_note_renames() set search_path = pg_catalog, pg_temp;
create trigger customers_renamed after update on customers_customer
  referencing old table as before new table as changed
  for each statement execute function guarantees_note_renames();
"""
DROP_RENAMES = "drop trigger customers_renamed on customers_customer; drop function guarantees_note_renames();"


class Migration(migrations.Migration):
    dependencies = [
        ("guarantees", "0001_initial"),
        ("customers", "0001_initial"),
        ("products", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(BALANCE, DROP_BALANCE),
        migrations.RunSQL(VIEWS, DROP_VIEWS),
        migrations.RunSQL(_capture(), _release()),
        migrations.RunSQL(RENAMES, DROP_RENAMES),
    ]
