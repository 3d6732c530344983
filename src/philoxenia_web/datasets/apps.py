"""Starting the datasets app."""

from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    """Registers what the datasets app shows in the rail."""

    name = "philoxenia_web.datasets"
