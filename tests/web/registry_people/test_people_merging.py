"""Two records of one person become one, and two again."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from philoxenia_web.accounts.access import Actor
from philoxenia_web.registry.models import Resident
from philoxenia_web.registry.people import finding, merging, records
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.refusals import NotPossible

Write = Callable[..., Resident]


def found(actor: Actor, names: str) -> list[UUID]:
    """Whom these names find."""
    return [one.resident_id for one in finding.find(actor, finding.Question(names), "serving_now").hits]


def test_the_kept_record_answers_for_both_until_they_are_two_again(worker: Actor, write_down: Write) -> None:
    kept = write_down(worker, "Oleksandra Kovalenko")
    other = write_down(worker, "Sasha Bondar")
    merging.merge(worker, kept.pk, other.pk)
    merging.merge(worker, kept.pk, other.pk)
    assert found(worker, "Oleksandra Kovalenko") == [kept.pk]
    assert found(worker, "Bondar Sasha") == [kept.pk]
    record = records.open_record(worker, kept.pk, "serving_now")
    assert record.merged_ids == (other.pk,)
    records.change(worker, kept.pk, 1, {"district_id": "d01"}, uuid4())
    number = records.open_record(worker, other.pk, "serving_now").number
    assert records.by_number(worker, number) == kept.pk
    with visiting(worker):
        assert merging.same_person(other.pk) == [kept.pk, other.pk]
    merging.unmerge(worker, other.pk)
    assert found(worker, "Bondar Sasha") == [other.pk]
    assert found(worker, "Oleksandra Kovalenko") == [kept.pk]


def test_chains_and_half_hidden_pairs_are_refused(worker: Actor, write_down: Write) -> None:
    one, two, three = (write_down(worker, name) for name in ("Ana Lima", "Ana Limma", "Ana Rosa Lima"))
    merging.merge(worker, one.pk, two.pk)
    for kept, merged in ((two, three), (three, one), (three, two)):
        with pytest.raises(NotPossible):
            merging.merge(worker, kept.pk, merged.pk)
    hidden = write_down(worker, "Ana Lima Silva", restricted=True)
    with pytest.raises(NotPossible, match="restricted"):
        merging.merge(worker, three.pk, hidden.pk)
