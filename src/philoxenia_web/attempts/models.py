"""What every row that is computed in attempts keeps: its state, who computes it now, and its one result."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Attempted(models.Model):
    """Something computed in attempts.

    `attempt`, `lease` and `heartbeat` belong to whoever computes it now: only the holder of the lease may
    write progress or a result. `result` is the name of the one published folder; '' until there is one.
    """

    class State(models.TextChoices):
        """From waiting to done; cancelled and failed ones can be started again."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.WAITING)
    version = models.PositiveIntegerField(default=1)

    asked_by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    attempt = models.PositiveIntegerField(default=0)
    lease = models.UUIDField(null=True)
    heartbeat = models.DateTimeField(null=True)
    step = models.PositiveSmallIntegerField(default=0)
    step_share = models.FloatField(default=0)
    found = models.JSONField(default=list)
    # Why it failed: a code of ours, or a sentence of the engine (English).
    fault = models.TextField(blank=True)

    engine_version = models.CharField(max_length=50, blank=True)
    engine_fingerprint = models.CharField(max_length=64, blank=True)
    result = models.CharField(max_length=80, blank=True)
    result_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="a_done_%(class)s_has_one_result",
                condition=models.Q(state="done", result__gt="")
                | (~models.Q(state="done") & models.Q(result="")),
            ),
            models.CheckConstraint(
                name="only_a_running_%(class)s_is_leased",
                condition=models.Q(state="running", lease__isnull=False)
                | (~models.Q(state="running") & models.Q(lease__isnull=True)),
            ),
        ]

    @property
    def is_under_way(self) -> bool:
        """Whether it waits or runs."""
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def is_done(self) -> bool:
        """Whether there is a result to read."""
        return self.state == self.State.DONE
