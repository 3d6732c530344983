"""A run: records of several lists become people, whatever the order of lists and rows."""

import polars as pl
import pytest

from philoxenia.linkage import LinkageError, Model, TrainSpec, link, train


def test_two_lists_become_people(febrl: dict[str, pl.DataFrame]) -> None:
    linked = link(febrl, "default", within=False)
    joined = linked.people.filter(pl.col("records") == 2)
    assert joined.height > 0.99 * febrl["a"].height


def test_a_list_without_record_id_is_refused() -> None:
    with pytest.raises(LinkageError, match="no column record_id"):
        link({"a": pl.DataFrame({"given_name": ["x"]})})


def test_training_twice_gives_the_same_bytes(febrl: dict[str, pl.DataFrame]) -> None:
    spec = TrainSpec(basis="plain", random_pairs=20_000)
    some = {name: table.head(600) for name, table in febrl.items()}
    first = train(some, spec).as_json()
    assert first == train(some, spec).as_json()
    assert Model.from_json(first).as_json() == first
