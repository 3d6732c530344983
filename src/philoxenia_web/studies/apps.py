"""Starting the studies app."""

from django.apps import AppConfig


class StudiesConfig(AppConfig):
    """Registers what the studies app shows in the rail."""

    name = "philoxenia_web.studies"
