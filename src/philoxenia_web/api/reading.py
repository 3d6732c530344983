"""Reading JSON as strictly as RFC 8259 and good sense ask."""

import json
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser


class StrictParser(Parser):
    """Refuses what other readers of the same bytes would understand differently."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body's value; `ValueError` where it is no JSON."""
        return json.loads(
            request.body.decode("utf-8"),
            object_pairs_hook=_once_each,
            parse_constant=_refuse,
        )


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("A name stands twice in an object.")
    return found


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON.")
