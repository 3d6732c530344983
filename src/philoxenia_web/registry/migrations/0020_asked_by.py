"""Who wrote a request down is kept: somebody else hands out and erases. A slip is written by who prints it."""

from django.db import migrations, models

from philoxenia_web.registry.people.policies_sql import SYSTEM


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0025_set_aside"),
    ]

    operations = [
        migrations.AddField(
            model_name="rightsrequest",
            name="asked_by",
            field=models.UUIDField(null=True),
        ),
        migrations.RunSQL(
            f"""
            alter policy registry_slip_insert on registry_slip with check ({SYSTEM});
            alter policy registry_slip_update on registry_slip using ({SYSTEM}) with check ({SYSTEM});
            """,
            migrations.RunSQL.noop,
        ),
    ]
