"""Texts and files about a resident, sealed; and which organisations were let in to see what."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from philoxenia_web.registry.models.people import Resident


class Kept(models.Model):
    """What an organisation keeps of a resident, sealed under the resident's key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # A code of the app that keeps it; never words about the person.
    kind = models.SlugField(max_length=40)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    shared_with = ArrayField(models.UUIDField(), default=list)
    content = models.BinaryField()
    version = models.PositiveIntegerField(default=1)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


class KeptText(Kept):
    """A text: a note, words of a reason."""

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="texts")


class KeptFile(Kept):
    """A file: a document somebody handed over, a photo for a card."""

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="files")
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()


class Grant(models.Model):
    """Which fields of a resident an organisation may see, or one person of it; until when, and why."""

    class Kind(models.TextChoices):
        """What lets somebody in."""

        REFERRAL = "referral", _("Referral")
        TRANSFER = "transfer", _("Transfer")
        BREAK_GLASS = "break_glass", _("Emergency access")
        CASE = "case", _("Case")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    resident = models.ForeignKey(Resident, models.CASCADE, related_name="grants")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    # Of the organisation this person alone; null: all who work there.
    person_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    fields = ArrayField(models.CharField(max_length=40))
    until = models.DateTimeField(null=True)
    # The referral, case or emergency it follows from.
    source_id = models.UUIDField()
    given_by = models.UUIDField(null=True)
    given_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_id", "resident", "organisation"], name="one_grant_a_source"
            )
        ]

    def __str__(self) -> str:
        return f"{self.resident_id} {self.organisation_id}"
