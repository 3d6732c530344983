"""Devices that work without a network, what became of their changes, and conflicts."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from philoxenia_web.registry.people.policies_sql import DESKS, RESIDENT, SYSTEM, protect

# Values of conflicts are sealed; of these rows a desk sees its own, and a person what is said of them.
_OWN = f"organisation_id = any ({DESKS}) or {SYSTEM}"
_SEEN = f"{_OWN} or resident_id = {RESIDENT}"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_supervisor"),
        ("casework", "0050_hooks"),
        ("registry", "0010_rights"),
    ]

    operations = [
        migrations.CreateModel(
            name="OfflineDevice",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("key", models.UUIDField(editable=False, unique=True)),
                ("person_id", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("laptop", "Laptop"), ("tablet", "Tablet"), ("phone", "Phone")],
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("in_use", "In use"), ("revoked", "Stopped"), ("wiped", "Emptied")],
                        default="in_use",
                        max_length=20,
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "Everything was sent"),
                            ("hand", "By hand"),
                            ("sign_out", "Its owner signed out"),
                            ("time", "Its time was over"),
                            ("tries", "Too many wrong passphrases"),
                            ("revoked", "Stopped from here"),
                        ],
                        max_length=20,
                    ),
                ),
                ("until", models.DateTimeField()),
                ("keep_until", models.DateTimeField()),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("heard_at", models.DateTimeField(null=True)),
                ("unsent", models.PositiveIntegerField(default=0)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.UUIDField(null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
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
            name="OfflineConflict",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("keys", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("note", "Note"),
                            ("need", "Need"),
                            ("task", "Task"),
                            ("contact", "Ways to reach the person"),
                        ],
                        max_length=20,
                    ),
                ),
                ("object_id", models.UUIDField()),
                (
                    "field",
                    models.CharField(
                        choices=[
                            ("severity", "How severe"),
                            ("state", "State"),
                            ("contacts", "Ways to reach the person"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text_id", models.UUIDField()),
                ("mine_by", models.UUIDField()),
                ("mine_at", models.DateTimeField()),
                ("theirs_by", models.UUIDField(null=True)),
                ("theirs_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "To be decided"), ("decided", "Decided")],
                        default="open",
                        max_length=20,
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("mine", "The one from the device"), ("theirs", "The one from the desk")],
                        max_length=20,
                    ),
                ),
                ("decided_by", models.UUIDField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="casework.case"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="registry.resident"
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conflicts",
                        to="casework.offlinedevice",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OfflineChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("note", "Note"),
                            ("need", "Need"),
                            ("task", "Task"),
                            ("contact", "Ways to reach the person"),
                        ],
                        max_length=20,
                    ),
                ),
                ("object_id", models.UUIDField()),
                ("target_id", models.UUIDField(null=True)),
                (
                    "field",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("severity", "How severe"),
                            ("state", "State"),
                            ("contacts", "Ways to reach the person"),
                        ],
                        max_length=20,
                    ),
                ),
                ("mark", models.UUIDField(null=True)),
                ("value_version", models.UUIDField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("applied", "Written"),
                            ("merged", "Written beside changes of others"),
                            ("conflict", "A person decides"),
                            ("refused", "Refused"),
                            ("overtaken", "A later change was here first"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("key_used", "Another change had its number"),
                            ("gone", "What it changes is not there any more"),
                            ("not_taken", "The case was not taken along"),
                            ("not_allowed", "It cannot be done in the state things are in"),
                            ("bad_value", "It is no value of this field"),
                            ("closed", "The case is closed"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "settled_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="casework.case"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="registry.resident"
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="casework.offlinedevice",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TakenCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "taken_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="casework.case"
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="taken",
                        to="casework.offlinedevice",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="registry.resident"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="offlinedevice",
            index=models.Index(fields=["organisation", "-made_at"], name="devices_of_a_desk"),
        ),
        migrations.AddIndex(
            model_name="offlineconflict",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["organisation", "made_at"],
                name="conflicts_of_a_desk",
            ),
        ),
        migrations.AddConstraint(
            model_name="offlineconflict",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("decision", ""), ("state", "open")),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("state", "decided"),
                        models.Q(("decision", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="decided_conflicts_say_how",
            ),
        ),
        migrations.AddIndex(
            model_name="offlinechange",
            index=models.Index(fields=["device", "object_id"], name="changes_of_an_object"),
        ),
        migrations.AddConstraint(
            model_name="offlinechange",
            constraint=models.UniqueConstraint(fields=("device", "key"), name="one_answer_a_change"),
        ),
        migrations.AddConstraint(
            model_name="takencase",
            constraint=models.UniqueConstraint(fields=("device", "case"), name="one_copy_a_device"),
        ),
        protect("casework_offlinedevice", _OWN),
        protect("casework_takencase", _SEEN, insert=_OWN, update=_OWN, delete=_OWN),
        protect("casework_offlinechange", _SEEN, insert=_OWN, update=SYSTEM, delete=SYSTEM),
        protect("casework_offlineconflict", _SEEN, insert=_OWN, update=_OWN, delete=SYSTEM),
    ]
