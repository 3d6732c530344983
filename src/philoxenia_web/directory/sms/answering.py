"""The answer to a message: the nearest open services, one a part, with a number to call."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import cos, hypot, radians

from django.utils import timezone, translation
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from philoxenia.directory.hours import Hours
from philoxenia.reference import default_parameters
from philoxenia.report.names import clean
from philoxenia_web.directory import queries
from philoxenia_web.directory.city import city
from philoxenia_web.directory.public.lines import helping_lines
from philoxenia_web.directory.public.opening import clock, weekday
from philoxenia_web.directory.public.telephones import dialled
from philoxenia_web.directory.public.words import NEEDS
from philoxenia_web.directory.search import Found, Near, Query, find
from philoxenia_web.directory.shown import ShownPhone, ShownPlace, ShownService
from philoxenia_web.directory.sms.parts import Part, composed, plainer, split
from philoxenia_web.directory.sms.reading import Request, read

_KM_OF_A_DEGREE = 111.2
_ROUND_THE_CLOCK = timedelta(hours=23, minutes=59)
# Makes a telephone read a number from left to right in an Arabic message.
_LEFT_TO_RIGHT = "\u200e"


def answer(text: str, moment: datetime | None = None) -> tuple[Request, list[Part]]:
    """What a message is answered with, as parts of at most 160 (GSM-7) or 70 (UCS-2) signs."""
    request = read(text)
    with translation.override(request.language):
        return request, _answered(request, moment or timezone.now())


def _answered(request: Request, moment: datetime) -> list[Part]:
    most = int(default_parameters()["directory.sms_parts"])
    if not request.need:
        return split(plainer(_how_to_ask()), most)
    found, is_open = _found(request, moment)
    services = queries.shown_many(found.ids, request.language)
    if not services:
        return split(plainer(_nothing(request)), most)
    parts = [_part(one, request.near, moment) for one in services][:most]
    more = found.total > request.page * int(default_parameters()["directory.sms_services"])
    notes = [
        "" if is_open else _("None is open now."),
        _("More: %(words)s") % {"words": request.again} if more else "",
    ]
    return _with_notes(parts, notes, most)


def _found(request: Request, moment: datetime) -> tuple[Found, bool]:
    """Open services, or all where none is open, with whether they are."""
    near = f"{request.near.latitude},{request.near.longitude}" if request.near else ""
    size = int(default_parameters()["directory.sms_services"])
    asked = {"language": request.language, "near": near, "page": request.page, "size": size}
    found = find(Query(request.need, open_at=moment, **asked))  # type: ignore[arg-type]
    return (found, True) if found.total else (find(Query(request.need, **asked)), False)  # type: ignore[arg-type]


def _part(service: ShownService, near: Near | None, moment: datetime) -> Part:
    place = _nearest(service.places, near)
    phones = [*service.phones, *(place.phones if place else [])]
    number = next((told for one in phones if (told := _number(one))), "")
    wanted = [
        _hours(service, place, moment),
        ", ".join(place.address[:1]) if place else "",
        _away(place, near),
    ]
    return composed([plainer(clean(service.name.text)), number], [plainer(clean(one)) for one in wanted])


def _number(phone: ShownPhone) -> str:
    """As it is dialled, without the spaces that an Arabic message would put in another order."""
    found = dialled(phone.number, phone.extension, phone.kind).address
    if not found.startswith("tel:"):
        return ""
    number = found.removeprefix("tel:").replace(";ext=", " ext. ")
    right_to_left = get_language_info(translation.get_language() or "en")["bidi"]
    return f"{_LEFT_TO_RIGHT}{number}" if right_to_left else number


def _hours(service: ShownService, place: ShownPlace | None, moment: datetime) -> str:
    hours = Hours((place.schedules if place else []) or service.schedules, city().zone)
    if not hours.known:
        return ""
    now = moment.astimezone(hours.zone)
    until = hours.until(now)
    if until is not None and until - now >= _ROUND_THE_CLOCK:
        return _("open day and night")
    if until is not None:
        return _("open until %(time)s") % {"time": clean(clock(until))}
    later = hours.next_opening(now)
    if later is None:
        return ""
    day = "" if later.date() == now.date() else f"{weekday(later.date())} "
    return _("opens %(time)s") % {"time": day + clean(clock(later))}


def _nearest(places: Sequence[ShownPlace], near: Near | None) -> ShownPlace | None:
    if near is None or not places:
        return places[0] if places else None
    return min(places, key=lambda one: _kilometres(one, near))


def _kilometres(place: ShownPlace, near: Near) -> float:
    if place.latitude is None or place.longitude is None:
        return float("inf")
    east = (place.longitude - near.longitude) * cos(radians(near.latitude))
    return hypot(east, place.latitude - near.latitude) * _KM_OF_A_DEGREE


def _away(place: ShownPlace | None, near: Near | None) -> str:
    kilometres = _kilometres(place, near) if place and near else float("inf")
    return "" if kilometres == float("inf") else f"{kilometres:.1f} km"


def _with_notes(parts: list[Part], notes: Sequence[str], most: int) -> list[Part]:
    """Each note in the last part where it fits there whole, else in a part of its own, else not at all."""
    for note in (plainer(one) for one in notes if one):
        longer = Part(f"{parts[-1].text}. {note}")
        if longer.fits:
            parts = [*parts[:-1], longer]
        elif len(parts) < most:
            parts = [*parts, *split(note, 1)]
    return parts


def _how_to_ask() -> str:
    asked = _("Write what you need and where, such as: %(example)s.") % {"example": _example()}
    return f"{asked} {_person()}".strip()


def _example() -> str:
    """A need and the shortest name among the city's districts."""
    named = sorted(city().districts.values(), key=lambda name: (len(name), name))[:1]
    return " ".join([str(NEEDS["food"].name).lower(), *named])


def _nothing(request: Request) -> str:
    words = {"words": clean(request.need)}
    if request.page > 1:
        return _("That was all for: %(words)s.") % words
    said = _("Nothing found for: %(words)s.") % words
    return f"{said} {_how_to_ask()}"


def _person() -> str:
    """Whom to call instead; nothing where the city's package names nobody."""
    numbers = [line.number for line in helping_lines()[:1]]
    return _("Or call %(number)s.") % {"number": numbers[0]} if numbers else ""
