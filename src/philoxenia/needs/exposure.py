"""Newcomers and long-term residents, compared by the figures of the districts they live in.

It compares places, not persons: newcomers may fare otherwise than their neighbours (the ecological fallacy).
It is what can be said where the census publishes nothing for newcomers themselves.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from philoxenia.needs.catalogue import Indicator, indicators
from philoxenia.needs.composite import scores
from philoxenia.needs.pressure import matrices
from philoxenia.needs.profile import DistrictPeople
from philoxenia.needs.travel import Floats
from philoxenia.needs.types import EXPOSURE_COLUMNS
from philoxenia.needs.uncertainty import share_error
from philoxenia.reference import default_parameters, reference_table
from philoxenia.vocabulary import Population


@dataclass(frozen=True)
class _Measure:
    """What is compared: a stated figure for each district and its variations (draws x districts)."""

    id: str
    kind: str
    aspect: str
    name: str
    unit: str
    direction: int
    stated: Floats
    draws: Floats


def exposure(
    values: pl.DataFrame,
    people: DistrictPeople,
    weights: Mapping[str, float],
    seed: int,
    parameters: Mapping[str, float] | None = None,
    districts: tuple[str, ...] = (),
) -> pl.DataFrame:
    """One row for each indicator and aspect score: its mean and spread over newcomers and over long-term
    residents, who weigh each district by how many of them live there, and a sentence.

    `difference` is newcomers less long-term residents, with the band of the seeded variations (sampling
    noise; for scores also weights and scaling). `*_top_share` is the share of a population that lives where
    pressure is highest, in districts that hold `needs.exposure_top_share` of all residents. `values` as from
    `indicator_values`, `people` in the order of `districts`, or of the district ids in `values`
    where that is not given. An indicator that no inhabited district has is left out.
    """
    settings = parameters or default_parameters()
    random = np.random.default_rng(seed)
    newcomers = _varied_newcomers(people, random, settings)
    rows = [
        _compare(measure, people, newcomers, settings)
        for measure in _measures(values, weights, seed, random, settings, districts)
        if _known(measure, people).any()
    ]
    return pl.DataFrame(rows, schema=EXPOSURE_COLUMNS)


def _varied_newcomers(
    people: DistrictPeople, random: np.random.Generator, settings: Mapping[str, float]
) -> Floats:
    everyone = people.of(Population.ALL_RESIDENTS)
    share = np.divide(people.newcomers, everyone, out=np.zeros_like(everyone), where=everyone > 0)
    error = np.nan_to_num(share_error(share, everyone, settings)) * everyone
    noise = random.standard_normal((int(settings["needs.sensitivity_draws"]), len(everyone)))
    varied: Floats = np.clip(people.newcomers + noise * error, 0.0, everyone)
    return varied


def _measures(
    values: pl.DataFrame,
    weights: Mapping[str, float],
    seed: int,
    random: np.random.Generator,
    settings: Mapping[str, float],
    districts: tuple[str, ...],
) -> Iterator[_Measure]:
    everyone = values.filter(pl.col("population") == Population.ALL_RESIDENTS)
    declared = {row.id: row for row in indicators()}
    names = dict(reference_table("aspects").select("id", "name").iter_rows())
    for aspect, _, matrix in matrices(everyone, weights, districts):
        scored = scores(matrix, seed, settings)
        yield _Measure(aspect, "aspect", aspect, names[aspect], "of 100", 1, scored.stated, scored.draws)
        for number, name in enumerate(matrix.indicators):
            row = declared[name]
            stated, error = matrix.values[:, number] * row.direction, matrix.errors[:, number]
            noise = random.standard_normal((int(settings["needs.sensitivity_draws"]), len(stated)))
            yield _indicator_measure(row, stated, stated + noise * np.nan_to_num(error))


def _indicator_measure(row: Indicator, stated: Floats, draws: Floats) -> _Measure:
    return _Measure(row.id, "indicator", row.aspect, row.name, row.unit, row.direction, stated, draws)


def _compare(
    measure: _Measure, people: DistrictPeople, newcomers: Floats, settings: Mapping[str, float]
) -> dict[str, object]:
    everyone, known = people.of(Population.ALL_RESIDENTS), _known(measure, people)
    stated, everyone = measure.stated[known], everyone[known]
    groups = {"newcomers": people.newcomers[known], "long_term": people.long_term_residents[known]}
    top = _top(stated * measure.direction, everyone, settings)
    found: dict[str, float] = {}
    for name, weight in groups.items():
        found[f"{name}_mean"] = _mean(stated, weight)
        found |= {
            f"{name}_p{share}": weighted_quantile(stated, weight, share / 100) for share in (10, 50, 90)
        }
        found[f"{name}_top_share"] = _mean(top, weight)
    draws, varied = measure.draws[:, known], newcomers[:, known]
    found |= _difference(found, _means(draws, varied) - _means(draws, everyone - varied), settings)
    spread = np.sqrt(_mean((stated - _mean(stated, everyone)) ** 2, everyone))
    small = settings["needs.exposure_small_difference"] * spread
    labels = {"measure": measure.id, "kind": measure.kind, "aspect": measure.aspect, "unit": measure.unit}
    return {**labels, **found, "sentence": _sentence(measure, found, float(small))}


def _known(measure: _Measure, people: DistrictPeople) -> NDArray[np.bool_]:
    return np.isfinite(measure.stated) & (people.of(Population.ALL_RESIDENTS) > 0)


def _difference(found: Mapping[str, float], drawn: Floats, settings: Mapping[str, float]) -> dict[str, float]:
    level = settings["needs.sensitivity_level"]
    low, high = (float(bound) for bound in np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2]))
    difference = found["newcomers_mean"] - found["long_term_mean"]
    return {
        "difference": difference,
        "difference_low": min(low, difference),
        "difference_high": max(high, difference),
    }


def _mean(values: Floats, weight: Floats) -> float:
    total = weight.sum()
    return float(values @ weight / total) if total > 0 else float("nan")


def _means(values: Floats, weight: Floats) -> Floats:
    total = weight.sum(axis=1)
    means: Floats = np.divide((values * weight).sum(axis=1), total, out=np.zeros(len(total)), where=total > 0)
    return means


def weighted_quantile(values: Floats, weight: Floats, share: float) -> float:
    """The least district figure that at least `share` of the people do not exceed."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weight[order])
    place = np.searchsorted(reached, share * reached[-1] * (1 - 1e-12))
    return float(values[order][min(place, len(order) - 1)])


