"""Starting the cards app."""

from django.apps import AppConfig


class CardsConfig(AppConfig):
    """City cards."""

    name = "philoxenia_web.cards"

    def ready(self) -> None:
        """Say what the rail, the trail, a person's rights and own page show of cards."""
        # Models must be ready first.
        from philoxenia_web.cards import shell  # noqa: PLC0415

        shell.register()
