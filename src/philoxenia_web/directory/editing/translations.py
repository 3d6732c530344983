"""Texts of a service in another language: what is missing, outdated or a machine's, and writing it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, models, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor, check_can
from philoxenia_web.directory import following
from philoxenia_web.directory.editing import machine
from philoxenia_web.directory.editing.outdating import source_hash, table_of
from philoxenia_web.directory.editing.policies import TRANSLATE
from philoxenia_web.directory.editing.refusals import NotPossible
from philoxenia_web.directory.editing.silence import check_silent
from philoxenia_web.directory.models import Service, Translation
from philoxenia_web.directory.queries import IS_SHOWN
from philoxenia_web.directory.texts import TRANSLATED

MISSING = "missing"
_MOST_LETTERS = 20_000
# Parts of a service whose words are translated with it.
_PARTS = ("phones", "schedules", "required_documents", "cost_options")


@dataclass(frozen=True)
class Line:
    """One text: where it stands, what it says, and what is known of it in the other language."""

    table: str
    record_id: UUID
    field: str
    original: str
    language: str
    text: str
    # missing, human, machine or outdated.
    status: str
    version: int
    by: str

    @property
    def key(self) -> str:
        """Names it in a form."""
        return f"{self.table}.{self.record_id}.{self.field}"

    @property
    def hash(self) -> str:
        """Of the original as it is now."""
        return source_hash(self.original)


def service_to_translate(service_id: UUID) -> Service:
    """A service that everybody sees: no other is anybody's to translate."""
    found = Service.objects.filter(withheld=False, status__in=["active", "temporarily closed"])
    service = found.select_related("organization").filter(pk=service_id).first()
    if service is None:
        raise Http404
    return service


def lines(service: Service, language: str) -> list[Line]:
    """Every text of a service with its translation, the service's own first, then its places and rows."""
    records = list(_records(service))
    known = Translation.objects.filter(language=language, record_id__in=[one.pk for one in records])
    by_place = {(one.table, one.record_id, one.field): one for one in known}
    return [
        _line(record, field, service, by_place.get((table_of(record), record.pk, field)))
        for record in records
        for field in TRANSLATED.get(table_of(record), ())
        if (getattr(record, field) or "").strip()
    ]


def _records(service: Service) -> Iterable[models.Model]:
    yield service
    for part in _PARTS:
        yield from getattr(service, part).order_by("pk")
    for row in service.service_at_locations.select_related("location").order_by("pk"):
        if row.location is not None and not row.location.confidential:
            yield row.location
            yield from row.location.accessibility.order_by("pk")
            yield from row.location.schedules.order_by("pk")
    yield service.organization


def _line(record: Any, field: str, service: Service, known: Translation | None) -> Line:
    return Line(
        table_of(record),
        record.pk,
        field,
        getattr(record, field),
        getattr(record, "text_language", "") or service.text_language,
        known.text if known else "",
        known.status if known else MISSING,
        known.version if known else 0,
        known.by if known else "",
    )


def translate(
    actor: Actor,
    service_id: UUID,
    language: str,
    said: Mapping[str, tuple[str, int, str]],
    read: Collection[str] = (),
) -> tuple[int, list[str]]:
    """Write translations by a person: by key the text, the version it was based on, the hash of the original.

    A text that stays as it was is a person's only where its key is among `read`. How many were written, and
    the keys left alone because the original or the translation changed meanwhile.
    """
    check_can(actor, TRANSLATE)
    _check_language(language)
    written, kept = 0, []
    with transaction.atomic():
        service = service_to_translate(service_id)
        Service.objects.select_for_update(no_key=True).get(pk=service.pk)
        check_silent(service.confidential, [text for text, *_seen in said.values()])
        for line in lines(service, language):
            if line.key not in said:
                continue
            text, version, seen = said[line.key]
            same = text.strip() == line.text.strip()
            reviewed = line.key in read and line.status != Translation.Status.HUMAN
            if not text.strip() or (same and not reviewed):
                continue
            if line.version != version or line.hash != seen:
                kept.append(line.key)
                continue
            _put(line, language, text.strip()[:_MOST_LETTERS], Translation.Status.HUMAN, actor.name)
            written += 1
        _done(actor, service, language, written, "directory.translate")
    return written, kept


