"""The database refuses an address, a way in or a service at a confidential place, whoever writes it."""

from django.db import migrations


def _refused(table, key, of):
    """Rows of the table carry "not confidential"; only a record that says the same can be meant."""
    name = f"no_{table}_where_{of}_is_confidential"
    return migrations.RunSQL(
        f"""
        alter table directory_{table}
          add column {of}_confidential boolean generated always as (false) stored,
          add constraint {name} foreign key ({key}, {of}_confidential)
            references directory_{of} (id, confidential) on delete cascade deferrable initially deferred;
        """,
        f"alter table directory_{table} drop column {of}_confidential;",
    )


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]

    operations = [
        _refused("address", "location_id", "location"),
        _refused("accessibility", "location_id", "location"),
        _refused("service_at_location", "location_id", "location"),
        _refused("service_at_location", "service_id", "service"),
    ]
