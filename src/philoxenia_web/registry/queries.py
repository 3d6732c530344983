"""Reads of people, each of them in the trail before it happens; and what there is to say of lists."""

import hashlib
import hmac
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import polars as pl
import pyarrow.parquet as pq
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor
from philoxenia_web.registry import keys
from philoxenia_web.registry.models import DataKey, PersonList
from philoxenia_web.registry.policies import (
    HAND_IN,
    check_key,
    check_reviewer,
    check_system,
    organisations_with,
)
from philoxenia_web.registry.refusals import Damaged, NotPossible
from philoxenia_web.registry.sealing import SealedFile, derived
from philoxenia_web.registry.stores import sealed_name, table_path

# Search first: a page shows a pair or two, never a list.
MOST_RECORDS = 200


def key_of(agreement_id: UUID) -> DataKey | None:
    """What is said of an agreement's key, None before it has one."""
    return DataKey.objects.filter(pk=agreement_id).first()


def destroyed_among(agreement_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the agreements whose key is destroyed."""
    gone = DataKey.objects.filter(pk__in=list(agreement_ids)).exclude(destroyed_at=None)
    return set(gone.values_list("pk", flat=True))


def live_key(agreement_id: UUID) -> bytes:
    """The data key, for this app alone. Raises `KeyGone` after the end, `Damaged` where it is not the one."""
    said = check_key(key_of(agreement_id))
    key = keys.load(agreement_id)
    if keys.fingerprint(key) != said.fingerprint:
        raise Damaged(_("The key of this agreement is not the one it began with. Tell the operator."))
    return key


def lists_of(agreement_id: UUID) -> QuerySet[PersonList]:
    """The lists handed in under an agreement: those a run reads, one a department."""
    return all_lists_of(agreement_id).filter(state=PersonList.State.HANDED_IN)


def all_lists_of(agreement_id: UUID) -> QuerySet[PersonList]:
    """Every list under an agreement, the newest first."""
    found = PersonList.objects.filter(key_id=agreement_id).exclude(state=PersonList.State.GIVEN_UP)
    return found.select_related("organisation", "key").order_by("-made_at")


def own_list(actor: Actor, agreement_id: UUID, list_id: UUID) -> PersonList:
    """A list of the actor's own department. Raises `Http404` for every other."""
    mine = all_lists_of(agreement_id).filter(organisation__in=organisations_with(actor, HAND_IN))
    found = mine.filter(pk=list_id).first()
    if found is None:
        raise Http404(_("There is no such list, or it is not of your department."))
    return found


def read_list(actor: Actor, list_id: UUID, why: str) -> pl.DataFrame:
    """A whole list, for a run of the application itself. `why` stands in the trail; names never do.

    Raises `Denied` for every person, `KeyGone` after the end of the agreement, `NotPossible` for a list that
    is not handed in.
    """
    check_system(actor)
    one = PersonList.objects.select_related("key").get(pk=list_id)
    _check_handed_in(one)
    check_key(one.key)
    with transaction.atomic():
        audit.record(
            actor,
            "registry.read_list",
            one,
            after={"agreement": str(one.key_id), "rows": one.rows},
            organisation_id=one.organisation_id,
            reason=why,
        )
    with _opened(one) as sealed:
        return pl.read_parquet(io.BytesIO(b"".join(sealed.pieces())))


def read_records(
    actor: Actor, agreement_id: UUID, wanted: Iterable[tuple[UUID, str]], why: str
) -> list[dict[str, Any]]:
    """Records by list and number, in that order, each with `list_id`; for a reviewer the agreement names.

    Records that are not there are left out. Each call is in the trail: who, which records (by
    `mark_of`), why. Raises `Denied`, `Http404` or `KeyGone` as the policies say.
    """
    asked = [(UUID(str(place)), str(number)) for place, number in wanted]
    key = key_of(agreement_id)
    check_reviewer(actor, key)
    check_key(key)
    if len(asked) > MOST_RECORDS:
        raise NotPossible(_("At most 200 records are read at once: people are looked up, not browsed."))
    by_list: dict[UUID, list[str]] = defaultdict(list)
    for place, number in asked:
        by_list[place].append(number)
    lists = lists_of(agreement_id).in_bulk(list(by_list))
    _note(actor, agreement_id, by_list, why)
    found = {
        (place, row["record_id"]): {"list_id": place, **row}
        for place, one in lists.items()
        for row in _rows(one, by_list[place])
    }
    return [found[place] for place in asked if place in found]


def mark_of(key: bytes, list_id: UUID, number: str) -> str:
    """What stands for a record in the trail: the same each time it is read, and noise when the key is gone.

    The number itself would tell auditors, and every later backup, which records were held for one person.
    """
    secret = derived(key, "philoxenia trail")
    return hmac.new(secret, f"{list_id} {number}".encode(), hashlib.sha256).hexdigest()[:32]


def _note(actor: Actor, agreement_id: UUID, by_list: dict[UUID, list[str]], why: str) -> None:
    key = live_key(agreement_id)
    read = {str(one): [mark_of(key, one, number) for number in by_list[one]] for one in by_list}
    after = {"agreement": str(agreement_id), "lists": read}
    with transaction.atomic():
        audit.record(actor, "registry.read_records", key_of(agreement_id), after=after, reason=why)


def _rows(one: PersonList, numbers: list[str]) -> list[dict[str, Any]]:
    """The rows with these numbers; only the groups of rows that may hold them are opened."""
    with _opened(one) as sealed:
        file = pq.ParquetFile(io.BufferedReader(sealed, 2**20))
        place = file.schema_arrow.names.index("record_id")
        groups = [
            group
            for group in range(file.metadata.num_row_groups)
            if _may_hold(file.metadata.row_group(group).column(place).statistics, numbers)
        ]
        if not groups:
            return []
        # Arrow's own search would load pandas, seconds for a reviewer's first pair.
        table = pl.DataFrame(file.read_row_groups(groups))
        return table.filter(pl.col("record_id").cast(pl.String).is_in(numbers)).to_dicts()


def _may_hold(statistics: Any, numbers: list[str]) -> bool:
    if statistics is None or not statistics.has_min_max:
        return True
    return any(statistics.min <= number <= statistics.max for number in numbers)


@contextmanager
def _opened(one: PersonList) -> Iterator[SealedFile]:
    """The checked table of a list. After the end of the agreement its key is missed first."""
    key, path = live_key(one.key_id), table_path(one.pk, one.checked)
    with path.open("rb") as stream:
        yield SealedFile(stream, key, sealed_name(path))


def _check_handed_in(one: PersonList) -> None:
    if one.state != PersonList.State.HANDED_IN:
        raise NotPossible(_("This list is not handed in: it was replaced or withdrawn."))
