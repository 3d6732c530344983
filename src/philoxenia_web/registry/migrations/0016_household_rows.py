"""Who lives together is written at a desk: a partner that sees somebody by grant only looks."""

from django.db import migrations

from philoxenia_web.registry.people.policies_sql import ANY_DESK, SYSTEM, sees_resident

SEES = sees_resident("resident_id")
AT_A_DESK = f"({SYSTEM} or {ANY_DESK}) and {SEES}"


def written_by(rule: str) -> str:
    """The policies of changing and deleting."""
    return f"""
        alter policy registry_householdmember_update on registry_householdmember
          using ({rule}) with check ({rule});
        alter policy registry_householdmember_delete on registry_householdmember using ({rule});
    """


class Migration(migrations.Migration):
    dependencies = [("registry", "0015_index_key")]

    operations = [migrations.RunSQL(written_by(AT_A_DESK), written_by(SEES))]
