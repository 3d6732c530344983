"""docs/how-to/release-a-table.md works as it is written: its commands, its script and its specs."""

import re
import shlex
from pathlib import Path
from random import Random

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
    made, hiding, rounding, anonymising = (
        shlex.split(line)[1:] for line in "".join(blocks("sh")).splitlines()
    )
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
    records = records_of(200)
    records.write_csv("out/records.csv")
    coarser().write_csv("out/coarser.csv")
    assert main(anonymising) == 0
    out = pl.read_csv("out/records-out.csv")
    assert out.height == records.height
    assert out.group_by("district_id", "age_band", "sex").len()["len"].min() >= 5
    assert out["need"].sort().to_list() == records["need"].sort().to_list()


def records_of(count: int) -> pl.DataFrame:
    """Made-up records: an outsider may know district, age band and sex."""
    chance = Random(3)  # noqa: S311
    columns = {
        "district_id": [f"d{number}" for number in range(3)],
        "age_band": [f"{10 * band}s" for band in range(8)],
        "sex": ["female", "male"],
        "need": ["food", "housing", "work"],
    }
    return pl.DataFrame({name: chance.choices(values, k=count) for name, values in columns.items()})


def coarser() -> pl.DataFrame:
    ages = [f"{10 * band}s" for band in range(8)]
    wide = ["young" if band < 4 else "old" for band in range(8)]
    return pl.DataFrame({"column": "age_band", "value": ages, "level_1": wide, "level_2": ["any"] * 8})


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (pl.lit("food").alias("need"), 8, "all hold the same 'need'"),
        (pl.int_range(pl.len()).cast(pl.String).str.zfill(20).alias("case"), 3, "long identifiers"),
        (pl.lit("refugee claimant").alias("kind"), 3, "immigration status"),
    ],
)
def test_records_that_would_tell_are_refused_and_nothing_is_written(
    change: pl.Expr, code: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "records.csv", tmp_path / "out.csv"
    records_of(60).with_columns(change).write_csv(path)
    asked = ["anonymise", str(path), "--keys", "sex", "--sensitive", "need", "--out", str(out)]
    assert main(asked) == code
    assert said in capsys.readouterr().err
    assert not out.exists()


def test_every_entry_the_page_names_is_one() -> None:
    names = re.findall(r"`([a-z_]+)(?: = [^`]*)?` ", PAGE.split("## 2. A spec")[1].split("## 3.")[0])
    known = {field.name for field in spec_of.__globals__["fields"](spec_of.__globals__["Spec"])}
    assert set(names) <= known
