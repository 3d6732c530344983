"""The commands `philoxenia forecast` and `philoxenia backtest`, as a person at a terminal meets them."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from made_series import long_table, months, wandering, years

from philoxenia.cli import main

Captured = pytest.CaptureFixture[str]
FIELDS = [
    "group",
    "time",
    "mean",
    "median",
    "lower_50",
    "upper_50",
    "lower_80",
    "upper_80",
    "lower_95",
    "upper_95",
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    values = wandering(np.random.default_rng(1), 3, 60, 0.1, 0.1)
    place = tmp_path / "intake.csv"
    long_table(values, months(60)).rename({"time": "month", "value": "newly_identified"}).write_csv(place)
    return place


def asked(file: Path, *more: str, command: str = "forecast") -> list[str]:
    return [command, str(file), "--time", "month", "--group", "group", "--value", "newly_identified", *more]


def test_json_is_a_list_of_rows_and_nothing_else_is_on_standard_output(file: Path, capsys: Captured) -> None:
    assert main(asked(file, "--horizon", "12", "--levels", "50,80,95", "--format", "json")) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == 36
    assert all(list(row) == FIELDS for row in rows)
    assert rows[0]["group"] == "g000"
    assert rows[0]["time"] == "2020-01"
    assert all(
        row["lower_95"] <= row["lower_80"] <= row["median"] <= row["upper_80"] <= row["upper_95"]
        for row in rows
    )


def test_notes_go_to_standard_error(file: Path, capsys: Captured) -> None:
    frame = pl.read_csv(file).filter((pl.col("group") != "g001") | (pl.col("month") > "2019-10"))
    frame.write_csv(file)
    assert main(asked(file, "--format", "json")) == 0
    shown = capsys.readouterr()
    assert {row["group"] for row in json.loads(shown.out)} == {"g000", "g002"}
    assert "'g001' has 2 values" in shown.err


def test_the_same_command_prints_the_same_bytes(file: Path, capsys: Captured) -> None:
    texts = []
    for _ in range(2):
        main(asked(file, "--format", "json", "--seed", "3"))
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1]


def test_without_groups_the_group_is_all(tmp_path: Path, capsys: Captured) -> None:
    place = tmp_path / "flow.csv"
    values = wandering(np.random.default_rng(2), 1, 12, 0.2, 0.1)
    long_table(values, years(12)).select(year="time", people="value").write_csv(place)
    assert (
        main(
            [
                "forecast",
                str(place),
                "--time",
                "year",
                "--value",
                "people",
                "--horizon",
                "2",
                "--format",
                "json",
            ]
        )
        == 0
    )
    rows = json.loads(capsys.readouterr().out)
    assert [(row["group"], row["time"]) for row in rows] == [("all", "2012"), ("all", "2013")]


def test_other_levels_make_other_columns(file: Path, capsys: Captured) -> None:
    main(asked(file, "--levels", "90", "--format", "csv"))
    assert capsys.readouterr().out.splitlines()[0] == "group,time,mean,median,lower_90,upper_90"


def test_out_writes_a_file_and_leaves_standard_output_empty(
    file: Path, tmp_path: Path, capsys: Captured
) -> None:
    place = tmp_path / "made.json"
    assert main(asked(file, "--format", "json", "--out", str(place))) == 0
    assert capsys.readouterr().out == ""
    assert len(json.loads(place.read_text(encoding="utf-8"))) == 36


def test_a_backtest_scores_the_baselines_beside_the_combination(file: Path, capsys: Captured) -> None:
    assert main(asked(file, "--origins", "6", "--format", "json", command="backtest")) == 0
    shown = capsys.readouterr()
    rows = json.loads(shown.out)
    assert {"last_value", "seasonal_naive", "mean_of_three", "combination"} <= {row["model"] for row in rows}
    assert {"mase", "wape", "wis", "coverage_50", "coverage_80", "coverage_95", "n"} <= set(rows[0])
    assert "of the best baseline's" in shown.err


def test_a_signal_adds_a_model(file: Path, tmp_path: Path, capsys: Captured) -> None:
    signal = tmp_path / "claims.csv"
    values = wandering(np.random.default_rng(3), 1, 62, 0.1, 0.1)
    long_table(values, months(62)).select(month="time", claims="value").write_csv(signal)
    more = ["--signal", str(signal), "--signal-value", "claims", "--origins", "4", "--format", "json"]
    assert main(asked(file, *more, command="backtest")) == 0
    assert "upstream" in {row["model"] for row in json.loads(capsys.readouterr().out)}


def test_capacity_adds_estimated_demand_beside_recorded_intake(
    file: Path, tmp_path: Path, capsys: Captured
) -> None:
    capacity = tmp_path / "capacity.csv"
    pl.DataFrame({"month": months(60)[48:], "capacity": [100] * 12, "occupied": [99] * 12}).write_csv(
        capacity
    )
    assert main(asked(file, "--capacity", str(capacity), "--horizon", "2", "--format", "json")) == 0
    shown = capsys.readouterr()
    rows = json.loads(shown.out)
    assert {row["measure"] for row in rows} == {"newly_identified", "estimated demand"}
    assert "held down by capacity" in shown.err


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        (["--horizon", "0"], 2, "--horizon 0"),
        (["--levels", "80,120", "--format", "json"], 2, "120"),
        (["--value", "nothing"], 2, "no column 'nothing'"),
    ],
)
def test_wrong_use_is_a_sentence(
    more: list[str], code: int, words: str, file: Path, capsys: Captured
) -> None:
    arguments = [
        argument
        for argument in asked(file)
        if more[0] != "--value" or argument not in ("--value", "newly_identified")
    ]
    assert main([*arguments, *more]) == code
    shown = capsys.readouterr()
    assert words in shown.err
    assert shown.out == ""
    assert "Traceback" not in shown.err


def test_a_file_that_is_not_there_or_no_table(tmp_path: Path, capsys: Captured) -> None:
    assert main(asked(tmp_path / "none.csv")) == 4
    picture = tmp_path / "scan.csv"
    picture.write_bytes(b"%PDF-1.7 ...")
    assert main(asked(picture)) == 4
    assert "PDF" in capsys.readouterr().err


def test_refused_data_and_data_too_short_have_their_own_codes(tmp_path: Path, capsys: Captured) -> None:
    place = tmp_path / "intake.csv"
    place.write_text("month,group,newly_identified\n2020-01,a,1\n2020-01,a,2\n", encoding="utf-8")
    assert main(asked(place)) == 3
    place.write_text("month,group,newly_identified\n2020-01,a,1\n2020-02,a,2\n", encoding="utf-8")
    assert main(asked(place)) == 5
    assert "fewer than 4" in capsys.readouterr().err
