"""What every page's frame needs."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from philoxenia.report.mark import mark_inline
from philoxenia_web.ui.navigation import PERSON, home_for, lines_of, sections_for

APPEARANCE_COOKIE = "appearance"
APPEARANCES = {"auto": _("As the device"), "light": _("Light"), "dark": _("Dark")}


def shell(request: HttpRequest) -> dict[str, Any]:
    """The rail and the top bar for this visitor; what asks the database waits until a page shows it."""
    chosen = appearance_of(request)
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    return {
        "rail": SimpleLazyObject(lambda: sections_for(request)),
        "rail_home": SimpleLazyObject(lambda: home_for(request)),
        "demonstration": settings.ENVIRONMENT.demo,
        "city_name": city_name(settings.ENVIRONMENT.city),
        "mark": _mark(),
        "language": get_language_info(get_language() or "en"),
        "languages": SimpleLazyObject(languages),
        "appearance": chosen,
        "appearances": [
            {"value": value, "words": words, "current": value == chosen}
            for value, words in APPEARANCES.items()
        ],
        "person_name": str(user) if signed_in else "",
        "person_entries": SimpleLazyObject(lambda: lines_of(PERSON, request)),
        "sign_out_url": reverse("account_logout") if signed_in else "",
    }


def appearance_of(request: HttpRequest) -> str:
    """Light, dark, or what the device asks for."""
    chosen = request.COOKIES.get(APPEARANCE_COOKIE, "")
    return chosen if chosen in APPEARANCES else "auto"


def languages() -> list[dict[str, Any]]:
    """The languages of the interface, each in its own name."""
    here = get_language()
    known = [get_language_info(code) for code, _name in settings.LANGUAGES]
    return [
        {
            "code": one["code"],
            "name": one["name_local"][:1].upper() + one["name_local"][1:],
            "direction": "rtl" if one["bidi"] else "ltr",
            "current": one["code"] == here,
        }
        for one in known
    ]


@cache
def city_name(city: Path) -> str:
    """What the city calls itself in its package; nothing while there is none."""
    place = city / "city.toml"
    if not place.is_file():
        return ""
    return str(tomllib.loads(place.read_text(encoding="utf-8")).get("city", {}).get("name", ""))


@cache
def _mark() -> SafeString:
    return mark_safe(mark_inline())  # noqa: S308 (our own drawing)
