"""Two directories from their files: `philoxenia link A B --kind organisations`."""

from pathlib import Path

import polars as pl
import pytest

from philoxenia.cli import main

NAMES = (
    "Riverside Newcomer Centre",
    "Maple Grove Food Bank",
    "Open Door Legal Clinic",
    "Harbour Street Shelter",
)


def _directory(path: Path, header: str, rows: list[str]) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def directories(tmp_path: Path) -> tuple[Path, Path]:
    charities = [f"{n}RR,{name},{n} Queen Street,Toronto,M4C 1A{n}" for n, name in enumerate(NAMES, start=1)]
    sites = [f"{name.upper()} INC.,{n} Queen St,M4C1A{n}" for n, name in enumerate(NAMES[:2], start=1)]
    sites.append("Lakeview Skating Club,90 Lake Road,M9Z 9Z9")
    header = "BN,Legal Name,Address Line 1,City,Postal Code"
    return (
        _directory(tmp_path / "charities.csv", header, [*charities, charities[0]]),
        _directory(tmp_path / "sites.csv", "PublicName,Address1,PostalCode", sites),
    )


def test_organisations_in_both_directories_are_found(
    directories: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    said = ["link", *map(str, directories), "--kind", "organisations", "--format", "csv", "--out", str(out)]
    assert main(said) == 0
    pairs = pl.read_csv(out / "pairs.csv", infer_schema=False)
    found = pairs.filter(pl.col("decision") != "apart").select("left_record", "right_record").rows()
    # The first charity stands there twice, and each of its rows keeps a number of its own.
    assert sorted(found) == [("1RR#1", "1"), ("1RR#2", "1"), ("2RR", "2")]
    assert "organisations stand in both" in capsys.readouterr().out


def test_one_directory_alone_is_refused(
    directories: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["link", str(directories[0]), "--kind", "organisations", "--out", str(tmp_path / "out")])
    assert code == 2
    assert "two files" in capsys.readouterr().err
