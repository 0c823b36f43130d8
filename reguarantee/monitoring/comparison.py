"""The nightly proof: what every member's views show against facts, movements, marginals and month ends, row by row.

Each member is one statement, and so are the totals; a statement sees one state of the database. In that state a
difference is either explained by a note of a change that waits, or it is a break, and the break names its row.
"""

from __future__ import annotations

import json
import time
from datetime import date
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from registry.tenancy import PROJECTOR, inside
from reguarantee.monitoring import statements as sql
from reguarantee.monitoring.figures import IN_FORCE, MEASURES, grouped, listed, sums
from reguarantee.monitoring.models import Break, Comparison, Run

NAMED = 100
"""At most so many breaks of a kind are named per member; all are counted."""


def compare(*, today: date) -> Comparison:
    """Compare everything and keep the result with its breaks, under the projector's role."""
    start = time.perf_counter()
    found = Comparison(as_of=today, at=timezone.now(), seconds=0, members=0, guarantees=0, waiting=0, breaks=0)
    rows: list[Break] = []
    with inside(PROJECTOR):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.MEMBERS)
            cursor.execute("select id, code, schema_name from monitoring_member order by id")
            members = cursor.fetchall()
        for member in members:
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    rows += _member(cursor, member, found)
            except DatabaseError as error:
                found.trouble += f"{member[2]}: {str(error).splitlines()[0]}\n"
        with transaction.atomic(), connection.cursor() as cursor:
            rows += _totals(cursor, found)
        with transaction.atomic():
            found.seconds = round(time.perf_counter() - start, 3)
            found.save()
            for row in rows:
                row.comparison = found
            Break.objects.bulk_create(rows)
            Run.objects.update_or_create(
                step=Run.Step.COMPARE,
                defaults={
                    "at": timezone.now(),
                    "seconds": found.seconds,
                    "guarantees": found.guarantees,
                    "trouble": found.trouble,
                },
            )
    return found


def _member(cursor: Any, member: tuple[int, str, str], found: Comparison) -> list[Break]:
    """Facts and movements of one member; adds to the comparison's counts."""
    institution_id, code, schema = member
    guarantees, movements = sql.read_guarantees(*member), sql.read_movements(*member)
    pending = f"""
      select c.key from public.reported_change c
      where (c.kind <> 'FILING' and c.house = '{schema}') or (c.kind = 'FILING' and c.member = '{code}')
      union select guarantee_id from monitoring_backlog where institution_id = {institution_id}"""
    facts = f"""
      select t.guarantee_id, coalesce(h.number, t.number) as key, to_jsonb(t) as truth, to_jsonb(h) as held
      from truth t full join (
        select {listed(sql.FACT)} from monitoring_fact where institution_id = {institution_id}) h
        on h.guarantee_id = t.guarantee_id
      where ({listed(sql.FACT, "t.{0}")}) is distinct from ({listed(sql.FACT, "h.{0}")})"""
    moves = f"""
      select coalesce(t.guarantee_id, h.guarantee_id), coalesce(t."on", h."on")::text, to_jsonb(t), to_jsonb(h)
      from moved t full join (
        select {listed(sql.MOVEMENT)} from monitoring_factmovement where institution_id = {institution_id}) h
        on h.guarantee_id = t.guarantee_id and h."on" = t."on"
      where t.balance_fen is distinct from h.balance_fen"""
    cursor.execute(f"""
      with moved as materialized ({movements}),
      truth as materialized (select {listed(sql.FACT, "n.{0}")} from ({sql.next_rows(f"({guarantees})", "moved")}) n),
      pending as materialized ({pending}),
      differing as (
        select 'FACT' as place, coalesce(d.guarantee_id, (d.held ->> 'guarantee_id')::bigint) as guarantee_id,
          d.key, d.truth, d.held from ({facts}) d
        union all select 'MOVEMENT', m.* from ({moves}) m),
      judged as (
        select d.*, d.guarantee_id in (select key from pending) or 0 in (select key from pending) as waits
        from differing d)
      select (select count(*) from truth), (select count(distinct guarantee_id) from judged where waits),
        (select count(*) from judged where not waits),
        (select coalesce(jsonb_agg(n), '[]') from (
           select place, guarantee_id, key, truth, held from judged where not waits
           order by place, guarantee_id, key limit {NAMED}) n)""")
    guarantees_count, waiting, broken, named = cursor.fetchone()
    found.members += 1
    found.guarantees += guarantees_count
    found.waiting += waiting
    found.breaks += broken
    return [
        _break(row["place"], row["truth"], row["held"], member_code=code, guarantee_id=row["guarantee_id"], key=row["key"])
        for row in json.loads(named)
    ]


def _totals(cursor: Any, found: Comparison) -> list[Break]:
    """Marginals of their day against all facts, and each month end."""
    cursor.execute("select as_of from monitoring_marginalday")
    day = cursor.fetchone()[0]
    columns = listed((*MEASURES, "as_of"))
    # The guard empties both sides when the projector has rolled to another day since the line above.
    cursor.execute(
        f"""
        select coalesce(t.dimension, h.dimension), coalesce(t.key, h.key), to_jsonb(t), to_jsonb(h)
        from (select g.*, %(day)s::date as as_of from ({grouped("monitoring_standing(%(day)s)")}) g) t
        full join (select dimension, key, {columns} from monitoring_marginal) h
          on h.dimension = t.dimension and h.key = t.key
        where ({listed(MEASURES, "t.{0}")}, t.as_of) is distinct from ({listed(MEASURES, "h.{0}")}, h.as_of)
          and exists (select from monitoring_marginalday where as_of = %(day)s)""",
        {"day": day},
    )
    rows = [_break("MARGINAL", *_rows(truth, held), key=f"{name} {key}".strip()) for name, key, truth, held in cursor.fetchall()]
    cursor.execute(f"""
        select h.as_of, to_jsonb(t), to_jsonb(h)
        from monitoring_monthend h cross join lateral (
          select h.as_of, {sums(IN_FORCE)} from monitoring_standing(h.as_of) s where s.in_force) t
        where ({listed(IN_FORCE, "t.{0}")}) is distinct from ({listed(IN_FORCE, "h.{0}")})""")
    rows += [_break("MONTH_END", *_rows(truth, held), key=str(as_of)) for as_of, truth, held in cursor.fetchall()]
    found.breaks += len(rows)
    return rows


def _rows(*texts: str | None) -> list[dict[str, Any] | None]:
    """Rows that came as JSON text (Django leaves jsonb of a bare cursor undecoded)."""
    return [None if text is None else json.loads(text) for text in texts]


def _break(where: str, truth: dict[str, Any] | None, held: dict[str, Any] | None, **named: Any) -> Break:
    """Name the first column that differs; none when one side lacks the row."""
    if truth is None or held is None:
        return Break(where=where, field="", truth="" if truth is None else "1", held="" if held is None else "1", **named)
    name = next(name for name in truth if truth[name] != held[name])
    return Break(where=where, field=name, truth=str(truth[name]), held=str(held[name]), **named)
