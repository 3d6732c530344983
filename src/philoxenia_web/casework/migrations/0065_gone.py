"""What changed, by organisation; needs and deletions are followed; a hook is told once a trial arrived."""

from django.db import migrations, models

from philoxenia_web.casework.hooks.following_sql import FOLLOW, MODIFIED, UNDO_FOLLOW, follow_deletions
from philoxenia_web.registry.people.policies_sql import ORGANISATIONS, SYSTEM, protect

_KINDS = [("case", "Cases"), ("referral", "Referrals"), ("appointment", "Appointments")]
_PUT_ASIDE = "create temporary table put_aside on commit drop as select * from casework_modification;"
_PUT_BACK = """
insert into casework_modification (object_id, organisation_id, kind, at)
  select object_id, place, kind, at from put_aside, unnest(organisations) place;
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0060_devices")]

    operations = [
        migrations.RunSQL(_PUT_ASIDE, migrations.RunSQL.noop),
        migrations.DeleteModel("Modification"),
        migrations.CreateModel(
            name="Modification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("object_id", models.UUIDField()),
                ("organisation_id", models.UUIDField()),
                ("kind", models.CharField(choices=_KINDS, max_length=20)),
                ("at", models.DateTimeField(db_index=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("object_id", "organisation_id"), name="modified_once_an_organisation"
                    )
                ],
                "indexes": [
                    models.Index(fields=["organisation_id", "kind", "at"], name="modifications_by_place")
                ],
            },
        ),
        migrations.RunSQL(_PUT_BACK, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="hook",
            name="state",
            field=models.CharField(
                choices=[
                    ("new", "Not tried yet"),
                    ("active", "Active"),
                    ("paused", "Paused"),
                    ("silent", "Stopped: it did not answer"),
                    ("ended", "Ended"),
                ],
                default="new",
                max_length=10,
            ),
        ),
        migrations.RunSQL(MODIFIED + FOLLOW, UNDO_FOLLOW),
        migrations.RunSQL(*follow_deletions("casework_case", "case", "organisation_id")),
        migrations.RunSQL(*follow_deletions("casework_referral", "referral", "sender_id", "receiver_id")),
        migrations.RunSQL(*follow_deletions("casework_appointment", "appointment", "organisation_id")),
        protect(
            "casework_modification",
            f"{SYSTEM} or organisation_id = any({ORGANISATIONS})",
            insert="false",
            update="false",
        ),
    ]
