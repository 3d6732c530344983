"""Dates of birth as departments write them: their notation, and what goes wrong with calendars and heaps."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from philoxenia.synth.calendars import YEARS_BEHIND, in_calendar
from philoxenia.synth.names import Book
from philoxenia.synth.slips import Slips, chosen, emptied, mistyped

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
# Notation: how it looks, and the parts in order.
_NOTATIONS = {
    "iso": ("{}-{}-{}", ("y", "m", "d")),
    "day_first": ("{}/{}/{}", ("d", "m", "y")),
    "month_first": ("{}/{}/{}", ("m", "d", "y")),
    "packed": ("{}{}{}", ("y", "m", "d")),
}


def documented(born: Ints, origin: Ints, book: Book, rng: np.random.Generator) -> Ints:
    """The day of birth in a person's papers: 1 January of the year where no day was ever registered."""
    share = np.array([tradition.births_on_1_january for tradition in book.origins])[origin]
    unknown = rng.random(len(born)) < share
    first = born.astype("datetime64[D]").astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    return np.where(unknown, first, born)


def written(born: Ints, origin: Ints, book: Book, notation: str, slips: Slips) -> pl.Series:
    """The dates of a list, with its errors."""
    year, month, day = _parts(born)
    calendars = np.array([tradition.calendar for tradition in book.origins])[origin]
    foreign = calendars != ""
    other = slips.meet("calendar", foreign)
    year, month, day = _in_other_calendars(born, calendars, other, (year, month, day))
    off = slips.meet("calendar_year", foreign & ~other)
    # A year carried over with the wrong offset is one off, or eight and not seven.
    year = np.where(off, year + slips.rng.choice([-1, 1], len(year)), year)
    may_swap = (day <= 12) & (day != month) & ~other
    swap = slips.meet("day_month_swapped", may_swap)
    month, day = np.where(swap, day, month), np.where(swap, month, day)
    january = slips.meet("first_january", ~other & ~swap & ~((month == 1) & (day == 1)))
    month, day = np.where(january, 1, month), np.where(january, 1, day)
    text = _texts(year, month, day, notation)
    only = slips.meet("year_only", ~january & ~swap)
    text = chosen(only, pl.Series(year).cast(pl.String), text)
    text = mistyped(text, slips.meet("birth_typo", ~only), slips.rng, digits=True)
    return emptied(text, slips.meet("birth_missing"))


def _parts(born: Ints) -> tuple[Ints, Ints, Ints]:
    days = born.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    year = days.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
    return year, month, day


def _in_other_calendars(
    born: Ints, calendars: NDArray[np.str_], where: Bools, parts: tuple[Ints, Ints, Ints]
) -> tuple[Ints, Ints, Ints]:
    parts = tuple(part.copy() for part in parts)  # type: ignore[assignment]
    for calendar in YEARS_BEHIND:
        here = where & (calendars == calendar)
        for part, converted in zip(parts, in_calendar(born[here], calendar), strict=True):
            part[here] = converted
    return parts


def _texts(year: Ints, month: Ints, day: Ints, notation: str) -> pl.Series:
    parts = pl.DataFrame({"y": year, "m": month, "d": day}).select(
        pl.col("y").cast(pl.String).str.zfill(4),
        pl.col("m", "d").cast(pl.String).str.zfill(2),
    )
    looks, order = _NOTATIONS[notation]
    return parts.select(pl.format(looks, *order).alias("birth_date")).to_series()
