"""What was recovered, spent and told about it stays; a mistake is undone by an opposite row."""

from django.db import migrations

KEPT = """
create function recoveries_kept() returns trigger language plpgsql as $$
begin
  raise exception '% keeps what was written', tg_table_name using errcode = 'integrity_constraint_violation';
end $$;
"""
TABLES = ("recoveries_entry", "recoveries_cost", "recoveries_receipt", "recoveries_sharing", "recoveries_writeoff")
ROWS = """
create trigger {table}_kept before update or delete on {table} for each row execute function recoveries_kept();
"""
UNROWS = "drop trigger {table}_kept on {table};"


class Migration(migrations.Migration):
    dependencies = [("recoveries", "0001_initial")]

    operations = [
        migrations.RunSQL(KEPT, "drop function recoveries_kept();"),
        *(migrations.RunSQL(ROWS.format(table=table), UNROWS.format(table=table)) for table in TABLES),
    ]
