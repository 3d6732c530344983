"""What makes a double booking impossible in PostgreSQL itself, and who sees a row: SQL of the migration.

A trigger puts the pieces of time of an appointment into `casework_taken`, whose key is resource and piece:
the second of two bookings fails, whatever the application thinks. Nothing else may write there.
"""

from django.db import migrations

from philoxenia_web.registry.people.policies_sql import DESKS, RESIDENT, SYSTEM, protect

_TAKEN = """
create function casework_take() returns trigger language plpgsql
  security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op <> 'INSERT' then
    delete from casework_taken where appointment_id = old.id;
  end if;
  if tg_op <> 'DELETE' and new.state in ('booked', 'arrived', 'held') then
    -- In one order for everybody, so that two bookings do not wait for each other.
    insert into casework_taken (resource_id, piece, kind, appointment_id)
    select resource.id, piece.number, resource.kind, new.id
    from (values
        (new.worker_id, 'worker'), (new.room_id, 'room'), (new.resident_id, 'resident'),
        ((select coalesce(one.person_id, one.id) from casework_interpreter one
          where one.id = new.interpreter_id), 'interpreter')) as resource (id, kind)
      cross join generate_series(
        floor(extract(epoch from new.starts_at) / 300)::int,
        ceil(extract(epoch from new.ends_at) / 300)::int - 1) as piece (number)
    where resource.id is not null
    order by 1, 2;
  end if;
  return null;
end $$;
create trigger casework_take after insert or delete on casework_appointment
  for each row execute function casework_take();
create trigger casework_take_anew after update on casework_appointment
  for each row when (
    row(old.starts_at, old.ends_at, old.worker_id, old.room_id, old.interpreter_id, old.resident_id,
      old.state in ('booked', 'arrived', 'held'))
    is distinct from
    row(new.starts_at, new.ends_at, new.worker_id, new.room_id, new.interpreter_id, new.resident_id,
      new.state in ('booked', 'arrived', 'held')))
  execute function casework_take();

create function casework_taken_by_trigger_alone() returns trigger language plpgsql as $$
begin
  if pg_trigger_depth() < 2 then
    raise exception 'casework_taken follows appointments and is not written by hand'
      using errcode = 'insufficient_privilege';
  end if;
  return coalesce(new, old);
end $$;
create trigger casework_taken_guard before insert or update or delete on casework_taken
  for each row execute function casework_taken_by_trigger_alone();

-- Which pieces of some workers, rooms, interpreters are taken; of a resident only where the visit sees them.
create function casework_taken_between(resources uuid[], first int, before int, without uuid)
  returns table (resource_id uuid, piece int) language sql stable
  security definer set search_path = pg_catalog, public, pg_temp as $$
  select one.resource_id, one.piece from casework_taken one
  where one.resource_id = any (resources) and one.piece >= first and one.piece < before
    and one.appointment_id is distinct from without
    and (one.kind <> 'resident' or exists (
      select 1 from registry_resident seen
      where seen.id = one.resource_id and philoxenia_sees(seen.id, seen.organisation_id, seen.restricted)))
$$;
"""
_TAKEN_UNDONE = """
drop function if exists casework_taken_between(uuid[], int, int, uuid);
drop trigger if exists casework_taken_guard on casework_taken;
drop function if exists casework_taken_by_trigger_alone();
drop trigger if exists casework_take on casework_appointment;
drop trigger if exists casework_take_anew on casework_appointment;
drop function if exists casework_take();
"""
_OWN = f"organisation_id = any({DESKS}) or {SYSTEM}"
_OF_APPOINTMENT = "exists (select 1 from casework_appointment a where a.id = appointment_id)"
_OF_RESIDENT = "exists (select 1 from registry_resident r where r.id = resident_id)"

OPERATIONS = [
    migrations.RunSQL(_TAKEN, _TAKEN_UNDONE),
    protect("casework_appointment", f"{_OWN} or resident_id = {RESIDENT}", insert=_OWN, update=_OWN),
    protect("casework_ticket", f"{_OWN} or resident_id = {RESIDENT}", insert=_OWN, update=_OWN),
    protect("casework_taken", "false"),
    # Whoever sees the appointment sees what was sent about it; only the application's jobs send.
    protect("casework_reminder", _OF_APPOINTMENT),
    protect("casework_reminderchoice", _OF_RESIDENT),
]
