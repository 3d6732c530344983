"""Pages of one service, one place, one organisation; and a poster with a code to scan."""

from dataclasses import replace
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from philoxenia_web.directory import queries
from philoxenia_web.directory.json_ld import element
from philoxenia_web.directory.public import frame
from philoxenia_web.directory.public.frame import help_page
from philoxenia_web.directory.public.opening import opening
from philoxenia_web.directory.public.showing import (
    card,
    numbers,
    spot,
    spots,
    translation_words,
    web_address,
)
from philoxenia_web.directory.shown import ShownService

# A list on a page of a place or an organisation; the rest is found by searching.
_MOST = 60
# Signs that turn the direction of what follows, as JSON writes them.
_TURNS = {sign: f"\\u{sign:04x}" for sign in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}


@help_page
def service(request: HttpRequest, language: str, service_id: UUID) -> HttpResponse:
    """Everything one needs before going there."""
    one = _service(service_id, language)
    address = request.build_absolute_uri(request.path)
    context = _about(one) | {"address": address, "linked_data": _linked_data(one, address)}
    return frame.answer(request, "directory/public/service.html", context)


@help_page
def poster(request: HttpRequest, language: str, service_id: UUID) -> HttpResponse:
    """One sheet of A4 for a wall: what, where, when, and a code that opens the page."""
    one = _service(service_id, language)
    address = request.build_absolute_uri(reverse("help-service", args=[language, one.id]))
    context = _about(one) | {"address": address, "code": _code(address)}
    return frame.answer(request, "directory/public/poster.html", context)


@help_page
def place(request: HttpRequest, language: str, place_id: UUID) -> HttpResponse:
    """A place and what is given there."""
    found = queries.place(place_id, language)
    if found is None:
        raise Http404
    ids = found.service_ids[:_MOST]
    context = {
        "place": found.place,
        "spot": spot(found.place),
        "phones": numbers(found.place.phones),
        "cards": [card(one, place_id=found.place.id) for one in queries.shown_many(ids, language)],
        "source": found.source,
    }
    return frame.answer(request, "directory/public/place.html", context)


@help_page
def organisation(request: HttpRequest, language: str, organisation_id: UUID) -> HttpResponse:
    """An organisation and its services."""
    found = queries.organisation(organisation_id, language)
    if found is None:
        raise Http404
    services = queries.shown_many(found.service_ids[:_MOST], language)
    context = {
        "organisation": found,
        "website": web_address(found.website),
        "phones": numbers(found.phones),
        "cards": [card(one) for one in services],
        "more": max(0, len(found.service_ids) - _MOST),
    }
    return frame.answer(request, "directory/public/organisation.html", context)


def _service(service_id: UUID, language: str) -> ShownService:
    found = queries.shown(service_id, language)
    if found is None:
        raise Http404
    return found


def _about(one: ShownService) -> dict[str, object]:
    known = spots(one)
    everywhere = [phone for each in one.places for phone in each.phones]
    return {
        "service": one,
        "spots": known,
        "opening": known[0].opening if len(known) == 1 else opening(one.schedules),
        "phones": numbers([*one.phones, *everywhere]),
        "website": web_address(one.url),
        "source_url": web_address(one.source_url),
        "translations": translation_words(one),
        "languages_spoken": list(dict.fromkeys(one.languages)),
    }


def _code(address: str) -> SafeString:
    """A QR code as a drawing; dark on light in any appearance of the page."""
    import segno  # noqa: PLC0415 (for posters alone)

    drawn = segno.make(address, error="m", micro=False).svg_inline(
        border=4, omitsize=True, light="white", dark="black", svgclass="qr", lineclass=None
    )
    return mark_safe(drawn)  # noqa: S308 (made of squares alone)


def _linked_data(one: ShownService, address: str) -> SafeString:
    """schema.org for machines that read pages: data, which no browser runs."""
    told = element(replace(one, url=web_address(one.url)), address).translate(_TURNS)
    return mark_safe(told)  # noqa: S308 (every sign that could end its element is written as a code)
