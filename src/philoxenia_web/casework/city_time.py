"""Pages whose times are those of the clocks in the city."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from philoxenia_web.directory.city import city


def in_city_time(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view reads and shows times in the city's zone."""

    @wraps(view)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with timezone.override(city().zone):
            return view(request, *args, **kwargs)

    return inside
