"""What a claim came to, was ruled and checked stays as it was written."""

from django.db import migrations

KEPT = """
create function rg_claims_kept() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'integrity_constraint_violation';
end $$;
"""
TABLES = tuple(
    f"reguarantee_claims_{name}" for name in ("amount", "ruling", "casenote", "denial", "netting", "payment", "fuseevent")
)
ROWS = """
create trigger {table}_kept before update or delete or truncate on {table}
  for each statement execute function rg_claims_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("reguarantee_claims", "0001_initial")]

    operations = [
        migrations.RunSQL(KEPT, "drop function rg_claims_kept();"),
        *(migrations.RunSQL(ROWS.format(table=table), f"drop trigger {table}_kept on {table};") for table in TABLES),
    ]
