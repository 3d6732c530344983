"""How two records of people are compared: which level in words a pair gets, the same on DuckDB and Spark."""

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from philoxenia.linkage.comparisons import BLOCKS, TRAINING, blocking_rules, comparisons, prepared

MISSING = "not known on one side"


def levels_sql(dialect: str) -> str:
    """A query that gives each pair's level in words, a column a comparison, over columns with _l and _r."""
    found = []
    for comparison in comparisons():
        made = comparison.create_comparison_dict(dialect)
        cases = [_case(level) for level in made["comparison_levels"]]
        found.append(f"CASE {' '.join(cases)} END AS {made['output_column_name']}")
    return f"SELECT {', '.join(found)} FROM pairs"  # noqa: S608  our own words


def _case(level: dict[str, str]) -> str:
    words, condition = level["label_for_charts"].replace("'", "''"), level["sql_condition"]
    return f"ELSE '{words}'" if condition == "ELSE" else f"WHEN {condition} THEN '{words}'"


def pairs_of(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    ends = ((prepared(left), "_l"), (prepared(right), "_r"))
    return pl.concat([side.rename(lambda name, end=end: name + end) for side, end in ends], how="horizontal")


def levels(left: dict[str, str], right: dict[str, str]) -> dict[str, str]:
    pairs = pairs_of(pl.DataFrame([left]), pl.DataFrame([right]))  # noqa: F841  read by name
    return duckdb.sql(levels_sql("duckdb")).pl().row(0, named=True)


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("Mohamed", "Mohamed", "same given name, same spelling"),
        ("Mohamed", "محمد", "same given name in another spelling or script"),
        ("Hrytsko", "Gritsko", "given name of similar consonants"),
        ("M.", "Mohamed", "only the initial of the given name, and it fits"),
        ("Katherine", "Katherinw", "near in spelling (given name)"),
        ("Mohamed", "Mahmoud", "given name of similar consonants"),
        ("Mohamed", "Karim", "another given name"),
        ("Mohamed", "", MISSING),
    ],
)
def test_given_names(left: str, right: str, level: str):
    assert levels({"given_name": left}, {"given_name": right})["given_name"] == level


def test_exchanged_parts_are_found_elsewhere_in_the_name():
    found = levels({"given_name": "Hanan", "family_name": "Darwish"}, {"full_name": "Darwish Hanan"})
    assert found["given_name"] == "given name stands elsewhere in the other name"
    assert found["family_name"] == "family name stands elsewhere in the other name"


def test_a_whole_name_in_one_cell_meets_its_parts():
    found = levels({"full_name": "Teklay, Tesfai"}, {"given_name": "ተስፋዬ", "family_name": "ተክላይ"})
    assert found["given_name"] == "same given name in another spelling or script"
    assert found["family_name"] == "same family name, same spelling"


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("1987-03-05", "05.03.1987", "same day of birth"),
        ("1987-01-01", "1987-01-01", "same day of birth, but a day given where it is not known"),
        ("1987-03-05", "1987", "same year, day or month not known on one side"),
        ("1987-03-05", "1987-04", "same year of birth only"),
        ("1987-03-05", "1366", "same year, day or month not known on one side"),
        ("1987-03-05", "1987-05-03", "day and month exchanged"),
        ("1987-01-09", "1979-05-01", "same day in another calendar"),
        ("1988-03-04", "1366/12/14", "same day of birth"),
        ("1987-03-05", "1987-03-06", "one digit of the date differs"),
        ("1987-03-05", "1987-01-01", "same year, a day given where it is not known"),
        ("1987-03-05", "1987-03-28", "two of day, month and year are the same"),
        ("1987-03-05", "1987-11-28", "same year of birth only"),
        ("1987-03-05", "1990-11-28", "another date of birth"),
        ("1987-03-05", "", MISSING),
    ],
)
def test_dates_of_birth(left: str, right: str, level: str):
    assert levels({"birth_date": left}, {"birth_date": right})["birth_date"] == level
    assert levels({"birth_date": right}, {"birth_date": left})["birth_date"] == level


