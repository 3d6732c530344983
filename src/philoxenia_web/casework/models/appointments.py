"""Rooms, interpreters, hours, appointments, and what the database itself keeps from being taken twice.

A resident is an id here; names of rooms and labels of interpreters are an office's own words.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class _Offered(models.Model):
    """Something an organisation offers for appointments; what is closed stays for those of the past."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class Room(_Offered):
    """A room of an organisation."""

    name = models.CharField(max_length=60)
    seats = models.PositiveSmallIntegerField(default=4)
    step_free = models.BooleanField(default=False)
    quiet = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="one_room_a_name")]

    def __str__(self) -> str:
        return self.name


class Interpreter(_Offered):
    """Somebody who interprets: a colleague (`person_id`) or one of an agency, known by the agency's label."""

    class Sex(models.TextChoices):
        """Some residents speak of some things only to a woman, or only to a man."""

        WOMAN = "woman", _("Woman")
        MAN = "man", _("Man")
        UNSAID = "", _("Not said")

    label = models.CharField(max_length=60)
    person_id = models.UUIDField(null=True)
    agency = models.BooleanField(default=False)
    languages = ArrayField(models.CharField(max_length=40))
    sex = models.CharField(max_length=10, choices=Sex.choices, blank=True)
    present = models.BooleanField(default=True)
    by_phone = models.BooleanField(default=True)
    # Other departments may book this interpreter too.
    shared = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "label"], name="one_interpreter_a_label"),
            models.CheckConstraint(
                condition=models.Q(present=True) | models.Q(by_phone=True), name="interprets_somehow"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def resource_id(self) -> uuid.UUID:
        """What is taken: a colleague who interprets cannot hold a conversation of their own meanwhile."""
        return self.person_id or self.pk


class Hours(models.Model):
    """When a worker, room or interpreter can be booked, each week, in the clock of the city."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", models.CASCADE, related_name="+")
    resource_id = models.UUIDField()
    weekday = models.PositiveSmallIntegerField()
    begins = models.TimeField()
    ends = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("begins")), name="hours_end_after_they_begin"
            ),
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="a_week_has_seven_days"),
        ]
        indexes = [models.Index(fields=["organisation", "resource_id"], name="hours_of_a_resource")]

    def __str__(self) -> str:
        return str(self.pk)


class Absence(models.Model):
    """When somebody is away or a room closed; why is nobody's business here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", models.CASCADE, related_name="+")
    resource_id = models.UUIDField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="absence_ends_after_it_begins"
            )
        ]
        indexes = [models.Index(fields=["resource_id", "ends_at"], name="absences_of_a_resource")]

    def __str__(self) -> str:
        return str(self.pk)


