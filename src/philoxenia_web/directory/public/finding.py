"""The results of a search: a list and a map, narrowed by links and one plain form."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from philoxenia_web.directory.city import city
from philoxenia_web.directory.public import asked as asking
from philoxenia_web.directory.public import frame, words
from philoxenia_web.directory.public.asked import Asked
from philoxenia_web.directory.public.frame import help_page
from philoxenia_web.directory.public.map import found_map
from philoxenia_web.directory.public.searching import SIZE, Result, search
from philoxenia_web.directory.public.showing import card


@help_page
def find(request: HttpRequest, language: str) -> HttpResponse:
    """What was asked for, a page of it."""
    asked = asking.read(request.GET)
    found = search(asked, language)
    first = (asked.page - 1) * SIZE
    cards = [card(one, first + place) for place, one in enumerate(found.services, 1)]
    context = {
        "asked": asked,
        "title": _title(asked),
        "found": found,
        "cards": cards,
        "map": found_map(cards) if asked.view == "map" else None,
        "start": first + 1,
        "switches": [(name, said, getattr(asked, name)) for name, said in asking.switches().items()],
        "needs": [(code, need.name) for code, need in words.NEEDS.items()],
        "spoken": _spoken(asked, found),
        **_ways(asked, found),
    }
    return frame.answer(request, "directory/public/find.html", context)


def _title(asked: Asked) -> str:
    if asked.text:
        return _("Help with “%(words)s”") % {"words": f"\u2068{asked.text}\u2069"}
    return str(words.NEEDS[asked.need].name) if asked.need else _("All services")


def _ways(asked: Asked, found: Result) -> dict[str, str]:
    """Addresses of the pages before and after, and of the other view."""
    last = found.pages()
    return {
        "before": asked.address(page=asked.page - 1) if asked.page > 1 else "",
        "after": asked.address(page=asked.page + 1) if asked.page < last else "",
        "as_list": asked.address(view="list", page=asked.page),
        "as_map": asked.address(view="map", page=asked.page),
        "without": asked.address(need="", near="", spoken="", **dict.fromkeys(asking.switches(), False)),
    }


def _spoken(asked: Asked, found: Result) -> list[tuple[str, str]]:
    """Languages to choose from: those that are spoken in what was found, else the city's."""
    codes = dict.fromkeys([*found.facets.get("spoken", {}), *([asked.spoken] if asked.spoken else [])])
    named = [(code, words.language_name(code)) for code in codes or city().languages]
    return sorted(named, key=lambda one: one[1].casefold())
