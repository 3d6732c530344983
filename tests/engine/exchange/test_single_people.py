"""Lists of persons are told by their cells where no header says so, and tables of places are not."""

import polars as pl
import pytest

from philoxenia.exchange import check_file
from philoxenia.exchange.grids import Grid
from philoxenia.exchange.single_people import lists_single_people

BORN = ["1990-01-02", "12/03/1975", "2001-05-05", "1960-01-01"]
OPENED = ["2019-01-02", "2020-03-04", "2021-05-05", "2022-01-01"]
NAMES = ["Ivan Petrenko", "محمد أحمد", "Sara Haile", "Mehmet Yılmaz"]
GIVEN, FAMILY = ["Ivan", "Olena", "Fatima", "José"], ["Petrenko", "Kovalenko", "Hassan", "García"]
SCHOOLS = ["Albert Campbell School", "Maria Shchuka Library", "St. Joseph Centre", "Frank Faubert House"]
EMAILS = ["a@example.org", "b@example.org", "c@example.org", "d@example.org"]
WEIGHTS = ["0.063", "-0.046", "0.021", "0.300"]


def table(**columns: list[str]) -> Grid:
    return Grid(pl.DataFrame({f"c{i}": [name, *cells] for i, (name, cells) in enumerate(columns.items())}))


@pytest.mark.parametrize(
    "columns",
    [
        {"wer": NAMES, "geb": BORN},
        {"a": GIVEN, "b": FAMILY},
        {"DOB": ["", "", "", ""], "Surname": ["", "", "", ""]},
        {"who": NAMES, "Health card": WEIGHTS},
        {"when": BORN, "where": EMAILS},
    ],
)
def test_lists_of_persons_are_told(columns: dict[str, list[str]]) -> None:
    assert lists_single_people(table(**columns))


@pytest.mark.parametrize(
    "columns",
    [
        {"school": SCHOOLS, "built": BORN},
        {"school": SCHOOLS, "contact": EMAILS},
        {"head": NAMES, "opened": OPENED},
        {"share": WEIGHTS, "day": OPENED},
        {"name": ["Ivan"], "born": ["1990-01-02"]},
    ],
)
def test_tables_of_places_and_counts_are_not(columns: dict[str, list[str]]) -> None:
    assert not lists_single_people(table(**columns))


def test_the_report_repeats_nothing_of_it(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "list.csv"
    rows = [f"{name};{born}" for name, born in zip(NAMES, BORN, strict=True)]
    path.write_text("\n".join(["Frau Petrenko;geb", *rows]), encoding="utf-8")
    report = check_file(path)
    assert [finding.rule for finding in report.findings] == ["list_of_people"]
    assert "Petrenko" not in report.json()
