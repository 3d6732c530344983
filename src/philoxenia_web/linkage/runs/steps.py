"""The steps of a run in words, and the numbers each may tell: counts, never a record."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Step(models.IntegerChoices):
    """What a run does, in order. The numbers are kept with each run."""

    READ = 1, _("Opening the lists")
    LINK = 2, _("Comparing records and grouping them into people")
    DECIDE = 3, _("Taking in what reviewers decided")
    COUNT = 4, _("Counting people and needs")
    SEAL = 5, _("Sealing the result")
