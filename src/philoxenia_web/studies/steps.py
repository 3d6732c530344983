"""The steps of a run, in words."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Step(models.IntegerChoices):
    """What a run does, in order. The numbers are kept with each study."""

    READ = 1, _("Reading and checking the inputs")
    PRESSURE = 2, _("Pressure today")
    ARRIVALS = 3, _("Who may come")
    LOAD = 4, _("Load and gaps")
    REPORT = 5, _("Writing the report")
    PACK = 6, _("Packing everything for download")
