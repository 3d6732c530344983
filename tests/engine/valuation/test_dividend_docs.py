"""What docs/explanation/dividend.md prints is what the engine gives."""

import doctest
from pathlib import Path

PAGE = Path(__file__).resolve().parents[3] / "docs" / "explanation" / "dividend.md"


def test_every_block_of_the_page_runs_and_prints_what_it_says() -> None:
    outcome = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert outcome.attempted > 25
    assert outcome.failed == 0
