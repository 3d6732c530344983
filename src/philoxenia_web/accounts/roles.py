"""The roles a person can hold in an organisation."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody comes to do. A person may hold several, also in several organisations."""

    PLANNER = "planner", _("Planner")
    DATA_STEWARD = "data_steward", _("Data steward")
    CASEWORKER = "caseworker", _("Caseworker")
    PARTNER = "partner", _("Partner")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")
    REVIEWER = "reviewer", _("Link reviewer")
    EDITOR = "editor", _("Directory editor")
    TRANSLATOR = "translator", _("Translator")
    SUPERVISOR = "supervisor", _("Supervisor")
