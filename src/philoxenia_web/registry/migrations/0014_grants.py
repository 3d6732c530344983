"""A grant may be one person's alone, names decide who is found, and nobody below the page lengthens their own."""

from django.db import migrations, models

from philoxenia_web.registry.people import functions_sql, search_sql
from philoxenia_web.registry.people.policies_sql import ANY_DESK, DESKS, SYSTEM, sees_resident

# As `0002_people` had it: whoever saw a grant could write it.
BEFORE = sees_resident("resident_id")
# Who lets others in: a desk that sees the person without a grant of its own.
HOLDS = f"""exists (select 1 from registry_resident seen where seen.id = resident_id
    and (not seen.restricted or seen.organisation_id = any ({DESKS})))"""  # noqa: S608 (columns are ours)


def written_by(rule: str) -> str:
    """The policies of writing grants."""
    told = f"{SYSTEM} or ({ANY_DESK} and {rule})"
    return f"""
        alter policy registry_grant_insert on registry_grant with check ({told});
        alter policy registry_grant_update on registry_grant using ({told}) with check ({told});
    """


class Migration(migrations.Migration):
    dependencies = [("registry", "0013_likeliest_first")]

    operations = [
        migrations.AddField("grant", "person_id", models.UUIDField(null=True)),
        migrations.RunSQL(
            search_sql.GRANTED + search_sql.SEARCH,
            functions_sql.SEARCH.split("create function registry_index")[0].replace(
                "create function", "create or replace function"
            )
            + functions_sql.GRANTED.split("create function philoxenia_sees")[0].replace(
                "create function", "create or replace function"
            )
            + search_sql.UNDO_GRANTED,
        ),
        migrations.RunSQL(written_by(HOLDS), written_by(BEFORE)),
    ]
