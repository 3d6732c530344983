"""What every page's frame needs."""

from typing import Any

from django.http import HttpRequest

from philoxenia_web.ui.navigation import entries_for


def shell(request: HttpRequest) -> dict[str, Any]:
    """The rail's entries for this visitor."""
    return {"rail": entries_for(request)}
