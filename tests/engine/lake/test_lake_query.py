"""SQL over the lake: reads what is there, writes nothing, reaches nothing else."""

import polars as pl
import pytest

from philoxenia.lake import DamagedTableError, Lake, LakeError, Provenance

GIVEN = Provenance("owner", "OGL", "any", "1.0", "2024-07-01")


@pytest.fixture
def lake(tmp_path):
    store = Lake(tmp_path / "it's a lake")
    store.put("schools", pl.DataFrame({"district_id": ["001", "001", "002"]}), GIVEN)
    store.put("people", pl.DataFrame({"district_id": ["001", "002"], "children": [10, 20]}), GIVEN)
    return store


def test_a_query_joins_tables_by_name(lake):
    answer = lake.query(
        "SELECT district_id, count(*) * 1000.0 / any_value(children) AS per_1000 "
        "FROM schools JOIN people USING (district_id) GROUP BY district_id ORDER BY district_id"
    )
    assert answer.rows() == [("001", 200.0), ("002", 50.0)]


def test_a_query_can_ask_an_older_version(lake):
    lake.put("schools", pl.DataFrame({"district_id": ["002"]}), GIVEN)
    count = "SELECT count(*) FROM schools"
    assert lake.query(count).item() == 1
    assert lake.query(count, tables={"schools": 1}).item() == 3


@pytest.mark.parametrize(
    "statement",
    [
        "COPY schools TO '{outside}'",
        "COPY (SELECT 1) TO '{inside}'",
        "CREATE TABLE x AS SELECT 1",
        "DELETE FROM schools",
        "ATTACH '{outside}'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SELECT 1; COPY schools TO '{outside}'",
        "",
    ],
)
def test_anything_but_one_select_is_refused(lake, tmp_path, statement):
    before = {path: path.read_bytes() for path in lake.path.rglob("*") if path.is_file()}
    outside, inside = tmp_path / "stolen.csv", lake.version("schools").path
    with pytest.raises(LakeError, match="exactly one SELECT"):
        lake.query(statement.format(outside=outside, inside=str(inside).replace("'", "''")))
    assert not outside.exists()
    assert {path: path.read_bytes() for path in lake.path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "source",
    [
        "read_csv('{secret}')",
        "read_text('{secret}')",
        "'{secret}'",
        "'https://example.org/x.parquet'",
        "glob('/*')",
    ],
)
def test_no_other_file_and_no_network_can_be_read(lake, tmp_path, source):
    secret = tmp_path / "secret.csv"
    secret.write_text("word\nhidden\n", encoding="utf-8")
    with pytest.raises(LakeError, match="cannot be answered"):
        lake.query("SELECT * FROM " + source.format(secret=secret))  # noqa: S608


def test_variables_of_the_caller_are_no_tables(lake):
    private = pl.DataFrame({"a": [1]})
    with pytest.raises(LakeError, match=r"private.*Tables: people, schools\."):
        lake.query("SELECT * FROM private")
    assert private.height == 1


def test_a_mistake_in_the_sql_is_a_sentence(lake):
    with pytest.raises(LakeError, match="cannot be answered: Parser Error"):
        lake.query("SELECT FROM WHERE")


def test_a_limit_of_memory_is_kept(lake):
    with pytest.raises(LakeError, match="Out of Memory"):
        lake.query("SELECT list(range) FROM range(20000000)", memory="20MB")


def test_a_damaged_table_is_never_queried(lake):
    lake.version("people").path.write_bytes(b"spoiled")
    with pytest.raises(DamagedTableError, match="'people'"):
        lake.query("SELECT * FROM people")
