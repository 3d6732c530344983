"""How a report leaves the house: text, JSON, the mended table, its log and hashtags, the command line."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spoil import packed, points, put, rows_of, workbook, write

from philoxenia.cli.main import main
from philoxenia.exchange import CheckReport, check_file
from philoxenia.exchange.hxl import with_hashtags
from philoxenia.exchange.places import Places
from philoxenia.exchange.problems import DeclarationError
from philoxenia.exchange.writing import write_log, write_table

FLOW = rows_of("system_flow")
RAW = Path(__file__).resolve().parents[2] / "spoiled"


@pytest.fixture(scope="module")
def report() -> CheckReport:
    return check_file(RAW / "system_flow.csv")


class TestText:
    def test_begins_with_the_outcome_and_keeps_to_the_width(self, report: CheckReport) -> None:
        for width in (60, 100):
            lines = report.text(width).splitlines()
            assert lines[0].startswith("ACCEPTED  system_flow.csv as shelter_flow: 168 rows")
            assert max(map(len, lines)) <= width

    def test_says_how_sure_the_kind_is(self, report: CheckReport) -> None:
        assert "certain: all it requires is there, 19 of its columns found" in " ".join(report.text().split())

    def test_the_same_file_gives_the_same_report(self, report: CheckReport) -> None:
        assert check_file(RAW / "system_flow.csv").json() == report.json()


class TestJson:
    def test_has_the_documented_keys(self, report: CheckReport) -> None:
        document = json.loads(report.json())
        assert list(document) == [
            "format", "file", "outcome", "exit_code", "contract", "city", "rows", "columns", "findings",
            "mends", "not_checked", "parts",
        ]  # fmt: skip
        assert document["format"] == "philoxenia-check/1"
        assert set(document["file"]) == {
            "name", "format", "bytes", "sha256", "encoding", "delimiter", "sheet", "coordinates",
        }  # fmt: skip
        finding, mend = document["findings"][0], document["mends"][0]
        assert set(finding) == {
            "rule",
            "severity",
            "column",
            "header",
            "count",
            "examples",
            "message",
            "remedy",
            "says",
            "values",
        }
        assert set(mend) == {"rule", "column", "header", "count", "examples", "message", "says", "values"}
        assert mend["examples"][0] == {"row": 2, "before": "Jan-18", "after": "2018-01"}

    def test_names_the_column_as_the_contract_and_as_the_file_does(self, tmp_path: Path) -> None:
        document = check_file(write(tmp_path, put(FLOW, 9, "date(mmm-yy)", "soon"))).document()
        finding = document["findings"][0]
        assert (finding["column"], finding["header"]) == ("month", "date(mmm-yy)")
        assert finding["examples"] == [{"row": 9, "value": "soon"}]


class TestMends:
    def test_each_changed_cell_is_logged_with_row_before_after_and_rule(self, report: CheckReport) -> None:
        log = report.mend_log
        assert log.columns == ["row", "column", "before", "after", "rule"]
        assert log.height == sum(mend.count for mend in report.mends) == 3 * 168
        assert log.row(0) == (2, "group", "All Population", "all", "category_name")

    def test_the_mended_table_and_its_log_are_written_beside_each_other(
        self, report: CheckReport, tmp_path: Path
    ) -> None:
        write_table(report, tmp_path / "flow.parquet")
        log = write_log(report, tmp_path / "flow.parquet")
        assert pl.read_parquet(tmp_path / "flow.parquet").equals(report.table)
        assert pl.read_csv(log).height == report.mend_log.height
        assert sorted(path.name for path in tmp_path.iterdir()) == ["flow.mends.csv", "flow.parquet"]

    def test_a_failed_write_leaves_the_old_file(
        self, report: CheckReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        out = tmp_path / "flow.csv"
        out.write_text("old", encoding="utf-8")

        def fail(*_: object) -> None:
            raise OSError("disk full")

        monkeypatch.setattr(pl.DataFrame, "write_csv", fail)
        with pytest.raises(OSError, match="disk full"):
            write_table(report, out)
        assert out.read_text(encoding="utf-8") == "old"
        assert list(tmp_path.iterdir()) == [out]

    def test_other_endings_are_refused(self, report: CheckReport, tmp_path: Path) -> None:
        with pytest.raises(DeclarationError, match=r"\.csv or \.parquet"):
            write_table(report, tmp_path / "flow.docx")


def test_hashtags_stand_in_a_row_under_the_header(report: CheckReport, tmp_path: Path) -> None:
    write_table(report, tmp_path / "flow.csv", hxl=True)
    lines = (tmp_path / "flow.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("month,group,")
    assert lines[1].startswith("#date+month,#population+group,")
    assert lines[2].startswith("2018-01,all,")
    untagged = pl.DataFrame({"a": [1]})
    assert with_hashtags(untagged, None) is untagged


class TestCommand:
    @pytest.mark.parametrize(
        ("name", "code"),
        [("good", 10), ("refused", 3), ("unreadable", 4), ("unknown", 6)],
    )
    def test_the_exit_code_tells_the_outcome(
        self, name: str, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = {
            "good": lambda: write(tmp_path, FLOW),
            "refused": lambda: write(tmp_path, put(FLOW, 3, "newly_identified", "x?")),
            "unreadable": lambda: tmp_path / "none.csv",
            "unknown": lambda: write(tmp_path, [["a", "b"], ["1", "2"]]),
        }[name]()
        assert main(["check", str(path), "--no-city"]) == code
        assert capsys.readouterr().out

    def test_a_clean_table_gives_zero(self, toronto: Path) -> None:
        assert main(["check", str(toronto / "tables" / "housing_waitlist.csv"), "--city", str(toronto)]) == 0

    def test_json_stands_alone_on_standard_output(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = write(tmp_path, FLOW)
        main(["check", str(path), "--no-city", "--format", "json", "--mended", str(tmp_path / "out.csv")])
        captured = capsys.readouterr()
        assert json.loads(captured.out)["outcome"] == "accepted with mends"
        assert "out.csv" in captured.err

    def test_nothing_is_written_for_a_refused_file(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = write(tmp_path, put(FLOW, 3, "newly_identified", "x?"))
        assert main(["check", str(path), "--no-city", "--mended", str(tmp_path / "out.csv")]) == 3
        assert not (tmp_path / "out.csv").exists()
        assert "Nothing was written" in capsys.readouterr().err

    def test_the_only_city_package_here_is_used_and_said(
        self, toronto: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.chdir(toronto.parent.parent)
        main(["check", str(RAW / "pharmacies.csv")])
        captured = capsys.readouterr()
        assert "City: Toronto." in captured.out
        assert "the only city package here" in captured.err

    @pytest.mark.parametrize(
        "arguments", [["--contract", "nonsense"], ["--not-status", "visa"], ["--city", "nowhere"]]
    )
    def test_wrong_use_gets_a_sentence(
        self, arguments: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["check", str(RAW / "system_flow.csv"), *arguments]) in (2, 4)
        assert "philoxenia: " in capsys.readouterr().err

    def test_help_lists_the_exit_codes(self) -> None:
        command = [sys.executable, "-m", "philoxenia.cli", "check", "--help"]
        told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        if told:
            for code in (
                "0  accepted",
                "10  accepted with mends",
                "3  refused",
                "4  unreadable",
                "6  not recognised",
            ):
                assert code in told

    def test_contracts_are_listed_and_shown(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["contracts"]) == 0
        assert "shelter_flow" in capsys.readouterr().out
        assert main(["contracts", "shelter_flow"]) == 0
        shown = capsys.readouterr().out
        for words in ("newly_identified", "stock_flow", "date(mmm-yy)", "One row for each month and group"):
            assert words in shown


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_no_damage_to_a_file_makes_a_traceback(data: st.DataObject) -> None:
    """Fuzz: bytes of a real extract are cut, changed, doubled or replaced; the answer is always a report."""
    name = data.draw(st.sampled_from(["system_flow", "waitlist", "pharmacies", "pipeline"]))
    raw = bytearray((RAW / f"{name}.csv").read_bytes()[: data.draw(st.integers(0, 6000))])
    for _ in range(data.draw(st.integers(0, 6))):
        if not raw:
            break
        place = data.draw(st.integers(0, len(raw) - 1))
        piece = data.draw(
            st.sampled_from(
                [b'"', b"\n", b",", b";", b"\x00", b"\xe9", b"\xff\xfe", b"#REF!", b"\r", b"-", b"=1+1"]
            )
        )
        raw[place : place + data.draw(st.integers(0, 3))] = piece
    path = Path(_folder) / f"{name}.csv"
    path.write_bytes(bytes(raw))
    made = check_file(path)
    assert made.text()
    assert json.loads(made.json())["exit_code"] in (0, 3, 4, 6, 10)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_no_damage_to_a_packed_file_makes_a_traceback(data: st.DataObject) -> None:
    """Fuzz: workbooks, Parquet, GeoJSON and gzip with bytes changed or cut off."""
    folder = Path(_folder)
    name = data.draw(
        st.sampled_from(["extract.xlsx", "extract.parquet", "extract.geojson", "extract.csv.gz"])
    )
    raw = bytearray(_packed_sample(folder / "samples", name))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(raw) - 1))
        if data.draw(st.booleans()):
            raw[place] ^= 1 << data.draw(st.integers(0, 7))
        else:
            del raw[place + 1 :]
    (folder / name).write_bytes(bytes(raw))
    made = check_file(folder / name)
    assert made.text()
    assert made.outcome.exit_code in (0, 3, 4, 6, 10)


@cache
def _packed_sample(folder: Path, name: str) -> bytes:
    folder.mkdir(exist_ok=True)
    rows = FLOW[:30]
    if name.endswith(".xlsx"):
        return workbook(folder, {"Data": rows}).read_bytes()
    if name.endswith(".parquet"):
        pl.DataFrame(rows[1:], schema=rows[0], orient="row").write_parquet(folder / name)
        return (folder / name).read_bytes()
    if name.endswith(".geojson"):
        return points(folder, [({"pharmacy_id": "1", "address": "a"}, [-79.4, 43.7])]).read_bytes()
    return packed(write(folder, rows)).read_bytes()


@pytest.fixture(autouse=True, scope="module")
def _scratch(tmp_path_factory: pytest.TempPathFactory) -> None:
    global _folder  # noqa: PLW0603 - Hypothesis cannot take a function-scoped folder
    _folder = str(tmp_path_factory.mktemp("fuzz"))


_folder = ""


def test_the_python_interface_takes_a_city_by_path_or_read(toronto: Path, city: Places) -> None:
    by_path = check_file(RAW / "pharmacies.csv", city=toronto)
    assert by_path.table.equals(check_file(RAW / "pharmacies.csv", city=city).table)


def test_a_parquet_file_that_kills_its_library_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "a.parquet")
    kill = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
    monkeypatch.setattr("philoxenia.exchange.parquet._PROBE", kill)
    made = check_file(tmp_path / "a.parquet")
    assert made.outcome.exit_code == 4
    assert "damaged Parquet file" in made.findings[0].message
