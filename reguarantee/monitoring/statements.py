"""The projector's SQL, in the order in which a run uses it (projector.py says why it is so).

All of it runs as the role zd_projector in the group's house. A statement that touches the work tables is planned anew by
every run, because the same text meets one key or twenty thousand.
"""

from __future__ import annotations

from reguarantee.monitoring.figures import IN_FORCE, MEASURES, grouped, listed, sums

FACT = (
    "institution_id", "guarantee_id", "number", "customer_name", "product_code", "bank_id", "region_code", "industry",
    "approved_on", "approved_month", "loan_fen", "guaranteed_fen", "term_months", "start_on", "due_on", "ended_on",
    "state", "released", "compensated", "compensated_on", "compensation_fen", "amortisation", "drawn_fen", "balance_fen",
    "last_moved_on", "coverage", "ceded_fen",
)  # fmt: skip
KEY = ("institution_id", "guarantee_id")
CONTENT = tuple(name for name in FACT if name not in KEY)

READ = (
    "institution_id", "member_code", "guarantee_id", "number", "customer_name", "product_code", "bank_name",
    "region_code", "industry", "approved_on", "loan_fen", "guaranteed_fen", "term_months", "start_on", "due_on",
    "ended_on", "state", "compensated_on", "compensation_fen", "amortisation", "drawn_fen", "balance_fen", "coverage",
    "ceded_fen",
)  # fmt: skip

# Work tables of this session; emptied at each run, because several runs may share a transaction (a test's).
WORKPLACE = f"""
set local client_min_messages = warning;
set local jit = off;
set local lock_timeout = '2s';
set local default_statistics_target = 1;
create temp table if not exists run_taken (house text, kind text, member text, key bigint, at timestamptz)
  on commit delete rows;
create temp table if not exists run_key (institution_id smallint, guarantee_id bigint, primary key (institution_id,
  guarantee_id)) on commit delete rows;
create temp table if not exists run_read (institution_id smallint, member_code text, guarantee_id bigint, number text,
  customer_name text, product_code text, bank_name text, region_code text, industry text, approved_on date,
  loan_fen bigint, guaranteed_fen bigint, term_months smallint, start_on date, due_on date, ended_on date, state text,
  compensated_on date, compensation_fen bigint, amortisation text, drawn_fen bigint, balance_fen bigint, coverage text,
  ceded_fen bigint) on commit delete rows;
create temp table if not exists run_movement (institution_id smallint, guarantee_id bigint, "on" date,
  balance_fen bigint) on commit delete rows;
create temp table if not exists run_next (like monitoring_fact) on commit delete rows;
create temp table if not exists run_delta (dimension text, key text, {listed(MEASURES, "{0} bigint")})
  on commit delete rows;
create temp table if not exists run_month (as_of date, {listed(IN_FORCE, "{0} bigint")}) on commit delete rows;
delete from run_taken; delete from run_key; delete from run_read; delete from run_movement; delete from run_next;
delete from run_delta; delete from run_month;
"""

LOCK = "select pg_try_advisory_xact_lock(hashtext('monitoring.projector'))"
READY = "(m.trouble_at is null or m.trouble_at < clock_timestamp() - interval '30 seconds')"
WAITING = f"""
select exists (select from public.reported_change) or exists (
    select from monitoring_backlog b join monitoring_member m on m.id = b.institution_id where {READY}),
  (select as_of from monitoring_marginalday)"""

TAKE = """
with taken as (
  delete from public.reported_change where ctid = any(array(select ctid from public.reported_change limit %s))
  returning house, kind, member, key, at)
insert into run_taken select house, kind, member, key, at from taken"""

# After the keys are taken, so that a member opened in between cannot be missing here.
MEMBERS = """
insert into monitoring_member (id, code, name, region_code, schema_name, trouble)
select id, code, name, region_code, schema_name, '' from public.registry_institution where kind = 'member'
on conflict (id) do update set name = excluded.name, region_code = excluded.region_code
  where (monitoring_member.name, monitoring_member.region_code) is distinct from (excluded.name, excluded.region_code)"""

# A change in a house that is no member (the template of members) concerns nobody and ends here.
NAMED = """
from run_taken t join monitoring_member m on case t.kind when 'FILING' then m.code = t.member
  else m.schema_name = t.house end"""
KEYS = f"insert into run_key select distinct m.id, t.key {NAMED} where t.key <> 0"
WHOLE_HOUSES = f"""
insert into monitoring_backlog select distinct m.id, 0 {NAMED} where t.key = 0 on conflict do nothing"""
TAKEN = "select count(*), min(at) from run_taken"

