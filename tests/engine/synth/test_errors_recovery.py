"""Each kind of error occurs as often as its table says, and the truth says where."""

import polars as pl
import pytest

from philoxenia.reference import reference_table
from philoxenia.synth import TestPeople, departments

RATES = {row["error"]: float(row["rate"]) for row in reference_table("synth_errors").iter_rows(named=True)}
# Errors any record can meet; the others need a second name, a calendar, a number ...
OF_ALL = [
    "given_missing",
    "family_missing",
    "birth_missing",
    "sex_wrong",
    "sex_missing",
    "language_missing",
    "phone_missing",
    "phone_other",
    "email_missing",
    "moved",
    "address_missing",
    "since_missing",
    "since_off",
]
CARE = {row["department"]: float(row["care"]) for row in departments()}


@pytest.fixture(scope="module")
def records(made: TestPeople) -> pl.DataFrame:
    return made.records.with_columns(pl.col("errors").str.split(";"))


def with_error(records: pl.DataFrame, error: str) -> pl.DataFrame:
    return records.with_columns(pl.col("errors").list.contains(error).alias("hit"))


def near(hits: int, expected: float, spread: float = 4.5) -> bool:
    return abs(hits - expected) <= spread * max(expected, 1.0) ** 0.5


@pytest.mark.parametrize("error", OF_ALL)
def test_an_error_of_all_records_occurs_at_its_rate_times_the_care_of_the_list(
    error: str, records: pl.DataFrame
) -> None:
    for (source,), rows in with_error(records, error).group_by("source"):
        expected = rows.height * min(RATES[error] * CARE[str(source)], 0.95)
        assert near(int(rows["hit"].sum()), expected), f"{source} {error}"


def columns(made: TestPeople, source: str) -> pl.DataFrame:
    truth = with_error(made.records.filter(pl.col("source") == source).with_columns(pl.col("errors")), "")
    return made.tables[source].join(truth, left_on="record_id", right_on="record")


def told(error: str) -> pl.Expr:
    return pl.col("errors").str.split(";").list.contains(error)


@pytest.fixture(scope="module")
def health(made: TestPeople) -> pl.DataFrame:
    truth = made.records.filter(pl.col("source") == "health").drop("synthetic", "sex")
    both = made.tables["health"].join(truth, left_on="record_id", right_on="record")
    return both.join(made.persons.select("person", "papers_birth_date", "twin"), on="person")


@pytest.mark.parametrize(
    ("error", "seen"),
    [
        ("year_only", pl.col("birth_date").str.len_chars() == 4),
        ("birth_missing", pl.col("birth_date").is_null()),
        ("phone_missing", pl.col("phone").is_null()),
        ("given_missing", pl.col("given_name").is_null()),
        ("sex_missing", pl.col("sex").is_null()),
    ],
)
def test_what_the_truth_tells_is_what_the_record_shows(
    error: str, seen: pl.Expr, health: pl.DataFrame
) -> None:
    shown = health.filter(seen)
    assert shown.height > 0
    # A date that is missing may have lost another error with it, hence one direction for that pair.
    assert shown.select(told(error).all()).item()
    rest = health.filter(told(error) & pl.col("birth_date").is_not_null())
    assert error == "birth_missing" or rest.select(seen.all()).item()


def test_dates_without_an_error_are_those_of_the_papers(health: pl.DataFrame) -> None:
    kinds = ("year_only", "first_january", "day_month_swapped", "calendar", "calendar_year", "birth_typo")
    clean = health.filter(~pl.any_horizontal(told(kind) for kind in (*kinds, "birth_missing")))
    packed = clean["papers_birth_date"].str.replace_all("-", "")
    assert clean.height > 0.9 * health.height
    assert (clean["birth_date"] == packed).all()


def test_day_and_month_swapped_are_the_papers_turned_round(health: pl.DataFrame) -> None:
    swapped = health.filter(told("day_month_swapped") & ~told("birth_typo") & ~told("birth_missing"))
    swapped = swapped.filter(~told("calendar_year") & ~told("year_only"))
    papers = swapped["papers_birth_date"]
    turned = papers.str.slice(0, 4) + papers.str.slice(8, 2) + papers.str.slice(5, 2)
    assert swapped.height >= 50
    assert (swapped["birth_date"] == turned).all()


