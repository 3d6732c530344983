"""`philoxenia web directory_index`: bring the search index up to date now, or build it anew."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from philoxenia_web.directory.search import index, keeping


class Command(BaseCommand):
    """The worker does the same every minute."""

    help = "Bring the directory's search index up to the last change; build it where there is none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One option."""
        parser.add_argument("--rebuild", action="store_true", help="build it anew, whatever there is")

    def handle(self, **options: Any) -> None:
        """Says what was done."""
        try:
            done = f"built: {keeping.build()} services" if options["rebuild"] else keeping.follow()
        except index.BusyError as busy:
            raise CommandError("The index is being written already; try again in a minute.") from busy
        self.stdout.write(done)
