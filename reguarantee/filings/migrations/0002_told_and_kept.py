"""Monitoring is told which filings changed, and answers once given are kept."""

from django.db import migrations

TOLD = "".join(
    f"""
create trigger filings_filing_{event} after {event} on filings_filing
  referencing {table} table as changed
  for each statement execute function public.note_change('FILING', 'member_code', 'guarantee_id');
"""
    for event, table in (("insert", "new"), ("update", "new"), ("delete", "old"))
)
UNTOLD = "".join(f"drop trigger filings_filing_{event} on filings_filing;\n" for event in ("insert", "update", "delete"))
KEPT = """
create function filings_decision_guard() returns trigger language plpgsql as $$
begin
  raise exception 'Decisions are append-only' using errcode = 'integrity_constraint_violation';
end $$;
create trigger filings_decision_guard before update or delete or truncate on filings_decision
  for each statement execute function filings_decision_guard();
"""
FORGOTTEN = """
drop trigger filings_decision_guard on filings_decision;
drop function filings_decision_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("filings", "0001_initial"), ("registry", "0002_house_roles")]

    operations = [migrations.RunSQL(TOLD, UNTOLD), migrations.RunSQL(KEPT, FORGOTTEN)]
