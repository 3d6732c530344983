"""A run: records of several lists become people, whatever the order of lists and rows."""

import polars as pl
import pytest

from philoxenia.linkage import LinkageError, Linked, Model, TrainSpec, link, train, waterfall
from philoxenia.linkage.linked import SIDES
from philoxenia.linkage.spine import Spine

PERSON = r"rec-(\d+)"


@pytest.fixture(scope="module")
def some(febrl: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    number = pl.col("record_id").str.extract(PERSON).cast(pl.Int64)
    return {name: table.filter(number < 800) for name, table in febrl.items()}


@pytest.fixture(scope="module")
def linked(some: dict[str, pl.DataFrame]) -> Linked:
    return link(some, "default", within=False)


def test_nearly_all_people_of_two_lists_are_found(linked: Linked) -> None:
    links = linked.pairs.filter(pl.col("decision") == "link")
    right = links["left_record"].str.extract(PERSON) == links["right_record"].str.extract(PERSON)
    assert right.mean() > 0.995  # type: ignore[operator]
    assert right.sum() > 0.97 * 800
    assert linked.links.height == 1600 == linked.people["records"].sum()


def test_the_order_of_lists_and_rows_changes_nothing(some: dict[str, pl.DataFrame], linked: Linked) -> None:
    again = link(
        {"b": some["b"].reverse(), "a": some["a"].sample(fraction=1, shuffle=True, seed=4)}, within=False
    )
    assert again.links.equals(linked.links)
    assert again.pairs.equals(linked.pairs)


def test_a_waterfall_ends_at_the_pairs_weight(linked: Linked) -> None:
    for pair in linked.pairs.head(20).iter_rows(named=True):
        told = waterfall(pair, linked.model)
        assert told["running"][-1] == pytest.approx(pair["match_weight"])
        assert told["comparison"].to_list()[0] == "prior"
    words = {level.words for levels in linked.model.comparisons.values() for level in levels}
    assert set(told["level"][1:-1]) <= words | {"not known on one side"}


def test_reviewers_have_the_last_word(linked: Linked) -> None:
    yes = linked.pairs.filter(pl.col("decision") == "apart").head(1).select(*SIDES, same=pl.lit(True))
    no = linked.pairs.filter(pl.col("decision") == "link").head(1).select(*SIDES, same=pl.lit(False))
    found = linked.decided(pl.concat([yes, no]))
    person = {(s, r): p for s, r, p in found.links.iter_rows()}
    for frame, same in ((yes, True), (no, False)):
        left_source, left, right_source, right, _ = frame.row(0)
        assert (person[left_source, left] == person[right_source, right]) is same
    assert found.settings["decisions"] == 2
    # Taken back: of two answers the later holds.
    back = linked.decided(pl.concat([no, no.with_columns(same=True)]))
    assert back.links.equals(linked.links)
    with pytest.raises(LinkageError, match="in none of the lists"):
        linked.decided(yes.with_columns(left_record=pl.lit("nobody")))


def test_one_new_record_weighs_what_it_weighed_in_the_run(
    some: dict[str, pl.DataFrame], linked: Linked
) -> None:
    spine = Spine(linked, some)
    pairs = linked.pairs.filter(pl.col("decision") == "link").head(8)
    for pair in pairs.iter_rows(named=True):
        record = some["a"].filter(pl.col("record_id") == pair["left_record"]).row(0, named=True)
        best = spine.match(record)[0]
        person = linked.links.filter(pl.col("record") == pair["right_record"])["person"][0]
        assert best["person"] == person
        found = [one for one in spine.match(record) if one["record"] == pair["right_record"]]
        assert not found or found[0]["match_weight"] == pytest.approx(pair["match_weight"], abs=1e-6)
    assert spine.match({"given_name": "zzzz"}) == []
    with pytest.raises(LinkageError, match="not those of the run"):
        Spine(linked, {"a": some["a"]})


def test_training_without_labels_is_repeatable_and_good(some: dict[str, pl.DataFrame]) -> None:
    spec = TrainSpec(random_pairs=100_000)
    model = train(some, spec)
    assert model.as_json() == train({name: table.reverse() for name, table in some.items()}, spec).as_json()
    assert Model.from_json(model.as_json()).as_json() == model.as_json()
    truth = pl.concat(
        table.select(source=pl.lit(name), record="record_id", person=pl.col("record_id").str.extract(PERSON))
        for name, table in some.items()
    )
    quality = link(some, model, within=False, truth=truth).quality
    assert quality.filter(pl.col("measure") == "pair_f1")["estimate"][0] > 0.97


def test_a_model_holds_no_value_of_a_record_and_no_code(febrl: dict[str, pl.DataFrame]) -> None:
    text = Model.from_json(
        train({n: t.head(200) for n, t in febrl.items()}, TrainSpec("plain", random_pairs=5000)).as_json()
    )
    said = text.as_json().casefold()
    names = febrl["a"].head(200)["family_name"].drop_nulls().unique().to_list()
    assert not [name for name in names if len(name) > 5 and name in said]
    assert "select" not in said and "_l" not in said.replace("_links", "")


def test_a_model_of_a_newer_version_or_damaged_is_refused() -> None:
    with pytest.raises(LinkageError, match="version 99"):
        Model.from_json('{"version": 99}')
    with pytest.raises(LinkageError, match="is no linkage model"):
        Model.from_json("[]")
    with pytest.raises(LinkageError, match="damaged"):
        Model.from_json('{"version": 1}')


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (pl.DataFrame({"given_name": ["x"]}), "no column record_id"),
        (pl.DataFrame({"record_id": ["1", "1"]}), "carry a record_id that another record has"),
        (pl.DataFrame({"record_id": ["1", None]}), "record 2: record_id is empty"),
        (pl.DataFrame({"record_id": []}, schema={"record_id": pl.String}), "holds no record"),
    ],
)
def test_a_list_that_cannot_be_linked_gets_a_sentence(table: pl.DataFrame, said: str) -> None:
    with pytest.raises(LinkageError, match=said):
        link({"a": table})


def test_a_list_without_anything_to_compare_links_nobody() -> None:
    found = link({"a": pl.DataFrame({"record_id": ["1", "2"]})})
    assert found.people.height == 2 and found.pairs.is_empty()
    assert found.doubtful.is_empty()


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_spark_finds_what_duckdb_finds(some: dict[str, pl.DataFrame]) -> None:
    pytest.importorskip("pyspark", reason="the spark extra is not installed")
    few = {name: table.head(150) for name, table in some.items()}
    here, there = link(few, within=False), link(few, within=False, engine="spark")
    assert there.links.equals(here.links)
    assert there.pairs.select(SIDES).equals(here.pairs.select(SIDES))
    apart = (there.pairs["match_weight"] - here.pairs["match_weight"]).abs().max()
    assert apart is not None and float(apart) < 1e-6  # type: ignore[arg-type]
