"""Starting the api app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Registers what the api app shows in the rail."""

    name = "philoxenia_web.api"
