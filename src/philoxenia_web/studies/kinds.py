"""What a study asks: where pressure is (the run of a city), or which actions pay back (foresight)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """Two questions; each has its own settings, steps, result and pages."""

    PRESSURE = "pressure", _("Pressure and gaps")
    FORESIGHT = "foresight", _("Foresight: which actions pay back")


# Months ahead a study may look, and those a new one starts with.
MOST_MONTHS = {Kind.PRESSURE: 60, Kind.FORESIGHT: 120}
FIRST_MONTHS = {Kind.PRESSURE: 12, Kind.FORESIGHT: 60}
