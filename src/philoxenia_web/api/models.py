"""Tokens, answers kept for repeated requests, and counts of requests."""

import uuid
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Token(models.Model):
    """What a program shows to act for a person in one organisation. The secret itself is nowhere kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=100)
    scopes = ArrayField(models.CharField(max_length=100))
    # The first letters, by which its owner and a log of leaks recognise it.
    prefix = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, unique=True)
    # Of the form that asked for it: the same form sent twice makes one token.
    key = models.UUIDField(default=uuid.uuid4)
    # The person's epoch when it was made: once that goes up, the token is over.
    epoch = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    # A day, not a moment: enough to find tokens nobody uses, too little to follow somebody's work.
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="one_token_a_form")]

    def __str__(self) -> str:
        return self.name

    def state_at(self, moment: datetime) -> str:
        """Whether it opens anything now."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at <= moment else "active"


class KeptAnswer(models.Model):
    """What a request with an Idempotency-Key was answered, so that the same key does nothing twice."""

    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="+")
    operation = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField()
    body = models.BinaryField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "operation", "key"], name="one_answer_a_key")
        ]
        indexes = [models.Index(fields=["created_at"], name="kept_answer_by_age")]

    def __str__(self) -> str:
        return f"{self.operation} {self.status}"


class RequestCount(models.Model):
    """How often somebody asked in the present minute, counted for all processes together."""

    subject = models.CharField(primary_key=True, max_length=80)
    minute = models.BigIntegerField()
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.subject} {self.count}"
