"""`philoxenia city` as a person uses it: what it prints, where, and its exit code."""

from pathlib import Path

import pytest

from philoxenia.cli import main


def test_a_new_city_can_be_checked_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    city = str(tmp_path / "athens")
    assert main(["city", "new", city, "--name", "Athens"]) == 0
    assert f"philoxenia city check {city}" in capsys.readouterr().out
    assert main(["city", "check", city]) == 0
    said = capsys.readouterr().out
    assert "Athens: 2 districts, 8 km²" in said
    assert "Without a source in sources.toml" in said
    assert said.endswith("The package can be used.\n")


def test_a_package_with_a_fault_is_told_apart_by_its_exit_code(
    second_city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (second_city / "tables" / "census_profile.csv").write_text(
        "district_id,year\nA1,2021\n", encoding="utf-8"
    )
    assert main(["city", "check", str(second_city)]) == 3
    said = capsys.readouterr().out
    assert "To mend before the package can be used" in said
    assert "tables/census_profile.csv: There is no column for" in said


def test_wrong_use_says_what_to_do_without_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["city", "check", str(tmp_path / "nowhere")]) == 3
    assert main(["city", "build", str(tmp_path), "--raw", str(tmp_path)]) == 3
    said = capsys.readouterr().err
    assert "There is no folder" in said
    assert "has no city.toml" in said
    assert "Traceback" not in said


def test_the_tables_a_package_may_hold_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["city", "tables"]) == 0
    assert "## census_profile" in capsys.readouterr().out