def _top(pressing: Floats, everyone: Floats, settings: Mapping[str, float]) -> Floats:
    """How much of each district (0..1) lies among those of highest pressure that hold a fifth of all."""
    order = np.argsort(-pressing, kind="stable")
    before = np.concatenate([[0.0], np.cumsum(everyone[order])[:-1]])
    room = settings["needs.exposure_top_share"] * everyone.sum() - before
    held = np.divide(room, everyone[order], out=np.zeros(len(order)), where=everyone[order] > 0)
    top = np.empty(len(order))
    top[order] = np.clip(held, 0.0, 1.0)
    return top


def _sentence(measure: _Measure, found: Mapping[str, float], small: float) -> str:
    unit = {"percent": " %"}.get(measure.unit, f" {measure.unit}")
    has = "scored" if measure.kind == "aspect" else "with"
    mean, other = (_shown(found[f"{name}_mean"]) + unit for name in ("newcomers", "long_term"))
    figures = (
        f"{measure.name}: the average newcomer lives in a district {has} {mean}, "
        f"the average long-term resident in one {has} {other}."
    )
    if found["difference_low"] <= 0 <= found["difference_high"]:
        return f"{figures} The difference is within the noise."
    if abs(found["difference"]) < small:
        return f"{figures} They are nearly the same."
    higher = (found["difference"] > 0) == (measure.direction > 0)
    return f"{figures} Newcomers live where pressure is {'higher' if higher else 'lower'}."


def _shown(number: float) -> str:
    return f"{number:,.3g}" if abs(number) < 1000 else f"{number:,.0f}"
