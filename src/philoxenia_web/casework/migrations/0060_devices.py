"""Devices end with their owner's sessions, and every desk whose case lies on one sees and stops it."""

from django.db import migrations, models

from philoxenia_web.registry.people.policies_sql import DESKS, SYSTEM

_OF_DEVICE = f"organisation_id = any ({DESKS}) or {SYSTEM}"
_HOLDS_OURS = (
    "exists (select 1 from casework_takencase t"  # noqa: S608 (tables of ours)
    f" where t.device_id = casework_offlinedevice.id and t.organisation_id = any ({DESKS}))"
)


def _policies(condition: str) -> str:
    table = "casework_offlinedevice"
    return f"""
        alter policy {table}_select on {table} using ({condition});
        alter policy {table}_update on {table} using ({condition}) with check ({condition});
    """


class Migration(migrations.Migration):
    dependencies = [("casework", "0055_lasting_fronts")]

    operations = [
        migrations.AddField("offlinedevice", "epoch", models.PositiveIntegerField(null=True)),
        migrations.AlterField(
            "offlinechange",
            "reason",
            models.CharField(
                blank=True,
                choices=[
                    ("key_used", "Another change had its number"),
                    ("gone", "What it changes is not there any more"),
                    ("not_taken", "The case was not taken along, or another team has it now"),
                    ("not_allowed", "It cannot be done in the state things are in"),
                    ("bad_value", "It is no value of this field"),
                    ("closed", "The case is closed"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunSQL(
            # Before one copy, one desk: that of its case, whatever desk the device was begun at.
            """update casework_takencase t set organisation_id = c.organisation_id
               from casework_case c where c.id = t.case_id and c.organisation_id <> t.organisation_id;
               set constraints all immediate; set constraints all deferred;""",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(_policies(f"{_OF_DEVICE} or {_HOLDS_OURS}"), _policies(_OF_DEVICE)),
    ]
