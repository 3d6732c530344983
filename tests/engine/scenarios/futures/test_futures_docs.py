"""What docs/explanation/futures.md prints is what the engine gives."""

import doctest
from pathlib import Path

import pytest

# The kernel is compiled once: by one process, not by each.
pytestmark = pytest.mark.xdist_group("futures")

PAGE = Path(__file__).resolve().parents[4] / "docs" / "explanation" / "futures.md"


def test_every_block_of_the_page_runs_and_prints_what_it_says() -> None:
    outcome = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert outcome.attempted > 15
    assert outcome.failed == 0
