"""Steps that resume: kept under a key, whole or not at all."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from philoxenia.workflows import steps
from philoxenia.workflows.steps import KeptOutcomes, Outcome, frame_fingerprint, key_of


def outcome() -> Outcome:
    return Outcome(
        frames={"load": pl.DataFrame({"district_id": ["001"], "gap": [1.5]})},
        arrays={"paths": np.arange(6.0).reshape(2, 3)},
        notes=("One table is missing.",),
        left_out=("One series is too short.",),
    )


def test_a_kept_outcome_comes_back_equal_and_is_not_computed_again(tmp_path: Path) -> None:
    kept = KeptOutcomes(tmp_path)
    first, reused = kept.get_or_compute("load", "k1", outcome)
    assert not reused

    def never() -> Outcome:
        raise AssertionError("computed again")

    second, reused = kept.get_or_compute("load", "k1", never)
    assert reused
    assert second.frames["load"].equals(first.frames["load"])
    assert np.array_equal(second.arrays["paths"], first.arrays["paths"])
    assert (second.notes, second.left_out) == (first.notes, first.left_out)


def test_a_new_key_replaces_the_old_outcome(tmp_path: Path) -> None:
    kept = KeptOutcomes(tmp_path)
    kept.get_or_compute("load", "k1", outcome)
    _, reused = kept.get_or_compute("load", "k2", outcome)
    assert not reused
    assert [place.name for place in tmp_path.glob("load-*")] == ["load-k2"]


def test_a_stop_in_the_middle_leaves_nothing_that_looks_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(steps.np, "savez", stop)
        with pytest.raises(KeyboardInterrupt):
            KeptOutcomes(tmp_path).get_or_compute("load", "k1", outcome)
    assert list(tmp_path.glob("load-*")) == []
    _, reused = KeptOutcomes(tmp_path).get_or_compute("load", "k1", outcome)
    assert not reused


def test_keys_differ_with_any_part_and_fingerprints_with_any_value() -> None:
    assert key_of(["a", "b"]) != key_of(["ab"]) != key_of(["a", "c"])
    frame = pl.DataFrame({"x": [1, 2]})
    assert frame_fingerprint(frame) != frame_fingerprint(frame.reverse())
    assert frame_fingerprint(frame) == frame_fingerprint(pl.DataFrame({"x": [1, 2]}))
