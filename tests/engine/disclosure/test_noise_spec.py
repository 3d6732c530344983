"""Releases with noise: paid from a budget that is kept, right on average, and inside their intervals."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from philoxenia.disclosure import DisclosureError, Release, ReleaseRefused, release
from philoxenia.disclosure.release import noise, spec_of

CELLS = pl.DataFrame(
    {"district_id": ["a", "a", "b", "b"], "need": ["food", "work"] * 2, "people": [40, 3, 25, 0]}
)


def noisy(cells: pl.DataFrame = CELLS, ledger: Path | None = None, **entries: Any) -> Release:
    asked = {"epsilon": 1.0, "cells_per_person": 2, **entries}
    table = asked.pop("table", "needs")
    return release(
        cells,
        spec_of(
            {
                "table": table,
                "about": "those asked",
                "date": "2026-10",
                "purpose": "planning",
                "keys": cells.columns[:-1],
                "method": "noise",
                "noise": asked,
            }
        ),
        ledger,
    )


def test_figures_are_not_negative_and_margins_are_the_sums_of_their_cells() -> None:
    pytest.importorskip("opendp")
    frame = noisy().frame
    cells = frame.filter(margin="district_id x need")
    assert frame["people"].min() >= 0
    assert frame.filter(margin="")["people"].item() == cells["people"].sum()
    assert (frame["low"] <= frame["high"]).all()


def test_intervals_hold_the_true_count_as_often_as_they_say() -> None:
    pytest.importorskip("opendp")
    cells = pl.DataFrame({"cell": [f"c{i}" for i in range(2000)], "people": [100] * 2000})
    for mechanism in ("laplace", "gaussian"):
        frame = noisy(cells, mechanism=mechanism, cells_per_person=1).frame.filter(margin="cell")
        held = frame.select((pl.col("low") <= 100) & (pl.col("high") >= 100)).to_series().mean()
        assert 0.93 <= held <= 0.999
        assert frame["people"].mean() == pytest.approx(100, abs=1.5)


def test_the_budget_is_kept_across_releases_and_a_repeat_costs_nothing(tmp_path: Path) -> None:
    pytest.importorskip("opendp")
    ledger = tmp_path / "ledger"
    first = noisy(ledger=ledger, budget=2.5)
    assert noisy(ledger=ledger, budget=2.5).frame.equals(first.frame)
    assert noisy(ledger=ledger, budget=2.5, table="second").receipt["spent"] == pytest.approx(2)
    with pytest.raises(ReleaseRefused, match=r"2\.5"):
        # A later spec cannot allow itself more than the first one promised.
        noisy(ledger=ledger, budget=10, table="third")


def test_gaussian_releases_add_up_as_zcdp(tmp_path: Path) -> None:
    pytest.importorskip("opendp")
    ledger = tmp_path / "ledger"
    for table in ("one", "two"):
        found = noisy(ledger=ledger, mechanism="gaussian", epsilon=0.5, table=table)
    rho = noise._rho(0.5, 1e-6)
    expected = 2 * rho + 2 * np.sqrt(2 * rho * np.log(1e6))
    assert found.receipt["spent"] == pytest.approx(expected)
    assert found.receipt["spent"] < 1.0


def test_without_the_library_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(noise, "import_module", missing)
    with pytest.raises(DisclosureError, match=r"philoxenia\[privacy\]"):
        noisy()


@pytest.mark.parametrize(
    ("entry", "value"), [("epsilon", 0), ("cells_per_person", 0), ("mechanism", "uniform")]
)
def test_noise_that_is_not_said_in_full_is_refused(entry: str, value: object) -> None:
    with pytest.raises(DisclosureError, match=entry):
        noisy(**{entry: value})
