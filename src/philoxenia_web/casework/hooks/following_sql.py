"""The order of changes and the messages to hooks, as they are since 0065; `changes_sql` is how they began.

Each organisation has its own row of what changed: who has a thing no more is told once that it is gone, and
not what others do with it afterwards. All times are given under the lock of the trail (see `changes_sql`).
"""

from philoxenia_web.casework.hooks.changes_sql import NOTE

MODIFIED = """
create function casework_note_modification(thing uuid, its_kind text, places uuid[])
  returns timestamptz language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  moment timestamptz;
begin
  perform pg_advisory_xact_lock(hashtext('accounts_auditlink'));
  select greatest(clock_timestamp(), max(at) + interval '1 microsecond') into moment
    from casework_modification;
  insert into casework_modification (object_id, organisation_id, kind, at)
    select thing, place, its_kind, moment from unnest(places) place
    on conflict (object_id, organisation_id) do update set at = excluded.at;
  return moment;
end $$;
"""

FOLLOW = """
create or replace function casework_note_change() returns trigger language plpgsql
  security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  told jsonb := case when tg_op = 'DELETE' then '{}' else to_jsonb(new) end;
  known jsonb := case when tg_op = 'INSERT' then '{}' else to_jsonb(old) end;
  thing jsonb := known || told;
  places uuid[] := array(
    select distinct (told ->> place)::uuid from unnest(tg_argv[1:]) place where told ->> place is not null);
  before uuid[] := array(
    select distinct (known ->> place)::uuid from unnest(tg_argv[1:]) place where known ->> place is not null);
  moment timestamptz := casework_note_modification(
    (thing ->> 'id')::uuid, tg_argv[0], array(select unnest(places) union select unnest(before)));
begin
  -- Of protected people nobody is told, not even that there is something.
  if coalesce((thing ->> 'restricted')::boolean, false)
    or exists (select from registry_resident r where r.id = (thing ->> 'resident_id')::uuid and r.restricted)
    or exists (select from casework_case c where c.id = (thing ->> 'case_id')::uuid and c.restricted)
  then return null; end if;
  insert into casework_delivery
    (id, hook_id, kind, object_id, object_state, object_version, at, state, attempts, fault)
  select gen_random_uuid(), hook.id, tg_argv[0], (thing ->> 'id')::uuid,
    case when hook.organisation_id = any (places) then thing ->> 'state' else 'gone' end,
    (thing ->> 'version')::int, moment, 'waiting', 0, ''
  from casework_hook hook join accounts_organisation place on place.id = hook.organisation_id and place.active
  where tg_argv[0] = any (hook.kinds) and hook.state in ('active', 'silent', 'paused') and (
    hook.organisation_id = any (before) and not hook.organisation_id = any (places)
    or hook.organisation_id = any (places) and (
      not hook.organisation_id = any (before) or told ->> 'state' is distinct from known ->> 'state'));
  return null;
end $$;

create function casework_note_need() returns trigger language plpgsql
  security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  of_case uuid := case when tg_op = 'DELETE' then old.case_id else new.case_id end;
begin
  -- What somebody lacks is a part of the case, so the case has changed.
  perform casework_note_modification(of_case, 'case', array[c.organisation_id])
    from casework_case c where c.id = of_case;
  return null;
end $$;

create constraint trigger casework_caseneed_followed after insert or update or delete on casework_caseneed
  deferrable initially deferred for each row execute function casework_note_need();
"""
UNDO_FOLLOW = (
    "drop function casework_note_need() cascade;"
    "drop function casework_note_modification(uuid, text, uuid[]);"
    + NOTE.partition(";")[2].replace("create function", "create or replace function")
)


def follow_deletions(table: str, kind: str, *organisations: str) -> tuple[str, str]:
    """SQL that has rows followed that are gone for good, and its undoing; as `changes_sql.follow`."""
    places = ", ".join(f"'{one}'" for one in (kind, *organisations))
    return (
        f"create constraint trigger {table}_gone after delete on {table} "
        f"deferrable initially deferred for each row execute function casework_note_change({places});",
        f"drop trigger {table}_gone on {table};",
    )