@pytest.mark.parametrize(
    ("column", "left", "right", "comparison", "level"),
    [
        ("phone", "+1 (416) 555-0123", "416 555 0123", "phone", "same telephone, one given name only"),
        ("phone", "4165550123", "4165550124", "phone", "one digit of the telephone differs"),
        ("email", "A@Example.org", "a@example.org", "email", "same e-mail address"),
        ("email", "darwish@a.org", "darwish@b.org", "email", "same e-mail name at another provider"),
        ("id_health", "1234-567-890", "1234567890", "id_health", "same health number"),
        ("id_health", "1234567890", "1234576890", "id_health", "health number but for one sign"),
        ("id_health", "1234567890", "9994576890", "id_health", "another health number"),
        ("sex", "female", "unknown", "sex", MISSING),
        ("language", "fa", "fa-AF", "language", "same language"),
        ("postal_code", "M5V 2T6", "m5v2t6", "home", "same postal code"),
    ],
)
def test_numbers_and_contacts(column: str, left: str, right: str, comparison: str, level: str):
    assert levels({column: left}, {column: right})[comparison] == level


def test_addresses_are_the_same_in_short_and_in_full():
    left = {"address": "12 Bathurst Street, Unit 4", "postal_code": "M5V 2T6"}
    right = {"house_number": "12", "address": "BATHURST ST", "address_2": "apt 4", "postal_code": "M5V2T6"}
    assert levels(left, right)["home"] == "same address"


def test_nothing_known_is_a_level_of_its_own_everywhere():
    assert set(levels({"given_name": ""}, {"given_name": ""}).values()) == {MISSING}


def test_a_telephone_of_two_given_names_in_one_list_is_shared():
    names = {"source": ["a", "a", "b"], "given_name": ["Hana", "Omar", "Hana"]}
    family = pl.DataFrame({**names, "phone": ["4165550123"] * 3})
    assert prepared(family)["phone_shared"].to_list() == [True, True, False]


def test_a_number_that_half_a_list_carries_belongs_to_nobody():
    frame = pl.DataFrame({"id_health": ["000000"] * 40 + ["123456"], "source": ["a"] * 41})
    assert prepared(frame)["id_health_key"].to_list() == [None] * 40 + ["123456"]


def test_preparing_adds_and_changes_nothing_and_keeps_rows_in_place():
    frame = pl.DataFrame({"record_id": ["2", "1"], "given_name": ["Omar", "عمر"], "needs": ["food", None]})
    found = prepared(frame)
    assert_frame_equal(found.select(frame.columns), frame)
    assert found["given_key"].to_list() == ["umar", "umar"]


def test_no_comparison_and_no_block_reads_script_or_origin():
    conditions = [
        level["sql_condition"]
        for comparison in comparisons()
        for level in comparison.create_comparison_dict("duckdb")["comparison_levels"]
    ]
    read = " ".join([*conditions, *(name for rule in (*BLOCKS, *TRAINING) for name in rule)])
    assert "name_script" not in read
    assert "name_origin" not in read


def test_a_pair_is_the_same_from_both_sides():
    both = {"phone": "4165550123"}
    left = {**both, "full_name": "Abdul Rahman Ali", "birth_date": "1366", "postal_code": "M5V 2T6"}
    right = {**both, "given_name": "Ali", "family_name": "عبد الرحمن", "birth_date": "1987-05-04"}
    assert levels(left, right) == levels(right, left)


def test_blocking_rules_name_prepared_columns_only():
    columns = prepared(pl.DataFrame({"record_id": ["1"]})).columns
    assert len(blocking_rules(columns)) == len(BLOCKS)
    assert {name for rule in TRAINING for name in rule} <= set(columns)


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_levels_are_the_same_on_spark(shared_data, tmp_path):
    pyspark = pytest.importorskip("pyspark.sql")
    jar = pytest.importorskip("splink.backends.spark").similarity_jar_location()
    names = pl.read_csv(shared_data / "linkage" / "fake_1000.csv", infer_schema=False)
    people = names.select(given_name="first_name", family_name="surname", birth_date="dob", locality="city")
    pairs = pairs_of(people.head(400), people.slice(1, 400))
    running = pyspark.SparkSession.builder.master("local[1]").config("spark.jars", jar)
    running = running.config("spark.local.dir", str(tmp_path)).getOrCreate()
    backend = pytest.importorskip("splink").SparkAPI(spark_session=running)
    running.createDataFrame(pairs.to_arrow()).createOrReplaceTempView("pairs")
    there = pl.DataFrame(pl.from_arrow(backend.spark.sql(levels_sql("spark")).toArrow()))
    assert_frame_equal(there, duckdb.sql(levels_sql("duckdb")).pl())
    assert there["given_name"].n_unique() > 3
