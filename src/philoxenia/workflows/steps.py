"""Named steps whose outcomes are kept on disk, so that a run that was stopped goes on where it was.

Owns when a kept outcome may be used again: its key covers the step's inputs, the parameters, the seed and
the engine's own source. Ignores what the steps compute.
"""

import hashlib
import io
import json
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4
from zipfile import BadZipFile

import numpy as np
import polars as pl
from numpy.typing import NDArray

from philoxenia.lake.source import engine_fingerprint

# No text of a table holds this character, so a name can always be taken apart again.
_BETWEEN = "\x1f"


@dataclass(frozen=True)
class Outcome:
    """What one step found: frames and arrays by name, sentences on them (`notes`) and on what is not among
    them (`left_out`)."""

    frames: dict[str, pl.DataFrame] = field(default_factory=dict)
    arrays: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def array_name(measure: str, group: str) -> str:
    """The name under which an outcome keeps the sample paths of one series."""
    return f"{measure}{_BETWEEN}{group}"


def series_of(name: str) -> tuple[str, str]:
    """Measure and group of the series whose paths are kept under a name."""
    measure, _, group = name.partition(_BETWEEN)
    return measure, group


def frame_fingerprint(frame: pl.DataFrame) -> str:
    """A hash of a frame's names, types and values in their order."""
    buffer = io.BytesIO()
    frame.rechunk().write_ipc(buffer, compression="uncompressed")
    return hashlib.sha256(buffer.getvalue()).hexdigest()


def key_of(parts: Sequence[str]) -> str:
    """One short key for everything an outcome depends on."""
    return hashlib.sha256("\n".join([engine_fingerprint(), *parts]).encode()).hexdigest()[:16]


class KeptOutcomes:
    """Outcomes of steps under one folder. Without a folder nothing is kept and every step computes."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def get_or_compute(self, step: str, key: str, compute: Callable[[], Outcome]) -> tuple[Outcome, bool]:
        """The outcome of `step` and whether it was kept from an earlier run."""
        if self._folder is None:
            return compute(), False
        place = self._folder / f"{step}-{key}"
        if (kept := _read(place)) is not None:
            return kept, True
        outcome = compute()
        # Keeping saves time next time: where it fails (disk full, another run at work), the run goes on.
        with suppress(OSError):
            self._forget_other_keys(step)
            _write(place, outcome)
        return outcome, False

    def _forget_other_keys(self, step: str) -> None:
        assert self._folder is not None  # noqa: S101  (narrowing for the type checker)
        for old in (*self._folder.glob(f"{step}-*"), *self._folder.glob(f".{step}-*")):
            shutil.rmtree(old, ignore_errors=True)


def _write(place: Path, outcome: Outcome) -> None:
    # A folder appears under its final name only when it is whole: a kill leaves no half outcome.
    unfinished = place.with_name(f".{place.name}.{uuid4().hex}")
    unfinished.mkdir(parents=True)
    try:
        for name, frame in outcome.frames.items():
            frame.write_parquet(unfinished / f"{name}.parquet")
        if outcome.arrays:
            np.savez(unfinished / "arrays.npz", allow_pickle=False, **outcome.arrays)
        said = {"notes": outcome.notes, "left_out": outcome.left_out}
        (unfinished / "notes.json").write_text(json.dumps(said), encoding="utf-8")
        unfinished.rename(place)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _read(place: Path) -> Outcome | None:
    """A kept outcome, or None where there is none or it is damaged."""
    try:
        said = json.loads((place / "notes.json").read_text(encoding="utf-8"))
        frames = {file.stem: pl.read_parquet(file) for file in sorted(place.glob("*.parquet"))}
        notes, left_out = tuple(said["notes"]), tuple(said["left_out"])
        return Outcome(frames, _read_arrays(place / "arrays.npz"), notes, left_out)
    except (OSError, KeyError, TypeError, ValueError, EOFError, BadZipFile, pl.exceptions.PolarsError):
        return None


def _read_arrays(path: Path) -> dict[str, NDArray[np.float64]]:
    if not path.is_file():
        return {}
    with np.load(path, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}
