"""Referrals follow their case, a need is asked of an organisation once at a time, desks begin each day anew."""

from django.db import migrations, models

from philoxenia_web.registry.people.policies_sql import DESKS, ORGANISATIONS, RESIDENT, SYSTEM

# As before, and whoever has the case now sees what was asked for it.
_SEEN = (
    f"{SYSTEM} or sender_id = any({DESKS})"
    f" or (receiver_id = any({ORGANISATIONS}) and (ended_at is null or ended_at >= now()))"
    f" or resident_id = {RESIDENT}"
)
_OF_CASE = f"exists (select 1 from casework_case c where c.id = case_id and c.organisation_id = any({DESKS}))"  # noqa: S608 (tables of ours)

# The first of several holds; who was asked twice sees the others no longer.
_ASKED_TWICE = """
with later as (
  select one.id from casework_referral one
  where one.ended_at is null and one.need_id is not null and exists (
    select 1 from casework_referral first
    where first.need_id = one.need_id and first.receiver_id = one.receiver_id and first.ended_at is null
      and (first.sent_at, first.id) < (one.sent_at, one.id))),
ended as (
  update registry_grant set ended_at = now()
  where ended_at is null and source_id in (select id from later) returning 1)
update casework_referral set state = 'withdrawn', reason = 'mistake', ended_at = now(), changed_at = now(),
  version = version + 1
where id in (select id from later);
set constraints all immediate;
set constraints all deferred;
"""
_REMINDED = """
update casework_appointment one set remind = false
where not exists (select 1 from casework_reminder told where told.appointment_id = one.id);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0051_seen_people"),
        ("registry", "0013_likeliest_first"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="ticket", name="one_ticket_a_desk"),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["called", "serving"])),
                fields=("queue", "day", "desk"),
                name="one_ticket_a_desk",
            ),
        ),
        migrations.AddField(model_name="appointment", name="remind", field=models.BooleanField(default=True)),
        migrations.AlterField(
            model_name="appointment",
            name="because",
            field=models.CharField(
                blank=True,
                choices=[
                    ("asked", "The person asked for it"),
                    ("worker", "The caseworker cannot"),
                    ("interpreter", "The interpreter cannot"),
                    ("room", "The room cannot be used"),
                    ("not_needed", "Not needed any more"),
                    ("mistake", "Booked by mistake"),
                    ("elsewhere", "Another team goes on"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="why",
            field=models.CharField(
                blank=True,
                choices=[
                    ("no_contact", "No safe contact of this kind"),
                    ("not_wanted", "The person wants no messages"),
                    ("not_agreed", "The person has not agreed to messages"),
                    ("over", "The appointment changed meanwhile"),
                    ("late", "It was too late"),
                    ("no_gateway", "Text messages are not set up here"),
                    ("refused", "The other side did not take it"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="emergency",
            name="found_by",
            field=models.CharField(
                choices=[("number", "By its number"), ("name", "By name and date of birth")],
                default="number",
                max_length=10,
            ),
        ),
        migrations.RunSQL(_ASKED_TWICE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("need", "receiver"),
                name="one_live_referral_of_a_need",
            ),
        ),
        migrations.RunSQL(
            f"alter policy casework_referral_select on casework_referral using ({_SEEN} or {_OF_CASE});",
            f"alter policy casework_referral_select on casework_referral using ({_SEEN});",
        ),
        migrations.RunSQL(_REMINDED, migrations.RunSQL.noop),
    ]
