"""The walk-in queue: counters, who sits at them, tickets. A ticket is a number, a language and codes."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Queue(models.Model):
    """A waiting room of an organisation. Its letter stands before each number."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    letter = models.CharField(max_length=1, choices=[(one, one) for one in "ABCDEFGHJKLMNPQRSTUVWXYZ"])
    # In which languages the screen speaks.
    languages = ArrayField(models.CharField(max_length=10), default=list)
    active = models.BooleanField(default=True)
    # Grows to make addresses of screens useless that are in the wrong hands.
    screen = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(default=1, editable=False)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "letter"],
                condition=models.Q(active=True),
                name="one_queue_a_letter",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Sitting(models.Model):
    """Somebody sits at a desk of a queue, with the languages they speak."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    queue = models.ForeignKey(Queue, models.CASCADE, related_name="sittings")
    person_id = models.UUIDField()
    desk = models.PositiveSmallIntegerField()
    languages = ArrayField(models.CharField(max_length=40), default=list)
    opened_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "desk"], condition=models.Q(closed_at=None), name="one_person_a_desk"
            ),
            models.UniqueConstraint(
                fields=["person_id"], condition=models.Q(closed_at=None), name="one_desk_a_person"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class QueueDay(models.Model):
    """The last number given out on a day; its row is held while the next one is."""

    queue = models.ForeignKey(Queue, models.CASCADE, related_name="+")
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "day"], name="one_count_a_day")]

    def __str__(self) -> str:
        return f"{self.queue_id} {self.day}"


class Ticket(models.Model):
    """Somebody who waits, by number."""

    class State(models.TextChoices):
        """Where they are."""

        WAITING = "waiting", _("Waiting")
        CALLED = "called", _("Called")
        SERVING = "serving", _("At the desk")
        SERVED = "served", _("Served")
        GONE = "gone", _("Did not come")
        LEFT = "left", _("Left")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="tickets")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    day = models.DateField()
    number = models.PositiveIntegerField()
    language = models.CharField(max_length=40, blank=True)
    reasons = ArrayField(models.CharField(max_length=20), default=list)
    # Minutes within which it should be their turn, by their reasons.
    aim = models.PositiveSmallIntegerField()
    resident = models.ForeignKey("registry.Resident", models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    desk = models.PositiveSmallIntegerField(null=True)
    worker_id = models.UUIDField(null=True)
    came_at = models.DateTimeField(db_default=Now())
    called_at = models.DateTimeField(null=True)
    calls = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    key = models.UUIDField(unique=True, editable=False)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "day", "number"], name="one_ticket_a_number"),
            # One person at a desk at a time, whoever presses the button twice; of yesterday nobody stays.
            models.UniqueConstraint(
                fields=["queue", "day", "desk"],
                condition=models.Q(state__in=["called", "serving"]),
                name="one_ticket_a_desk",
            ),
        ]
        indexes = [
            models.Index(fields=["queue", "day", "state"], name="tickets_of_a_day"),
            models.Index(fields=["resident"], name="tickets_of_a_resident"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def shown(self) -> str:
        """As it is printed and called: A-017."""
        return f"{self.queue.letter}-{self.number:03d}"
