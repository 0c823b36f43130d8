"""The consolidated page over a million generated guarantees, its freshness, and what it costs a member's write.

`rows()` is run inside a database of its own (infra/bench/__main__.py). Floor of the page: the same figures read from one
table that somebody has added up already. Today's way: a loop over all schemas with the ORM.
"""

from __future__ import annotations

import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import psycopg2
from django.db import connection
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from kernel.access.actors import SYSTEM
from registry import queries as registry
from registry import services as houses
from registry.models import Domain, Institution
from registry.tenancy import PROJECTOR, PUBLIC, inside
from reguarantee.monitoring import queries, services
from reguarantee.monitoring.queries.book import PUBLISHED
from tenants.guarantees import services as guarantees
from tenants.guarantees.models import Guarantee

GUARANTEES = 1_000_000
DIMENSIONS = ("member", "bank", "industry", "region", "month")
READS = 60
POLL_SECONDS = 0.3
WRITES_PER_SECOND = 500
WRITING_SECONDS = 15
WRITERS = 2
ROUNDS, WRITES = 12, 40

# A member's book, the same at every run: 25 banks and 20 sections of which the first are the largest, 6 regions,
# 48 months; three in four balances fall by the calendar, the others by movements.
FILL = """
select setseed(%(seed)s);
insert into products_product (code, name_zh, name_en, for_kind, rate_max, amount_max_fen, term_max_months, guaranteed_share,
  green_channel_max_fen, required_documents, is_open)
values ('BENCH', 'B', 'B', '', 1, 1000000000000, 999, 0.8, 0, '[]', true);
insert into customers_customer (kind, name, id_number, region_code, industry, industry_code, size_class, is_farmer,
  legal_rep, mobile, address, status, status_reason, registered_on)
select 'COMPANY', 'Firm ' || n, 'N' || n, '', '', '', '', false, '', '', '', 'ACTIVE', '', '2020-01-01'
from generate_series(1, %(rows)s / 10 + 1) n;
alter table guarantees_guarantee disable trigger user;
alter table guarantees_movement disable trigger user;
insert into guarantees_guarantee (number, customer_id, product_id, bank_code, bank_name, region_code, industry, approved_on,
  issued_on, loan_fen, guaranteed_fen, term_months, fee_rate, start_on, due_on, ended_on, state, drawn_fen, repaid_fen,
  compensated_principal_fen, outstanding_fen, balance_fen, compensation_fen, compensated_on, release_certificate,
  end_reason, amortisation, external_ref, source, coverage, ceded_fen, coverage_reason_code, coverage_reason,
  filing_status, treaty_code)
select %(code)s || '-' || n, c.first + n %% c.number, p.id, '', 'Bank ' || bank, %(region)s || region, chr(65 + section),
  start_on - 10, start_on - 10, loan, loan / 5 * 4, term, 0.01, start_on, due_on, ended_on,
  case when ended_on is null then 'IN_FORCE' when paid then 'COMPENSATED' else 'RELEASED' end,
  loan, loan - rest, 0, rest, rest / 5 * 4, case when paid then loan / 2 else 0 end, case when paid then ended_on end, '',
  '', case when n %% 4 = 0 then 'MOVEMENTS' else 'STRAIGHT_LINE' end, '', 'IMPORT', cover,
  case cover when 'UNCOVERED' then 0 else loan / 5 end, '', '', '', ''
from (
  select d.*, case when ended_on is null then loan / 2 else 0 end as rest,
    case when ended_on is null or ended_on < due_on then 'COVERED' else 'UNCOVERED' end as cover
  from (
    select b.*, due_on, paid, case when paid then start_on + 200 when due_on <= %(today)s then due_on end as ended_on
    from (
      select n, (power(random(), 2) * 25)::int as bank, (power(random(), 2) * 19)::int as section,
        (random() * 5)::int as region, 500 * (20 + random() * 100000)::bigint * 100 as loan,
        (array[12, 24, 36, 60])[1 + (random() * 3)::int] as term,
        %(today)s - (random() * 1440)::int as start_on, random() < 0.03 as unlucky
      from generate_series(1, %(rows)s) n) b,
    lateral (select (start_on + make_interval(months => term))::date as due_on,
      unlucky and start_on + 200 < %(today)s as paid) l) d) g,
  (select min(id) as first, count(*) as number from customers_customer) c, products_product p
where p.code = 'BENCH';
insert into guarantees_movement (guarantee_id, "on", outstanding_fen, balance_fen, change_fen)
select id, start_on, loan_fen, guaranteed_fen, guaranteed_fen from guarantees_guarantee where amortisation = 'MOVEMENTS'
union all
select id, coalesce(ended_on, start_on + 1), outstanding_fen, balance_fen, balance_fen - guaranteed_fen
from guarantees_guarantee where amortisation = 'MOVEMENTS';
set constraints all immediate;
alter table guarantees_guarantee enable trigger user;
alter table guarantees_movement enable trigger user;
analyze guarantees_guarantee, guarantees_movement, customers_customer"""

