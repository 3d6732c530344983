"""The application's look."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Components and styles; no tables of its own."""

    name = "philoxenia_web.ui"
