"""Starting the casework app."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """The front door."""

    name = "philoxenia_web.casework"
