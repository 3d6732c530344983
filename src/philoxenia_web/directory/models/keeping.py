"""What keeps the directory in step: translations of texts, changes in order, imports."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from philoxenia_web.directory.models.base import words


class Translation(models.Model):
    """A text of a record in another language.

    `source_hash` is made of the text it was made from (see `texts.hash_of`): when that changes, it is
    outdated. `feed` as of the records: '' where it was written here.
    """

    class Status(models.TextChoices):
        """Who made it, and whether it still says what the record says."""

        HUMAN = "human", _("By a person")
        MACHINE = "machine", _("By a machine")
        OUTDATED = "outdated", _("Outdated")

    id = models.BigAutoField(primary_key=True)
    # Name of the HSDS table, such as service.
    table = models.CharField(max_length=40)
    record_id = models.UUIDField()
    field = models.CharField(max_length=40)
    language = models.CharField(max_length=20)
    text = models.TextField()
    status = models.CharField(max_length=10, choices=Status.choices)
    source_hash = models.CharField(max_length=64)
    by = words(size=200)
    at = models.DateTimeField(db_default=Now())
    feed = words(size=80)
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        db_table = "directory_translation"
        constraints = [
            models.UniqueConstraint(
                fields=["record_id", "field", "language", "table"], name="one_translation_a_language"
            )
        ]
        indexes = [models.Index(fields=["language", "status"], name="translations_by_status")]

    def __str__(self) -> str:
        return f"{self.table}.{self.field} {self.language}"


class Change(models.Model):
    """A service was written. Rows are added in the order in which they can be seen (see `following`)."""

    class Kind(models.TextChoices):
        """What was done with it."""

        SAVED = "saved", _("Saved")
        REMOVED = "removed", _("Removed")

    number = models.BigAutoField(primary_key=True)
    # No link: a service may be gone.
    service_id = models.UUIDField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "directory_change"
        indexes = [models.Index(fields=["service_id"], name="changes_of_service")]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"


class Import(models.Model):
    """One reading of a feed into the directory: who, when, how many rows, what was left out."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    feed = models.CharField(max_length=80)
    licence = words(size=300)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    # Whether records that the feed no longer holds became inactive.
    whole = models.BooleanField(default=False)
    # Of each table: rows read, new, changed, removed.
    counts = models.JSONField(default=dict)
    # Sentences about what was left out and why, without what was left out.
    notes = models.JSONField(default=list)

    class Meta:
        db_table = "directory_import"
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.feed} {self.at}"
