"""Why a referral ended: the record was protected."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0065_gone"),
    ]

    operations = [
        migrations.AlterField(
            model_name="referral",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("no_place", "No place free"),
                    ("not_for_us", "We do not do this"),
                    ("not_in_area", "Outside our area"),
                    ("no_language", "We do not have the language"),
                    ("no_access", "Our place is not accessible for this person"),
                    ("known_already", "We help already"),
                    ("too_little_known", "Too little to go by"),
                    ("no_consent", "The person does not want it any more"),
                    ("not_needed", "No longer needed"),
                    ("elsewhere", "Helped elsewhere"),
                    ("mistake", "Sent by mistake"),
                    ("agreement_ended", "The agreement ended"),
                    ("protected", "The record was protected; ask anew if they should know"),
                ],
                max_length=20,
            ),
        )
    ]
