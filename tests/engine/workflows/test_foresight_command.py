"""`philoxenia value` and `philoxenia plan`: what they print, write and refuse."""

import json
from pathlib import Path

import pytest
from tests.engine.workflows.made_package import write_package

from philoxenia.cli import main
from philoxenia.report.foresight import TABLES, read_foresight

pytestmark = pytest.mark.xdist_group("futures")

SMALL = ["--futures", "12", "--months", "12", "--quiet"]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_package(tmp_path_factory.mktemp("made") / "city")


def said(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    told = capsys.readouterr()
    return told.out, told.err


def test_value_says_who_gains_and_writes_every_table(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["value", str(city), *SMALL, "--out", str(tmp_path)]) == 0
    out, _ = said(capsys)
    assert "Classes (classes): net" in out
    assert "gains on average: newcomers" in out
    assert "It loses in" in out
    found = read_foresight(tmp_path / "foresight")
    assert found["actions"]["action"].to_list() == ["longer_hours", "classes"]
    for name in TABLES:
        assert (tmp_path / "tables" / f"{name}.csv").is_file()
        assert (tmp_path / "tables" / f"{name}.parquet").is_file()
    assert not list((tmp_path / "tables").glob(".*"))


def test_only_the_actions_asked_for_are_looked_at(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["value", str(city), *SMALL, "--actions", "classes", "--out", str(tmp_path)]) == 0
    assert "longer_hours" not in said(capsys)[0]


def test_plan_keeps_budgets_and_says_why_an_action_is_out(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = tmp_path / "cases" / "case.pdf"
    asked = ["--budget", "city=500", "--aim", "cvar", "--out", str(tmp_path), "--case", str(case)]
    assert main(["plan", str(city), *SMALL, *asked]) == 0
    out, _ = said(capsys)
    assert "best in the worst futures (cvar_100): 1 action" in out
    assert "Open longer: out: the limits forbid it (budget city" in out
    assert "Plans over all futures" in out
    assert read_foresight(tmp_path / "foresight").main_plan == "cvar_100"
    assert case.read_bytes().startswith(b"%PDF")


def test_options_come_before_the_file_of_settings(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"futures": 7, "aim": "regret", "months": 12, "banned": ["classes"]}))
    command = [
        "plan",
        str(city),
        "--settings",
        str(file),
        "--futures",
        "9",
        "--quiet",
        "--out",
        str(tmp_path),
    ]
    assert main(command) == 0
    found = read_foresight(tmp_path / "foresight")
    assert (found.futures, found.main_plan) == (9, "regret_100")
    assert "classes" not in found["plan_actions"]["action"].to_list()
    said(capsys)


WRONG = [
    (["--actions", "clases"], 3, "perhaps classes is meant"),
    (["--futures", "0"], 3, "futures"),
    (["--months", "900"], 3, "months"),
    (["--settings", "nowhere.json"], 4, "cannot be read"),
    (["--case", "case.txt"], 2, "ends in .pdf"),
    (["--budget", "city"], 2, "NAME=AMOUNT"),
    (["--budget", "city=lots"], 2, "not a number"),
    (["--budget", "king=5"], 3, "budgets.king"),
    (["--floor", "kings=5"], 3, "floors.kings"),
    (["--require", "classes", "--ban", "classes"], 3, "required and banned"),
    (["--require", "longer_hours", "--budget", "city=1"], 5, "No choice of actions keeps all limits"),
]


@pytest.mark.parametrize(("asked", "code", "told"), WRONG, ids=[" ".join(asked) for asked, _, _ in WRONG])
def test_a_wrong_option_is_a_sentence_and_an_exit_code(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], asked: list[str], code: int, told: str
) -> None:
    out = tmp_path / "out"
    small = [] if {"--futures", "--months"} & set(asked) else SMALL[:4]
    assert main(["plan", str(city), *small, "--quiet", "--out", str(out), *asked]) == code
    printed, problem = said(capsys)
    assert told in problem
    assert not printed
    assert not (out / "tables").exists()


def test_settings_that_are_not_json_are_refused(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for text, told in (("{", "is not JSON"), ("[]", "holds list")):
        (tmp_path / "s.json").write_text(text)
        assert main(["value", str(city), "--settings", str(tmp_path / "s.json")]) == 4
        assert told in said(capsys)[1]
