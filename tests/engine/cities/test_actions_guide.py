"""docs/how-to/describe-actions.md works as it is written, on a city made from the template."""

import contextlib
import re
import shlex
import shutil
from pathlib import Path

import polars as pl
import pytest

from philoxenia.cli import main
from philoxenia.workflows.build_city import new_city

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "how-to" / "describe-actions.md").read_text(encoding="utf-8")
TABLES = ("actions", "action_effects", "action_benefits", "unit_values")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader's folder with a city that has two years of arrivals and the tables of the page."""
    folder = tmp_path_factory.mktemp("reader")
    (folder / "cities").mkdir()
    shutil.copytree(ROOT / "cities" / "_template", folder / "cities" / "_template")
    new_city(folder / "cities" / "harbour", "Harbour")
    tables = folder / "cities" / "harbour" / "tables"
    months = [f"20{23 + month // 12}-{month % 12 + 1:02d}" for month in range(24)]
    rows = [f"{month},arrivals,all,{25 + number % 5}\n" for number, month in enumerate(months)]
    (tables / "series.csv").write_text("month,measure,group,value\n" + "".join(rows), encoding="utf-8")
    for name, block in zip(TABLES, blocks("text"), strict=True):
        (tables / f"{name}.csv").write_text(block, encoding="utf-8")
    return folder


def test_the_page_says_which_table_each_block_is() -> None:
    named = re.findall(r"`tables/(\w+)\.csv`", PAGE)
    assert list(dict.fromkeys(name for name in named if name in TABLES)) == list(TABLES)


def test_every_command_works_and_the_dividends_are_written(reader: Path) -> None:
    commands = [line for block in blocks("sh") for line in block.splitlines()]
    with contextlib.chdir(reader):
        for command in commands:
            assert main(shlex.split(command)[1:]) == 0, command
    found = pl.read_parquet(next((reader / "out" / "harbour").rglob("dividends.parquet")))
    assert set(found["action"]) >= {"new_shelter", "harbour_feast"}


def test_the_python_lines_give_a_larger_shelter(reader: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with contextlib.chdir(reader):
        for block in blocks("python"):
            exec(compile(block, "describe-actions.md", "exec"), {})  # noqa: S102  (the page's own code)
    assert capsys.readouterr().out == "(1.0, 3.0)\n"
