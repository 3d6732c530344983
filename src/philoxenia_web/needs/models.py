"""What the planner's pages keep: a run's protected tables, and surveys that were profiled."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class ReleasePlan(models.Model):
    """The protected cube of a finished run, sealed with the key of its agreement: with the key it ends.

    Made once. Made again from the same run it is the same, because its chances come from that key too.
    """

    run_id = models.UUIDField(primary_key=True, editable=False)
    agreement_id = models.UUIDField(editable=False)
    sealed = models.BinaryField()
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return str(self.run_id)


class Profile(models.Model):
    """A survey handed in to be profiled. Only the tables stay: the survey is deleted when they are made."""

    class State(models.TextChoices):
        """From hand-in to tables."""

        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    # Empty where the application made it itself: the example.
    created_by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("title"), max_length=200)
    # TOML, as `philoxenia profile --spec` reads it.
    spec = models.TextField(max_length=20_000)
    survey_name = models.CharField(max_length=200)
    is_synthetic = models.BooleanField(default=False)
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING)
    fault = models.TextField(blank=True)
    # The tables of the engine's profile, by name: columns and rows.
    tables = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["organisation", "-created_at"], name="needs_profiles_of")]
        constraints = [models.CheckConstraint(name="a_profile_has_a_title", condition=models.Q(title__gt=""))]

    def __str__(self) -> str:
        return self.title