class Appointment(models.Model):
    """A time for one resident with a worker. Its pieces of time are in `Taken`, put there by a trigger."""

    class State(models.TextChoices):
        """What became of it."""

        BOOKED = "booked", _("Booked")
        ARRIVED = "arrived", _("Has come")
        HELD = "held", _("Took place")
        CANCELLED = "cancelled", _("Cancelled")
        MISSED = "missed", _("Did not come")

    class Way(models.TextChoices):
        """How they meet."""

        OFFICE = "office", _("In the office")
        PHONE = "phone", _("By phone")
        VIDEO = "video", _("By video")
        VISIT = "visit", _("Where the person is")

    class Interpreting(models.TextChoices):
        """How it is interpreted."""

        NONE = "", _("No interpreter")
        PRESENT = "present", _("Interpreter in the room")
        PHONE = "phone", _("Interpreter by phone")

    class Because(models.TextChoices):
        """Why it was cancelled or moved."""

        ASKED = "asked", _("The person asked for it")
        WORKER = "worker", _("The caseworker cannot")
        INTERPRETER = "interpreter", _("The interpreter cannot")
        ROOM = "room", _("The room cannot be used")
        NOT_NEEDED = "not_needed", _("Not needed any more")
        MISTAKE = "mistake", _("Booked by mistake")
        ELSEWHERE = "elsewhere", _("Another team goes on")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    resident = models.ForeignKey("registry.Resident", models.CASCADE, related_name="+")
    case = models.ForeignKey("casework.Case", models.SET_NULL, null=True, related_name="appointments")
    purpose = models.CharField(max_length=20)
    bring = ArrayField(models.CharField(max_length=30), default=list)
    way = models.CharField(max_length=10, choices=Way.choices, default=Way.OFFICE)
    worker_id = models.UUIDField()
    room = models.ForeignKey(Room, models.PROTECT, null=True, related_name="+")
    interpreter = models.ForeignKey(Interpreter, models.PROTECT, null=True, related_name="+")
    interpreting = models.CharField(max_length=10, choices=Interpreting.choices, blank=True)
    language = models.CharField(max_length=40, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.BOOKED)
    because = models.CharField(max_length=20, choices=Because.choices, blank=True)
    moved = models.PositiveSmallIntegerField(default=0)
    # Whether messages about this one are wanted at all; also of those who agreed to messages.
    remind = models.BooleanField(default=True)
    booked_by = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    key = models.UUIDField(unique=True, editable=False)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="appointment_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=models.Q(way="office", room__isnull=False)
                | (~models.Q(way="office") & models.Q(room__isnull=True)),
                name="a_room_in_the_office_alone",
            ),
            models.CheckConstraint(
                condition=models.Q(interpreting="", interpreter__isnull=True)
                | (~models.Q(interpreting="") & models.Q(interpreter__isnull=False)),
                name="an_interpreter_where_one_interprets",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "starts_at"], name="appointments_of_a_day"),
            models.Index(fields=["worker_id", "starts_at"], name="appointments_of_a_worker"),
            models.Index(fields=["resident", "-starts_at"], name="appointments_of_a_resident"),
            models.Index(fields=["changed_at", "id"], name="appointments_by_change"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Taken(models.Model):
    """Five minutes of a worker, room, interpreter or resident. The key is what makes a second booking fail.

    Written by the trigger of appointments alone; read through `casework_taken_between`.
    """

    pk = models.CompositePrimaryKey("resource_id", "piece")
    resource_id = models.UUIDField()
    # Minutes since 1970 over five.
    piece = models.IntegerField()
    kind = models.CharField(
        max_length=12,
        choices=[(one, one) for one in ("worker", "room", "interpreter", "resident")],
    )
    appointment = models.ForeignKey(Appointment, models.DO_NOTHING, db_constraint=False, related_name="+")

    def __str__(self) -> str:
        return f"{self.resource_id} {self.piece}"


class Reminder(models.Model):
    """A message about an appointment: when it is due and what became of it. Whom it goes to is read then."""

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("On its way")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Could not be sent")
        NOT_SENT = "not_sent", _("Not sent")

    class Kind(models.TextChoices):
        """What it says."""

        BOOKED = "booked", _("Booked")
        DAY = "day", _("A day before")
        HOURS = "hours", _("Shortly before")
        MOVED = "moved", _("Moved")
        CANCELLED = "cancelled", _("Cancelled")

    class Channel(models.TextChoices):
        """How it travels."""

        EMAIL = "email", _("E-mail")
        SMS = "sms", _("Text message")

    class Why(models.TextChoices):
        """Why it was not sent."""

        NO_CONTACT = "no_contact", _("No safe contact of this kind")
        NOT_WANTED = "not_wanted", _("The person wants no messages")
        NOT_AGREED = "not_agreed", _("The person has not agreed to messages")
        OVER = "over", _("The appointment changed meanwhile")
        LATE = "late", _("It was too late")
        NO_GATEWAY = "no_gateway", _("Text messages are not set up here")
        REFUSED = "refused", _("The other side did not take it")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    # Of which version of the appointment's time it speaks.
    moved = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    why = models.CharField(max_length=12, choices=Why.choices, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    taken_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "kind", "channel", "moved"], name="one_reminder_a_kind"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="reminders_due", condition=models.Q(state__in=["waiting", "sending"])
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ReminderChoice(models.Model):
    """By which way who agreed to messages wants them. No row: both, to contacts that are safe."""

    resident = models.OneToOneField("registry.Resident", models.CASCADE, primary_key=True, related_name="+")
    email = models.BooleanField(default=True)
    sms = models.BooleanField(default=True)
    changed_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.pk)


class CalendarFeed(models.Model):
    """A worker's appointments as a calendar outside: its signed address is read until it ends."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    organisation = models.ForeignKey("accounts.Organisation", models.CASCADE, related_name="+")
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "organisation"],
                condition=models.Q(ended_at=None),
                name="one_feed_a_worker",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
