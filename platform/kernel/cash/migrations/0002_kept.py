"""What was written about money stays; a movement is never allocated beyond itself; a due says the sum of its rows."""

from django.db import migrations

KEPT = """
create function cash_kept() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'integrity_constraint_violation';
end $$;
"""
TABLES = ("cash_dueline", "cash_report", "cash_movement", "cash_allocation")
ROWS = """
create trigger {table}_kept before update or delete on {table} for each row execute function cash_kept();
create trigger {table}_no_truncate before truncate on {table} for each statement execute function cash_kept();
"""
# A deferred trigger fires at commit, when the transaction may stand in another house: the path is its own table's.
SUMS = """
create function cash_sums() returns trigger language plpgsql as $$
declare
  wanted bigint;
  said record;
  path text := current_setting('search_path');
begin
  perform set_config('search_path', quote_ident(tg_table_schema), true);
  -- Two statements: in one expression the field that the other table lacks would be looked up too.
  if tg_table_name = 'cash_due' then wanted := new.id; else wanted := new.due_id; end if;
  select fen, moved_fen into said from cash_due where id = wanted;
  if said.fen <> (select coalesce(sum(fen), 0) from cash_dueline where due_id = wanted)
     or said.moved_fen <> (select coalesce(sum(fen), 0) from cash_allocation where due_id = wanted) then
    raise exception 'Due % does not say the sum of its rows', wanted using errcode = 'integrity_constraint_violation';
  end if;
  perform set_config('search_path', path, true);
  return null;
end $$;
create constraint trigger cash_due_sums after insert or update on cash_due
  deferrable initially deferred for each row execute function cash_sums();
create constraint trigger cash_dueline_sums after insert on cash_dueline
  deferrable initially deferred for each row execute function cash_sums();
create constraint trigger cash_allocation_sums after insert on cash_allocation
  deferrable initially deferred for each row execute function cash_sums();

create function cash_allocated() returns trigger language plpgsql as $$
declare
  spent bigint;
  held bigint;
  path text := current_setting('search_path');
begin
  perform set_config('search_path', quote_ident(tg_table_schema), true);
  spent := (select coalesce(sum(fen), 0) from cash_allocation where movement_id = new.movement_id);
  held := (select fen from cash_movement where id = new.movement_id);
  if (held > 0 and (spent < 0 or spent > held)) or (held < 0 and (spent > 0 or spent < held)) then
    raise exception 'Movement % is allocated beyond itself', new.movement_id using errcode = 'integrity_constraint_violation';
  end if;
  perform set_config('search_path', path, true);
  return null;
end $$;
create constraint trigger cash_allocated after insert on cash_allocation
  deferrable initially deferred for each row execute function cash_allocated();
"""
UNSUMS = """
drop trigger cash_allocated on cash_allocation;
drop function cash_allocated();
drop trigger cash_allocation_sums on cash_allocation;
drop trigger cash_dueline_sums on cash_dueline;
drop trigger cash_due_sums on cash_due;
drop function cash_sums();
"""
FIXED = """
create function cash_fixed() returns trigger language plpgsql as $$
declare
  settled text[] := array['state', 'settled_by_id', 'settled_by', 'settled_on', 'reason'];
begin
  if tg_op = 'UPDATE' and tg_table_name = 'cash_due'
     and (to_jsonb(new) - array['fen', 'moved_fen']) = (to_jsonb(old) - array['fen', 'moved_fen']) then
    return new;
  end if;
  if tg_op = 'UPDATE' and tg_table_name = 'cash_order' then
    if old.state = 'PREPARED' and (to_jsonb(new) - settled) = (to_jsonb(old) - settled) then
      return new;
    end if;
  end if;
  raise exception '% keeps what was written', tg_table_name using errcode = 'integrity_constraint_violation';
end $$;
create trigger cash_due_fixed before update or delete on cash_due for each row execute function cash_fixed();
create trigger cash_order_fixed before update or delete on cash_order for each row execute function cash_fixed();
"""
UNFIXED = """
drop trigger cash_order_fixed on cash_order;
drop trigger cash_due_fixed on cash_due;
drop function cash_fixed();
"""
UNROWS = "drop trigger {table}_no_truncate on {table}; drop trigger {table}_kept on {table};"


class Migration(migrations.Migration):
    dependencies = [("cash", "0001_initial")]

    operations = [
        migrations.RunSQL(KEPT, "drop function cash_kept();"),
        *(migrations.RunSQL(ROWS.format(table=table), UNROWS.format(table=table)) for table in TABLES),
        migrations.RunSQL(SUMS, UNSUMS),
        migrations.RunSQL(FIXED, UNFIXED),
    ]
