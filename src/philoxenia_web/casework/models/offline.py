"""Devices that work without a network: which cases they hold, what became of their changes, and conflicts.

Values are not kept here: those of a conflict are sealed in the registry, of others there is a keyed mark.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a device can change."""

    NOTE = "note", _("Note")
    NEED = "need", _("Need")
    TASK = "task", _("Task")
    CONTACT = "contact", _("Ways to reach the person")


class Field(models.TextChoices):
    """The fields a device can set."""

    SEVERITY = "severity", _("How severe")
    STATE = "state", _("State")
    CONTACTS = "contacts", _("Ways to reach the person")


class OfflineDevice(models.Model):
    """One taking along: a device, whose it is, until when it opens, what it said last."""

    class Kind(models.TextChoices):
        """What it looks like, so that its owner knows it again."""

        LAPTOP = "laptop", _("Laptop")
        TABLET = "tablet", _("Tablet")
        PHONE = "phone", _("Phone")

    class State(models.TextChoices):
        """Whether it may still send."""

        IN_USE = "in_use", _("In use")
        REVOKED = "revoked", _("Stopped")
        WIPED = "wiped", _("Emptied")

    class Why(models.TextChoices):
        """Why it was emptied or stopped."""

        DONE = "done", _("Everything was sent")
        HAND = "hand", _("By hand")
        SIGN_OUT = "sign_out", _("Its owner signed out")
        TIME = "time", _("Its time was over")
        TRIES = "tries", _("Too many wrong passphrases")
        REVOKED = "revoked", _("Stopped from here")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The same request again gives the device it made.
    key = models.UUIDField(unique=True, editable=False)
    person_id = models.UUIDField()
    # Of its owner, when it took along: where their sessions were ended since, its copies end too.
    epoch = models.PositiveIntegerField(null=True)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    state = models.CharField(max_length=20, choices=State.choices, default=State.IN_USE)
    why = models.CharField(max_length=20, choices=Why.choices, blank=True)
    until = models.DateTimeField()
    # Until then what is not sent yet stays sealed on the device.
    keep_until = models.DateTimeField()
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    heard_at = models.DateTimeField(null=True)
    unsent = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-made_at"], name="devices_of_a_desk")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def mark(self) -> str:
        """Four signs by which people tell devices apart."""
        return self.pk.hex[:4].upper()


class _OfCase(models.Model):
    """What belongs to a case, and to whom that belongs."""

    case = models.ForeignKey("casework.Case", models.CASCADE, related_name="+")
    resident = models.ForeignKey("registry.Resident", models.CASCADE, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class TakenCase(_OfCase):
    """That a device holds a copy of a case."""

    device = models.ForeignKey(OfflineDevice, models.CASCADE, related_name="taken")
    taken_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "case"], name="one_copy_a_device")]

    def __str__(self) -> str:
        return str(self.pk)


class OfflineChange(_OfCase):
    """The answer a change of a device got, for ever: the same change again gets the same."""

    class Outcome(models.TextChoices):
        """What became of it."""

        APPLIED = "applied", _("Written")
        MERGED = "merged", _("Written beside changes of others")
        CONFLICT = "conflict", _("A person decides")
        REFUSED = "refused", _("Refused")
        OVERTAKEN = "overtaken", _("A later change was here first")

    class Reason(models.TextChoices):
        """Why it was refused."""

        KEY_USED = "key_used", _("Another change had its number")
        GONE = "gone", _("What it changes is not there any more")
        NOT_TAKEN = "not_taken", _("The case was not taken along, or another team has it now")
        NOT_ALLOWED = "not_allowed", _("It cannot be done in the state things are in")
        BAD_VALUE = "bad_value", _("It is no value of this field")
        CLOSED = "closed", _("The case is closed")

    device = models.ForeignKey(OfflineDevice, models.CASCADE, related_name="changes")
    key = models.UUIDField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    # As the device calls it, and what it is here.
    object_id = models.UUIDField()
    target_id = models.UUIDField(null=True)
    field = models.CharField(max_length=20, choices=Field.choices, blank=True)
    mark = models.UUIDField(null=True)
    value_version = models.UUIDField(null=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    settled_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "key"], name="one_answer_a_change")]
        indexes = [models.Index(fields=["device", "object_id"], name="changes_of_an_object")]

    def __str__(self) -> str:
        return str(self.key)


class OfflineConflict(_OfCase):
    """Two values of one field, neither written over the other; a person says which stands."""

    class State(models.TextChoices):
        """Whether somebody decided."""

        OPEN = "open", _("To be decided")
        DECIDED = "decided", _("Decided")

    class Decision(models.TextChoices):
        """Which value stands."""

        MINE = "mine", _("The one from the device")
        THEIRS = "theirs", _("The one from the desk")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    device = models.ForeignKey(OfflineDevice, models.CASCADE, related_name="conflicts")
    # The change that met it, and later ones of its author that belong to it.
    keys = ArrayField(models.UUIDField())
    kind = models.CharField(max_length=20, choices=Kind.choices)
    object_id = models.UUIDField()
    field = models.CharField(max_length=20, choices=Field.choices)
    # The value as it was seen, the desk's and the device's, sealed.
    text_id = models.UUIDField()
    mine_by = models.UUIDField()
    mine_at = models.DateTimeField()
    theirs_by = models.UUIDField(null=True)
    theirs_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    decision = models.CharField(max_length=20, choices=Decision.choices, blank=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation", "made_at"],
                name="conflicts_of_a_desk",
                condition=models.Q(state="open"),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="open", decision="", decided_at__isnull=True)
                | models.Q(state="decided", decided_at__isnull=False) & ~models.Q(decision=""),
                name="decided_conflicts_say_how",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
