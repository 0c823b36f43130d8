"""What was published or judged stays: standards, analyses, finished steps, approved evaluations."""

from django.db import migrations

KEEP = """
create function admission_guard() returns trigger language plpgsql as $$
declare
  finished boolean;
begin
  if tg_op = 'TRUNCATE' then
    raise exception 'What was judged stays' using errcode = 'integrity_constraint_violation';
  end if;
  finished := case tg_table_name
    when 'admission_standard' then (to_jsonb(old) ->> 'published_on') is not null
    when 'admission_step' then (to_jsonb(old) ->> 'ended_at') is not null
    when 'admission_evaluation' then (to_jsonb(old) ->> 'state') = 'APPROVED'
    else true
  end;
  if finished then
    raise exception 'What was judged stays' using errcode = 'integrity_constraint_violation';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
"""
TABLES = ("admission_standard", "admission_step", "admission_analysis", "admission_evaluation")
ON = "".join(
    f"create trigger {table}_guard before update or delete on {table} for each row execute function admission_guard();\n"
    f"create trigger {table}_no_truncate before truncate on {table} for each statement execute function admission_guard();\n"
    for table in TABLES
)
OFF = "".join(f"drop trigger {table}_guard on {table};\ndrop trigger {table}_no_truncate on {table};\n" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("admission", "0001_initial")]

    operations = [migrations.RunSQL(KEEP, "drop function admission_guard();"), migrations.RunSQL(ON, OFF)]
