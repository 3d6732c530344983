"""What looking after the directory needs: links to confirm by, proposals, doubles, checks of addresses."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from philoxenia_web.directory.models.base import words


def _person() -> "models.ForeignKey[models.Model, models.Model]":
    return models.ForeignKey("accounts.Person", models.SET_NULL, null=True, blank=True, related_name="+")


class ConfirmLink(models.Model):
    """A link by which an organisation confirms some of its services without a password.

    The link's text is signed and not kept: it names this row and nothing else.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey("directory.Organization", models.CASCADE, related_name="links")
    key = models.UUIDField(unique=True)
    email = models.EmailField()
    language = models.CharField(max_length=20)
    made_by = _person()
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "directory_confirm_link"
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.organization} {self.made_at}"


class Confirmation(models.Model):
    """One service of a link: answered once. `seen` is the version the link was made for."""

    class Answer(models.TextChoices):
        """What the organisation said."""

        WAITING = "", _("Not answered")
        CONFIRMED = "confirmed", _("Confirmed")
        PROPOSED = "proposed", _("Changes proposed")

    link = models.ForeignKey(ConfirmLink, models.CASCADE, related_name="confirmations")
    service = models.ForeignKey("directory.Service", models.CASCADE, related_name="confirmations")
    seen = models.PositiveIntegerField()
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.WAITING, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "directory_confirmation"
        constraints = [models.UniqueConstraint(fields=["link", "service"], name="one_confirmation_a_service")]

    def __str__(self) -> str:
        return f"{self.service} {self.answer}"


class Proposal(models.Model):
    """Changes somebody outside proposes to a service; an editor accepts or declines them."""

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("To be decided")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey("directory.Service", models.CASCADE, related_name="proposals")
    confirmation = models.OneToOneField(
        Confirmation, models.SET_NULL, null=True, blank=True, related_name="proposal"
    )
    # The record as it was shown, and as it should be: plain values by field (see `editing.drafts`).
    before = models.JSONField()
    after = models.JSONField()
    note = words()
    made_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = _person()
    reason = words()

    class Meta:
        db_table = "directory_proposal"
        ordering = ["made_at"]
        indexes = [models.Index(fields=["state", "made_at"], name="proposals_by_state")]

    def __str__(self) -> str:
        return f"{self.service} {self.state}"


class DuplicatePair(models.Model):
    """Two organisations that may be one, as the linkage of organisations finds them; a person decides."""

    class State(models.TextChoices):
        """What was decided."""

        OPEN = "open", _("To be decided")
        SAME = "same", _("One organisation")
        DIFFERENT = "different", _("Two organisations")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    left = models.ForeignKey("directory.Organization", models.CASCADE, related_name="+")
    right = models.ForeignKey("directory.Organization", models.CASCADE, related_name="+")
    weight = models.FloatField()
    probability = models.FloatField()
    # What was compared and what was found, in words.
    levels = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = _person()

    class Meta:
        db_table = "directory_duplicate_pair"
        constraints = [
            models.UniqueConstraint(fields=["left", "right"], name="one_row_a_pair"),
            models.CheckConstraint(
                name="a_pair_in_one_order", condition=models.Q(left__lt=models.F("right"))
            ),
        ]
        indexes = [models.Index(fields=["state", "-weight"], name="duplicates_by_state")]

    def __str__(self) -> str:
        return f"{self.left} / {self.right}"


class CheckedLink(models.Model):
    """An address on the web that records name, and what it answered last."""

    class State(models.TextChoices):
        """How it answered."""

        WAITING = "waiting", _("Not checked yet")
        GOOD = "good", _("Answers")
        MOVED = "moved", _("Moved for good")
        BROKEN = "broken", _("Not there")
        SILENT = "silent", _("Does not answer")
        REFUSED = "refused", _("Not opened")

    # Addresses may be longer than an index takes.
    address_hash = models.CharField(max_length=64, primary_key=True)
    address = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    status = models.IntegerField(null=True, blank=True)
    goes_to = words()
    said = words()
    checked_at = models.DateTimeField(null=True, blank=True)
    # How often in a row it failed: once is no proof.
    failures = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "directory_checked_link"
        indexes = [models.Index(fields=["state", "checked_at"], name="links_by_state")]

    def __str__(self) -> str:
        return f"{self.address} {self.state}"


class StagedImport(models.Model):
    """A file that was read and reported on, and waits to be accepted. The file itself is not kept:
    what is staged has passed the rules of confidential sites.
    """

    class State(models.TextChoices):
        """How far it is."""

        CHECKED = "checked", _("Waits for your decision")
        ACCEPTED = "accepted", _("Accepted")
        DISCARDED = "discarded", _("Discarded")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.UUIDField(unique=True)
    file_name = models.CharField(max_length=200)
    source = models.CharField(max_length=80)
    licence = words(size=300)
    whole = models.BooleanField(default=False)
    counts = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKED)
    made_by = _person()
    made_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True, blank=True)
    result = models.ForeignKey(
        "directory.Import", models.SET_NULL, null=True, blank=True, related_name="staged"
    )

    class Meta:
        db_table = "directory_staged_import"
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.file_name} {self.state}"
