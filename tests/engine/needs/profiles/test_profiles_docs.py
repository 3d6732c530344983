"""What the pages on needs and profiles print and type is what the engine gives."""

import doctest
import json
import re
import shlex
from pathlib import Path

import polars as pl
import pytest

from philoxenia.cli import main
from philoxenia.exchange.hxl import TAG
from philoxenia.needs.profiles import profile, read_spec
from philoxenia.needs.profiles.functions import FUNCTIONS
from philoxenia.needs.profiles.made_up import made_up_survey
from philoxenia.needs.profiles.survey_file import typed
from philoxenia.report.upset import Bar, Combination, Upset, upset_picture, upset_words

DOCS = Path(__file__).resolve().parents[4] / "docs"
HOW_TO = (DOCS / "how-to" / "profile-a-survey.md").read_text(encoding="utf-8")


def test_the_page_on_needs_runs_and_prints_what_it_says() -> None:
    outcome = doctest.testfile(
        str(DOCS / "explanation" / "needs.md"), module_relative=False, encoding="utf-8"
    )
    assert (outcome.attempted > 12, outcome.failed) == (True, 0)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("profile")
    commands = [
        shlex.split(line)[1:]
        for block in re.findall(r"```sh\n(.*?)```", HOW_TO, re.DOTALL)
        for line in block.splitlines()
    ]
    assert len(commands) == 2
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for command in commands:
            assert main(command) == 0
        for block in re.findall(r"```python\n(.*?)```", HOW_TO, re.DOTALL):
            exec(block, {})  # noqa: S102
    return folder / "out" / "profile"


def test_the_commands_of_the_page_write_a_page_and_tables(written: Path) -> None:
    text = (written / "report.html").read_text(encoding="utf-8")
    assert "Synthetic: no household of this survey exists" in text
    assert "How do newcomers and their neighbours compare?" in text
    assert "<script" not in text and " style=" not in text
    index = json.loads((written / "tables" / "datapackage.json").read_text(encoding="utf-8"))
    assert index["synthetic"] is True
    for resource in index["resources"]:
        assert resource["path"].startswith("synthetic_")
        frame = pl.read_csv(written / "tables" / resource["path"], infer_schema=False)
        assert frame.height == resource["rows"] + 1
        assert all(TAG.match(tag) for tag in frame.row(0) if tag)
        parquet = pl.read_parquet(written / "tables" / resource["alternative"])
        assert parquet["synthetic"].all()


def test_the_same_survey_and_spec_give_the_same_bytes(written: Path, tmp_path: Path) -> None:
    example = written.parent / "example"
    again = [
        str(example / "synthetic_households.csv"),
        "--spec",
        str(example / "spec.toml"),
        "--out",
        str(tmp_path),
    ]
    assert main(["profile", *again]) == 0
    for path in sorted(written.rglob("*.*")):
        assert path.read_bytes() == (tmp_path / path.relative_to(written)).read_bytes(), path.name


def test_the_spec_of_the_page_is_read_and_fits_a_survey() -> None:
    text = next(iter(re.findall(r"```toml\n(.*?)```", HOW_TO, re.DOTALL)))
    spec = read_spec(text)
    survey = made_up_survey(200).rename({"stratum": "zone"})
    found = profile(typed(survey, spec), spec)
    assert found.tables["differences"]["group"].to_list() == ["newcomers"]


def test_the_functions_of_the_page_are_those_there_are() -> None:
    table = HOW_TO[HOW_TO.index("| function |") : HOW_TO.index("A missing answer")]
    assert set(re.findall(r"`(\w+)[(`]", table)) == set(FUNCTIONS)


def test_a_wrong_spec_writes_nothing_and_names_the_line(
    written: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    example = written.parent / "example"
    wrong = tmp_path / "spec.toml"
    wrong.write_text((example / "spec.toml").read_text().replace("members / rooms > 2", "membrs / rooms > 2"))
    survey = str(example / "synthetic_households.csv")
    assert main(["profile", survey, "--spec", str(wrong), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert re.search(r"spec.toml, line \d+, indicators\[0\].where: at sign 1, .*Did you mean 'members'", said)
    assert not (tmp_path / "out").exists()
    assert main(["profile"]) == 2
    assert main(["profile", str(tmp_path / "none.csv"), "--spec", str(example / "spec.toml")]) == 4


def test_a_survey_with_names_has_its_own_exit_code(written: Path, tmp_path: Path) -> None:
    example = written.parent / "example"
    named = pl.read_csv(example / "synthetic_households.csv").with_columns(full_name=pl.lit("A B"))
    named.write_csv(tmp_path / "named.csv")
    asked = ["profile", str(tmp_path / "named.csv"), "--spec", str(example / "spec.toml")]
    assert main(asked) == 3


def test_a_picture_of_overlap_says_in_words_what_it_shows_and_hides_what_is_hidden() -> None:
    upset = Upset(
        {"housing": "A home", "language": "Language <b>"},
        ("Newcomers", "Neighbours"),
        (Combination(("housing", "language"), (Bar(0.2, 0.1, 0.3), Bar(None, mark="too few"))),),
    )
    picture = upset_picture(upset, "in words")
    assert picture.inline.count("<circle") == 2
    assert "×" in picture.standalone
    assert "&lt;b&gt;" in picture.standalone and "<b>" not in picture.standalone
    assert "#" not in re.sub(r"&#\d+;", "", picture.inline), "colours are tokens on the page"
    assert upset_words(upset) == (
        "A home and language <b>: Newcomers 20% (10% to 30%); Neighbours: too few.",
    )
