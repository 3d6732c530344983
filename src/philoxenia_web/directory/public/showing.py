"""A service as pages show it: its hours in words, its numbers, what is known of status and papers."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from philoxenia_web.directory.city import city
from philoxenia_web.directory.public.opening import Opening, Today, opening
from philoxenia_web.directory.shown import ShownPhone, ShownPlace, ShownService, Text

_OPEN_FIRST = {"open": 0, "shut": 1, "unknown": 2}
_MOST_NUMBERS = 6


@dataclass(frozen=True)
class Spot:
    """One place of a service with its hours."""

    place: ShownPlace
    opening: Opening
    district: str

    @property
    def geo(self) -> str:
        """The address that opens a telephone's own map (RFC 5870); '' without a point."""
        place = self.place
        if place.latitude is None or place.longitude is None:
            return ""
        return f"geo:{place.latitude:.6f},{place.longitude:.6f}?q={place.latitude:.6f},{place.longitude:.6f}"


@dataclass(frozen=True)
class Card:
    """A service in a list."""

    service: ShownService
    today: Today
    spot: Spot | None
    more_places: int
    phone: ShownPhone | None
    number: int = 0


def card(service: ShownService, number: int = 0, place_id: str = "") -> Card:
    """A service in a list: its place that is open, or the one asked for, first."""
    found = spots(service)
    chosen = next((one for one in found if one.place.id == place_id), found[0] if found else None)
    today = chosen.opening.today if chosen else opening(service.schedules).today
    return Card(
        service, _alive(service, today), chosen, max(0, len(found) - 1), _main_phone(service, chosen), number
    )


def spots(service: ShownService) -> list[Spot]:
    """Every place of a service, those open now first."""
    made = [spot(place, service) for place in service.places]
    return sorted(made, key=lambda one: _OPEN_FIRST[one.opening.today.state])


def spot(place: ShownPlace, service: ShownService | None = None) -> Spot:
    """A place with its hours: its own for the service, or else the service's."""
    own = place.schedules or (service.schedules if service else [])
    return Spot(place, opening(own), city().districts.get(place.district_id, ""))


def _alive(service: ShownService, today: Today) -> Today:
    if service.status == "temporarily closed":
        return Today("shut", _("Closed for some time"))
    return today


def _main_phone(service: ShownService, chosen: Spot | None) -> ShownPhone | None:
    known = numbers([*service.phones, *(chosen.place.phones if chosen else [])])
    return next((one for one in known if one.kind in ("", "voice", "cell", "hotline")), None)


def numbers(phones: list[ShownPhone]) -> list[ShownPhone]:
    """Each number once, those for talking first."""
    once: dict[tuple[str, str, str], ShownPhone] = {}
    for one in phones:
        if one.number:
            once.setdefault((one.number, one.extension, one.kind), one)
    kept = sorted(once.values(), key=lambda one: one.kind in ("fax", "pager"))
    return kept[:_MOST_NUMBERS]


def texts(service: ShownService) -> list[Text]:
    """All words of a service that a source wrote."""
    own = [
        service.name,
        service.description,
        service.eligibility,
        service.application,
        service.interpretation,
    ]
    own += [service.status_statement, service.alert, service.wait, *service.costs, *service.documents]
    for place in service.places:
        own += [place.name, place.transport, *place.accessibility]
    return [one for one in own if one is not None and one.text]


def translation_words(service: ShownService) -> list[str]:
    """How the words of a page came into its language: one sentence for each way that matters."""
    here = (get_language() or "en").split("-")[0]
    found = texts(service)
    elsewhere = any(one.language and one.language.split("-")[0] != here for one in found)
    said = []
    if elsewhere:
        said.append(_("Some of this is not translated yet: it is shown as it was written."))
    if any(one.status == "machine" for one in found):
        said.append(_("Some of this was translated by a machine and not checked by a person."))
    if any(one.status == "outdated" for one in found):
        said.append(_("Some of this was translated before the original changed."))
    if not said and any(one.status == "human" for one in found):
        said.append(_("Translated by a person."))
    return said


def web_address(url: str) -> str:
    """An address that may be followed; '' for anything but the web."""
    try:
        return url if urlsplit(url).scheme in ("http", "https") and urlsplit(url).hostname else ""
    except ValueError:
        return ""
