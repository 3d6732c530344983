"""Agreements to link: which departments, for which purpose, until when, who reviews, who signed."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Agreement(models.Model):
    """Departments that join their lists of people for one purpose, until a day."""

    class State(models.TextChoices):
        """From the proposal to the end. An end is for ever: a new purpose is a new agreement."""

        PROPOSED = "proposed", _("Waiting for signatures")
        IN_FORCE = "in_force", _("In force")
        ENDED = "ended", _("Ended")

    class End(models.TextChoices):
        """How it ended."""

        DATE = "date", _("Its date had come")
        NOW = "now", _("A department ended it")
        DROPPED = "dropped", _("It was never signed by all")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("title"), max_length=200)
    purpose = models.TextField(_("purpose"), validators=[MaxLengthValidator(2000)])
    # Codes of the needs that may be read from the lists; every other is left out at the door.
    needs = ArrayField(models.CharField(max_length=40), default=list)
    valid_until = models.DateField(_("until"))
    reviewer_ids = ArrayField(models.UUIDField(), default=list)
    state = models.CharField(max_length=20, choices=State.choices, default=State.PROPOSED)
    # Each round of signatures is for terms as they were then; extending begins another.
    round = models.PositiveIntegerField(default=1, editable=False)
    proposed_until = models.DateField(null=True)
    made_by = models.UUIDField(null=True, editable=False)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    request = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    ended_how = models.CharField(max_length=20, choices=End.choices, blank=True)
    ended_because = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        indexes = [models.Index(fields=["state", "valid_until"], name="agreements_to_end")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_live(self) -> bool:
        """Whether lists may be handed in, linked and reviewed today."""
        return self.state == self.State.IN_FORCE and timezone.localdate() <= self.valid_until

    @property
    def days_left(self) -> int:
        """Days until it ends, the last one counted; 0 after it."""
        return max((self.valid_until - timezone.localdate()).days + 1, 0) if self.is_live else 0


class Party(models.Model):
    """A department that takes part."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="parties")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "organisation"], name="one_party_a_department")
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class Signature(models.Model):
    """A steward's consent for a department, to the terms of one round. Rows are only added."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatures")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    round = models.PositiveIntegerField()
    person_id = models.UUIDField()
    at = models.DateTimeField(db_default=Now(), editable=False)
    # What was signed, word for word, and its SHA-256.
    terms = models.JSONField()
    terms_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "organisation", "round"], name="one_signature_a_department"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agreement} {self.organisation}"
