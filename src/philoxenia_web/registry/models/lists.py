"""What is said of keys and of lists of people. People themselves are in sealed files, not in the database."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class DataKey(models.Model):
    """The key of one agreement: until when and for whom it opens. The key itself lies in a file outside."""

    agreement_id = models.UUIDField(primary_key=True, editable=False)
    fingerprint = models.CharField(max_length=64, editable=False)
    organisation_ids = ArrayField(models.UUIDField())
    reviewer_ids = ArrayField(models.UUIDField())
    # Codes of the needs the agreement names; a list keeps no others.
    needs = ArrayField(models.CharField(max_length=40), default=list)
    valid_until = models.DateField()
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    destroyed_at = models.DateTimeField(null=True)
    destroyed_by = models.UUIDField(null=True)
    destroyed_because = models.TextField(blank=True)

    def __str__(self) -> str:
        return str(self.agreement_id)


class PersonList(models.Model):
    """A department's list under an agreement: on its way, checked, handed in. Rows are sealed in a file."""

    class State(models.TextChoices):
        """From the first piece of the file to the list that runs read."""

        RECEIVING = "receiving", _("On its way")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        HANDED_IN = "handed_in", _("Handed in")
        REPLACED = "replaced", _("Replaced")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        GIVEN_UP = "given_up", _("Given up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="lists", db_column="agreement_id")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    person_id = models.UUIDField()
    # The same request again gives the list it began.
    request = models.UUIDField()
    file_name = models.CharField(max_length=200)
    size = models.BigIntegerField(null=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.RECEIVING)
    # What the steward answered to the check: sheet, member, dates, columns, not_status. Never a cell.
    answers = models.JSONField(default=dict)
    # Each change of the answers asks for a check; the report is that of `checked`.
    wanted = models.PositiveIntegerField(default=1)
    checked = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=30, blank=True)
    rows = models.BigIntegerField(default=0)
    columns = models.JSONField(default=list)
    # Findings by row and column; every value was left out before it was kept.
    report = models.JSONField(default=dict)
    synthetic = models.BooleanField(default=False)
    checking_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    handed_in_at = models.DateTimeField(null=True)
    handed_in_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    touched_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id", "request"], name="one_list_a_request"),
            models.UniqueConstraint(
                fields=["key", "organisation"],
                condition=models.Q(state="handed_in"),
                name="one_list_a_department",
            ),
        ]
        indexes = [models.Index(fields=["state", "touched_at"], name="lists_left_behind")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def agreement_id(self) -> uuid.UUID:
        """The agreement it was handed in under."""
        return self.key_id