UNFOLD = f"""
delete from monitoring_backlog b using monitoring_member m
where m.id = b.institution_id and b.guarantee_id = 0 and {READY} returning m.id, m.schema_name"""
MARK = "insert into monitoring_backlog values (%s, 0) on conflict do nothing"
BACKLOG = f"""
with taken as (
  delete from monitoring_backlog where ctid = any(array(
    select b.ctid from monitoring_backlog b join monitoring_member m on m.id = b.institution_id
    where b.guarantee_id <> 0 and {READY} limit greatest(0, %s - (select count(*) from run_key))))
  returning institution_id, guarantee_id)
insert into run_key select institution_id, guarantee_id from taken on conflict do nothing"""
HOUSES = """
select m.id, m.code, m.schema_name, m.trouble, array_agg(k.guarantee_id)
from run_key k join monitoring_member m on m.id = k.institution_id group by m.id order by m.id"""


def mark_all(institution_id: int, schema: str) -> str:
    """All guarantees of a member into the backlog: those its view shows, and those the facts still hold."""
    return f"""
      insert into monitoring_backlog
      select {institution_id}, v.id from "{schema}".reported_guarantees v
      union select institution_id, guarantee_id from monitoring_fact where institution_id = {institution_id}
      on conflict do nothing"""


# A member's published rows; `v` is the view. Code and schema come from the registry, which admits letters and digits only.
def read_guarantees(institution_id: int, code: str, schema: str) -> str:
    """Columns READ."""
    head = f"{institution_id}::smallint as institution_id, '{code}'::text as member_code, v.id as guarantee_id"
    return f'select {head}, {listed(READ[3:], "v.{0}")} from "{schema}".reported_guarantees v'


def read_movements(institution_id: int, code: str, schema: str) -> str:
    """Columns of monitoring_factmovement."""
    head = f'{institution_id}::smallint as institution_id, v.guarantee_id, v."on", v.balance_fen'
    return f'select {head} from "{schema}".reported_movements v'


PUT_BACK = """
with failed as (delete from run_key where institution_id = %s returning institution_id, guarantee_id)
insert into monitoring_backlog select institution_id, guarantee_id from failed on conflict do nothing"""
TROUBLE = "update monitoring_member set trouble = %s, trouble_at = clock_timestamp() where id = %s"
NO_TROUBLE = "update monitoring_member set trouble = '', trouble_at = null where id = any(%s)"

BANKS = """
insert into monitoring_bank (name)
select distinct r.bank_name from run_read r
where not exists (select from monitoring_bank b where b.name = r.bank_name)"""


def next_rows(read: str, movements: str) -> str:
    """Rows as facts (columns FACT), from rows as read and the movements that go with them.

    Once the group has a filing of the guarantee, its own word on the cover stands, not the member's.
    """
    return f"""
      select r.institution_id, r.guarantee_id, r.number, r.customer_name, r.product_code, b.id as bank_id,
        r.region_code, r.industry, r.approved_on,
        (date_part('year', r.approved_on) * 100 + date_part('month', r.approved_on))::int as approved_month,
        r.loan_fen, r.guaranteed_fen, r.term_months, r.start_on, r.due_on, r.ended_on, r.state,
        r.state = 'RELEASED' as released,
        r.state = 'COMPENSATED' or r.compensated_on is not null as compensated,
        r.compensated_on, r.compensation_fen,
        case r.amortisation when 'STRAIGHT_LINE' then 'S' else 'M' end as amortisation,
        r.drawn_fen, r.balance_fen, v.last_moved_on,
        coalesce(f.coverage, r.coverage) as coverage, coalesce(f.ceded_fen, r.ceded_fen) as ceded_fen
      from {read} r
      left join monitoring_bank b on b.name = r.bank_name
      left join filings_filing f on f.member_code = r.member_code and f.guarantee_id = r.guarantee_id
      left join (select institution_id, guarantee_id, max("on") as last_moved_on from {movements} group by 1, 2) v
        on v.institution_id = r.institution_id and v.guarantee_id = r.guarantee_id"""


NEXT = f"insert into run_next ({listed(FACT)}) {next_rows('run_read', 'run_movement')}"

# What is the same already costs nothing more: a resync of an unchanged book writes no row.
MOVEMENT = ("institution_id", "guarantee_id", '"on"', "balance_fen")
UNCHANGED = f"""
with held as (
  select {listed(MOVEMENT, "m.{0}")} from monitoring_factmovement m join run_key k using (institution_id, guarantee_id)),
moved as (
  (table run_movement except table held) union (table held except table run_movement))
delete from run_key k using run_next n, monitoring_fact f
where (n.institution_id, n.guarantee_id) = (k.institution_id, k.guarantee_id)
  and (f.institution_id, f.guarantee_id) = (k.institution_id, k.guarantee_id)
  and ({listed(CONTENT, "n.{0}")}) is not distinct from ({listed(CONTENT, "f.{0}")})
  and not exists (
    select from moved v where (v.institution_id, v.guarantee_id) = (k.institution_id, k.guarantee_id))"""

