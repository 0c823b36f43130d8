"""A locked account current and its rows never change; it can only be said to be paid."""

from django.db import migrations

KEPT = """
create function settlements_kept() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'settlements_statement' then
    if old.state not in ('LOCKED', 'PAID') then
      return case tg_op when 'DELETE' then old else new end;
    end if;
    if tg_op = 'UPDATE' and old.state = 'LOCKED' and new.state = 'PAID'
       and (to_jsonb(new) - array['state', 'paid_on']) = (to_jsonb(old) - array['state', 'paid_on']) then
      return new;
    end if;
  elsif not exists (select 1 from settlements_statement where id = old.statement_id and state in ('LOCKED', 'PAID')) then
    return case tg_op when 'DELETE' then old else new end;
  end if;
  raise exception '% keeps what was written', tg_table_name using errcode = 'integrity_constraint_violation';
end $$;
"""
TABLES = ("settlements_statement", "settlements_row")
ROWS = """
create trigger {table}_kept before update or delete on {table} for each row execute function settlements_kept();
"""
UNROWS = "drop trigger {table}_kept on {table};"


class Migration(migrations.Migration):
    dependencies = [("settlements", "0001_initial")]

    operations = [
        migrations.RunSQL(KEPT, "drop function settlements_kept();"),
        *(migrations.RunSQL(ROWS.format(table=table), UNROWS.format(table=table)) for table in TABLES),
    ]
