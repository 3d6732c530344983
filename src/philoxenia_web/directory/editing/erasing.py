"""Taking the words that give a place away out of everything an organisation has in the directory.

Rows of the service, of its organisation and of that organisation's other services are looked through, column
by column: an address may stand beside a phone, in hours, in a price or in the address of a page.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import unquote_plus
from uuid import UUID

from django.apps import apps
from django.db import models
from django.utils import timezone

from philoxenia_web.directory import following
from philoxenia_web.directory.models import (
    Address,
    Attribute,
    CheckedLink,
    Contact,
    Location,
    Metadata,
    Organization,
    Program,
    Proposal,
    Service,
    ServiceArea,
    Translation,
)

Cut = Callable[[str, Sequence[str]], str]
# Number and first word of a street: it may be shortened in several ways.
_STREET = re.compile(r"\d+\w?\s+[^\W\d][\w'’-]{2,}")
_OWNERS = ("service_id", "organization_id", "program_id")
_LEFT = ("id", "feed", "external_id", "licence", "source_date", "text_language")


def streets(pieces: Iterable[str]) -> list[str]:
    """The beginnings of addresses: "7 Lantern" of "7 Lantern Crescent"."""
    return [found[0] for one in pieces if (found := _STREET.match(one))]


def same_address(service: Service, telling: Sequence[str]) -> list[Location]:
    """Other records of the place that nothing is given at, or the organisation's alone."""
    found = Location.objects.filter(organization=service.organization_id, confidential=False)
    rows = Address.objects.filter(location__in=found).values_list("location_id", "address_1", "postal_code")
    told = {key for key, *cells in rows if any(tells(cell, streets(telling)) for cell in cells)}
    return list(found.filter(pk__in=told))


def erase_words(service: Service, telling: Sequence[str], cut: Cut) -> list[str]:
    """Cut the words everywhere but in the service's own row; which of its parts changed."""
    body = service.organization_id
    known = service.organization.name.casefold() if service.organization else ""
    # A place often bears the organisation's name, which is not what hides it.
    telling = [one for one in telling if one.casefold() not in known]
    if not telling:
        return []
    others = list(Service.objects.filter(organization=body).exclude(pk=service.pk)) if body else []
    bodies = list(Organization.objects.filter(pk=body))
    programs = list(Program.objects.filter(organization=body)) if body else []
    records = [*others, *bodies, *programs]
    seen = [service.pk, *(one.pk for one in records)]
    for contact in Contact.objects.filter(service=service):
        contact.delete()
    ServiceArea.objects.filter(service=service).delete()
    changed = [one.pk for one in records if _cut_record(one, telling, cut)]
    parts = []
    for model in _parts():
        for row in model.objects.filter(_owned(model, seen)):
            seen.append(row.pk)
            if _cut_row(row, telling, cut) and getattr(row, "service_id", None) == service.pk:
                parts.append(str(model._meta.db_table).removeprefix("directory_"))
    _forget(seen, telling)
    _forget_said([one.pk for one in others], telling, cut)
    following.note(one.pk for one in others if one.pk in changed or body in changed)
    return sorted({_PART[one] for one in parts if one in _PART})


_PART = {"phone": "phones", "schedule": "schedules", "language": "languages",
         "required_document": "required_documents", "cost_option": "cost_options"}  # fmt: skip


def _parts() -> list[Any]:
    """Tables whose rows belong to a service or an organisation, and attributes."""
    known = [one for one in apps.get_app_config("directory").get_models() if _is_part(one)]
    return [*known, Attribute]


def _is_part(model: type[models.Model]) -> bool:
    columns = {one.attname for one in model._meta.concrete_fields}
    # Records have versions of their own; links and answers of organisations hold no words of the directory.
    return "feed" in columns and "version" not in columns and bool(columns & set(_OWNERS))


def _owned(model: type[models.Model], ids: Sequence[UUID]) -> models.Q:
    names = {one.attname for one in model._meta.concrete_fields} & {*_OWNERS, "link_id"}
    found = models.Q()
    for name in names:
        found |= models.Q(**{f"{name}__in": ids})
    return found


def _cut_record(record: Any, telling: Sequence[str], cut: Cut) -> bool:
    if not _cut_cells(record, telling, cut):
        return False
    record.version += 1
    record.last_modified = timezone.now()
    record.save()
    return True


def _cut_row(row: Any, telling: Sequence[str], cut: Cut) -> bool:
    if not _cut_cells(row, telling, cut):
        return False
    row.save()
    return True


def _cut_cells(record: Any, telling: Sequence[str], cut: Cut) -> bool:
    """Whether any cell of words or addresses of pages said it; no longer."""
    found = False
    for column in record._meta.concrete_fields:
        text = getattr(record, column.attname)
        if isinstance(text, str) and column.attname not in _LEFT and tells(text, telling):
            setattr(record, column.attname, _left(column.attname, text, telling, cut))
            found = True
    return found


def _left(name: str, text: str, telling: Sequence[str], cut: Cut) -> str:
    if name != "name":
        return "" if "://" in text else cut(text, telling)
    for one in telling:
        text = re.sub(re.escape(one), "", text, flags=re.IGNORECASE)
    return text.strip(" ,;:-()–") or "–"


def tells(text: str, telling: Sequence[str]) -> bool:
    """Whether a text, or the address of a page, holds one of the pieces."""
    plain = re.sub(r"[-_+/=&?#]+", " ", unquote_plus(text)) if "://" in text else text
    return any(one.casefold() in plain.casefold() for one in telling)


def _forget(ids: Sequence[UUID], telling: Sequence[str]) -> None:
    """Translations and histories of these rows that say it."""
    for one in Translation.objects.filter(record_id__in=ids):
        if tells(one.text, telling):
            one.delete()
    for past in Metadata.objects.filter(resource_id__in=ids):
        if tells(f"{past.previous_value} {past.replacement_value} {past.updated_by}", telling):
            past.delete()
    checked = models.Q()
    for piece in telling:
        checked |= models.Q(address__iregex=re.sub(r"\W+", r"\\W+", piece.strip()))
    CheckedLink.objects.filter(checked).delete()


def _forget_said(services: Sequence[UUID], telling: Sequence[str], cut: Cut) -> None:
    """What organisations proposed and readers said of the other services."""
    for one in Proposal.objects.filter(service__in=services):
        if tells(f"{one.before} {one.after} {one.note} {one.reason}", telling):
            one.delete()
    for service in Service.objects.filter(pk__in=services):
        for message in service.feedback.all():
            if tells(f"{message.words} {message.note}", telling):
                message.words, message.note = cut(message.words, telling), cut(message.note, telling)
                message.save()
