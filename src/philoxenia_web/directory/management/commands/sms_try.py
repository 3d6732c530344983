"""`philoxenia web sms_try 'food scarborough'`: what a text message would be answered with."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from philoxenia_web.directory.sms.answering import answer


class Command(BaseCommand):
    """Reads and answers as the webhook does; sends nothing."""

    help = "Answer a text message on the console, with what it was read as and how long each part is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The message."""
        parser.add_argument("text")

    def handle(self, **options: Any) -> None:
        """A line of what was understood, then each part."""
        request, parts = answer(options["text"])
        place = request.near.name if request.near else "the whole city"
        self.stdout.write(f"read as: {request.need!r} near {place}, in {request.language}")
        for one in parts:
            self.stdout.write(f"[{one.encoding}, {one.units}] {one.text}")
