"""A row of a list that no record can take is set aside with the name of its field."""

from django.db import migrations, models

STATES = [
    ("waits", "Waits"),
    ("doubtful", "May be known already"),
    ("made", "New record"),
    ("known", "Known already"),
    ("skipped", "Left out"),
    ("refused", "Cannot be written down"),
]


class Migration(migrations.Migration):
    """See `rights.import_taking`."""

    dependencies = [("registry", "0014_grants")]

    operations = [
        migrations.AddField("importrow", "fault", models.CharField(blank=True, default="", max_length=20)),
        migrations.AlterField(
            "importrow", "state", models.CharField(choices=STATES, default="waits", max_length=20)
        ),
    ]
