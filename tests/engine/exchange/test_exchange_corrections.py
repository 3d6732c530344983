"""Corrections beside an untouched file, columns named by a person, and checks in a process of their own."""

import hashlib
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from philoxenia.exchange import CheckReport, CityError, Source, check_file, read_city
from philoxenia.exchange.apart import FOUND, ROWS, TABLE, Request, check_apart
from philoxenia.exchange.city import CheckedTable
from philoxenia.exchange.problems import DeclarationError

FLOW = Path(__file__).resolve().parent.parent.parent / "spoiled" / "system_flow.csv"


def spoiled(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """The real extract with some texts changed once."""
    text = FLOW.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    path = tmp_path / "flow.csv"
    path.write_text(text, encoding="utf-8")
    return path


def refused(report: CheckReport) -> list[str]:
    """Rules that refuse the file."""
    return [finding.rule for finding in report.findings if finding.severity == "refused"]


MONTH = {"kind": "cell", "row": 2, "column": "date(mmm-yy)", "before": "soon", "after": "Jan-18"}


class TestCorrections:
    def test_of_a_cell_lets_the_file_in_and_leaves_it_as_it_is(self, tmp_path: Path) -> None:
        path = spoiled(tmp_path, ("Jan-18", "soon"))
        before = hashlib.sha256(path.read_bytes()).hexdigest()
        assert refused(check_file(path)) == ["not_month"]
        report = check_file(path, corrections=[MONTH])
        assert report.accepted
        assert report.table.equals(check_file(FLOW).table)
        assert hashlib.sha256(path.read_bytes()).hexdigest() == before

    def test_are_logged_as_mends_of_their_own(self, tmp_path: Path) -> None:
        report = check_file(spoiled(tmp_path, ("Jan-18", "soon")), corrections=[MONTH])
        row = report.mend_log.filter(pl.col("rule") == "corrected_cell").row(0, named=True)
        assert (row["row"], row["column"], row["before"], row["after"]) == (2, "month", "soon", "Jan-18")

    def test_name_a_column_as_the_contract_does_too(self, tmp_path: Path) -> None:
        report = check_file(spoiled(tmp_path, ("Jan-18", "soon")), corrections=[{**MONTH, "column": "month"}])
        assert report.accepted

    def test_of_a_cell_that_says_something_else_change_nothing(self, tmp_path: Path) -> None:
        report = check_file(spoiled(tmp_path, ("Jan-18", "soon")), corrections=[{**MONTH, "before": "later"}])
        assert "not_month" in refused(report)
        assert "correction_unused" in [finding.rule for finding in report.findings]

    def test_of_a_value_reach_every_row(self, tmp_path: Path) -> None:
        path = tmp_path / "flow.csv"
        path.write_text(FLOW.read_text().replace("Jan-18", "1st month"), encoding="utf-8")
        fix = {"kind": "value", "column": "month", "before": "1st month", "after": "2018-01"}
        report = check_file(path, corrections=[fix])
        assert report.accepted
        mend = next(mend for mend in report.mends if mend.rule == "corrected_value")
        assert mend.count == check_file(FLOW).table.filter(pl.col("month") == "2018-01").height

    def test_leave_rows_out_before_any_rule(self, tmp_path: Path) -> None:
        path = spoiled(tmp_path, ("Jan-18", "soon"))
        report = check_file(path, corrections=[{"kind": "leave_out", "row": 2}])
        assert "not_month" not in refused(report)
        assert report.table.height == check_file(FLOW).table.height - 1

    def test_leave_damaged_rows_out_too(self, tmp_path: Path) -> None:
        path = tmp_path / "flow.csv"
        lines = FLOW.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join([*lines[:5], lines[5] + ",1,2,3", *lines[6:]]), encoding="utf-8")
        assert refused(check_file(path)) == ["row_too_long"]
        assert "row_too_long" not in refused(check_file(path, corrections=[{"kind": "leave_out", "row": 6}]))

    @pytest.mark.parametrize(
        "wrong",
        [
            {"kind": "guess"},
            {"kind": "cell", "column": "month"},
            {"kind": "value", "before": "a"},
            {"kind": "cell", "row": "2", "column": "month"},
            {"kind": "cell", "row": 2, "column": 5},
        ],
    )
    def test_that_cannot_be_are_refused(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(DeclarationError):
            check_file(FLOW, corrections=[wrong])

    def test_never_silence_the_rule_against_status(self, tmp_path: Path) -> None:
        path = tmp_path / "flow.csv"
        lines = FLOW.read_text(encoding="utf-8").splitlines()
        kept = [f"{line},{'immigration status' if i == 0 else 'refugee'}" for i, line in enumerate(lines)]
        path.write_text("\n".join(kept), encoding="utf-8")
        fix = {"kind": "value", "column": "immigration status", "before": "refugee", "after": "1"}
        report = check_file(path, "shelter_flow", corrections=[fix], columns={"immigration status": ""})
        assert "status_column" in refused(report)


class TestColumns:
    def test_named_by_a_person_are_read_as_that(self, tmp_path: Path) -> None:
        path = spoiled(tmp_path, ("date(mmm-yy)", "Zeitraum"))
        assert "column_missing" in refused(check_file(path, "shelter_flow"))
        report = check_file(path, "shelter_flow", columns={"Zeitraum": "month"})
        assert report.accepted
        assert ("month", "Zeitraum") in report.columns

    def test_taken_from_what_was_found_leave_it_missing(self) -> None:
        report = check_file(FLOW, "shelter_flow", columns={"population_group": ""})
        assert "column_missing" in refused(report)

    def test_that_the_contract_does_not_have_are_refused(self) -> None:
        with pytest.raises(DeclarationError, match="no column 'colour'"):
            check_file(FLOW, "shelter_flow", columns={"population_group": "colour"})


def test_a_report_kept_as_a_document_says_the_same(toronto: Path) -> None:
    report = check_file(FLOW, city=toronto)
    again = CheckReport.of_document(report.document(), report.contract)
    assert again.document() == report.document()
    assert again.text() == report.text()


class TestApart:
    def test_gives_what_a_check_gives(self, tmp_path: Path) -> None:
        document = check_apart(Request(str(FLOW), "Our flow.csv"), tmp_path / "out")
        assert document["file"]["name"] == "Our flow.csv"
        assert pl.read_parquet(tmp_path / "out" / TABLE).equals(check_file(FLOW).table)
        rows = pl.read_parquet(tmp_path / "out" / ROWS)
        assert rows.filter(pl.col("row") == 2)["c1"].to_list() == ["Jan-18"]

    def test_keeps_every_place_of_a_finding(self, tmp_path: Path) -> None:
        path = tmp_path / "flow.csv"
        lines = FLOW.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join([lines[0], *("x," + line.split(",", 1)[1] for line in lines[1:])]))
        path.write_text(path.read_text().replace("-18,", "-x,"), encoding="utf-8")
        check_apart(Request(str(path), "flow.csv", "shelter_flow"), tmp_path / "out")
        found = pl.read_parquet(tmp_path / "out" / FOUND).filter(pl.col("rule") == "not_month")
        assert found.height > 20

    def test_a_file_that_breaks_its_check_gives_a_report(self, tmp_path: Path) -> None:
        document = check_apart(Request(str(FLOW), "flow.csv", memory=200_000_000), tmp_path / "out")
        assert document["outcome"] == "unreadable"
        assert "flow.csv" in document["findings"][0]["message"]

    def test_a_check_that_takes_too_long_is_stopped(self, tmp_path: Path) -> None:
        document = check_apart(Request(str(FLOW), "flow.csv", seconds=0), tmp_path / "out")
        assert "longer" in document["findings"][0]["message"]

    def test_never_keeps_columns_of_status_in_its_rows(self, tmp_path: Path) -> None:
        path = tmp_path / "flow.csv"
        lines = FLOW.read_text(encoding="utf-8").splitlines()
        kept = [f"{line},{'immigration status' if i == 0 else 'refugee'}" for i, line in enumerate(lines)]
        path.write_text("\n".join(kept), encoding="utf-8")
        check_apart(Request(str(path), "flow.csv", "shelter_flow"), tmp_path / "out")
        rows = pl.read_parquet(tmp_path / "out" / ROWS)
        assert not any("refugee" in rows[name].cast(pl.String).to_list() for name in rows.columns)


class TestCityWithOtherTables:
    def test_takes_them_in_place_of_its_own(self, toronto: Path) -> None:
        city = read_city(toronto)
        report = check_file(FLOW, city=toronto)
        changed = city.with_tables(
            {"shelter_flow": CheckedTable(report.table, report, Source("shelter_flow"))}
        )
        assert changed.tables["shelter_flow"].height == report.table.height
        assert changed.tables["schools"] is city.tables["schools"]
        assert city.tables["shelter_flow"].height != report.table.height

    def test_is_held_against_what_city_toml_says(self, toronto: Path) -> None:
        city = read_city(toronto)
        with pytest.raises(CityError, match="census_profile"):
            city.with_tables({}, without=["census_profile"])

    def test_takes_parameters_within_their_range(self, toronto: Path) -> None:
        city = read_city(toronto)
        name, row = next(iter(city.parameters._rows.items()))
        assert city.with_parameters({name: row.low}).parameters.row(name).value == row.low
