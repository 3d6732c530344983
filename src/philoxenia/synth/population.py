"""People in households: districts, ages, sexes, sizes, languages and tenure as the margins have them.

Owns who lives with whom; ignores names, departments and errors. Counts by district and age are exact to one
person; other margins are met household by household.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from philoxenia.reference import Parameters
from philoxenia.synth.margins import Margins

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
ADULT = 18
_MIDDLE_AGED, _SPREAD = 0.42, 0.13  # ranks of age of those who live with children
_MONTHS_PER_YEAR = 12


@dataclass(frozen=True)
class People:
    """Everybody, a position each; people of a household stand together, its head first.

    district and language index the margins; born counts days since 1970-01-01; since counts months since
    1970-01 to the month they came to live in the city.
    """

    district: Ints
    household: Ints
    position: Ints
    born: Ints
    age: Ints
    band: Ints
    female: Bools
    language: Ints
    newcomer: Bools
    renter: Bools
    since: Ints
    twin_of: Ints

    def __len__(self) -> int:
        return len(self.district)

    @property
    def households(self) -> int:
        """How many households there are."""
        return int(self.household[-1]) + 1

    @property
    def heads(self) -> Ints:
        """The position of the head of each household."""
        return np.asarray(np.flatnonzero(self.position == 0))


def share_out(total: int, weights: Floats) -> Ints:
    """Whole numbers in proportion to weights that add up to `total` (largest remainders)."""
    exact = total * weights / weights.sum()
    whole = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return np.asarray(whole)


def make_people(
    margins: Margins, number: int, as_of: np.datetime64, rng: np.random.Generator, parameters: Parameters
) -> People:
    """`number` people, district by district. `as_of` is the day ages are counted to."""
    counts = share_out(number, margins.people)
    parts = [_district(margins, d, int(n), rng, parameters) for d, n in enumerate(counts) if n]
    frame = pl.concat(
        part.with_columns(
            (pl.col("household") + offset).alias("household"), pl.lit(d, dtype=pl.Int64).alias("district")
        )
        for part, d, offset in zip(parts, np.flatnonzero(counts), _offsets(parts), strict=True)
    )
    arrays = {name: frame[name].to_numpy() for name in frame.columns}
    born = _births(arrays["age"], as_of, rng)
    people = People(
        **arrays, born=born, since=np.zeros(len(born), np.int64), twin_of=np.full(len(born), -1, np.int64)
    )
    people = _with_twins(people, rng, parameters)
    return replace(people, since=_arrivals(people, as_of, rng, parameters))


def _offsets(parts: list[pl.DataFrame]) -> Ints:
    sizes = [int(part["household"][-1]) + 1 for part in parts]
    return np.cumsum(np.array([0, *sizes[:-1]], dtype=np.int64))


def _district(
    margins: Margins, d: int, number: int, rng: np.random.Generator, parameters: Parameters
) -> pl.DataFrame:
    """The people of one district, by household and position in it."""
    sizes = rng.permutation(household_sizes(number, margins.sizes[d], float(margins.mean_size[d])))
    household = np.repeat(np.arange(len(sizes)), sizes)
    starts = np.repeat(np.cumsum(sizes) - sizes, sizes)
    position = np.arange(number) - starts
    age, band = _ages(margins, d, sizes, household, position, rng)
    language = _cut(sizes, margins.language[d], rng)
    common = int(np.argmax(margins.language.sum(axis=0)))
    newcomer = _chosen(
        sizes,
        float(margins.newcomers[d]),
        np.where(language == common, 1.0, parameters["synth.newcomers_other_language_factor"]),
        rng,
    )
    renter = _chosen(
        np.ones_like(sizes),
        float(margins.renters[d]),
        np.where(newcomer, parameters["synth.newcomers_rent_factor"], 1.0),
        rng,
    )
    return pl.DataFrame(
        {
            "household": household,
            "position": position,
            "age": age,
            "band": band,
            "female": _sexes(age, household, position, rng, parameters),
            "language": language[household],
            "newcomer": newcomer[household],
            "renter": renter[household],
        }
    )


def household_sizes(number: int, shares: Floats, mean: float) -> Ints:
    """Sizes of households that hold `number` people, as the shares have them; the largest take the rest."""
    counts = share_out(max(1, round(number / mean)), shares)
    largest = len(shares)
    small = np.repeat(np.arange(1, largest), counts[:-1])
    small = small[np.cumsum(small) <= number]
    left = number - int(small.sum())
    large = min(int(counts[-1]), left // largest)
    if not large:
        return np.concatenate([small, np.full(left // largest, largest), _one(left % largest)])
    return np.concatenate([small, share_out(left, np.ones(large))])


def _one(size: int) -> Ints:
    return np.array([size] if size else [], dtype=np.int64)


def _ages(
    margins: Margins, d: int, sizes: Ints, household: Ints, position: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Ages of the district's bands, given to places so that parents are old enough and partners near."""
    number = len(household)
    band = np.repeat(np.arange(len(margins.bands)), share_out(number, margins.ages[d]))
    low, high = (np.array(side)[band] for side in zip(*margins.bands, strict=True))
    age = np.sort((low + _in_band(low, high, rng)).astype(np.int64))
    child = _children_places(int((age < ADULT).sum()), position, rng)
    with_child = np.bincount(household, weights=child, minlength=len(sizes)) > 0
    centre = np.where(with_child, rng.normal(_MIDDLE_AGED, _SPREAD, len(sizes)), rng.random(len(sizes)))
    grown = np.where(~child & (position >= 2), 0.45, 0.0)
    key = centre[household] - grown + rng.normal(0.0, 0.04, number)
    key += np.where(child, -10.0, 0.0)
    placed = np.empty(number, dtype=np.int64)
    placed[np.argsort(key, kind="stable")] = age
    edges = np.array([b[0] for b in margins.bands])
    return placed, np.searchsorted(edges, placed, side="right") - 1


