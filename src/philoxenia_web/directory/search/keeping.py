"""Keeps the index in step with the directory: builds it, and follows what changed since."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from django.db import connection

from philoxenia_web.directory import assembling, queries
from philoxenia_web.directory.search import index
from philoxenia_web.directory.search.documents import Document, Translated, document
from philoxenia_web.directory.search.place import index_root
from philoxenia_web.directory.shown import Text

_BATCH = 1000
# More than this is quicker built anew.
_MOST_CHANGES = 20_000
# Words of services in other languages: their own, of who gives them, of where, and of their terms.
_TRANSLATED = """
select t.record_id, t.field, t.language, t.text from directory_translation t where t.record_id = any(%(ids)s)
union all
select s.id, '', t.language, t.text from directory_service s
  join directory_translation t on t.record_id = s.organization_id where s.id = any(%(ids)s)
union all
select p.service_id, '', t.language, t.text from directory_service_at_location p
  join directory_location l on l.id = p.location_id and not l.confidential
  join directory_translation t on t.record_id = l.id where p.service_id = any(%(ids)s)
union all
select a.link_id, 'name', t.language, t.text from directory_attribute a
  join directory_translation t on t.record_id = a.taxonomy_term_id and t.field = 'name'
  where a.link_id = any(%(ids)s)
"""
_NAMES = ("name", "alternate_name")
_NEXT = f"""
select id from directory_service where id > %s and {queries.IS_SHOWN} order by id limit %s"""  # noqa: S608


def follow() -> str:
    """Bring the index up to the last change: built, updated, or nothing to do."""
    root = index_root()
    folder = index.current_folder(root)
    state = index.read_state(folder) if folder else None
    if state is None or state.form != index.FORM:
        return _built()
    changed, gone, last = queries.changed_since(state.change)
    if last == state.change:
        return "nothing"
    if _any_confidential(changed):
        # What an update takes out lies on in the files of the index until they are made anew.
        index.rebuild(root, _documents(_all_ids()), last, keep_before=False)
        return "built"
    if len(changed) + len(gone) > _MOST_CHANGES:
        return _built()
    try:
        index.update(root, _documents(changed), [str(one) for one in gone], last)
    except (index.NoIndexError, ValueError, OSError):
        return _built()
    return "updated"


def _any_confidential(ids: Sequence[UUID]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists (select from directory_service where id = any(%s) and confidential)", [list(ids)]
        )
        return bool(cursor.fetchone()[0])


def _built() -> str:
    build()
    return "built"


def build() -> int:
    """Build the index of all that is shown; how many services it holds."""
    # Asked first: what changes while it is built is followed afterwards.
    last = queries.last_change()
    return index.rebuild(index_root(), _documents(_all_ids()), last)


def _all_ids() -> Iterator[UUID]:
    last = UUID(int=0)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_NEXT, [last, _BATCH])
            ids = [one for (one,) in cursor.fetchall()]
        if not ids:
            return
        yield from ids
        last = ids[-1]


def _documents(ids: Iterable[UUID]) -> Iterator[Document]:
    for batch in _batches(ids):
        translated = _translations(batch)
        for service in assembling.services(batch, ""):
            yield document(service, translated.get(service.id))


def _batches(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    batch: list[UUID] = []
    for one in ids:
        batch.append(one)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _translations(ids: Sequence[UUID]) -> dict[str, Translated]:
    found: dict[str, Translated] = defaultdict(Translated)
    with connection.cursor() as cursor:
        cursor.execute(_TRANSLATED, {"ids": list(ids)})
        for service_id, field, language, text in cursor.fetchall():
            one = found[str(service_id)]
            (one.names if field in _NAMES else one.others).append(Text(text, language))
    return found
