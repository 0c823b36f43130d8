"""Monitoring is told which filings changed, answers and opinions once given are kept, and a claim freezes what was filed."""

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
OPINIONS = """
create function filings_opinion_guard() returns trigger language plpgsql as $$
begin
  raise exception 'Opinions are append-only' using errcode = 'integrity_constraint_violation';
end $$;
create trigger filings_opinion_guard before update or delete or truncate on filings_opinion
  for each statement execute function filings_opinion_guard();
"""
NO_OPINIONS = """
drop trigger filings_opinion_guard on filings_opinion;
drop function filings_opinion_guard();
"""
# domain.md 7.5, 11.23: once a claim was submitted the figures of the filing stand. The claim itself may be withdrawn.
BASE = (
    "member_code, guarantee_id, product_code, obligor_kind, obligor_key, bank_code, principal_fen, guaranteed_fen, term_months,"
    " drawdown_on, due_on, attached_on, extends_guarantee_id, covered_fen, ceded_fen, treaty_version_id, shares, status"
)
FROZEN = f"""
create function filings_filing_guard() returns trigger language plpgsql as $$
begin
  if old.claimed_on is not null and new.claimed_on is not null
     and ({", ".join("old." + name.strip() for name in BASE.split(","))})
     is distinct from ({", ".join("new." + name.strip() for name in BASE.split(","))}) then
    raise exception 'The filing is frozen by a claim' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger filings_filing_guard before update on filings_filing
  for each row execute function filings_filing_guard();
"""
THAWED = """
drop trigger filings_filing_guard on filings_filing;
drop function filings_filing_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("filings", "0001_initial"), ("registry", "0002_house_roles")]

    operations = [
        migrations.RunSQL(TOLD, UNTOLD),
        migrations.RunSQL(KEPT, FORGOTTEN),
        migrations.RunSQL(OPINIONS, NO_OPINIONS),
        migrations.RunSQL(FROZEN, THAWED),
    ]
