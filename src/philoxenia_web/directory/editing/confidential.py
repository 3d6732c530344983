"""Making a service confidential: where it is, is erased at once, everywhere it was written down.

What remains is the organisation, what it offers, and the phones of the service itself.
"""

import re
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import Actor
from philoxenia_web.directory import following
from philoxenia_web.directory.editing import erasing
from philoxenia_web.directory.editing.actions import check_version, finish, locked
from philoxenia_web.directory.editing.outdating import forget
from philoxenia_web.directory.editing.records import services_of
from philoxenia_web.directory.editing.refusals import NotPossible
from philoxenia_web.directory.models import (
    Address,
    Attribute,
    Location,
    Metadata,
    Service,
    ServiceAtLocation,
    Translation,
)
from philoxenia_web.directory.models.places import TELLS_WHERE
from philoxenia_web.directory.texts import TRANSLATED

# Shorter pieces of an address are ordinary words.
_TELLING_LENGTH = 5
_SENTENCES = re.compile(r"(?<=[.!?;\n\u061f\u06d4\u1362])\s+(?![a-z])")


def make_confidential(actor: Actor, service_id: UUID, based_on: int, reason: str) -> None:
    """Erase where a service is and never write it down again. It cannot be undone: nothing is kept."""
    if len(reason.strip()) < 5:
        raise NotPossible(_("Say why: those who look after the record later will read it."))
    with transaction.atomic():
        service: Service = locked(actor, "service", service_id)
        if service.confidential:
            return
        check_version(service, based_on)
        places = list(Location.objects.filter(service_at_locations__service=service).distinct())
        telling = telling_words(places)
        _part_from_places(service)
        for place in [*places, *erasing.same_address(service, telling)]:
            if not place.service_at_locations.exists():
                _erase(place)
        changed = [*_cut_texts(service, telling), *erasing.erase_words(service, telling, without)]
        service.confidential = True
        written = ["confidential", "service_at_locations", *changed]
        # Whoever says why may name the place.
        finish(actor, service, written, "directory.conceal", without(reason.strip(), telling))


def telling_words(places: Sequence[Location]) -> list[str]:
    """Pieces of the addresses of places that would give them away inside other texts."""
    lines = Address.objects.filter(location__in=places).values_list("address_1", "address_2", "postal_code")
    pieces = {piece.strip() for row in lines for piece in row}
    pieces |= {place.name.strip() for place in places}
    pieces |= set(erasing.streets(pieces))
    return sorted((one for one in pieces if len(one) >= _TELLING_LENGTH), key=len, reverse=True)


def _part_from_places(service: Service) -> None:
    rows = list(service.service_at_locations.values_list("pk", flat=True))
    _forget_rows("service_at_location", rows)
    ServiceAtLocation.objects.filter(pk__in=rows).delete()


def _erase(place: Location) -> None:
    """Everything of a place except that there is one, so that an import knows it again and keeps silent."""
    for manager in (place.addresses, place.accessibility, place.phones, place.contacts, place.schedules):
        name = str(manager.model._meta.db_table).removeprefix("directory_")
        _forget_rows(name, list(manager.values_list("pk", flat=True)))
        manager.all().delete()
    place.languages.all().delete()
    _forget_rows("location", [place.pk])
    for name in TELLS_WHERE:
        setattr(place, name, "")
    place.latitude = place.longitude = None
    place.confidential = True
    place.version += 1
    place.held = sorted({*place.held, "confidential"})
    following.note(services_of(place))
    place.save()


def _forget_rows(table: str, ids: Iterable[UUID]) -> None:
    """Translations, terms and histories of rows."""
    wanted = list(ids)
    forget(table, wanted)
    Attribute.objects.filter(link_id__in=wanted).delete()
    Metadata.objects.filter(resource_id__in=wanted).delete()


def _cut_texts(service: Service, telling: Sequence[str]) -> list[str]:
    """Take out of the service's own words every sentence that names the place."""
    changed = []
    for field in TRANSLATED["service"]:
        text = getattr(service, field)
        kept = without(text, telling)
        if kept != text:
            setattr(service, field, kept or (_("Confidential service") if field == "name" else ""))
            changed.append(field)
    for field in ("url", "source_url", "assurer_email"):
        if erasing.tells(getattr(service, field, ""), telling):
            setattr(service, field, "")
            changed.append(field)
    for one in Translation.objects.filter(table="service", record_id=service.pk):
        if without(one.text, telling) != one.text:
            one.delete()
    Metadata.objects.filter(resource_id=service.pk).delete()
    service.proposals.all().delete()
    # Readers may have written where it really is.
    service.feedback.filter(kind="address").delete()
    for message in service.feedback.all():
        message.words, message.note = without(message.words, telling), without(message.note, telling)
        message.save()
    return changed


def without(text: str, telling: Sequence[str]) -> str:
    """A text without the sentences that hold one of the telling pieces."""
    folded = [one.casefold() for one in telling]
    if not any(one in text.casefold() for one in folded):
        return text
    sentences = _SENTENCES.split(text)
    return " ".join(one for one in sentences if not any(piece in one.casefold() for piece in folded)).strip()
