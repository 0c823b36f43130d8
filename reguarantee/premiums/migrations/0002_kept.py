"""What was billed stays: an item, a bill's figures and a fund's part never change; a bill says the sum of its items."""

from django.db import migrations

KEPT = """
create function premiums_item_kept() returns trigger language plpgsql as $$
begin
  if old.bill_id is not null then
    raise exception 'Item % is billed; correct it by another', old.id using errcode = 'integrity_constraint_violation';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger premiums_item_kept before update or delete on premiums_item
  for each row execute function premiums_item_kept();

create function premiums_bill_kept() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or (old.number, old.member_code, old.vat, old.premium_fen, old.net_fen, old.tax_fen, old.key,
      old.refund_fen, old.credits_id) is distinct from (new.number, new.member_code, new.vat, new.premium_fen, new.net_fen,
      new.tax_fen, new.key, new.refund_fen, new.credits_id) then
    raise exception 'Bill % stands', old.number using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger premiums_bill_kept before update or delete on premiums_bill
  for each row execute function premiums_bill_kept();

create function premiums_part_kept() returns trigger language plpgsql as $$
begin
  if old.bordereau_id is not null then
    raise exception 'Part % is told to the fund', old.id using errcode = 'integrity_constraint_violation';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger premiums_part_kept before update or delete on premiums_part
  for each row execute function premiums_part_kept();

create function premiums_bill_sums() returns trigger language plpgsql as $$
declare
  path text := current_setting('search_path');
begin
  -- At commit the transaction may stand in another house: the path is the table's own.
  perform set_config('search_path', quote_ident(tg_table_schema), true);
  if new.premium_fen <> (select coalesce(sum(premium_fen), 0) from premiums_item where bill_id = new.id) then
    raise exception 'Bill % does not say the sum of its items', new.number using errcode = 'integrity_constraint_violation';
  end if;
  perform set_config('search_path', path, true);
  return null;
end $$;
create constraint trigger premiums_bill_sums after insert on premiums_bill
  deferrable initially deferred for each row execute function premiums_bill_sums();

-- Once per statement, not per row: a bill of thousands of items is put together by one.
create function premiums_item_sums() returns trigger language plpgsql as $$
begin
  if exists (
    select from premiums_bill b join (
      select i.bill_id, sum(i.premium_fen) as fen, bool_or(i.dropped) as dropped, min(i.vat) as least, max(i.vat) as most
      from premiums_item i where i.bill_id in (select bill_id from changed) group by i.bill_id) s on s.bill_id = b.id
    where b.premium_fen <> s.fen or s.dropped or s.least <> b.vat or s.most <> b.vat) then
    raise exception 'A bill does not say the sum of its items' using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;
create trigger premiums_item_sums after update on premiums_item
  referencing new table as changed for each statement execute function premiums_item_sums();
create trigger premiums_item_sums_new after insert on premiums_item
  referencing new table as changed for each statement execute function premiums_item_sums();
"""
UNKEPT = """
drop trigger premiums_item_sums_new on premiums_item;
drop trigger premiums_item_sums on premiums_item;
drop function premiums_item_sums();
drop trigger premiums_bill_sums on premiums_bill;
drop function premiums_bill_sums();
drop trigger premiums_part_kept on premiums_part;
drop function premiums_part_kept();
drop trigger premiums_bill_kept on premiums_bill;
drop function premiums_bill_kept();
drop trigger premiums_item_kept on premiums_item;
drop function premiums_item_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("premiums", "0001_initial")]
    operations = [migrations.RunSQL(KEPT, UNKEPT)]