def _in_band(low: Ints, high: Ints, rng: np.random.Generator) -> Floats:
    """A place in the band; in wide bands of old age the young are more."""
    chance = rng.random(len(low))
    wide = high - low > 10  # wider bands are those of old age
    return np.asarray(np.where(wide, 1 - np.sqrt(1 - chance), chance) * (high - low))


def _children_places(children: int, position: Ints, rng: np.random.Generator) -> Bools:
    """Which places children take: third and later ones first, some second ones, heads only if need be."""
    wish = np.select([position >= 2, position == 1], [1.0, 0.35], -2.0) + rng.random(len(position)) * 0.8
    place = np.zeros(len(position), dtype=np.bool_)
    place[np.argsort(-wish, kind="stable")[:children]] = True
    return place


def _cut(sizes: Ints, shares: Floats, rng: np.random.Generator) -> Ints:
    """A category for each household, so that people (not households) follow the shares."""
    order = rng.permutation(len(sizes))
    middle = np.cumsum(sizes[order]) - sizes[order] / 2
    found = np.empty(len(sizes), dtype=np.int64)
    found[order] = np.searchsorted(np.cumsum(shares) * sizes.sum(), middle)
    return np.minimum(found, len(shares) - 1)


def _chosen(sizes: Ints, share: float, weights: Floats, rng: np.random.Generator) -> Bools:
    """Households chosen until they hold the share of all; the likelier the larger their weight."""
    order = np.argsort(rng.exponential(size=len(sizes)) / weights, kind="stable")
    chosen = np.empty(len(sizes), dtype=np.bool_)
    chosen[order] = np.cumsum(sizes[order]) - sizes[order] / 2 < share * sizes.sum()
    return chosen


def _sexes(
    age: Ints, household: Ints, position: Ints, rng: np.random.Generator, parameters: Parameters
) -> Bools:
    """Women and men by share; second adults mostly partners of the other sex."""
    female = rng.random(len(age)) < parameters["synth.female_share"]
    partner = (position == 1) & (age >= ADULT)
    other = partner & (rng.random(len(age)) < parameters["synth.partners_of_two_sexes_share"])
    head = female[np.flatnonzero(position == 0)][household]
    return np.where(other, ~head, female)


def _births(age: Ints, as_of: np.datetime64, rng: np.random.Generator) -> Ints:
    """A day of birth in the year that gives the age."""
    today = int(as_of.astype("datetime64[D]").astype(np.int64))
    return np.asarray(today - np.floor((age + rng.random(len(age))) * 365.2425).astype(np.int64) - 1)


def _with_twins(people: People, rng: np.random.Generator, parameters: Parameters) -> People:
    """Some children take the day of birth of the brother or sister before them, within one band of ages."""
    young = people.age < ADULT
    pair = np.zeros(len(people), dtype=np.bool_)
    pair[1:] = (
        (people.household[1:] == people.household[:-1])
        & young[1:]
        & young[:-1]
        & (people.band[1:] == people.band[:-1])
    )
    at = np.flatnonzero(pair)
    wanted = round(parameters["synth.twins_share"] * young.sum() / 2)
    at = np.sort(rng.permutation(at)[:wanted])
    # Two pairs that share a child would be triplets of one person.
    at = at[np.diff(at, prepend=-2) > 1]
    born, age, twin = people.born.copy(), people.age.copy(), people.twin_of.copy()
    born[at], age[at] = born[at - 1], age[at - 1]
    twin[at], twin[at - 1] = at - 1, at
    return replace(people, born=born, age=age, twin_of=twin)


def _arrivals(people: People, as_of: np.datetime64, rng: np.random.Generator, parameters: Parameters) -> Ints:
    """The month each came to the city, together by household.

    Never before birth, but for small children of long-term residents: with their own month they would pass
    for newcomers.
    """
    now = int(as_of.astype("datetime64[M]").astype(np.int64))
    months = int(parameters["scenarios.newcomer_months"])
    lived = np.maximum(people.age[people.heads] * _MONTHS_PER_YEAR - 1, months + 1)
    new = rng.integers(0, months, people.households)
    old = months + (rng.random(people.households) * (lived - months)).astype(np.int64)
    born_here = rng.random(people.households) < parameters["synth.born_in_city_share"]
    since = now - np.where(people.newcomer[people.heads], new, old)[people.household]
    birth = people.born.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    since = np.where(born_here[people.household] & ~people.newcomer & (now - birth >= months), birth, since)
    small = ~people.newcomer & (now - birth < months)
    return np.asarray(np.where(small, since, np.maximum(since, birth)))
