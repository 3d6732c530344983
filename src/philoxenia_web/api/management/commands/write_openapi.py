"""Keeps the document in the docs: `python manage.py write_openapi docs/reference/openapi.json`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from philoxenia_web.api.openapi import document


def text() -> str:
    """The document as it is kept."""
    with translation.override("en"):
        return json.dumps(document(), ensure_ascii=False, indent=1) + "\n"


class Command(BaseCommand):
    """Writes the OpenAPI document to a file."""

    help = "Writes the OpenAPI document to a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to write it."""
        parser.add_argument("path", type=Path)

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        """Write it."""
        path.write_text(text(), encoding="utf-8")
