"""Who is told of what changed: hooks of organisations, what was sent to them, and the order of changes.

Nothing of a person is here: ids of cases, referrals and appointments, states, times.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

# What the kind of a message is called that tells of nothing.
TRIAL = "hook"


class Kind(models.TextChoices):
    """What changes are told of."""

    CASE = "case", _("Cases")
    REFERRAL = "referral", _("Referrals")
    APPOINTMENT = "appointment", _("Appointments")


class Modification(models.Model):
    """When an organisation's thing was last changed, or taken from it, in the order of what became visible.

    Written by the database alone, while a transaction commits: `at` only grows, so that whoever asks for what
    came after a moment misses nothing.
    """

    object_id = models.UUIDField()
    organisation_id = models.UUIDField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["object_id", "organisation_id"], name="modified_once_an_organisation"
            )
        ]
        indexes = [models.Index(fields=["organisation_id", "kind", "at"], name="modifications_by_place")]

    def __str__(self) -> str:
        return str(self.object_id)


class Hook(models.Model):
    """An address of an organisation that is told of changes."""

    class State(models.TextChoices):
        """Whether anything is sent."""

        NEW = "new", _("Not tried yet")
        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Paused")
        SILENT = "silent", _("Stopped: it did not answer")
        ENDED = "ended", _("Ended")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    address = models.URLField(max_length=500)
    kinds = ArrayField(models.CharField(max_length=20, choices=Kind.choices))
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    # Which secret signs, and since when; the one before signs along for a while.
    generation = models.PositiveIntegerField(default=1)
    generation_since = models.DateTimeField(db_default=Now())
    failing_since = models.DateTimeField(null=True)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    made_by = models.UUIDField(null=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["organisation"], name="hooks_of_organisation")]

    def __str__(self) -> str:
        return str(self.pk)


class Delivery(models.Model):
    """One message to one hook; its id is the same however often it is sent."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        GIVEN_UP = "given_up", _("Given up")

    class Fault(models.TextChoices):
        """Why it did not arrive the last time."""

        STATUS = "status", _("It was refused")
        SILENT = "silent", _("Nothing answered")
        CERTIFICATE = "certificate", _("Its certificate is not valid")
        ADDRESS = "address", _("The address is not opened")
        REDIRECT = "redirect", _("It leads elsewhere, which is not followed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hook = models.ForeignKey(Hook, models.CASCADE, related_name="deliveries")
    kind = models.CharField(max_length=20, choices=[*Kind.choices, (TRIAL, _("Trial"))])
    object_id = models.UUIDField()
    # A code of the machine of what changed.
    object_state = models.CharField(max_length=20)
    object_version = models.PositiveIntegerField()
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(db_default=Now())
    status = models.PositiveSmallIntegerField(null=True)
    fault = models.CharField(max_length=20, choices=Fault.choices, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], name="deliveries_due", condition=models.Q(state="waiting")),
            models.Index(fields=["hook", "-at"], name="deliveries_newest_first"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def event(self) -> str:
        """What the message says happened, such as `referral.accepted`."""
        return f"{self.kind}.{self.object_state}"
