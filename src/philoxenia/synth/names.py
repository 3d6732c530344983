"""The book of names: every name with its own script and its Latin spellings, and who is likely to bear it.

Owns names as numbers and their spellings; ignores people. A name's form 0 is its own script (or orthography),
forms 1 to `schemes` are spellings by scheme, later ones spellings known for that name alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from philoxenia.reference import Parameters, reference_table
from philoxenia.synth.spelling import schemes, spellings

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# Scripts whose names have Latin spellings beside their own.
OTHER = "en"


@dataclass(frozen=True)
class Origin:
    """A naming tradition: `names` gives numbers by part, `system` what stands between given and family."""

    name: str
    script: str
    system: str
    calendar: str
    births_on_1_january: float
    schemes: int
    names: Mapping[str, Ints]
    pairs: Mapping[str, Mapping[int, int]]

    @property
    def latin(self) -> bool:
        """Whether its names are written in Latin letters at home."""
        return self.script == "Latn"


@dataclass(frozen=True)
class Book:
    """All names: the pool of their forms, where each name's forms begin and how many there are."""

    pool: pl.Series
    first: Ints
    forms: Ints
    schemes: Ints
    origins: Sequence[Origin]
    by_language: Mapping[str, int]

    def written(self, names: Ints, forms: Ints) -> pl.Series:
        """The text of each name in the form given; null where there is no name (-1)."""
        known = names >= 0
        places = self.first[np.where(known, names, 0)] + forms
        text = self.pool.gather(places)
        return pl.select(pl.when(pl.Series(known)).then(text).alias("text")).to_series()


class _Pages:
    """Names while the book is written: each text once an origin."""

    def __init__(self) -> None:
        self.pool: list[str] = []
        self.first: list[int] = []
        self.forms: list[int] = []
        self.schemes: list[int] = []
        self.known: dict[tuple[str, str], int] = {}

    def number(self, origin: str, native: str, base: str = "", known: Sequence[str] = ()) -> int:
        """The number of a name, written down if it is new."""
        if (origin, native) not in self.known:
            forms = [native, *spellings(origin, native, base, known)]
            self.known[origin, native] = len(self.first)
            self.first.append(len(self.pool))
            self.forms.append(len(forms))
            self.schemes.append(len(schemes(origin)))
            self.pool += forms
        return self.known[origin, native]


@cache
def book_of_names() -> Book:
    """The book of all origins that ship with the engine."""
    pages = _Pages()
    table = reference_table("names/names")
    rows: dict[tuple[str, str], list[int]] = {}
    for origin, part, native, base, forms, _ in table.iter_rows():
        spelt = [form for form in forms.split(";") if form]
        rows.setdefault((origin, part), []).append(pages.number(origin, native, base, spelt))
    origins = [_origin(row, rows, pages) for row in reference_table("names/origins").iter_rows(named=True)]
    languages = {
        language: i
        for i, row in enumerate(reference_table("names/origins").iter_rows(named=True))
        for language in row["languages"].split(";")
    }
    return Book(
        pool=pl.Series("text", pages.pool),
        first=np.array(pages.first),
        forms=np.array(pages.forms),
        schemes=np.array(pages.schemes),
        origins=origins,
        by_language=languages,
    )


def _origin(row: Mapping[str, str], rows: Mapping[tuple[str, str], list[int]], pages: _Pages) -> Origin:
    name = row["origin"]
    parts = ("given_male", "given_female", "family")
    names = {part: np.array(rows.get((name, part), [])) for part in parts}
    natives = {number: native for (origin, native), number in pages.known.items() if origin == name}
    pairs = {
        "feminine": _paired(name, "feminine", names["family"], natives, pages),
        "son": _paired(name, "son", names["given_male"], natives, pages),
        "daughter": _paired(name, "daughter", names["given_male"], natives, pages),
    }
    return Origin(
        name=name,
        script=row["script"],
        system=row["system"],
        calendar=row["calendar"],
        births_on_1_january=float(row["births_on_1_january"]),
        schemes=len(schemes(name)),
        names=names,
        pairs=pairs,
    )


def _paired(origin: str, kind: str, names: Ints, natives: Mapping[int, str], pages: _Pages) -> dict[int, int]:
    """The feminine of a family name, or the patronymic of a father's: by the longest ending that fits."""
    table = reference_table("names/endings").filter((pl.col("origin") == origin) & (pl.col("kind") == kind))
    endings = sorted(table.select("ending", "becomes").iter_rows(), key=lambda pair: -len(pair[0]))
    found = {}
    for number in map(int, names) if endings else ():
        native = natives[number]
        ending, becomes = next((e for e in endings if native.endswith(e[0])), ("", ""))
        if becomes:
            found[number] = pages.number(origin, native.removesuffix(ending) + becomes)
    return found


def chances(count: int, parameters: Parameters) -> Floats:
    """How likely each name of a list is, the first the likeliest (Zipf-Mandelbrot)."""
    ranks = np.arange(count) + 1.0 + parameters["synth.name_rank_offset"]
    weights = ranks ** -parameters["synth.name_rank_exponent"]
    return np.asarray(weights / weights.sum())
