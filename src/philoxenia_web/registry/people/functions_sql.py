"""What policies ask of a visit, in SQL; and the blind index, which only these functions read and write.

A function is written anew in a later migration by `create or replace`; what stands here is the newest, but
for `philoxenia_granted` and `registry_search`: `search_sql.py` has those, they ask for a later column.
"""

VISIT = """
create function philoxenia_ids(named text) returns uuid[] language sql stable parallel safe as $$
  select coalesce(string_to_array(nullif(current_setting(named, true), ''), ',')::uuid[], '{}'::uuid[])
$$;
create function philoxenia_organisations() returns uuid[] language sql stable parallel safe as $$
  select philoxenia_ids('philoxenia.organisations') $$;
create function philoxenia_desks() returns uuid[] language sql stable parallel safe as $$
  select philoxenia_ids('philoxenia.desks') $$;
create function philoxenia_supervises() returns uuid[] language sql stable parallel safe as $$
  select philoxenia_ids('philoxenia.supervises') $$;
create function philoxenia_is_system() returns boolean language sql stable parallel safe as $$
  select coalesce(current_setting('philoxenia.system', true) = 'yes', false) $$;
create function philoxenia_resident() returns uuid language sql stable parallel safe as $$
  select nullif(current_setting('philoxenia.resident', true), '')::uuid $$;
create function philoxenia_person() returns uuid language sql stable parallel safe as $$
  select nullif(current_setting('philoxenia.person', true), '')::uuid $$;
"""
UNDO_VISIT = "".join(
    f"drop function if exists philoxenia_{name} cascade;"
    for name in (
        "organisations()",
        "desks()",
        "supervises()",
        "is_system()",
        "resident()",
        "person()",
        "ids(text)",
    )
)

GRANTED = """
create function philoxenia_granted(resident uuid) returns boolean language sql stable
  security definer set search_path = pg_catalog, public, pg_temp as $$
  select exists (
    select 1 from registry_grant given
    where given.resident_id = resident and given.organisation_id = any (philoxenia_organisations())
      and given.ended_at is null and (given.until is null or given.until > now()))
$$;
create function philoxenia_sees(id uuid, held_by uuid, restricted boolean) returns boolean
  language sql stable as $$
  select philoxenia_is_system() or id = philoxenia_resident()
    or (not restricted and cardinality(philoxenia_desks()) > 0)
    or held_by = any (philoxenia_desks())
    or philoxenia_granted(id)
$$;
"""
UNDO_GRANTED = """
drop function if exists philoxenia_sees(uuid, uuid, boolean) cascade;
drop function if exists philoxenia_granted(uuid) cascade;
"""

# Those an asked pair leads to, as far as the visit sees them; agreeing pairs count two, similar ones one.
SEARCH = """
create function registry_search(asked_strong int[], asked_loose int[], number bytea, most int)
  returns table (resident_id uuid, weight int) language sql stable
  security definer set search_path = pg_catalog, public, pg_temp as $$
  with found as (
    select at.resident_id,
      2 * cardinality(array(select unnest(at.strong) intersect select unnest(asked_strong)))
        + cardinality(array(select unnest(at.loose) intersect select unnest(asked_loose))) as weight
    from registry_peopleindex at where at.strong && asked_strong or at.loose && asked_loose
    order by 2 desc, 1 limit 4 * most),
  -- The likeliest alone are looked up: a common name has thousands, each on a page of its own.
  told as (
    select resident_id, weight from found
    union all
    select one.id, 1000 from registry_resident one where one.number_token = number)
  select one.id, max(told.weight)::int
  from told join registry_resident one on one.id = told.resident_id
  where one.erased_at is null and one.merged_into_id is null
    and ((philoxenia_is_system()) or (not one.restricted and cardinality(philoxenia_desks()) > 0)
      or one.organisation_id = any (philoxenia_desks())
      or (one.restricted and cardinality(philoxenia_desks()) > 0 and philoxenia_granted(one.id)))
  group by one.id order by 2 desc, 1 limit most
$$;
create function registry_index(resident uuid, new_strong int[], new_loose int[]) returns void
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform 1 from registry_resident one
    where one.id = resident and philoxenia_sees(one.id, one.organisation_id, one.restricted);
  if not found then
    raise exception 'no such resident' using errcode = 'insufficient_privilege';
  end if;
  insert into registry_peopleindex as at (resident_id, strong, loose)
    values (resident, new_strong, new_loose)
    on conflict (resident_id) do update set strong = excluded.strong, loose = excluded.loose;
end $$;
"""
UNDO_SEARCH = """
drop function if exists registry_index(uuid, int[], int[]);
drop function if exists registry_search(int[], int[], bytea, int);
"""

# What an erased person leaves behind is deleted below row-level security, by the application itself alone.
FORGET = """
create function registry_forget(resident uuid) returns void language plpgsql
  security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not philoxenia_is_system() then
    raise exception 'only the application itself forgets' using errcode = 'insufficient_privilege';
  end if;
  delete from registry_residentkey where resident_id = resident;
  delete from registry_peopleindex where resident_id = resident;
  delete from registry_residentversion where resident_id = resident;
  delete from registry_householdmember where resident_id = resident;
  delete from registry_kepttext where resident_id = resident;
  delete from registry_keptfile where resident_id = resident;
  delete from registry_grant where resident_id = resident;
end $$;
"""
UNDO_FORGET = "drop function if exists registry_forget(uuid);"
