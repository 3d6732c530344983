"""Files as departments hand them in become a history, or a sentence says what to mend."""

from pathlib import Path

import polars as pl
import pytest

from philoxenia.arrivals import HistoryError
from philoxenia.arrivals.reading import Asked, ColumnError, read_history

ASKED = Asked("month", "intake", ("group",))


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    place = folder / "intake.csv"
    place.write_bytes(text.encode(encoding))
    return place


def test_text_numbers_with_commas_and_short_months_are_read(tmp_path: Path) -> None:
    file = written(tmp_path, 'month,group,intake\nJan-18,all,"1,106"\nFeb-18,all,"2,001"\n')
    frame, notes = read_history(file, ASKED)
    assert frame.rows() == [("all", "2018-01", 1106.0), ("all", "2018-02", 2001.0)]
    assert notes == ()


def test_a_title_above_the_header_and_odd_spelling_of_columns_do_no_harm(tmp_path: Path) -> None:
    file = written(tmp_path, "Intake by month;;\n;;\nMonth ;Group;In-take\n2020-01;all;4\n2020-02;all;5\n")
    frame, _ = read_history(file, ASKED)
    assert frame["value"].to_list() == [4.0, 5.0]


def test_rows_in_any_order_and_blank_rows(tmp_path: Path) -> None:
    file = written(tmp_path, "month,group,intake\n2020-03,b,3\n,,\n2020-01,b,1\n2020-02,b,2\n")
    assert read_history(file, ASKED)[0]["value"].to_list() == [1.0, 2.0, 3.0]


def test_withheld_cells_are_gaps_and_counted(tmp_path: Path) -> None:
    file = written(tmp_path, "month,group,intake\n2020-01,a,<5\n2020-02,a,7\n2020-03,a,x\n2020-04,a,\n")
    frame, notes = read_history(file, ASKED)
    assert frame["time"].to_list() == ["2020-02"]
    assert notes == ("2 cells of 'intake' are withheld (such as '<5' or 'x'): taken as not recorded.",)


def test_several_group_columns_make_one_name(tmp_path: Path) -> None:
    file = written(tmp_path, "month,region,office,intake\n2020-01,North,inland,3\n")
    frame, _ = read_history(file, Asked("month", "intake", ("region", "office")))
    assert frame["group"].to_list() == ["North | inland"]


def test_without_groups_all_rows_are_one_series(tmp_path: Path) -> None:
    file = written(tmp_path, "month,intake\n2020-01,3\n2020-02,4\n")
    assert read_history(file, Asked("month", "intake"))[0]["group"].unique().to_list() == ["all"]


def test_repeated_periods_are_refused_or_added_up(tmp_path: Path) -> None:
    file = written(tmp_path, "month,group,sex,intake\n2020-01,a,f,3\n2020-01,a,m,4\n")
    with pytest.raises(HistoryError, match=r"rows 2, 3: group 'a' has 2 values for 2020-01.*--group.*--sum"):
        read_history(file, ASKED)
    assert read_history(file, Asked("month", "intake", ("group",), add_up=True))[0]["value"].to_list() == [
        7.0
    ]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("2020-01,a,many\n", r"row 2, column 'intake': 'many' is not a number"),
        ("2020-01,a,#REF!\n", r"'#REF!' is not a number"),
        ("soon,a,3\n", r"column 'month': 'soon' is not a month"),
        (",a,3\n", r"row 2: the value 3 has no period"),
        ("2020-01,a,\n", r"holds no number"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(body: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match=words):
        read_history(written(tmp_path, f"month,group,intake\n{body}"), ASKED)


def test_a_column_that_is_not_there_gets_the_nearest(tmp_path: Path) -> None:
    file = written(tmp_path, "month,group,newly_identified\n2020-01,a,3\n")
    with pytest.raises(ColumnError, match=r"no column 'newly_identifed'. Did you mean 'newly_identified'"):
        read_history(file, Asked("month", "newly_identifed", ("group",)))


def test_years_stored_as_decimals_in_parquet_are_years(tmp_path: Path) -> None:
    place = tmp_path / "flows.parquet"
    pl.DataFrame({"year": [2019.0, 2020.0], "coa": ["CAN", "CAN"], "n": [5.0, 6.0]}).write_parquet(place)
    assert read_history(place, Asked("year", "n", ("coa",)))[0]["time"].to_list() == ["2019", "2020"]


def test_other_encodings_and_delimiters(tmp_path: Path) -> None:
    file = written(tmp_path, "month;group;intake\n2020-01;Réfugiés;1 204\n", encoding="cp1252")
    assert read_history(file, ASKED)[0].rows() == [("Réfugiés", "2020-01", 1204.0)]


def test_a_blank_group_keeps_a_name(tmp_path: Path) -> None:
    file = written(tmp_path, "month,region,office,intake\n2020-01,,Total,3\n")
    frame, _ = read_history(file, Asked("month", "intake", ("region", "office")))
    assert frame["group"].to_list() == ["(blank) | Total"]
