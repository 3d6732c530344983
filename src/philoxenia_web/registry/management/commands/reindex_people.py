"""`philoxenia web reindex_people`: the blind index anew, where its key is lost for ever."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from philoxenia.vocabulary import PhiloxeniaError
from philoxenia_web.registry.people import indexing


class Command(BaseCommand):
    """Opens every record once; twice does no harm, and a killed one is run again."""

    help = "Index all residents anew with the key of the search that lies here, or a new one."

    def handle(self, **options: Any) -> None:
        """Says how many were indexed."""
        try:
            count = indexing.everybody()
        except PhiloxeniaError as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"{count:,} people are indexed. Start the server again, so that it takes the key.")
