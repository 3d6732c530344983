"""Who is told of changes, the order of changes, and what was shown of a month."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from philoxenia_web.casework.hooks.changes_sql import NOTE, UNDO, follow
from philoxenia_web.registry.people.policies_sql import ORGANISATIONS, SYSTEM, protect

_OWN = f"{SYSTEM} or organisation_id = any ({ORGANISATIONS})"
_OWN_HOOK = f"{SYSTEM} or exists (select 1 from casework_hook hook where hook.id = hook_id)"  # noqa: S608 (words of ours)


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0030_appointments"),
        ("accounts", "0002_trail"),
        ("registry", "0002_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="OfficeMonth",
            fields=[
                ("month", models.DateField(primary_key=True, serialize=False)),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("tables", models.JSONField()),
                ("minimum", models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Hook",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("address", models.URLField(max_length=500)),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("case", "Cases"),
                                ("referral", "Referrals"),
                                ("appointment", "Appointments"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("active", "Active"),
                            ("paused", "Paused"),
                            ("silent", "Stopped: it did not answer"),
                            ("ended", "Ended"),
                        ],
                        default="active",
                        max_length=10,
                    ),
                ),
                ("generation", models.PositiveIntegerField(default=1)),
                (
                    "generation_since",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("failing_since", models.DateTimeField(null=True)),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("made_by", models.UUIDField(editable=False, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("case", "Cases"),
                            ("referral", "Referrals"),
                            ("appointment", "Appointments"),
                            ("hook", "Trial"),
                        ],
                        max_length=20,
                    ),
                ),
                ("object_id", models.UUIDField()),
                ("object_state", models.CharField(max_length=20)),
                ("object_version", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("delivered", "Delivered"),
                            ("given_up", "Given up"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("status", models.PositiveSmallIntegerField(null=True)),
                (
                    "fault",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("status", "It was refused"),
                            ("silent", "Nothing answered"),
                            ("certificate", "Its certificate is not valid"),
                            ("address", "The address is not opened"),
                            ("redirect", "It leads elsewhere, which is not followed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "hook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="casework.hook",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Modification",
            fields=[
                ("object_id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("case", "Cases"),
                            ("referral", "Referrals"),
                            ("appointment", "Appointments"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "organisations",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None),
                ),
                ("number", models.BigIntegerField(unique=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "number"], name="modifications_in_order")],
            },
        ),
        migrations.AddIndex(
            model_name="hook",
            index=models.Index(fields=["organisation"], name="hooks_of_organisation"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["next_at"], name="deliveries_due"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["hook", "-at"], name="deliveries_newest_first"),
        ),
        migrations.RunSQL(NOTE, UNDO),
        migrations.RunSQL(*follow("casework_case", "case", "organisation_id")),
        migrations.RunSQL(*follow("casework_referral", "referral", "sender_id", "receiver_id")),
        migrations.RunSQL(*follow("casework_appointment", "appointment", "organisation_id")),
        protect(
            "casework_modification",
            f"{SYSTEM} or organisations && {ORGANISATIONS}",
            insert="false",
            update="false",
        ),
        protect("casework_hook", _OWN),
        protect("casework_delivery", _OWN_HOOK),
        protect("casework_officemonth", "true", insert=SYSTEM, update="false"),
    ]
