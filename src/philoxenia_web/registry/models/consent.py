"""What people agreed to: one row a purpose and organisation, and what was said about it, which only grows.

The columns are those of ISO/IEC TS 27560; what each is called there stands in the table `consent_fields`.
"""

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Consent(models.Model):
    """What holds now."""

    class State(models.TextChoices):
        """`rights.states.CONSENT`."""

        ASKED = "asked", _("Not asked yet")
        GIVEN = "given", _("Agreed")
        REFUSED = "refused", _("Said no")
        WITHDRAWN = "withdrawn", _("Taken back")
        EXPIRED = "expired", _("Run out")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    resident = models.ForeignKey("registry.Resident", models.CASCADE, related_name="consents")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=40)
    state = models.CharField(max_length=20, choices=State.choices, default=State.ASKED)
    valid_until = models.DateField(null=True)
    version = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "organisation", "purpose"], name="one_consent_a_purpose"
            )
        ]
        indexes = [models.Index(fields=["state", "valid_until"], name="consents_that_run_out")]

    def __str__(self) -> str:
        return f"{self.resident_id} {self.purpose}"


class ConsentEvent(models.Model):
    """One thing that was said: by whom, in which language, after which notice."""

    class By(models.TextChoices):
        """Who spoke."""

        SELF = "self", _("The person")
        GUARDIAN = "guardian", _("A guardian")
        REPRESENTATIVE = "representative", _("A representative")

    class Method(models.TextChoices):
        """How it was said."""

        SPOKEN = "spoken", _("Spoken at the desk")
        WRITTEN = "written", _("Signed on paper")
        OWN_PAGE = "own_page", _("On their own page")
        TIME = "time", _("By the passing of time")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    consent = models.ForeignKey(Consent, models.CASCADE, related_name="events")
    # Stands here too: row-level security asks for it.
    resident = models.ForeignKey("registry.Resident", models.CASCADE, related_name="+")
    verb = models.CharField(max_length=20)
    state = models.CharField(max_length=20, choices=Consent.State.choices)
    by = models.CharField(max_length=20, choices=By.choices)
    # A guardian who has a record here; who else spoke is a sealed text.
    guardian_id = models.UUIDField(null=True)
    text_id = models.UUIDField(null=True)
    method = models.CharField(max_length=20, choices=Method.choices)
    language = models.CharField(max_length=20)
    notice_version = models.CharField(max_length=20)
    # SHA-256 of the words as they were shown.
    notice_mark = models.CharField(max_length=64)
    valid_until = models.DateField(null=True)
    person_id = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now(), editable=False)
    key = models.UUIDField(unique=True)

    class Meta:
        indexes = [models.Index(fields=["consent", "at"], name="events_of_a_consent")]

    def __str__(self) -> str:
        return f"{self.consent_id} {self.verb}"
