"""When a text changes, its translations are of an older one: they stay to be read, marked as outdated."""

import hashlib
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import models

from philoxenia_web.directory.models import Translation
from philoxenia_web.directory.texts import TRANSLATED


def source_hash(text: str) -> str:
    """What a translation notes of the text it was made from."""
    return hashlib.sha256(text.encode()).hexdigest()


def outdate(record: models.Model, names: Sequence[str]) -> int:
    """Mark the translations of a record's changed texts; how many."""
    table = table_of(record)
    marked = 0
    for name in TRANSLATED.get(table, ()):
        if name in names:
            found = Translation.objects.filter(table=table, record_id=record.pk, field=name)
            old = found.exclude(source_hash=source_hash(getattr(record, name) or ""))
            marked += old.update(status=Translation.Status.OUTDATED)
    return marked


def outdate_rows(rows: Iterable[models.Model]) -> int:
    """The same for rows of a part, such as documents to bring."""
    return sum(outdate(row, TRANSLATED.get(table_of(row), ())) for row in rows)


def forget(table: str, ids: Iterable[UUID]) -> None:
    """Translations of rows that are gone, or may not be shown any more, go too."""
    Translation.objects.filter(table=table, record_id__in=list(ids)).delete()


def table_of(record: models.Model) -> str:
    """The HSDS name of a record's table."""
    return str(record._meta.db_table).removeprefix("directory_")
