"""The main job as a planner runs it: on the example, on cities the code has never seen, stopped half-way."""

import hashlib
import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from tests.journeys.made_city import write_city

from philoxenia.cli import main
from philoxenia.workflows import open_city, run_city
from philoxenia.workflows import run as run_module

COMMAND = [sys.executable, "-m", "philoxenia"]


def digests(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and ".steps" not in file.parts
    }


@pytest.fixture(scope="module")
def example_run(toronto: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("example")
    assert main(["run", str(toronto), "--out", str(out), "--quiet"]) == 0
    return out


@pytest.mark.xdist_group("example")
def test_the_example_city_gives_a_report_a_pdf_and_tables(example_run: Path) -> None:
    report = (example_run / "report.html").read_text(encoding="utf-8")
    assert "Toronto" in report
    assert (example_run / "report.pdf").read_bytes().startswith(b"%PDF")
    names = {file.name for file in (example_run / "tables").iterdir()}
    assert {"pressure.csv", "pressure.parquet", "forecasts.csv", "load.csv", "load.parquet"} <= names
    second_line = (example_run / "tables" / "pressure.csv").read_text(encoding="utf-8").splitlines()[1]
    assert second_line.startswith("#"), "the second row of a CSV holds HXL tags"


@pytest.mark.xdist_group("example")
def test_the_same_seed_gives_the_same_bytes_from_new_steps_and_from_kept_ones(
    example_run: Path, toronto: Path, tmp_path: Path
) -> None:
    first = digests(example_run)
    assert main(["run", str(toronto), "--out", str(tmp_path / "again"), "--quiet"]) == 0
    assert digests(tmp_path / "again") == first
    assert main(["run", str(toronto), "--out", str(example_run), "--quiet"]) == 0
    assert digests(example_run) == first


@pytest.mark.xdist_group("example")
def test_the_report_loads_nothing_from_anywhere(example_run: Path) -> None:
    report = (example_run / "report.html").read_text(encoding="utf-8")
    for loading in ('src="http', "src='http", 'rel="stylesheet" href', "@import", "url(http"):
        assert loading not in report


def test_a_city_the_code_has_never_seen_is_run_whole(tmp_path: Path) -> None:
    city = write_city(tmp_path / "nea-poli")
    result = run_city(city, out=tmp_path / "out", seed=3)
    assert Path(result.report).is_file()
    report = Path(result.report).read_text(encoding="utf-8")
    assert "Νέα Πόλη" in report
    assert "<Γειτονιά>" not in report, "names are escaped"
    assert result.findings.forecasts["measure"].unique().to_list() == ["arrivals"]
    load = result.findings.load
    assert load.filter(pl.col("service") == "water").height > 0
    assert set(load["district_id"]) == set(open_city(city).districts["district_id"])


def test_a_city_with_outlines_and_population_only_is_told_what_is_missing(tmp_path: Path) -> None:
    city = write_city(tmp_path / "bare")
    (city / "tables" / "series.csv").unlink()
    profile = city / "tables" / "census_profile.csv"
    kept = [
        line for line in profile.read_text().splitlines() if "characteristic" in line or "population" in line
    ]
    profile.write_text("\n".join(kept) + "\n", encoding="utf-8")
    result = run_city(city, out=tmp_path / "out")
    assert result.findings.forecasts.is_empty()
    assert any("series" in sentence for sentence in result.findings.missing["arrivals"])
    assert Path(result.report).is_file()


def test_a_quarterly_series_is_forecast_by_quarter_and_loaded_by_month(tmp_path: Path) -> None:
    city = write_city(tmp_path / "quarters")
    rows = [f"{2015 + q // 4}-Q{q % 4 + 1},arrivals,all,{300 + 10 * (q % 4) + q}" for q in range(40)]
    (city / "tables" / "series.csv").write_text(
        "month,measure,group,value\n" + "\n".join(rows), encoding="utf-8"
    )
    result = run_city(city, out=tmp_path / "out", horizon=12)
    assert result.findings.forecasts["time"].to_list() == ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]
    assert result.findings.load["time"].n_unique() == 12


