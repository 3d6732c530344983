"""What the database does of itself when something changes: notes the order of changes, and messages to hooks.

The trigger waits for the commit and then holds the lock of the trail until it is over (a second lock could be
taken in another order by somebody else, and both would wait for ever). So numbers and times are given in the
very order in which changes become visible: who read up to one of them has missed none.
"""

NOTE = """
create sequence casework_modification_numbers;

create function casework_note_change() returns trigger language plpgsql
  security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  told jsonb := to_jsonb(new);
  places uuid[];
  moment timestamptz;
begin
  select array_agg(distinct (told ->> place)::uuid) into places
    from unnest(tg_argv[1:]) place where told ->> place is not null;
  perform pg_advisory_xact_lock(hashtext('accounts_auditlink'));
  select greatest(clock_timestamp(), max(at) + interval '1 microsecond') into moment
    from casework_modification where number = (select max(number) from casework_modification);
  insert into casework_modification (object_id, kind, organisations, number, at)
    values (new.id, tg_argv[0], places, nextval('casework_modification_numbers'),
      coalesce(moment, clock_timestamp()))
    on conflict (object_id) do update
      set number = excluded.number, at = excluded.at, organisations = excluded.organisations;
  if tg_op = 'INSERT' or told ->> 'state' is distinct from to_jsonb(old) ->> 'state' then
    -- A restricted case is told to nobody, not even that there is one.
    if coalesce((told ->> 'restricted')::boolean, false) then return null; end if;
    insert into casework_delivery
      (id, hook_id, kind, object_id, object_state, object_version, at, state, attempts, fault)
    select gen_random_uuid(), hook.id, tg_argv[0], new.id, told ->> 'state', (told ->> 'version')::int,
      coalesce(moment, clock_timestamp()), 'waiting', 0, ''
    from casework_hook hook
    where hook.organisation_id = any (places) and tg_argv[0] = any (hook.kinds)
      and hook.state in ('active', 'silent');
  end if;
  return null;
end $$;
"""
UNDO = "drop function casework_note_change() cascade; drop sequence casework_modification_numbers;"


def follow(table: str, kind: str, *organisations: str) -> tuple[str, str]:
    """SQL that has a table followed, and its undoing; `organisations` are its columns of who may know."""
    places = ", ".join(f"'{one}'" for one in (kind, *organisations))
    return (
        f"create constraint trigger {table}_followed after insert or update on {table} "
        f"deferrable initially deferred for each row execute function casework_note_change({places});",
        f"drop trigger {table}_followed on {table};",
    )
