"""Starting the directory app."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """The directory of services, guides and rights."""

    name = "philoxenia_web.directory"

    def ready(self) -> None:
        """Let the style sheet of the public pages be made."""
        # Models must be ready first.
        from philoxenia_web.directory.public import style_sheet  # noqa: PLC0415

        style_sheet.register()
        # What staff sees of it in the rail; models must be ready.
        from philoxenia_web.directory.staff import shell  # noqa: PLC0415

        shell.register()