def test_a_table_that_breaks_its_contract_stops_the_run_with_the_file_the_rule_and_the_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city = write_city(tmp_path / "broken")
    profile = city / "tables" / "census_profile.csv"
    profile.write_text(profile.read_text().replace(",2021,population,", ",2021,population,about ", 1))
    assert main(["run", str(city), "--out", str(tmp_path / "out"), "--quiet"]) == 3
    said = capsys.readouterr().err
    assert "census_profile.csv" in said and "about" in said
    assert "Traceback" not in said
    assert not (tmp_path / "out" / "report.html").exists()


def test_a_column_of_immigration_status_stops_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city = write_city(tmp_path / "status")
    series = city / "tables" / "series.csv"
    lines = series.read_text().splitlines()
    spoiled = [lines[0] + ",immigration_status", *(line + ",claimant" for line in lines[1:])]
    series.write_text("\n".join(spoiled) + "\n")
    assert main(["run", str(city), "--out", str(tmp_path / "out"), "--quiet"]) == 3
    assert "immigration" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "no/such/city"], "no/such/city"),
        (["run", ".", "--horizon", "0"], "--horizon 0"),
        (["run", ".", "--seed", "-1"], "--seed -1"),
    ],
)
def test_wrong_use_gets_a_sentence(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main([*arguments, "--out", str(tmp_path / "out")]) in (2, 3)
    captured = capsys.readouterr()
    assert said in captured.err and "Traceback" not in captured.err
    assert captured.out == ""


def test_a_killed_run_goes_on_where_it_was(tmp_path: Path) -> None:
    city, out = write_city(tmp_path / "killed"), tmp_path / "out"
    process = subprocess.Popen(
        [*COMMAND, "run", str(city), "--out", str(out)], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline and not list(out.glob(".steps/pressure-*")):
        pass
    process.send_signal(signal.SIGKILL)
    process.wait()
    again = subprocess.run(
        [*COMMAND, "run", str(city), "--out", str(out)], capture_output=True, text=True, check=True
    )
    assert "kept from an earlier run" in again.stderr
    whole = run_city(city, out=tmp_path / "whole")
    assert Path(whole.report).read_bytes() == (out / "report.html").read_bytes()


def test_a_stop_while_the_report_is_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    city, out = write_city(tmp_path / "kept"), tmp_path / "out"
    run_city(city, out=out, seed=1)
    before = digests(out)

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(run_module, "write_report", fail)
        with pytest.raises(OSError, match="No space"):
            run_city(city, out=out, seed=2)
    assert {name: digest for name, digest in digests(out).items() if not name.startswith("lake")} == {
        name: digest for name, digest in before.items() if not name.startswith("lake")
    }


def test_a_result_from_python_writes_the_same_report_as_the_command(tmp_path: Path) -> None:
    city = open_city(write_city(tmp_path / "notebook"))
    result = run_city(city, seed=5)
    assert result.written == {}
    assert result.headline
    written = result.write(tmp_path / "from-python")
    by_command = run_city(city, seed=5, out=tmp_path / "by-command")
    assert Path(written.report).read_bytes() == Path(by_command.report).read_bytes()


def test_every_series_is_forecast_to_the_same_month_whatever_its_period_and_its_end(tmp_path: Path) -> None:
    city = write_city(tmp_path / "many")
    rows = [f"{2015 + q // 4}-Q{q % 4 + 1},permits,all,{300 + 10 * (q % 4) + q}" for q in range(40)]
    rows += [f"{year},returns,all,{900 + year % 7}" for year in range(2010, 2025)]
    rows += [f"{2018 + m // 12}-{m % 12 + 1:02d},visas,all,{80 + m % 9}" for m in range(80)]
    series = city / "tables" / "series.csv"
    series.write_text(series.read_text() + "\n".join(rows) + "\n", encoding="utf-8")
    settings = city / "city.toml"
    entry = settings.read_text()[settings.read_text().index("[[arrivals.series]]") :]
    more = [entry.replace('"arrivals"', f'"{name}"') for name in ("permits", "returns", "visas")]
    settings.write_text(settings.read_text() + "".join(more), encoding="utf-8")
    result = run_city(open_city(city))
    ends = dict(result.findings.forecasts.group_by("measure").agg(pl.col("time").max()).iter_rows())
    assert ends == {"arrivals": "2025-12", "permits": "2025-Q4", "returns": "2025", "visas": "2025-12"}
    assert result.findings.load["time"].n_unique() == 12


def test_arrivals_beyond_everybody_who_lives_here_are_not_settled(tmp_path: Path) -> None:
    city = write_city(tmp_path / "border")
    series = city / "tables" / "series.csv"
    series.write_text(re.sub(r"(?m),(\d+)$", r",\g<1>000", series.read_text()), encoding="utf-8")
    result = run_city(open_city(city))
    assert any("city_share" in sentence for sentence in result.findings.missing["load"])
    assert float(result.findings.settlement["arrivals_p50"].sum()) == 0


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ('table = "series"', 'table = "serie"', "perhaps 'series' is meant"),
        ('measures = ["value"]', 'measures = ["valeu"]', "perhaps 'value' is meant"),
        ('time = "month"', 'time = "date"', "no column 'date'"),
        ("{ measure =", "{ mesure =", "perhaps 'measure' is meant"),
        ('group = "group"', 'group = "grp"', "perhaps 'group' is meant"),
        ('measures = ["value"]', "measures = []", "no entry 'measures'"),
        ('measures = ["value"]', 'measures = ["measure"]', "does not hold numbers"),
        ('filter = { measure = "arrivals" }', 'filter = "arrivals"', "with braces"),
        ("[[arrivals.series]]", "[arrivals.series]", "must be written [[arrivals.series]]"),
        ('base = "immigration_base"', "base = 5", "in quotes"),
    ],
)
def test_a_slip_in_city_toml_is_named(
    was: str, becomes: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = write_city(tmp_path / "slip") / "city.toml"
    text = settings.read_text(encoding="utf-8")
    assert was in text
    settings.write_text(text.replace(was, becomes, 1), encoding="utf-8")
    assert main(["run", str(settings.parent), "--out", str(tmp_path / "out"), "--quiet"]) == 3
    assert said in capsys.readouterr().err


def test_why_nothing_is_forecast_is_said_at_the_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city = write_city(tmp_path / "filtered")
    settings = city / "city.toml"
    settings.write_text(settings.read_text().replace('measure = "arrivals"', 'measure = "arrivlas"'))
    assert main(["run", str(city), "--out", str(tmp_path / "out"), "--quiet"]) == 0
    said = capsys.readouterr().out
    assert "perhaps 'arrivals' is meant" in " ".join(said.split())
    assert max(map(len, said.split("  the report")[0].splitlines())) <= 100


def test_a_district_where_nobody_lives_and_districts_counted_from_0_are_no_fault(tmp_path: Path) -> None:
    city = write_city(tmp_path / "park")
    profile, outlines = city / "tables" / "census_profile.csv", city / "districts.geojson"
    text = re.sub(r"(?m)^D01,2021,(\w+),\d+", r"D01,2021,\1,0", profile.read_text())
    profile.write_text(re.sub(r"(?m)^D0(\d)", lambda name: str(int(name[1]) - 1), text))
    outlines.write_text(re.sub(r'"D0(\d)"', lambda name: f'"{int(name[1]) - 1}"', outlines.read_text()))
    result = run_city(open_city(city))
    assert result.findings.exposure.height > 0
    assert "0" not in result.findings.pressure["district_id"].to_list()


def test_a_city_on_both_sides_of_longitude_180_is_one_city(tmp_path: Path) -> None:
    city = write_city(tmp_path / "islands")
    outlines = city / "districts.geojson"
    document = json.loads(outlines.read_text())
    for feature in document["features"]:
        ring = feature["geometry"]["coordinates"][0]
        east = [round(x + 157.08, 5) for x, _ in ring]
        turn = 360 if max(east) > 180 else 0
        feature["geometry"]["coordinates"] = [[[x - turn, y] for x, (_, y) in zip(east, ring, strict=True)]]
    outlines.write_text(json.dumps(document), encoding="utf-8")
    places = open_city(city).districts
    assert float(places["longitude"].max() - places["longitude"].min()) < 0.1


@pytest.mark.parametrize("out", ["file", "file/inside"])
def test_a_place_that_cannot_be_written_to_is_named(
    out: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    city = write_city(tmp_path / "blocked")
    assert main(["run", str(city), "--out", str(tmp_path / out), "--quiet"]) == 5
    assert "Choose a folder" in capsys.readouterr().err
