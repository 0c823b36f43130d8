-- Every institution's statements run under its own role zd_<schema>, which may use its own schema and,
-- in public, may only put letters into the outbox (design.md 2). Roles are shared by the databases of a
-- server; grants are not.
create function public.ensure_role(role_name text) returns void language plpgsql as $$
begin
  if not exists (select from pg_roles where rolname = role_name) then
    begin
      execute format('create role %I nologin', role_name);
    exception when duplicate_object or unique_violation then null;  -- another database's migration was faster
    end;
  end if;
  if not pg_has_role(current_user, role_name, 'member') then
    begin
      execute format('grant %I to current_user', role_name);
    exception when unique_violation then null;
    end;
  end if;
end $$;

create function public.publish_views(house text) returns void language plpgsql as $$
declare
  published record;
begin
  execute format('grant usage on schema %I to zd_projector', house);
  for published in select viewname from pg_views where schemaname = house and viewname like 'reported\_%' loop
    execute format('grant select on %I.%I to zd_projector', house, published.viewname);
  end loop;
end $$;

create function public.house_role(house text) returns void language plpgsql as $$
declare
  role_name text := 'zd_' || house;
  fires text;
begin
  -- Two houses opened at once would grant on the same public tables: "tuple concurrently updated".
  perform pg_advisory_xact_lock(hashtext('registry'), hashtext('house_role'));
  perform public.ensure_role(role_name);
  execute format('grant usage on schema %I to %I', house, role_name);
  execute format('grant select, insert, update, delete on all tables in schema %I to %I', house, role_name);
  execute format('grant usage, select on all sequences in schema %I to %I', house, role_name);
  execute format('alter default privileges in schema %I grant select, insert, update, delete on tables to %I', house, role_name);
  execute format('alter default privileges in schema %I grant usage, select on sequences to %I', house, role_name);
  if house <> 'public' then
    execute format('grant insert, select (id) on public.outbox_letter to %I', role_name);
    perform public.publish_views(house);
    -- A trigger function fires without this right; with it a house could hang one on a table of its own.
    for fires in select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                 where n.nspname = house and p.prorettype = 'pg_catalog.trigger'::regtype loop
      execute format('revoke execute on function %s from public', fires);
    end loop;
  end if;
end $$;
revoke execute on function public.ensure_role, public.publish_views, public.house_role from public;

-- The projector reads the members' published views and nothing else of theirs (design.md 3).
select public.ensure_role('zd_projector');

-- Which published rows changed, and where. Written only by note_change(), emptied only by the projector.
create table public.reported_change (
  house name not null,
  kind text not null,
  member text not null default '',
  key bigint not null,
  at timestamptz not null default clock_timestamp()
);
grant select, delete on public.reported_change to zd_projector;
grant select on public.registry_institution to zd_projector;

-- Statement trigger of the tables behind the published views; the transition table is always `changed`.
-- Arguments: kind, key column; or FILING with member_code and guarantee_id. Static statements keep their plans.
create function public.note_change() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  if tg_argv[0] = 'FILING' then
    insert into public.reported_change (house, kind, member, key)
      select tg_table_schema, 'FILING', member_code, guarantee_id from changed;
  elsif tg_argv[1] = 'id' then
    insert into public.reported_change (house, kind, key) select tg_table_schema, tg_argv[0], id from changed;
  elsif tg_argv[1] = 'guarantee_id' then
    insert into public.reported_change (house, kind, key)
      select distinct tg_table_schema, tg_argv[0], guarantee_id from changed;
  else
    raise exception 'note_change knows no key column %', tg_argv[1];
  end if;
  return null;
end $$;

-- All of a house's guarantees changed at once (another reporting scope, a resync): key 0 stands for all.
create function public.note_all() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  insert into public.reported_change (house, kind, key) values (tg_table_schema, 'GUARANTEE', 0);
  return null;
end $$;

-- A house must not hang these on a table of its own and note changes that never were.
revoke execute on function public.note_change, public.note_all from public;

-- The projector's rights in the group's house: its facts and marginals to write, the filings to read.
create function public.projector_role(house text) returns void language plpgsql as $$
declare
  owned record;
begin
  execute format('grant usage on schema %I to zd_projector', house);
  for owned in select tablename from pg_tables where schemaname = house and tablename like 'monitoring\_%' loop
    execute format('grant select, insert, update, delete on %I.%I to zd_projector', house, owned.tablename);
  end loop;
  execute format('grant usage, select on all sequences in schema %I to zd_projector', house);
  for owned in select tablename from pg_tables where schemaname = house and tablename = 'filings_filing' loop
    execute format('grant select on %I.%I to zd_projector', house, owned.tablename);
  end loop;
end $$;
revoke execute on function public.projector_role from public;
