"""The trail only grows, for everybody; and each entry is chained to the one before when it is committed."""

from django.db import migrations

ONLY_GROWS = """
create function accounts_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'The audit trail only grows: % on % is refused.', tg_op, tg_table_name
    using errcode = 'insufficient_privilege';
end $$;

create trigger accounts_auditentry_only_grows before update or delete or truncate on accounts_auditentry
  for each statement execute function accounts_refuse_change();
create trigger accounts_auditlink_only_grows before update or delete or truncate on accounts_auditlink
  for each statement execute function accounts_refuse_change();
"""

# The trigger waits for the commit: the lock that orders the chain is then held for the commit alone, and no
# transaction asks for another lock while it holds it.
CHAIN = """
create function accounts_entry_text(entry accounts_auditentry) returns text language sql stable as $$
  select jsonb_build_array(
    entry.id, to_char(entry.at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), entry.person_id,
    entry.organisation_id, entry.action, entry.object_type, entry.object_id, entry.before, entry.after,
    entry.reason, entry.request_id)::text
$$;

create function accounts_link_entry() returns trigger language plpgsql
  security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  last accounts_auditlink;
begin
  perform pg_advisory_xact_lock(hashtext('accounts_auditlink'));
  select * into last from accounts_auditlink order by id desc limit 1;
  insert into accounts_auditlink (id, entry_id, hash) values (
    coalesce(last.id, 0) + 1, new.id,
    sha256(coalesce(last.hash, ''::bytea) || convert_to(accounts_entry_text(new), 'UTF8')));
  return null;
end $$;

create constraint trigger accounts_auditentry_linked after insert on accounts_auditentry
  deferrable initially deferred for each row execute function accounts_link_entry();

create function accounts_faults_of_trail() returns table (link_id bigint, entry_id bigint, fault text)
  language sql stable as $$
  with chain as (
    select id, link.entry_id, hash, lag(hash) over (order by id) as hash_before,
           lag(id, 1, 0::bigint) over (order by id) as id_before
    from accounts_auditlink link)
  select chain.id, chain.entry_id,
    case when chain.id_before <> chain.id - 1 then 'links before this one are gone'
         when entry.id is null then 'the entry is gone'
         else 'the entry was changed' end
  from chain left join accounts_auditentry entry on entry.id = chain.entry_id
  where chain.id_before <> chain.id - 1 or entry.id is null or chain.hash <> sha256(
    coalesce(chain.hash_before, ''::bytea) || convert_to(accounts_entry_text(entry), 'UTF8'))
  union all
  select null, entry.id, 'the entry is not in the chain'
  from accounts_auditentry entry left join accounts_auditlink link on link.entry_id = entry.id
  where link.id is null
$$;
"""

UNDO = """
drop function accounts_faults_of_trail();
drop function accounts_link_entry() cascade;
drop function accounts_entry_text(accounts_auditentry);
drop function accounts_refuse_change() cascade;
"""

# Where limits on attempts are counted, so that they hold across processes.
CACHE = """
create table accounts_cache (
  cache_key varchar(255) primary key, value text not null, expires timestamptz not null);
create index accounts_cache_expires on accounts_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(ONLY_GROWS + CHAIN, UNDO),
        migrations.RunSQL(CACHE, "drop table accounts_cache;"),
    ]
