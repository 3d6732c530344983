"""Starting the registry app."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Names what the registry writes to the trail."""

    name = "philoxenia_web.registry"

    def ready(self) -> None:
        """Words for the page of the trail."""
        from philoxenia_web.accounts import audit  # noqa: PLC0415 (models must be ready)
        from philoxenia_web.registry import keys, words  # noqa: PLC0415
        from philoxenia_web.registry.people import rewrapping  # noqa: PLC0415
        from philoxenia_web.registry.rights import shell  # noqa: PLC0415

        audit.name_actions(words.ACTIONS)
        shell.register()
        keys.on_rotation(rewrapping.rewrap)
