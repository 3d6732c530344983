"""Every command of the guide runs as it is written, and leaves what the guide says."""

import re
import shlex
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from philoxenia.cli.main import main

ROOT = Path(__file__).resolve().parents[3]
GUIDE = ROOT / "docs" / "how-to" / "link-lists.md"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the guide was followed from top to bottom."""
    folder = tmp_path_factory.mktemp("guide")
    (folder / "cities").symlink_to(ROOT / "cities")
    text = GUIDE.read_text(encoding="utf-8")
    agreement = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    assert agreement
    later = date.today().replace(year=date.today().year + 1, day=1).isoformat()
    (folder / "agreement.toml").write_text(
        re.sub(r"until = \S+", f"until = {later}", agreement[1]), encoding="utf-8"
    )
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        for block in re.findall(r"```bash\n(.*?)```", text, re.DOTALL):
            for line in block.strip().splitlines():
                words = shlex.split(line)
                assert words[0] == "philoxenia"
                quiet = ["--quiet"] if words[1] == "link" and "key" not in words[2] else []
                assert main([*words[1:], *quiet]) == 0, line
    return folder


def test_results_say_that_they_are_synthetic(done: Path) -> None:
    names = {file.name for file in (done / "linked").iterdir()}
    kinds = {f"synthetic-{kind}.csv" for kind in ("links", "people", "pairs", "doubtful", "quality")}
    assert names == kinds | {"report.html", "linkage.json"}
    assert "Synthetic people" in (done / "linked" / "report.html").read_text(encoding="utf-8")


def test_the_report_shows_no_record_and_needs_nothing_from_elsewhere(done: Path) -> None:
    page = (done / "linked" / "report.html").read_text(encoding="utf-8")
    links = pl.read_csv(done / "linked" / "synthetic-links.csv", infer_schema=False)
    assert not [record for record in links["record"] if record in page]
    assert "<script" not in page and "http://" not in page.replace("http://www.w3.org", "")


def test_tokens_stand_for_records_and_the_key_is_gone(done: Path) -> None:
    clear = pl.read_csv(done / "linked" / "synthetic-links.csv", infer_schema=False)
    hidden = pl.read_parquet(done / "joined" / "synthetic-links.parquet")
    assert not set(hidden["record"]) & set(clear["record"])
    assert not (done / "agreement.key").exists()


def test_under_an_agreement_nothing_beside_a_token_tells_who_it_is(done: Path) -> None:
    people = pl.read_parquet(done / "joined" / "synthetic-people.parquet")
    assert people.columns == ["person", "records", "sources"]
    told = pl.read_parquet(done / "joined" / "synthetic-needs_together.parquet")
    assert told.columns == ["population", "needs", "people"]
    whole = told.filter(pl.col("population").is_null() & pl.col("needs").is_null())["people"].to_list()
    assert whole == [people.height]
    assert told["people"].drop_nulls().min() >= 5


def test_a_folder_with_other_files_and_a_bad_list_get_sentences(
    done: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shelter = str(done / "people" / "synthetic_shelter.csv")
    assert main(["link", shelter, "--out", str(done), "--quiet"]) == 2
    assert "holds other files" in capsys.readouterr().err
    bad = done / "bad.csv"
    bad.write_text("record_id,given_name,immigration_status\n1,Zoravar,refugee claimant\n", encoding="utf-8")
    out = done / "never"
    assert main(["link", str(bad), "--out", str(out), "--quiet"]) in (3, 5)
    said = capsys.readouterr().err
    assert "bad.csv" in said and "Zoravar" not in said
    assert not out.exists()
    assert (
        main(["link", shelter, "--agreement", str(done / "agreement.toml"), "--out", str(out), "--quiet"])
        == 3
    )
    assert not out.exists()