REPAY = """
set local search_path = {schema}, public;
update guarantees_guarantee set repaid_fen = repaid_fen + 5, outstanding_fen = outstanding_fen - 5,
  balance_fen = balance_fen - 4 where id = %(id)s;
insert into guarantees_movement as m (guarantee_id, "on", outstanding_fen, balance_fen, change_fen)
select id, %(today)s, outstanding_fen, balance_fen, 0 from guarantees_guarantee where id = %(id)s
on conflict (guarantee_id, "on") do update set outstanding_fen = excluded.outstanding_fen, balance_fen = excluded.balance_fen"""


def rows(guarantees: int = GUARANTEES, members: tuple[int, ...] = (50, 500)) -> dict[str, dict[str, Any]]:
    """All rows about the consolidated book; freshness and the cost of a write in the first world."""
    found: dict[str, dict[str, Any]] = {}
    for place, count in enumerate(members):
        with world(count, guarantees) as opened:
            found[f"consolidated page, {count} members"] = page(opened, guarantees)
            if place == 0:
                found["consolidated page, staleness under writes"] = staleness(opened)
                found["a member's write, with and without reporting"] = write_cost(opened[0])
    return found


@contextmanager
def world(count: int, guarantees: int) -> Iterator[list[Institution]]:
    """`count` members with `guarantees` rows between them, and no projection yet; gone afterwards."""
    opened: list[Institution] = []
    today = timezone.localdate()
    try:
        for n in range(count):
            code = f"CB{n:03d}"
            member = houses.open_member(code=code, name=code, region="", reporting_scope="ALL_BUSINESS").institution
            opened.append(member)
            facts = {"seed": n / 1000, "rows": guarantees // count, "code": code, "region": f"{n % 5}", "today": today}
            with inside(member, as_owner=True), connection.cursor() as cursor:
                cursor.execute(FILL, facts)
            if (n + 1) % 50 == 0:
                print(f"  members {n + 1}/{count}", file=sys.stderr)
        yield opened
    finally:
        _forget(opened)


def _forget(opened: list[Institution]) -> None:
    for member in opened:
        with inside(PUBLIC, as_owner=True), connection.cursor() as cursor:
            cursor.execute(f'drop schema "{member.schema_name}" cascade')
            Domain.objects.filter(tenant_id=member.pk).delete()
            cursor.execute("delete from public.registry_institution where id = %s", [member.pk])
    with inside(registry.group(), as_owner=True), connection.cursor() as cursor:
        cursor.execute("truncate public.reported_change")
        names = ("fact", "factmovement", "marginal", "backlog", "member", "bank", "monthend")
        cursor.execute(f"truncate {', '.join(f'monitoring_{name}' for name in names)}; drop table if exists bench_floor")
        cursor.execute("update monitoring_marginalday set as_of = '1900-01-01'")  # the next world rolls from the start


def page(opened: list[Institution], count: int) -> dict[str, Any]:
    """Figures by member, bank, industry, region and month with their totals, as of today."""
    today = timezone.localdate()
    with inside(registry.group()):
        for member in opened:
            services.resync(actor=SYSTEM, today=today, member=member.code)
    projecting = _timed(lambda: services.catch_up(today=today))
    with inside(registry.group(), as_owner=True), connection.cursor() as cursor:
        cursor.execute("drop table if exists bench_floor; create table bench_floor as select * from monitoring_marginal")
        cursor.execute("alter table bench_floor add primary key (dimension, key); analyze bench_floor, monitoring_marginal")
        cursor.execute("analyze monitoring_fact, monitoring_factmovement")
        cursor.execute("grant select on bench_floor to zd_g_group")
    with inside(registry.group()):
        ours_alone = {member.code for member in opened}
        rows = queries.consolidated(by="member", as_of=today)["rows"]
        arrived = sum(row["count"] for row in rows if row["key"] in ours_alone)
        if arrived != count // len(opened) * len(opened):
            raise AssertionError(f"{arrived} of {count} guarantees arrived")
        ours, floor, whole = [], [], []
        for _ in range(READS):
            ours.append(_timed(lambda: [queries.consolidated(by=by, as_of=today) for by in DIMENSIONS]))
            floor.append(_timed(_bare))
            whole.append(_timed(lambda: queries.overview(as_of=today)))
        other = _timed(lambda: queries.consolidated(by="member", as_of=today - timedelta(days=100)))
        rolling = _timed(lambda: (services.roll(today=today + timedelta(days=1)), services.roll(today=today)))
    orm = _timed(lambda: _loop(opened, today))
    compared = _timed(lambda: _compare(today))
    best, bare = statistics.median(ours), statistics.median(floor)
    return {
        "ours": round(best, 5),
        "floor": round(bare, 5),
        "today": round(orm, 3),
        "ratio_floor": round(best / bare, 2),
        "ratio_today": round(orm / best),
        "console_page": round(statistics.median(whole), 5),
        "another_day": round(other, 3),
        "roll": round(rolling / 2, 3),
        "compare": round(compared, 2),
        "projected_per_second": round(count / projecting),
    }


def _bare() -> None:
    columns = ", ".join(PUBLISHED)
    with connection.cursor() as cursor:
        for by in DIMENSIONS:
            cursor.execute(f"select key, {columns} from bench_floor where dimension in (%s, 'TOTAL')", [by.upper()])
            cursor.fetchall()


def _loop(opened: list[Institution], today: date) -> dict[tuple[str, Any], dict[str, int]]:
    """What one writes first: for each schema, for each panel, one aggregate query; sums in Python."""
    lives = Q(start_on__lte=today) & (Q(ended_on__isnull=True) | Q(ended_on__gt=today))
    measures = {
        "count": Count("id"),
        "loan": Sum("loan_fen"),
        "guaranteed": Sum("guaranteed_fen"),
        "released": Count("id", filter=Q(state="RELEASED")),
        "compensated": Count("id", filter=Q(state="COMPENSATED")),
        "compensation": Sum("compensation_fen"),
        "in_force": Count("id", filter=lives),
        "in_force_loan": Sum("loan_fen", filter=lives),
        "in_force_guaranteed": Sum("guaranteed_fen", filter=lives),
        "in_force_balance": Sum("balance_fen", filter=lives),
    }
    panels = {
        "bank": F("bank_name"),
        "industry": F("industry"),
        "region": F("region_code"),
        "month": TruncMonth("approved_on"),
    }
    found: dict[tuple[str, Any], dict[str, int]] = {}
    for member in opened:
        with inside(member):
            found["member", member.code] = Guarantee.objects.aggregate(**measures)
            for panel, key in panels.items():
                for row in Guarantee.objects.values(panel=key).annotate(**measures):
                    sums = found.setdefault((panel, row["panel"]), dict.fromkeys(measures, 0))
                    for name in measures:
                        sums[name] += row[name] or 0
    return found


def _compare(today: date) -> None:
    with inside(registry.group()):
        found = services.compare(today=today)
    if found.breaks or found.trouble:
        raise AssertionError(f"{found.breaks} rows differ from the members' views. {found.trouble}")


def staleness(opened: list[Institution]) -> dict[str, Any]:
    """Age of the oldest change when it becomes visible, while members write; one repayment is one transaction."""
    today = timezone.localdate()
    services.catch_up(today=today)
    stop = threading.Event()
    written = [0] * WRITERS
    ages: list[float] = []
    with ThreadPoolExecutor(WRITERS) as pool:
        begun = time.perf_counter()
        writers = [pool.submit(_write, opened[n::WRITERS], written, n, stop) for n in range(WRITERS)]
        try:
            while time.perf_counter() - begun < WRITING_SECONDS and not any(writer.done() for writer in writers):
                round_begun = time.perf_counter()
                oldest = _oldest()
                services.catch_up(today=today, seconds=0)
                if oldest is not None:
                    ages.append(oldest + time.perf_counter() - round_begun)
                time.sleep(max(0.0, POLL_SECONDS - (time.perf_counter() - round_begun)))
            seconds = time.perf_counter() - begun
        finally:
            stop.set()
        for writer in writers:
            writer.result()
    services.catch_up(today=today)
    _compare(today)
    return {
        "ours": round(statistics.median(ages), 3),
        "worst": round(max(ages), 3),
        "writes_per_second": round(sum(written) / seconds),
        "budget": 2.0,
    }


def _oldest() -> float | None:
    with inside(PROJECTOR), connection.cursor() as cursor:
        cursor.execute("select extract(epoch from clock_timestamp() - min(at))::float8 from public.reported_change")
        return cursor.fetchone()[0]


def _write(members: list[Institution], written: list[int], place: int, stop: threading.Event) -> None:
    """Repayments at a steady pace over the members, on a connection of its own."""
    at, today = connection.settings_dict, timezone.localdate()
    own = psycopg2.connect(host=at["HOST"], port=at["PORT"], user=at["USER"], password=at["PASSWORD"], dbname=at["NAME"])
    with own.cursor() as cursor:
        open_ones = {}
        for member in members:
            cursor.execute(
                f"select id from {member.schema_name}.guarantees_guarantee"
                " where amortisation = 'MOVEMENTS' and state = 'IN_FORCE' limit 200"
            )
            open_ones[member.schema_name] = [row[0] for row in cursor.fetchall()]
        own.commit()
        begun = time.perf_counter()
        while not stop.is_set():
            n = written[place]
            schema = members[n % len(members)].schema_name
            ids = open_ones[schema]
            cursor.execute(REPAY.format(schema=schema), {"id": ids[n // len(members) % len(ids)], "today": today})
            own.commit()
            written[place] += 1
            ahead = written[place] / (WRITES_PER_SECOND / WRITERS) - (time.perf_counter() - begun)
            if ahead > 0:
                time.sleep(ahead)
    own.close()


def write_cost(member: Institution) -> dict[str, Any]:
    """A repayment through its verb, and the bare statement alone, with and without the triggers that report it."""
    verbs: dict[bool, list[float]] = {True: [], False: []}
    statements: dict[bool, list[float]] = {True: [], False: []}
    with inside(member):
        ids = list(
            Guarantee.objects.filter(amortisation="MOVEMENTS", state="IN_FORCE", outstanding_fen__gt=10_000)
            .order_by("id").values_list("id", flat=True)[:WRITES]
        )  # fmt: skip
    for number in range(2 * ROUNDS):
        reporting = number % 2 == 0
        _report(member, reporting)
        with inside(member):
            for keep, wave in ((False, 1), (True, 2)):  # the first wave warms the plans that ALTER TABLE threw away
                for guarantee_id in ids:
                    verb = _timed(_repayment(guarantee_id, f"{number}-{wave}"))
                    statement = _timed(_statement(guarantee_id))
                    if keep:
                        verbs[reporting].append(verb)
                        statements[reporting].append(statement)
    _report(member, True)
    services.catch_up(today=timezone.localdate())
    ours, floor = _quartile(verbs[True]), _quartile(verbs[False])
    bare = _quartile(statements[True]) / _quartile(statements[False])
    return {
        "ours": round(ours, 6),
        "floor": round(floor, 6),
        "ratio_floor": round(ours / floor, 3),
        "one_statement_ratio": round(bare, 3),
    }


def _quartile(seconds: list[float]) -> float:
    """The lower quartile: what the work costs when nothing else disturbs it."""
    return statistics.quantiles(seconds, n=4)[0]


def _repayment(guarantee_id: int, reference: str) -> Callable[[], Any]:
    today = timezone.localdate()
    return lambda: guarantees.repay(
        actor=SYSTEM, today=today, guarantee_id=guarantee_id, reference=reference, principal_fen=5, on=today
    )


def _statement(guarantee_id: int) -> Callable[[], Any]:
    return lambda: Guarantee.objects.filter(pk=guarantee_id).update(coverage_reason="")


def _report(member: Institution, reporting: bool) -> None:
    with inside(member, as_owner=True), connection.cursor() as cursor:
        cursor.execute(
            "select tgrelid::regclass::text, tgname from pg_trigger"
            " where tgname like '%%\\_noted' and tgrelid::regclass::text in ('guarantees_guarantee', 'guarantees_movement')"
        )
        for table, name in cursor.fetchall():
            cursor.execute(f"alter table {table} {'enable' if reporting else 'disable'} trigger {name}")


def _timed(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
