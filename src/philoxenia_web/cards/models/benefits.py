"""What a card brings at partners, and how often it was used: counts, and marks that are destroyed."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Benefit(models.Model):
    """A service of the directory that a card opens, and how often."""

    class Often(models.TextChoices):
        """How often one card may use it."""

        DAY = "day", _("Once a day")
        MONTH = "month", _("Once a month")
        YEAR = "year", _("Once a year")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    # Who redeems it, and the directory's service, whose name is shown.
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    service_id = models.UUIDField()
    often = models.CharField(max_length=10, choices=Often.choices, default=Often.MONTH)
    active = models.BooleanField(default=True)
    begun_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "service_id"], name="one_benefit_a_service")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Period(models.Model):
    """A day, month or year of a benefit: how often it was used. Its key is destroyed at its end."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    benefit = models.ForeignKey(Benefit, models.CASCADE, related_name="periods")
    begins = models.DateField()
    ends = models.DateField()
    used = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["benefit", "begins"], name="one_period_a_beginning")]

    def __str__(self) -> str:
        return str(self.pk)


class Mark(models.Model):
    """That some card used a benefit in a period: a keyed hash, gone with the period."""

    # Drawn: a number that counts up would tell the order of uses.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Of the form: the same form sent twice is one use.
    key = models.UUIDField(null=True)
    period = models.ForeignKey(Period, models.CASCADE, related_name="marks")
    mark = models.BinaryField(max_length=16)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["period", "mark"], name="one_use_a_period")]

    def __str__(self) -> str:
        return str(self.pk)
