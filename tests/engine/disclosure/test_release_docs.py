"""docs/how-to/release-a-table.md works as it is written: its commands, its script and its specs."""

import re
import shlex
from pathlib import Path

import polars as pl
import pytest

from philoxenia.cli import main
from philoxenia.disclosure.release import spec_of
from philoxenia.disclosure.release.spec import read_spec

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "how-to" / "release-a-table.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_page_works_as_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cities").symlink_to(ROOT / "cities")
    made, hiding, rounding = (shlex.split(line)[1:] for line in "".join(blocks("sh")).splitlines())
    assert main(made) == 0
    exec(blocks("python")[0], {})  # noqa: S102
    first = blocks("toml")[0]
    Path("out/release.toml").write_text(first, encoding="utf-8")
    assert main(hiding) == 0
    found = pl.read_parquet("out/needs-released/needs-by-language.parquet")
    assert found["people"].drop_nulls().min() >= 5
    assert found["people"].null_count() > 0
    Path("out/rounded.toml").write_text(first + blocks("toml")[1], encoding="utf-8")
    Path("out/rounding.key").write_bytes(bytes(range(32)))
    assert main(rounding) == 0
    assert (pl.read_parquet("out/needs-rounded/needs-by-language.parquet")["people"] % 5 == 0).all()
    assert read_spec(Path("out/release.toml")).several == ("need",)


def test_every_entry_the_page_names_is_one() -> None:
    names = re.findall(r"`([a-z_]+)(?: = [^`]*)?` ", PAGE.split("## 2. A spec")[1].split("## 3.")[0])
    known = {field.name for field in spec_of.__globals__["fields"](spec_of.__globals__["Spec"])}
    assert set(names) <= known
