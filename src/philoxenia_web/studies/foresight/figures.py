"""Pieces of the pages of foresight."""

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString


def drawn(template: str, context: Mapping[str, Any]) -> SafeString:
    """A piece of a page."""
    return SafeString(render_to_string(f"studies/foresight/{template}.html", dict(context)))
