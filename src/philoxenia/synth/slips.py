"""The error model: which records get which error, at the rates of `synth_errors`, and what typing errors do.

Rates are of the records an error can meet; a department multiplies them by its own care. Every error that is
made is written into the truth, so that rates can be counted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from philoxenia.reference import reference_table

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
_MOST = 0.95


def error_rates() -> dict[str, float]:
    """The rate of each error before a department's care."""
    return {row["error"]: float(row["rate"]) for row in reference_table("synth_errors").iter_rows(named=True)}


@dataclass
class Slips:
    """Draws errors for the records of one list and keeps which record got which."""

    records: int
    care: float
    rng: np.random.Generator
    made: dict[str, Bools] = field(default_factory=dict)

    def meet(self, error: str, where: Bools | None = None, keep: bool = True) -> Bools:
        """The records that get this error, among those it can meet."""
        rate = min(error_rates()[error] * self.care, _MOST)
        hit = self.rng.random(self.records) < rate
        hit = hit if where is None else hit & where
        if keep:
            self.made[error] = self.made.get(error, np.zeros(self.records, np.bool_)) | hit
        return hit

    def changed(self, error: str, before: pl.Series, after: pl.Series, hit: Bools) -> pl.Series:
        """`after` where the error hits, else `before`; the error counts only where it changed something."""
        same = np.asarray((before == after).fill_null(True).to_numpy())
        self.made[error] = self.made[error] & ~(hit & same)
        return chosen(hit, after, before)

    def told(self) -> pl.Series:
        """The errors of each record, joined by semicolons; empty where there is none."""
        names = sorted(self.made)
        columns = [
            pl.when(pl.Series(self.made[name])).then(pl.lit(name)).otherwise(None).alias(name)
            for name in names
        ]
        text = pl.concat_str(columns, separator=";", ignore_nulls=True).alias("errors")
        return pl.select(text).to_series() if columns else pl.Series("errors", [""] * self.records)


def chosen(where: Bools, this: pl.Series | str | None, that: pl.Series | None) -> pl.Series:
    """`this` where the mask holds, `that` elsewhere."""
    first = this if isinstance(this, pl.Series) else pl.lit(this, dtype=pl.String)
    second = that if isinstance(that, pl.Series) else pl.lit(None, dtype=pl.String)
    return pl.select(pl.when(pl.Series(where)).then(first).otherwise(second).alias("text")).to_series()


def emptied(text: pl.Series, where: Bools) -> pl.Series:
    """The text, but nothing where the mask holds."""
    return chosen(where, None, text)


def mistyped(texts: pl.Series, where: Bools, rng: np.random.Generator, digits: bool = False) -> pl.Series:
    """The texts with one typing error where the mask holds: a letter lost, doubled, changed or swapped."""
    at = np.flatnonzero(where & texts.is_not_null().to_numpy())
    if not len(at):
        return texts
    spoil = _wrong_digit if digits else _wrong_letter
    draws = rng.random((len(at), 3))
    wrong = [spoil(text, draw) for text, draw in zip(texts.gather(at).to_list(), draws, strict=True)]
    spoilt = pl.Series("text", wrong, dtype=pl.String)
    return texts.clone().scatter(at, spoilt)


def _wrong_letter(text: str, draw: NDArray[np.float64]) -> str:
    if len(text) < 2:
        return text
    place = int(draw[0] * (len(text) - 1))
    here, after = text[place], text[place + 1]
    kinds: Sequence[Callable[[], str]] = (
        lambda: after,
        lambda: here + here + after,
        lambda: after + here,
        lambda: _beside(here, draw[2]) + after,
    )
    return text[:place] + kinds[int(draw[1] * len(kinds))]() + text[place + 2 :]


def _beside(letter: str, draw: float) -> str:
    """A letter near it: the next but a few of its own alphabet, in its own case."""
    step = int(draw * 4) + 1
    moved = chr(ord(letter) + step)
    return moved if moved.isalpha() and moved.isupper() == letter.isupper() else letter + letter


def _wrong_digit(text: str, draw: NDArray[np.float64]) -> str:
    places = [i for i, letter in enumerate(text) if letter.isdigit()]
    if not places:
        return text
    place = places[int(draw[0] * len(places))]
    # Adding 1 to 9 never gives the same digit.
    digit = (int(text[place]) + 1 + int(draw[1] * 9)) % 10
    return f"{text[:place]}{digit}{text[place + 1 :]}"
