"""`philoxenia web make_editions`: the offline editions of all languages, now."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from philoxenia_web.directory.offline.making import make


class Command(BaseCommand):
    """The worker makes them by itself; this is for whoever does not want to wait."""

    help = "Make the offline edition of each language from the directory as it is."

    def handle(self, **options: Any) -> None:
        """One line a language."""
        for language, _ in settings.LANGUAGES:
            told = make(language)
            size = f"{told['rows']} services and guides, {told['bytes']} bytes"
            self.stdout.write(f"{language}: edition {told['number']}, {size}")
