"""The lake: accepted tables with their provenance, every version kept, nothing half-written."""

import json

import polars as pl
import pyarrow.parquet as pq
import pytest

from philoxenia.lake import DamagedTableError, Lake, LakeError, Provenance

SCHOOLS = pl.DataFrame({"school_id": ["1", "2"], "name": ["Ashtonbee", "Élan"], "places": [120, None]})
MORE_SCHOOLS = pl.concat([SCHOOLS, SCHOOLS.with_columns(school_id=pl.lit("3")).head(1)])


def provenance(**changes: str) -> Provenance:
    given = {
        "source": "School board",
        "licence": "OGL",
        "contract": "schools",
        "contract_version": "1.0",
        "time": "2024-07-01",
    }
    return Provenance(**(given | changes))


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path / "lake")


def test_what_is_put_is_read_back_as_it_was(lake):
    lake.put("schools", SCHOOLS, provenance())
    assert lake.read("schools").equals(SCHOOLS)


def test_a_table_keeps_its_provenance_beside_the_rows(lake):
    version = lake.put("schools", SCHOOLS, provenance())
    record = json.loads(version.path.with_name("000001.json").read_text(encoding="utf-8"))
    assert record["provenance"]["licence"] == "OGL"
    assert record["provenance"]["contract_version"] == "1.0"
    assert record["provenance"]["time"] == "2024-07-01"
    assert record["rows"] == 2
    assert record["content_hash"] == version.content_hash


def test_and_inside_the_parquet_file(lake):
    version = lake.put("schools", SCHOOLS, provenance())
    kept = json.loads(pq.read_schema(version.path).metadata[b"philoxenia"])
    assert kept["source"] == "School board"
    assert kept["time"] == "2024-07-01"
    assert kept["content_hash"] == version.content_hash
    assert pq.ParquetFile(version.path).metadata.row_group(0).column(0).compression == "ZSTD"


def test_the_same_table_twice_changes_nothing(lake):
    lake.put("schools", SCHOOLS, provenance())
    before = sorted((path, path.stat().st_mtime_ns) for path in lake.path.rglob("*"))
    again = lake.put("schools", SCHOOLS.rechunk().clone(), provenance(time="2025-01-01"))
    assert again.number == 1
    assert sorted((path, path.stat().st_mtime_ns) for path in lake.path.rglob("*")) == before


def test_another_content_is_another_version_and_the_old_one_stays(lake):
    lake.put("schools", SCHOOLS, provenance())
    lake.put("schools", MORE_SCHOOLS, provenance())
    assert [version.rows for version in lake.versions("schools")] == [2, 3]
    assert lake.read("schools").height == 3
    assert lake.read("schools", version=1).equals(SCHOOLS)


def test_the_same_rows_under_other_terms_are_another_version(lake):
    lake.put("schools", SCHOOLS, provenance())
    corrected = lake.put("schools", SCHOOLS, provenance(licence="CC BY 4.0"))
    assert corrected.number == 2
    assert corrected.content_hash == lake.versions("schools")[0].content_hash


def test_going_back_to_an_older_content_is_a_new_version(lake):
    for frame in (SCHOOLS, MORE_SCHOOLS, SCHOOLS):
        lake.put("schools", frame, provenance())
    assert [version.rows for version in lake.versions("schools")] == [2, 3, 2]
    assert lake.read("schools").equals(SCHOOLS)


def test_the_same_puts_give_the_same_bytes(tmp_path):
    stored = []
    for name in ("one", "two"):
        Lake(tmp_path / name).put("schools", SCHOOLS, provenance())
        stored.append({path.name: path.read_bytes() for path in (tmp_path / name / "schools").iterdir()})
    assert stored[0] == stored[1]


def test_an_empty_lake_has_no_tables(lake):
    assert lake.tables() == ()
    with pytest.raises(LakeError, match=r"has no table 'schools'. Tables: none yet"):
        lake.read("schools")


def test_an_unknown_version_is_named_with_those_there_are(lake):
    lake.put("schools", SCHOOLS, provenance())
    with pytest.raises(LakeError, match=r"has no version 7. Versions: 1\."):
        lake.read("schools", version=7)


@pytest.mark.parametrize("name", ["../escape", "Schools", "a b", "", "1st", 'x"; drop table y; --'])
def test_a_name_that_could_leave_the_lake_is_refused(lake, name):
    with pytest.raises(LakeError, match="cannot name a table"):
        lake.put(name, SCHOOLS, provenance())


def test_nested_columns_are_refused_with_the_remedy(lake):
    with pytest.raises(LakeError, match=r"Column 'tags' holds lists.*flat tables"):
        lake.put("schools", pl.DataFrame({"tags": [["a"], ["b"]]}), provenance())
    assert lake.tables() == ()


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:-20]), id="cut short"),
        pytest.param(lambda path: path.write_bytes(b"not parquet"), id="overwritten"),
        pytest.param(
            lambda path: path.write_bytes(path.read_bytes().replace(b"Ashtonbee", b"Ashtonbeb")),
            id="one letter",
        ),
        pytest.param(lambda path: path.unlink(), id="deleted"),
    ],
)
def test_a_damaged_file_is_a_sentence_and_never_wrong_rows(lake, spoil):
    lake.put("schools", SCHOOLS, provenance())
    path = lake.put("schools", MORE_SCHOOLS, provenance()).path
    spoil(path)
    for reader in (lake, Lake(lake.path)):
        with pytest.raises(
            DamagedTableError, match=r"missing or damaged.*put the table again.*read version 1"
        ):
            reader.read("schools")
    assert lake.read("schools", version=1).equals(SCHOOLS)


def test_putting_a_damaged_table_again_mends_it(lake):
    lake.put("schools", SCHOOLS, provenance()).path.write_bytes(b"")
    lake.put("schools", SCHOOLS, provenance())
    assert Lake(lake.path).read("schools").equals(SCHOOLS)


def test_a_damaged_record_is_a_sentence_too(lake):
    lake.put("schools", SCHOOLS, provenance())
    lake.put("schools", MORE_SCHOOLS, provenance())
    (lake.path / "schools" / "000002.json").write_text("{", encoding="utf-8")
    with pytest.raises(DamagedTableError, match=r"000002\.json is damaged"):
        lake.read("schools")
    assert lake.read("schools", version=1).equals(SCHOOLS)


def test_damage_has_an_exit_code_of_its_own():
    assert DamagedTableError.exit_code == 4
    assert LakeError.exit_code == 2
