"""A study: one run of the engine that a planner asked for, what made it and who may see it."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from philoxenia_web.accounts.roles import Role
from philoxenia_web.attempts.models import Attempted
from philoxenia_web.studies.kinds import MOST_MONTHS, Kind


class Study(Attempted):
    """A question to the engine, its settings, and how far the run is."""

    class State(models.TextChoices):
        """From draft to done; cancelled and failed ones can be started again."""

        DRAFT = "draft", _("Draft")
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    # Empty where the application made it itself: the example study.
    created_by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.PRESSURE)
    # What a foresight study asks for, as `philoxenia.workflows.foresight` reads it, but for the months and
    # the seed, which every study has; empty for any other kind.
    plan = models.JSONField(_("plan"), default=dict, blank=True)
    title = models.CharField(_("title"), max_length=200)
    question = models.TextField(_("question"), max_length=1000, blank=True)
    notes = models.TextField(_("notes"), max_length=10_000, blank=True)
    # One of the purposes of `datasets`: only data agreed for it may go in.
    purpose = models.CharField(_("purpose"), max_length=20, default="planning")
    seed = models.PositiveIntegerField(_("seed"), default=1)
    horizon = models.PositiveSmallIntegerField(_("months ahead"), default=12)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.DRAFT)

    created_at = models.DateTimeField(db_default=Now(), editable=False)
    changed_at = models.DateTimeField(db_default=Now())
    asked_at = models.DateTimeField(null=True)
    city_fingerprint = models.CharField(max_length=64, blank=True)
    headline = models.TextField(blank=True)

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["organisation", "-created_at"], name="studies_by_organisation"),
            # Without the heartbeat: it changes every second, and an index on it would grow with each beat.
            models.Index(
                fields=["state"],
                name="studies_under_way",
                condition=models.Q(state__in=["waiting", "running"]),
            ),
        ]
        constraints = [
            *Attempted.Meta.constraints,
            models.CheckConstraint(name="a_study_has_a_title", condition=models.Q(title__gt="")),
            models.CheckConstraint(
                name="a_study_looks_as_far_ahead_as_its_kind",
                condition=models.Q(kind=Kind.PRESSURE, horizon__range=(1, MOST_MONTHS[Kind.PRESSURE]))
                | models.Q(kind=Kind.FORESIGHT, horizon__range=(1, MOST_MONTHS[Kind.FORESIGHT])),
            ),
            models.CheckConstraint(
                name="only_foresight_has_a_plan",
                condition=models.Q(kind=Kind.FORESIGHT) | models.Q(plan={}),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_foresight(self) -> bool:
        """Whether it asks which actions pay back."""
        return self.kind == Kind.FORESIGHT

    @property
    def is_draft(self) -> bool:
        """Whether its settings can still be changed."""
        return self.state == self.State.DRAFT


class StudyInput(models.Model):
    """One table a study uses: a version of a data set, or the city package's own where there is none."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="inputs")
    table = models.CharField(max_length=100)
    # No foreign key: data sets own their versions, and a study outlives what is withdrawn.
    dataset_version_id = models.UUIDField(null=True)
    title = models.CharField(max_length=300, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    rows = models.PositiveBigIntegerField(null=True)
    date = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["table"]
        constraints = [models.UniqueConstraint(fields=["study", "table"], name="one_input_a_table")]

    def __str__(self) -> str:
        return self.table


class StudyParameter(models.Model):
    """A parameter set to something other than the default; `default` is what it was then."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="parameters")
    name = models.CharField(max_length=100)
    value = models.FloatField()
    default = models.FloatField()
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["study", "name"], name="one_value_a_parameter")]

    def __str__(self) -> str:
        return self.name


class Share(models.Model):
    """Who else may read a finished study: an organisation, a role, both, or (neither) everybody."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, models.CASCADE, related_name="shares")
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, blank=True)
    until = models.DateField(_("until"), null=True)
    created_by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["organisation", "role"], name="shares_by_receiver")]

    def __str__(self) -> str:
        return f"{self.organisation_id or ''} {self.role}".strip()
