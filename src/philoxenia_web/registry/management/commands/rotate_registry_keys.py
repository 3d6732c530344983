"""`philoxenia web rotate_registry_keys`: another master key for the keys of agreements and of residents."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from philoxenia.vocabulary import PhiloxeniaError
from philoxenia_web.registry import keys
from philoxenia_web.registry.people import rewrapping


class Command(BaseCommand):
    """Wraps every key anew; lists and results stay as they lie."""

    help = "Wrap the keys of all agreements and residents with a new master key, and forget the old one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One option."""
        parser.add_argument("--print-new", action="store_true", help="only print a new master key")

    def handle(self, **options: Any) -> None:
        """With PHILOXENIA_REGISTRY_KEYS set, its first key is taken; put a new one in front before."""
        if options["print_new"]:
            self.stdout.write(keys.new_secret())
            return
        told = bool(settings.ENVIRONMENT.registry_keys)
        try:
            count = keys.rotate(make_new=not told, alone=rewrapping.nobody_wraps)
        except PhiloxeniaError as fault:
            raise CommandError(str(fault)) from fault
        old = (
            "Take the older ones out of PHILOXENIA_REGISTRY_KEYS." if told else "The old one is overwritten."
        )
        self.stdout.write(f"{count} keys are wrapped with the current master key. {old}")
