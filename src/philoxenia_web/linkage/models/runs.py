"""Runs of a linkage under an agreement, the doubtful pairs they leave, and what reviewers answer.

Nothing here names a person: who a pair is stands in `sealed`, which only the agreement's key opens.
"""

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from philoxenia_web.attempts.models import Attempted

# Two agree, or a third decides.
AGREEING, MOST_ANSWERS = 2, 3


class Run(Attempted):
    """One linkage of the lists under an agreement. Its result is a folder of sealed files."""

    agreement = models.ForeignKey("linkage.Agreement", models.PROTECT, related_name="runs")
    # In the agreement, from 1: what people call it.
    number = models.PositiveIntegerField()
    # The lists as they were when it was asked for: id, organisation, source, rows.
    lists = models.JSONField(default=list)
    # How many pairs reviewers had decided when it was computed.
    decisions = models.PositiveIntegerField(default=0)

    asked_at = models.DateTimeField(db_default=Now())
    records = models.PositiveBigIntegerField(default=0)
    people = models.PositiveBigIntegerField(default=0)
    doubtful = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-number"]
        indexes = [
            models.Index(
                fields=["state"],
                name="linkage_runs_under_way",
                condition=models.Q(state__in=["waiting", "running"]),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="one_run_a_number"),
            # So that two who press the button at once start one run.
            models.UniqueConstraint(
                fields=["agreement"],
                name="one_run_at_a_time",
                condition=models.Q(state__in=["waiting", "running"]),
            ),
            *Attempted.Meta.constraints,
        ]

    def __str__(self) -> str:
        return str(self.number)


class ReviewPair(models.Model):
    """Two records of which the run cannot say whether they are one person.

    `sealed` holds which records, their evidence, and nothing of it in the open. `worth` is how many pairs of
    records an answer is expected to put right. `version` changes with the evidence and with the outcome, not
    with single answers: nobody learns of another's answer by it.
    """

    class Outcome(models.TextChoices):
        """What the reviewers found together."""

        OPEN = "open", _("Open")
        SAME = "same", _("The same person")
        DIFFERENT = "different", _("Different people")
        UNSURE = "unsure", _("Cannot be told")
        # The lists or the model changed, and the pair is doubtful no longer.
        GONE = "gone", _("No longer doubtful")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey("linkage.Agreement", models.PROTECT, related_name="pairs")
    # The last run that found it doubtful.
    run = models.ForeignKey(Run, models.PROTECT, related_name="pairs")
    sealed = models.BinaryField()
    worth = models.FloatField(default=0)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, default=Outcome.OPEN)
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-worth", "id"]
        indexes = [
            models.Index(
                fields=["agreement", "-worth", "id"],
                name="pairs_to_review",
                condition=models.Q(outcome="open"),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Decision(models.Model):
    """What one reviewer answered about a pair. Taken back, the row stays with its time."""

    class Answer(models.TextChoices):
        """What a reviewer may say. One who stays away says nothing about the pair."""

        SAME = "same", _("Same person")
        DIFFERENT = "different", _("Different people")
        UNSURE = "unsure", _("Cannot tell")
        AWAY = "away", _("Left to others")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pair = models.ForeignKey(ReviewPair, models.CASCADE, related_name="decisions")
    reviewer = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    answer = models.CharField(max_length=20, choices=Answer.choices)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    pair_version = models.PositiveIntegerField()
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pair", "reviewer"],
                name="one_answer_a_reviewer",
                condition=models.Q(undone_at=None),
            )
        ]

    def __str__(self) -> str:
        return str(self.get_answer_display())
