"""Forgetting a person reaches below row-level security: a function of the owner, for the application alone."""

from django.db import migrations

from philoxenia_web.registry.people import functions_sql


class Migration(migrations.Migration):
    dependencies = [("registry", "0010_rights")]

    operations = [migrations.RunSQL(functions_sql.FORGET, functions_sql.UNDO_FORGET)]
