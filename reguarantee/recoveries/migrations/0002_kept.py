"""A recovery and its parts stay as they were shared; only how far a held part was netted is written later."""

from django.db import migrations

KEPT = """
create function reguarantee_recoveries_kept() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and tg_table_name in ('reguarantee_recoveries_recovery', 'reguarantee_recoveries_share')
     and (to_jsonb(new) - array['netted_fen', 'passed_fen', 'claim_no']) = (to_jsonb(old) - array['netted_fen', 'passed_fen', 'claim_no']) then
    return new;
  end if;
  raise exception '% keeps what was written', tg_table_name using errcode = 'integrity_constraint_violation';
end $$;
"""
TABLES = ("reguarantee_recoveries_recovery", "reguarantee_recoveries_share", "reguarantee_recoveries_writeoff")
ROWS = """
create trigger {table}_kept before update or delete on {table} for each row execute function reguarantee_recoveries_kept();
"""
UNROWS = "drop trigger {table}_kept on {table};"


class Migration(migrations.Migration):
    dependencies = [("reguarantee_recoveries", "0001_initial")]

    operations = [
        migrations.RunSQL(KEPT, "drop function reguarantee_recoveries_kept();"),
        *(migrations.RunSQL(ROWS.format(table=table), UNROWS.format(table=table)) for table in TABLES),
    ]
