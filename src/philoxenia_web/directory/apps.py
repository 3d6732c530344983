"""Starting the directory app."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """The directory of services, guides and rights."""

    name = "philoxenia_web.directory"