def test_dates_of_other_calendars_have_years_of_those_calendars(made: TestPeople) -> None:
    rows = made.records.filter(told("calendar") & ~told("birth_missing") & ~told("birth_typo"))
    origins = rows.group_by("name_origin").len()
    assert set(origins["name_origin"]) <= {"ar", "fa", "am"}
    eligible = made.records.filter(pl.col("name_origin").is_in(["ar", "fa", "am"]))
    care = eligible["source"].replace_strict(CARE, return_dtype=pl.Float64)
    assert near(made.records.filter(told("calendar")).height, float((care * RATES["calendar"]).sum()))
    health = rows.filter((pl.col("source") == "health") & ~told("year_only"))
    dates = made.tables["health"].join(health, left_on="record_id", right_on="record")
    years = dict(
        dates.group_by("name_origin").agg(pl.col("birth_date").str.slice(0, 4).cast(int).max()).rows()
    )
    assert years["ar"] < 1450
    assert years["fa"] < 1410


@pytest.mark.parametrize(
    ("error", "eligible"),
    [
        ("father_as_family", ["ar", "el", "am", "so"]),
        ("family_shortened", ["es", "pt"]),
    ],
)
def test_an_error_of_some_traditions_meets_only_those(
    error: str, eligible: list[str], made: TestPeople
) -> None:
    hit = made.records.filter(told(error))
    assert set(hit["name_origin"]) <= set(eligible)
    may = made.records.filter(pl.col("name_origin").is_in(eligible))
    care = may["source"].replace_strict(CARE, return_dtype=pl.Float64)
    assert near(hit.height, float((care * RATES[error]).clip(0, 0.95).sum()))


@pytest.mark.parametrize(
    "error", ["transliteration", "swapped_parts", "typo_given", "typo_family", "second_joined"]
)
def test_errors_that_may_leave_a_name_as_it_was_stay_below_their_rate(error: str, made: TestPeople) -> None:
    care = made.records["source"].replace_strict(CARE, return_dtype=pl.Float64)
    most = float((care * RATES[error]).sum())
    hits = made.records.filter(told(error)).height
    assert hits <= most + 4.5 * most**0.5
    assert hits > (0.7 if error.startswith(("typo", "swapped")) else 0.02) * most


def test_a_name_in_its_own_script_is_told_as_such(made: TestPeople) -> None:
    library = made.tables["library"].join(
        made.records.filter(pl.col("source") == "library").drop("sex", "synthetic"),
        left_on="record_id",
        right_on="record",
    )
    ranges = {"Cyrl": r"\p{Cyrillic}", "Arab": r"\p{Arabic}", "Grek": r"\p{Greek}", "Ethi": r"\p{Ethiopic}"}
    for script, letters in ranges.items():
        rows = library.filter((pl.col("script") == script) & pl.col("full_name").is_not_null())
        assert rows.height > 0, script
        assert rows["full_name"].str.contains(letters).all(), script
    latin = library.filter((pl.col("script") == "Latn") & pl.col("full_name").is_not_null())
    assert not latin["full_name"].str.contains("|".join(ranges.values())).any()


def test_some_stand_twice_on_a_list_at_the_stated_rate(made: TestPeople) -> None:
    for source, rows in made.records.group_by("source"):
        people = rows["person"].n_unique()
        expected = people * RATES["registered_twice"] * CARE[str(source[0])]
        assert near(rows.height - people, expected)


def test_twins_live_together_and_have_one_day_of_birth(made: TestPeople) -> None:
    twins = made.persons.filter(pl.col("twin"))
    together = twins.group_by("household", "birth_date").len()
    assert twins.height > 100
    assert (together["len"] >= 2).all()
    young = made.persons.filter(pl.col("age") < 18).height
    assert twins.height / young == pytest.approx(0.033, rel=0.1)
