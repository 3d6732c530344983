"""Rights of the people the city knows: their requests, the slips that open their own page, what may go.

Codes, ids and times alone; words are sealed texts.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class RightsRequest(models.Model):
    """Somebody asks for something about what is kept of them; it is answered by a day."""

    class Kind(models.TextChoices):
        """What is asked for."""

        SEE = "see", _("See what is kept")
        CORRECT = "correct", _("Correct something")
        TAKE_ALONG = "take_along", _("Take their record along")
        ERASE = "erase", _("Be forgotten")

    class State(models.TextChoices):
        """`rights.states.REQUEST`."""

        ASKED = "asked", _("Waits for an answer")
        TAKEN_UP = "taken_up", _("Being worked on")
        DONE = "done", _("Done")
        DECLINED = "declined", _("Declined")
        TAKEN_BACK = "taken_back", _("Taken back")

    class Field(models.TextChoices):
        """What is wrong."""

        NAMES = "names", _("My name")
        BIRTH = "birth", _("My date of birth")
        CONTACTS = "contacts", _("How to reach me")
        LANGUAGES = "languages", _("My languages")
        HOUSEHOLD = "household", _("Who lives with me")
        OTHER = "other", _("Something else")

    class Reason(models.TextChoices):
        """Why a request is declined."""

        LAW = "law", _("A law says that it must be kept")
        OPEN_CASE = "open_case", _("Something is still under way that needs it")
        RIGHT_AS_IT_IS = "right_as_it_is", _("It was looked at and is right as it is")
        OTHERS = "others", _("It would tell about somebody else")
        NOT_KEPT = "not_kept", _("This is not kept here")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    resident = models.ForeignKey("registry.Resident", models.CASCADE, related_name="requests")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    state = models.CharField(max_length=20, choices=State.choices, default=State.ASKED)
    field = models.CharField(max_length=20, choices=Field.choices, blank=True)
    own_page = models.BooleanField(default=False)
    # Who wrote it down, or printed the slip it was asked with: somebody else hands out and erases.
    asked_by = models.UUIDField(null=True)
    text_id = models.UUIDField(null=True)
    answer_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    due_on = models.DateField()
    taken_by = models.UUIDField(null=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    key = models.UUIDField(unique=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "state", "due_on"], name="requests_that_wait")]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"


class Slip(models.Model):
    """A printed paper that opens one person's own page, once, on one device, for some weeks."""

    class State(models.TextChoices):
        """`rights.states.SLIP`."""

        PRINTED = "printed", _("Printed, not opened yet")
        OPEN = "open", _("Opened")
        LOCKED = "locked", _("Closed by the person")
        ENDED = "ended", _("Ended")

    class Because(models.TextChoices):
        """Why it ended."""

        DESK = "desk", _("The desk ended it")
        PERSON = "person", _("The person ended it")
        NEWER = "newer", _("A newer slip was printed")
        TRIES = "tries", _("Too many wrong tries")
        TIME = "time", _("Its time was up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    resident = models.ForeignKey("registry.Resident", models.CASCADE, related_name="slips")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    # The first letters of the code find the row; the others and the number are kept as slow hashes.
    finder = models.CharField(max_length=8, unique=True)
    code = models.BinaryField(max_length=32)
    pin = models.BinaryField(max_length=32)
    salt = models.BinaryField(max_length=16)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=20, choices=State.choices, default=State.PRINTED)
    because = models.CharField(max_length=20, choices=Because.choices, blank=True)
    tries_left = models.PositiveSmallIntegerField()
    expires_at = models.DateTimeField()
    # SHA-256 of what the one device holds in its cookie.
    device = models.BinaryField(max_length=32, null=True)
    opened_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    made_by = models.UUIDField()
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    key = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return str(self.pk)


class SlipTry(models.Model):
    """That a code was wrong: from which address of the network, as a mark that changes with the day."""

    mark = models.BinaryField(max_length=16)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["mark", "at"], name="tries_by_mark")]

    def __str__(self) -> str:
        return str(self.at)


class RetentionItem(models.Model):
    """Something whose time is up by a rule, as one run found it; a supervisor confirms before it goes."""

    class State(models.TextChoices):
        """What became of it."""

        PROPOSED = "proposed", _("Proposed")
        HELD = "held", _("Must be kept for now")
        ENDED = "ended", _("Gone")
        USED = "used", _("In use again")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rule = models.CharField(max_length=40)
    object_id = models.UUIDField()
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    last_used_on = models.DateField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.PROPOSED)
    found_at = models.DateTimeField(db_default=Now(), editable=False)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "object_id"],
                condition=models.Q(state__in=["proposed", "held"]),
                name="one_proposal_an_object",
            )
        ]
        indexes = [models.Index(fields=["organisation", "state", "rule"], name="proposals_that_wait")]

    def __str__(self) -> str:
        return f"{self.rule} {self.object_id}"


class PeopleImport(models.Model):
    """A list of people on its way into the registry. Its file and rows are sealed under a key of its own."""

    class State(models.TextChoices):
        """`rights.states.IMPORT`."""

        CHECKING = "checking", _("Being read")
        REFUSED = "refused", _("Refused")
        CHECKED = "checked", _("Read; waits for a decision")
        RUNNING = "running", _("Coming in")
        DECIDING = "deciding", _("Some rows wait for a person")
        DONE = "done", _("Done")
        GIVEN_UP = "given_up", _("Given up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    person_id = models.UUIDField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.CHECKING)
    content = models.BinaryField(null=True)
    # Findings by row and column; every value was left out before it was kept.
    report = models.JSONField(default=dict)
    rows = models.PositiveIntegerField(default=0)
    touched_at = models.DateTimeField(auto_now=True)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    version = models.PositiveIntegerField(default=1)
    key = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return str(self.pk)


class ImportRow(models.Model):
    """One row of an import, sealed until it is decided."""

    class State(models.TextChoices):
        """What is known of it, and what became of it."""

        WAITS = "waits", _("Waits")
        DOUBTFUL = "doubtful", _("May be known already")
        MADE = "made", _("New record")
        KNOWN = "known", _("Known already")
        SKIPPED = "skipped", _("Left out")
        REFUSED = "refused", _("Cannot be written down")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(PeopleImport, models.CASCADE, related_name="lines")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    # The department's number of the record, keyed: the same record twice is seen as one.
    mark = models.BinaryField(max_length=16)
    content = models.BinaryField(null=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITS)
    candidates = ArrayField(models.UUIDField(), default=list)
    resident_id = models.UUIDField(null=True)
    decided_by = models.UUIDField(null=True)
    # The field of a record that cannot take what the row says; or that it says too little.
    fault = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="one_line_a_number"),
        ]
        indexes = [
            models.Index(fields=["batch", "state"], name="lines_by_state"),
            models.Index(fields=["organisation", "mark"], name="lines_by_mark"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.number}"
