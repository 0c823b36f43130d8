"""What has changed of a partner stays as it was written."""

from django.db import migrations

KEEP = """
create function partners_history_guard() returns trigger language plpgsql as $$
begin
  raise exception 'The history of a partner is never altered' using errcode = 'integrity_constraint_violation';
end $$;
create trigger partners_history_guard before update or delete on partners_partnerchange
  for each row execute function partners_history_guard();
create trigger partners_history_no_truncate before truncate on partners_partnerchange
  for each statement execute function partners_history_guard();
"""
FORGET = """
drop trigger partners_history_no_truncate on partners_partnerchange;
drop trigger partners_history_guard on partners_partnerchange;
drop function partners_history_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial")]

    operations = [migrations.RunSQL(KEEP, FORGET)]
