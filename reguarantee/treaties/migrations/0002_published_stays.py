"""What is published stays as it is, and no two versions of a treaty are in force on the same day."""

from django.db import migrations

# int8range(id, id) makes the treaty a range, so that no extension is needed to compare it in a gist index.
NO_OVERLAP = """
alter table treaties_treatyversion add constraint treaties_version_no_overlap exclude using gist (
  int8range(treaty_id, treaty_id, '[]') with &&,
  daterange(effective_from, effective_to, '[]') with &&
) where (published_on is not null);
"""
IMMUTABLE = """
create function treaties_version_guard() returns trigger language plpgsql as $$
begin
  if tg_op = 'TRUNCATE' then
    raise exception 'Published treaty versions stay' using errcode = 'integrity_constraint_violation';
  end if;
  if old.published_on is null then
    return case tg_op when 'DELETE' then old else new end;
  end if;
  if tg_op = 'UPDATE' then
    -- A later version or the treaty's end may bring the last day forward, nothing else.
    if new.effective_to <= coalesce(old.effective_to, new.effective_to) then
      old.effective_to := new.effective_to;
    end if;
    if new is not distinct from old then
      return new;
    end if;
  end if;
  raise exception 'A published treaty version cannot change' using errcode = 'integrity_constraint_violation';
end $$;
create trigger treaties_version_guard before update or delete on treaties_treatyversion
  for each row execute function treaties_version_guard();
create trigger treaties_version_no_truncate before truncate on treaties_treatyversion
  for each statement execute function treaties_version_guard();
"""
MUTABLE = """
drop trigger treaties_version_no_truncate on treaties_treatyversion;
drop trigger treaties_version_guard on treaties_treatyversion;
drop function treaties_version_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("treaties", "0001_initial")]

    operations = [
        migrations.RunSQL(NO_OVERLAP, "alter table treaties_treatyversion drop constraint treaties_version_no_overlap;"),
        migrations.RunSQL(IMMUTABLE, MUTABLE),
    ]
