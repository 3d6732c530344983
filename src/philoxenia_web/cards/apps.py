"""Starting the cards app."""

from django.apps import AppConfig


class CardsConfig(AppConfig):
    """City cards."""

    name = "philoxenia_web.cards"