def draft_by_machine(actor: Actor, service_id: UUID, language: str) -> int:
    """Fill what is missing or outdated with drafts of the machine, marked as such; how many."""
    check_can(actor, TRANSLATE)
    _check_language(language)
    service = service_to_translate(service_id)
    wanted = [one for one in lines(service, language) if one.status in (MISSING, Translation.Status.OUTDATED)]
    wanted = [one for one in wanted if one.language != language]
    # Outside the transaction: a machine may take its time.
    name, made = machine.drafts(service, [one.original for one in wanted], language)
    with transaction.atomic():
        now = {one.key: one for one in lines(service, language)}
        fresh = [
            (line, text)
            for line, text in zip(wanted, made, strict=True)
            if text.strip() and now.get(line.key) == line
        ]
        for line, text in fresh:
            _put(line, language, text.strip()[:_MOST_LETTERS], Translation.Status.MACHINE, name)
        _done(actor, service, language, len(fresh), "directory.draft_translation")
    return len(fresh)


def _put(line: Line, language: str, text: str, status: str, by: str) -> None:
    Translation.objects.update_or_create(
        table=line.table,
        record_id=line.record_id,
        field=line.field,
        language=language,
        defaults={
            "text": text,
            "status": status,
            "source_hash": line.hash,
            "by": by[:200],
            "at": timezone.now(),
            "version": line.version + 1,
        },
    )


def _done(actor: Actor, service: Service, language: str, count: int, action: str) -> None:
    if count:
        following.note([service.pk])
        audit.record(actor, action, service, after={"language": language, "texts": count})


def _check_language(language: str) -> None:
    if language not in dict(settings.LANGUAGES):
        raise NotPossible(_("The directory is not translated into this language here."))


# --- the debt -------------------------------------------------------------------------------------------

# Texts of services as rows: which service, its language, the field.
_TEXTS = " union all ".join(
    f"select id, text_language, '{field}' as field from directory_service "  # noqa: S608 (names of ours)
    f"where {field} <> '' and {IS_SHOWN}"
    for field in TRANSLATED["service"]
)
_DEBT = f"""
with texts as ({_TEXTS}),
wanted as (select * from texts where text_language <> %s),
known as (
  select record_id, field, status from directory_translation where language = %s and "table" = 'service')
select count(*), count(*) filter (where known.status is null),
  count(*) filter (where known.status = 'outdated'), count(*) filter (where known.status = 'machine'),
  count(*) filter (where known.status = 'human'), count(distinct wanted.id)
from wanted left join known on known.record_id = wanted.id and known.field = wanted.field"""  # noqa: S608
_SERVICES = f"""
with texts as ({_TEXTS}),
wanted as (select * from texts where text_language <> %s),
known as (
  select record_id, field, status from directory_translation where language = %s and "table" = 'service'),
owed as (
  select wanted.id, count(*) filter (where known.status is null) as missing,
    count(*) filter (where known.status = 'outdated') as outdated,
    count(*) filter (where known.status = 'machine') as machine
  from wanted left join known on known.record_id = wanted.id and known.field = wanted.field
  group by wanted.id)
select owed.id, s.name, o.name, owed.missing, owed.outdated, owed.machine from owed
join directory_service s on s.id = owed.id join directory_organization o on o.id = s.organization_id
where owed.missing + owed.outdated + owed.machine > 0
order by owed.outdated desc, owed.missing desc, owed.machine desc, s.name limit %s"""  # noqa: S608


@dataclass(frozen=True)
class Debt:
    """How many texts of shown services a language owes."""

    language: str
    texts: int
    missing: int
    outdated: int
    machine: int
    human: int
    services: int

    @property
    def owed(self) -> int:
        """What a person should still look at."""
        return self.missing + self.outdated + self.machine


def debt(language: str) -> Debt:
    """What a language owes; texts that are written in it owe nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_DEBT, [language, language])
        texts, missing, outdated, by_machine, human, services = cursor.fetchone()
    return Debt(language, texts, missing, outdated, by_machine, human, services)


def services_in_debt(language: str, most: int) -> list[dict[str, Any]]:
    """Services that owe something, what is outdated and so wrong first."""
    with connection.cursor() as cursor:
        cursor.execute(_SERVICES, [language, language, most])
        names = ("id", "name", "organization", "missing", "outdated", "machine")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
