"""Times and days where people are served: those of the clocks in the city."""

from collections.abc import Callable
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from philoxenia_web.directory.city import city

# The desk, people's own pages, cards, and the same things for programs.
_WHERE_PEOPLE_ARE_SERVED = ("/front/", "/mine/", "/card/", "/api/v1/casework/")


class CityTime:
    """Whatever serves people reads and shows times in the city's zone, and its today is the city's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(_WHERE_PEOPLE_ARE_SERVED):
            return self.get_response(request)
        with timezone.override(city().zone):
            return self.get_response(request)


def today(moment: datetime | None = None) -> date:
    """The day in the city, for jobs and programs too."""
    return (moment or timezone.now()).astimezone(city().zone).date()
