"""Search looks up the likeliest candidates alone: among a million people a common name has thousands."""

from django.db import migrations

from philoxenia_web.registry.people import functions_sql


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0012_own_consents"),
    ]

    operations = [
        migrations.RunSQL(
            functions_sql.SEARCH.replace("create function", "create or replace function"),
            migrations.RunSQL.noop,
        ),
    ]
