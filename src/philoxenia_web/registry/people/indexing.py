"""A resident's place in the blind index; written through functions that ask whether the visit sees them."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from philoxenia_web.registry.models import Resident
from philoxenia_web.registry.people.sealed import keys_of
from philoxenia_web.registry.people.tokens import Tokens
from philoxenia_web.registry.people.writing import open_row, tokens_of_brief


def write(resident_id: UUID, tokens: Tokens) -> None:
    """Put a resident into the index, instead of what stood there."""
    with connection.cursor() as cursor:
        cursor.execute("select registry_index(%s, %s, %s)", [resident_id, tokens.strong, tokens.loose])


def write_many(found: dict[UUID, Tokens]) -> None:
    """Put many in at once."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "select registry_index(%s, %s, %s)",
            [(number, one.strong, one.loose) for number, one in found.items()],
        )


def reindex(row: Resident) -> None:
    """The tokens of a record and of those merged into it."""
    rows = [row, *row.merged.all()]
    opened = keys_of(one.pk for one in rows)
    write(row.pk, together(tokens_of_brief(open_row(one, opened[one.pk]).brief) for one in rows))


def together(found: Iterable[Tokens]) -> Tokens:
    """Tokens of several, each once."""
    several = list(found)
    return Tokens(
        sorted({token for one in several for token in one.strong}),
        sorted({token for one in several for token in one.loose}),
    )