MOVE = """
delete from monitoring_factmovement m using run_key k
where (m.institution_id, m.guarantee_id) = (k.institution_id, k.guarantee_id) and not exists (
  select from run_movement r where (r.institution_id, r.guarantee_id, r."on") = (m.institution_id, m.guarantee_id, m."on"));
insert into monitoring_factmovement as m (institution_id, guarantee_id, "on", balance_fen)
select r.institution_id, r.guarantee_id, r."on", r.balance_fen
from run_movement r join run_key k using (institution_id, guarantee_id)
on conflict (institution_id, guarantee_id, "on") do update set balance_fen = excluded.balance_fen
  where m.balance_fen <> excluded.balance_fen"""
REMOVE = """
delete from monitoring_fact f using run_key k
where (f.institution_id, f.guarantee_id) = (k.institution_id, k.guarantee_id) and not exists (
  select from run_next n where (n.institution_id, n.guarantee_id) = (k.institution_id, k.guarantee_id))"""
WRITE = f"""
insert into monitoring_fact ({listed(FACT)})
select {listed(FACT, "n.{0}")} from run_next n join run_key k using (institution_id, guarantee_id)
on conflict (institution_id, guarantee_id) do update set {listed(CONTENT, "{0} = excluded.{0}")}"""

OF_KEYS = "(select s.* from run_key k join monitoring_standing(%(day)s) s using (institution_id, guarantee_id))"
CONTRIBUTE = f"""
insert into run_delta (dimension, key, {listed(MEASURES)})
select d.dimension, d.key, {listed(MEASURES, "%(sign)s * d.{0}")} from ({grouped(OF_KEYS)}) d;
insert into run_month (as_of, {listed(IN_FORCE)})
select e.as_of, {listed(IN_FORCE, "%(sign)s * e.{0}")} from (
  select p.as_of, {sums(IN_FORCE)}
  from monitoring_monthend p cross join lateral monitoring_standing(p.as_of) s
  join run_key k using (institution_id, guarantee_id)
  where s.in_force group by p.as_of) e"""
APPLY = f"""
insert into monitoring_marginal as m (dimension, key, as_of, {listed(MEASURES)})
select dimension, key, %(day)s, {listed(MEASURES, "sum({0})")} from run_delta group by dimension, key
on conflict (dimension, key) do update set {listed(MEASURES, "{0} = m.{0} + excluded.{0}")};
delete from monitoring_marginal m using run_delta d
where (m.dimension, m.key) = (d.dimension, d.key) and m.count = 0;
update monitoring_monthend p set {listed(IN_FORCE, "{0} = p.{0} + d.{0}")}
from (select as_of, {listed(IN_FORCE, "sum({0}) as {0}")} from run_month group by as_of) d where d.as_of = p.as_of"""

ROLL = f"""
insert into monitoring_marginal (dimension, key, as_of, {listed(MEASURES)})
select t.dimension, t.key, %(day)s, {listed(MEASURES, "t.{0}")} from ({grouped("monitoring_standing(%(day)s)")}) t
on conflict (dimension, key) do update set as_of = excluded.as_of, {listed(IN_FORCE, "{0} = excluded.{0}")};
update monitoring_marginalday set as_of = %(day)s"""
MONTH_ENDS = f"""
delete from monitoring_monthend where not as_of = any(%(wanted)s);
insert into monitoring_monthend (as_of, {listed(IN_FORCE)})
select w.as_of, {listed(IN_FORCE, "t.{0}")}
from unnest(%(wanted)s::date[]) w(as_of)
cross join lateral (select {sums(IN_FORCE)} from monitoring_standing(w.as_of) s where s.in_force) t
where w.as_of not in (select as_of from monitoring_monthend)"""

RUN = """
insert into monitoring_run as r (step, at, seconds, guarantees, staleness_ms, trouble)
values (%(step)s, clock_timestamp(), %(seconds)s, %(guarantees)s,
  coalesce(1000 * extract(epoch from clock_timestamp() - %(oldest)s::timestamptz), 0), %(trouble)s)
on conflict (step) do update set at = excluded.at, seconds = excluded.seconds, guarantees = excluded.guarantees,
  staleness_ms = excluded.staleness_ms, trouble = excluded.trouble"""
IDLE = """
update monitoring_run set at = clock_timestamp(), seconds = 0, guarantees = 0, staleness_ms = 0
where step = 'PROJECT' and at < clock_timestamp() - interval '10 seconds'"""
