"""`philoxenia synth`: marked synthetic, truth apart, no status, the same for the same seed, misuse told."""

from pathlib import Path

import polars as pl
import pytest

from philoxenia.cli.main import main
from philoxenia.exchange import City, Outcome, check_file
from philoxenia.reference import reference_table
from philoxenia.synth import SynthError, TestPeople, synthesise, write_people


@pytest.fixture(scope="module")
def written(made: TestPeople, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    write_people(made, folder)
    return folder


def test_every_list_is_accepted_as_people_and_holds_no_status(written: Path, synth_city: City) -> None:
    lists = sorted(written.glob("*.csv"))
    assert len(lists) == 7
    for path in lists:
        report = check_file(path)
        assert report.contract is not None
        assert report.contract.name == "people", path.name
        assert report.outcome in (Outcome.ACCEPTED, Outcome.MENDED), report.text()
        assert not any("status" in found.rule for found in report.findings)
        assert report.table.height == pl.read_csv(path, infer_schema=False).height


def test_every_file_says_that_it_is_synthetic(written: Path, made: TestPeople, tmp_path: Path) -> None:
    write_people(made, tmp_path, "parquet")
    tables = [*written.rglob("*.csv"), *tmp_path.rglob("*.parquet")]
    assert len(tables) == 18
    for path in tables:
        assert path.name.startswith("synthetic_")
        frame = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path)
        assert frame["synthetic"].all()
    assert "Nobody in these files exists" in (written / "SYNTHETIC.txt").read_text(encoding="utf-8")
    assert "synthetic" in pl.read_parquet_metadata(next(tmp_path.rglob("*.parquet")))


def test_the_truth_names_every_record_once_and_stands_apart(written: Path, made: TestPeople) -> None:
    keys = pl.concat(
        table.select(pl.lit(source).alias("source"), pl.col("record_id").alias("record"))
        for source, table in made.tables.items()
    )
    assert keys.height == made.records.height
    assert keys.join(made.records, on=["source", "record"], how="anti").height == 0
    assert made.records.select("source", "record").is_duplicated().sum() == 0
    assert made.records.join(made.persons, on="person", how="anti").height == 0
    assert {path.name for path in (written / "truth").iterdir()} == {
        "synthetic_records.csv",
        "synthetic_persons.csv",
    }


def test_lists_hold_no_number_that_would_give_the_truth_away(made: TestPeople) -> None:
    for source, table in made.tables.items():
        truth = made.records.filter(pl.col("source") == source)
        both = table.join(truth, left_on="record_id", right_on="record")
        order = both["person"].arg_sort()
        assert order.to_list() != list(range(both.height)), source
        if "household_id" in table.columns:
            household = both.join(made.persons.select("person", "household"), on="person")
            assert (household["household_id"].str.slice(1).cast(int) != household["household"]).mean() > 0.99


def test_the_same_seed_gives_the_same_and_another_seed_others(synth_city: City) -> None:
    first, again, other = (synthesise(synth_city, 1500, seed) for seed in (3, 3, 4))
    assert first.records.equals(again.records)
    assert all(first.tables[name].equals(again.tables[name]) for name in first.tables)
    assert not first.persons.equals(other.persons)


@pytest.mark.parametrize("number", [1, 2, 37])
def test_very_few_people_can_be_made(number: int, synth_city: City) -> None:
    assert synthesise(synth_city, number).persons.height == number


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"number": 0}, "from 1 to"),
        ({"number": 10**9}, "from 1 to"),
        ({"number": 5, "seed": -1}, "from 0 up"),
        ({"number": 5, "as_of": "yesterday"}, "2024-12-31"),
    ],
)
def test_misuse_is_told_in_a_sentence(asked: dict[str, object], words: str, synth_city: City) -> None:
    with pytest.raises(SynthError, match=words):
        synthesise(synth_city, **asked)  # type: ignore[arg-type]


def test_the_command_writes_lists_and_truth(
    toronto: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "made"
    asked = ["synth", str(toronto), "--people", "400", "--out", str(out), "--format", "parquet", "--quiet"]
    assert main(asked) == 0
    assert "400 synthetic people" in capsys.readouterr().out
    assert len(list(out.rglob("*.parquet"))) == 9


def test_every_rate_and_share_names_its_source_or_says_assumption() -> None:
    for name in ("synth_errors", "synth_departments", "synth_needs", "names/origins", "names/romanisation"):
        assert reference_table(name)["source"].str.len_chars().min() > 0, name  # type: ignore[operator]
    needs = set(reference_table("needs")["code"])
    assert set(reference_table("synth_needs")["need"]) == needs


def test_nobody_is_without_any_name_but_by_an_error(made: TestPeople) -> None:
    health = made.tables["health"].join(
        made.records.filter(pl.col("source") == "health").select("record", "errors"),
        left_on="record_id",
        right_on="record",
    )
    clean = health.filter(~pl.col("errors").str.contains("missing|father_as_family|swapped"))
    for part in ("given_name", "family_name"):
        assert clean[part].null_count() == 0, part
        assert clean[part].str.strip_chars().str.len_chars().min() > 0, part  # type: ignore[operator]


def test_a_place_that_cannot_be_written_to_is_told(made: TestPeople, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SynthError, match="choose another"):
        write_people(made, tmp_path / "file" / "inside")
