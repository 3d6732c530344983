"""Which key wrote the blind index: a missing one is never replaced in silence."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0020_asked_by")]

    operations = [
        migrations.CreateModel(
            name="IndexKey",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("fingerprint", models.CharField(max_length=64)),
            ],
        ),
    ]
