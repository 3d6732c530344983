"""What `functions_sql` says of grants and of search, as it is now: grants may be one person's alone."""

# Grants of a resident that hold now, for the visit's organisations or its person.
_LIVE = """
    select 1 from registry_grant given
    where given.resident_id = resident and given.organisation_id = any (philoxenia_organisations())
      and (given.person_id is null or given.person_id = philoxenia_person())
      and given.ended_at is null and (given.until is null or given.until > now())"""
GRANTED = f"""
create or replace function philoxenia_granted(resident uuid) returns boolean language sql stable
  security definer set search_path = pg_catalog, public, pg_temp as $$
  select exists ({_LIVE})
$$;
create or replace function philoxenia_named(resident uuid) returns boolean language sql stable
  security definer set search_path = pg_catalog, public, pg_temp as $$
  select exists ({_LIVE}
      and 'names' = any (given.fields))
$$;
"""
UNDO_GRANTED = "drop function if exists philoxenia_named(uuid);"

# As before, but a restricted person is found by others only where their grant names the names, and the number
# of a record that was merged leads to the one that is kept.
SEARCH = """
create or replace function registry_search(asked_strong int[], asked_loose int[], number bytea, most int)
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
    select coalesce(one.merged_into_id, one.id), 1000
    from registry_resident one where one.number_token = number and one.erased_at is null)
  select one.id, max(told.weight)::int
  from told join registry_resident one on one.id = told.resident_id
  where one.erased_at is null and one.merged_into_id is null
    and ((philoxenia_is_system()) or (not one.restricted and cardinality(philoxenia_desks()) > 0)
      or one.organisation_id = any (philoxenia_desks())
      or (one.restricted and cardinality(philoxenia_desks()) > 0 and philoxenia_named(one.id)))
  group by one.id order by 2 desc, 1 limit most
$$;
"""
