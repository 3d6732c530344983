"""A resident's place in the blind index; written through functions that ask whether the visit sees them."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.registry.models import Resident
from philoxenia_web.registry.people.sealed import (
    derived_anew,
    keys_of,
    keys_there,
    number_token,
    take_index_key,
)
from philoxenia_web.registry.people.tokens import Tokens
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.people.writing import open_row, tokens_of_brief

AT_ONCE = 2_000


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


def everybody() -> int:
    """Index all people anew with the key that lies here, some thousands a transaction; how many."""
    take_index_key()
    derived_anew()
    done, last = 0, UUID(int=0)
    while True:
        with visiting(SYSTEM):
            known = Resident.objects.filter(pk__gt=last, erased_at=None).order_by("pk")
            rows = list(known.prefetch_related("merged").defer("details")[:AT_ONCE])
            if not rows:
                return done
            _index_anew(rows)
        done, last = done + len(rows), rows[-1].pk


def _index_anew(rows: list[Resident]) -> None:
    every = {one.pk: one for row in rows for one in (row, *row.merged.all())}
    briefs = {number: open_row(every[number], key).brief for number, key in keys_there(every).items()}
    there = [row for row in rows if row.pk in briefs]
    for row in there:
        row.number_token = number_token(briefs[row.pk]["#"])
    Resident.objects.bulk_update(there, ["number_token"])
    write_many(
        {
            row.pk: together(
                tokens_of_brief(briefs[one.pk]) for one in (row, *row.merged.all()) if one.pk in briefs
            )
            for row in there
        }
    )


def together(found: Iterable[Tokens]) -> Tokens:
    """Tokens of several, each once."""
    several = list(found)
    return Tokens(
        sorted({token for one in several for token in one.strong}),
        sorted({token for one in several for token in one.loose}),
    )
