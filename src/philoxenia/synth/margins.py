"""The margins test people must follow: from a city's own tables, with a sentence for each that is missing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from philoxenia.exchange import City
from philoxenia.reference import reference_table
from philoxenia.vocabulary import PhiloxeniaError

Floats = NDArray[np.float64]
LARGEST_SIZE = 5
OLDEST = 100
_AGE = re.compile(r"age_(\d+)_(\d+|over)$")
_DEFAULT_AGES = {
    "0_4": (0, 5),
    "5_14": (5, 15),
    "15_19": (15, 20),
    "20_64": (20, 65),
    "65_over": (65, OLDEST),
}


class MarginsError(PhiloxeniaError):
    """The city has too little to make people from."""

    exit_code = 5


@dataclass(frozen=True)
class Margins:
    """Shares by district (rows), each row of `ages`, `sizes` and `languages` adding up to one.

    `sizes` are shares of households of 1, 2, 3, 4 and 5 or more; `bands` the first age and the one past the
    last of each band.
    """

    districts: Sequence[str]
    people: Floats
    bands: Sequence[tuple[int, int]]
    ages: Floats
    sizes: Floats
    mean_size: Floats
    languages: Sequence[str]
    language: Floats
    newcomers: Floats
    renters: Floats
    needs: Mapping[str, Floats]
    postal_codes: Mapping[str, Sequence[str]]
    notes: tuple[str, ...]


def margins_of(city: City) -> Margins:
    """What the city's tables say of its people, by district.

    Raises `MarginsError` where there is no population by district.
    """
    census = _Census(city)
    bands, ages = census.ages()
    sizes, mean_size = census.sizes()
    languages, language = _languages(city, census)
    return Margins(
        districts=census.districts,
        people=census.people,
        bands=bands,
        ages=ages,
        sizes=sizes,
        mean_size=mean_size,
        languages=languages,
        language=language,
        newcomers=census.newcomers(),
        renters=census.share(
            "households_renter", "households", city.parameters["synth.renters_share"], "tenure"
        ),
        needs=census.needs(),
        postal_codes=_postal_codes(city),
        notes=tuple(census.notes),
    )


class _Census:
    """The latest census profile as a column a characteristic, and what was found missing."""

    def __init__(self, city: City) -> None:
        self.city, self.parameters = city, city.parameters
        self.notes: list[str] = []
        profile = city.tables.get("census_profile")
        if profile is None:
            raise MarginsError(
                f"{city.name} has no table census_profile: people are made from `population` by district."
            )
        latest = profile.sort("year").group_by("district_id", "characteristic").last()
        wide = latest.pivot(on="characteristic", index="district_id", values="value").sort("district_id")
        self.wide = wide.with_columns(pl.col(pl.Float64).fill_nan(None))
        self.districts: list[str] = wide["district_id"].to_list()
        people = self.column("population")
        if people is None or people.sum() <= 0:
            raise MarginsError(f"census_profile of {city.name} counts no `population`.")
        self.people = people

    def column(self, name: str) -> Floats | None:
        """One characteristic by district, 0 where it is unknown; None where no district has it."""
        if name not in self.wide.columns or self.wide[name].null_count() == self.wide.height:
            return None
        return np.asarray(self.wide[name].fill_null(0.0).to_numpy(), dtype=np.float64)

    def share(self, part: str, whole: str, otherwise: float, words: str) -> Floats:
        """Part of whole by district; the parameter, with a note, where the table does not say."""
        counted, base = self.column(part), self.column(whole)
        if counted is None or base is None:
            self.notes.append(f"census_profile has no {part} of {whole}: {words} is by assumption.")
            return np.full(len(self.districts), otherwise)
        city_wide = counted.sum() / max(base.sum(), 1.0)
        share = np.divide(counted, base, out=np.full_like(base, city_wide), where=base > 0)
        return np.asarray(share.clip(0.0, 1.0))

    def ages(self) -> tuple[list[tuple[int, int]], Floats]:
        """Bands that do not overlap; an open band loses the open bands inside it."""
        found = {name: match for name in self.wide.columns if (match := _AGE.match(name))}
        bounds = {name: (int(m[1]), OLDEST if m[2] == "over" else int(m[2]) + 1) for name, m in found.items()}
        names = sorted(bounds, key=lambda name: bounds[name])
        if not names or bounds[names[0]][0] != 0 or bounds[names[-1]][1] != OLDEST:
            self.notes.append("census_profile has no ages from 0 up: ages are by assumption.")
            shares = [self.parameters[f"scenarios.resident_share_age_{name}"] for name in _DEFAULT_AGES]
            return list(_DEFAULT_AGES.values()), _shares(np.tile(shares, (len(self.districts), 1)))
        counts = {name: column for name in names if (column := self.column(name)) is not None}
        bands = []
        for name, after in zip(names, [*names[1:], ""], strict=True):
            low, high = bounds[name]
            if after and bounds[after][0] < high:
                counts[name] = (counts[name] - counts[after]).clip(0.0)
                high = bounds[after][0]
            bands.append((low, high))
        return bands, _shares(np.stack([counts[name] for name in names], axis=1))

    def sizes(self) -> tuple[Floats, Floats]:
        """Households by size, and persons a household."""
        names = [f"household_size_{n}" for n in ("1", "2", "3", "4", "5_over")]
        columns = [self.column(name) for name in names]
        if any(column is None for column in columns):
            self.notes.append("census_profile has no household sizes: sizes are by assumption.")
            mean = np.full(len(self.districts), self.parameters["synth.mean_size"])
            excess = np.arange(LARGEST_SIZE)
            rate = mean[:, None] - 1
            shares = rate**excess * np.exp(-rate) / np.array([1, 1, 2, 6, 24])
            return _shares(shares), mean
        counts = np.stack([column for column in columns if column is not None], axis=1)
        return _shares(counts), self.people / np.maximum(counts.sum(axis=1), 1.0)

    def newcomers(self) -> Floats:
        """Share who came within the newcomer months, by the characteristic city.toml names for them."""
        group = self.city.groups.get("newcomers", {})
        base = group.get("base", "population")
        otherwise = self.parameters["synth.newcomers_share"]
        return self.share(str(group.get("characteristic", "")), base, otherwise, "time since arrival")

    def needs(self) -> dict[str, Floats]:
        """The share with each need, where a margin of the census stands for it."""
        found = {}
        for row in reference_table("synth_needs").iter_rows(named=True):
            counted, base = self.column(row["characteristic"]), self.column(row["base"])
            if counted is not None and base is not None:
                found[row["need"]] = self.share(row["characteristic"], row["base"], 0.0, "")
        return found


def _shares(counts: Floats) -> Floats:
    """Rows that add up to one; a row of nothing takes the city's."""
    counts = np.where(counts.sum(axis=1, keepdims=True) > 0, counts, counts.sum(axis=0))
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))


