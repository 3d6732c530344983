"""A desk sees what people agreed to with its own department: that they go elsewhere too tells something."""

from django.db import migrations

from philoxenia_web.registry.people.policies_sql import ANY_DESK, DESKS, RESIDENT, SYSTEM, sees_resident

SEES = sees_resident("resident_id")
OWN = f"{SYSTEM} or resident_id = {RESIDENT}"
WITH_US = f"{OWN} or (organisation_id = any ({DESKS}) and {SEES})"
# Row-level security of the agreement decides about what was said of it.
OF_OURS = "exists (select 1 from registry_consent seen where seen.id = consent_id)"
BEFORE = f"{OWN} or ({ANY_DESK} and {SEES})"


def changed(consents: str, events: str) -> str:
    """The policies of reading, and of writing events."""
    return f"""
        alter policy registry_consent_select on registry_consent using ({consents});
        alter policy registry_consentevent_select on registry_consentevent using ({events});
        alter policy registry_consentevent_insert on registry_consentevent with check ({events});
    """


class Migration(migrations.Migration):
    dependencies = [("registry", "0011_forget")]

    operations = [migrations.RunSQL(changed(WITH_US, OF_OURS), changed(BEFORE, BEFORE))]
