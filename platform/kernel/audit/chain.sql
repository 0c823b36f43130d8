-- Append-only: a line never changes after it has its hash, and never goes. The owner is bound too.
create function audit_entry_guard() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.hash = '' and new.hash <> ''
     and row(old.id, old.at, old.actor_id, old.actor, old.act, old.subject, old.facts)
         is not distinct from row(new.id, new.at, new.actor_id, new.actor, new.act, new.subject, new.facts)
     and pg_trigger_depth() > 1 then
    return new;
  end if;
  raise exception 'The audit trail is append-only' using errcode = 'integrity_constraint_violation';
end $$;
create trigger audit_entry_guard before update or delete on audit_entry
  for each row execute function audit_entry_guard();
create trigger audit_entry_no_truncate before truncate on audit_entry
  for each statement execute function audit_entry_guard();

-- At commit: take the schema's chain, one transaction at a time, and link the line to the one before.
create function audit_entry_chain() returns trigger language plpgsql as $$
declare
  before record;
begin
  perform pg_advisory_xact_lock(hashtext('audit'), hashtext(tg_table_schema));
  execute format('select position, hash from %I.audit_entry where position is not null order by position desc limit 1', tg_table_schema) into before;
  execute format($u$update %I.audit_entry set position = $1, hash = encode(sha256(convert_to(concat_ws(E'\n',
      $2, $1::text, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), coalesce(actor_id::text, ''),
      actor, act, subject, facts), 'UTF8')), 'hex') where id = $3$u$, tg_table_schema)
    using coalesce(before.position, 0) + 1, coalesce(before.hash, repeat('0', 64)), new.id;
  return null;
end $$;
create constraint trigger audit_entry_chain after insert on audit_entry
  deferrable initially deferred for each row execute function audit_entry_chain();