def _languages(city: City, census: _Census) -> tuple[list[str], Floats]:
    """Shares of home languages; several languages are shared out like single ones, the rest is `und`."""
    table = city.tables.get("home_languages")
    first = city.languages[0] if city.languages else "und"
    if table is None:
        census.notes.append(
            f"{city.name} has no table home_languages: everybody speaks {first} at home, and names follow."
        )
        return [first], np.ones((len(census.districts), 1))
    latest = table.filter(pl.col("year") == table["year"].max())
    wide = latest.pivot(on="language", index="district_id", values="people").sort("district_id")
    wide = pl.DataFrame({"district_id": census.districts}).join(wide, on="district_id", how="left")
    counts = wide.drop("district_id").fill_null(0.0)
    single = counts.select(pl.exclude("all", "several"))
    names = single.columns
    known = single.to_numpy().astype(np.float64)
    if "all" in counts.columns:
        several = counts["several"].to_numpy() if "several" in counts.columns else 0.0
        rest = (counts["all"].to_numpy() - several - known.sum(axis=1)).clip(0.0)
        names, known = [*names, "und"], np.column_stack([known, rest])
    return names, _shares(known)


def _postal_codes(city: City) -> dict[str, list[str]]:
    """Postal codes of each district, from whatever tables of places give both."""
    places = [t for t in city.tables.values() if {"postal_code", "district_id"} <= set(t.columns)]
    if not places:
        return {}
    rows = pl.concat([table.select("district_id", "postal_code") for table in places]).drop_nulls().unique()
    grouped = rows.sort("district_id", "postal_code").group_by("district_id", maintain_order=True).all()
    return dict(grouped.iter_rows())
