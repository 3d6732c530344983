"""How the futures of a city would have done: stock and exits of its shelters foreseen from the past.

Owns cutting the record off, simulating what followed, and scores beside persistence, the last value with
bands of how far the series went in as many months before. Nothing after a cut-off is seen by what is scored.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from philoxenia.arrivals.scores import weighted_interval_score
from philoxenia.exchange import City
from philoxenia.lake.files import write_whole
from philoxenia.scenarios import inputs_from_city
from philoxenia.scenarios.futures import FuturesError, sample_futures, simulate
from philoxenia.scenarios.futures.types import Floats
from philoxenia.scenarios.types import EXITS, STOCK
from philoxenia.workflows.futures_step import model_from_city

LEVELS = (0.5, 0.8, 0.95)
MODEL, PERSISTENCE = "model", "persistence"
_QUANTILES = tuple(
    sorted({0.5, *((1 - level) / 2 for level in LEVELS), *((1 + level) / 2 for level in LEVELS)})
)
_TABLE, _LEAST_MONTHS = "shelter_flow", 36
_SERIES = {"stock": (STOCK,), "exits": (EXITS[0],)}
_FORESEEN = {"stock": ("in_shelter", "waiting"), "exits": ("exits_to_homes",)}


def _silent(_done: float) -> None:
    """Progress that nobody looks at."""


def backtest_futures(
    city: City,
    *,
    months: int = 18,
    origins: int = 6,
    apart: int = 6,
    futures: int = 500,
    seed: int = 1,
    progress: Callable[[float], None] = _silent,
) -> pl.DataFrame:
    """Scores of model and persistence at the last `origins` cut-offs `apart` months from each other, the
    last of which holds `months` months out.

    A row a cut-off, series (stock, exits to homes; persons) and method: origin, series, method, months, mae,
    wis (Bracher et al. 2021, with the intervals of `LEVELS`), and the share of months that lay in the 50, 80
    and 95 % interval. Raises `FuturesError` where the shelter flow is too short or not there.
    """
    rows = []
    cuts = _origins(city, months, origins, apart)
    for number, origin in enumerate(cuts):
        model = model_from_city(_before(city, origin), months, seed)
        found = simulate(model, sample_futures(model, futures, seed), {"without": ()})
        for series, columns in _SERIES.items():
            past, truth = _told(city, columns, origin, months)
            drawn = sum(found.by_month[0, :, :, found.month_measure(name)] for name in _FORESEEN[series])
            ours = np.quantile(np.asarray(drawn)[:, : len(truth)], _QUANTILES, axis=0)
            for method, bands in ((MODEL, ours), (PERSISTENCE, persistence(past, len(truth)))):
                rows.append({"origin": origin, "series": series, "method": method} | scored(bands, truth))
        progress((number + 1) / len(cuts))
    return pl.DataFrame(rows)


def verdict(scores: pl.DataFrame) -> tuple[str, ...]:
    """What the scores say, a sentence a series: whether the model beats the last value, and its coverage."""
    means = scores.drop("origin").group_by("series", "method", maintain_order=True).mean()
    told = []
    for series in _SERIES:
        ours, last = (
            means.filter(pl.col("series") == series, pl.col("method") == method).to_dicts()[0]
            for method in (MODEL, PERSISTENCE)
        )
        better = "better than" if ours["wis"] < last["wis"] else "no better than"
        told.append(
            f"Looking back at {scores['origin'].n_unique()} cut-offs, the model foresees the shelters' "
            f"{series} {better} the last value kept: mean interval score {ours['wis']:,.0f} against "
            f"{last['wis']:,.0f} (less is better); its 80 % band held {100 * ours['in_80']:.0f} % of months."
        )
    return tuple(told)


def scores_page(scores: pl.DataFrame) -> str:
    """The scores as a Markdown table with what they say."""
    head = "| from | series | method | WIS | mean absolute error | held in 50, 80, 95 % |"
    title = "# Foreseen from past dates, beside the last value kept (persons)"
    lines = [title, "", head, "|---|---|---|---|---|---|"]
    for row in scores.iter_rows(named=True):
        held = ", ".join(f"{100 * row[f'in_{100 * level:.0f}']:.0f}" for level in LEVELS)
        told = f"{row['wis']:,.0f} | {row['mae']:,.0f} | {held}"
        lines.append(f"| {row['origin']} | {row['series']} | {row['method']} | {told} |")
    return "\n".join([*lines, "", *(f"- {line}" for line in verdict(scores))]) + "\n"


def write_scores(scores: pl.DataFrame, folder: Path) -> Path:
    """Write the scores as backtest.csv under `folder`; the file appears whole."""
    folder.mkdir(parents=True, exist_ok=True)
    return write_whole(folder / "backtest.csv", scores.write_csv)


def persistence(past: Floats, months: int) -> Floats:
    """Quantiles (Q, T) of the last value, with how far the series went in as many months before; the middle
    is the last value, since a drift of the past is not persistence."""
    rows = [past[-1] + np.quantile(past[h:] - past[:-h], _QUANTILES) for h in range(1, months + 1)]
    found = np.stack(rows, axis=1)
    return np.asarray(found - found[_QUANTILES.index(0.5)] + past[-1])


def scored(bands: Floats, truth: Floats) -> dict[str, float]:
    """Scores of quantiles (Q, T) against what came (T,), averaged over months."""
    middle = bands[_QUANTILES.index(0.5)]
    bounds = {level: _bounds(bands, level) for level in LEVELS}
    held = {
        f"in_{100 * level:.0f}": float(((low <= truth) & (truth <= high)).mean())
        for level, (low, high) in bounds.items()
    }
    wis = float(weighted_interval_score(truth, middle, bounds).mean())
    return {"months": len(truth), "mae": float(np.abs(truth - middle).mean()), "wis": wis} | held


def _bounds(bands: Floats, level: float) -> tuple[Floats, Floats]:
    low, high = (
        int(np.argmin(np.abs(np.array(_QUANTILES) - edge))) for edge in ((1 - level) / 2, (1 + level) / 2)
    )
    return bands[low], bands[high]


def _before(city: City, origin: str) -> City:
    """The city as it was recorded before a month."""
    tables = {
        name: table.filter(pl.col("month") < origin) if "month" in table.columns else table
        for name, table in city.tables.items()
    }
    return replace(city, tables=tables)


def _origins(city: City, months: int, origins: int, apart: int) -> list[str]:
    known = _recorded(city)["month"].unique().sort().to_list() if _TABLE in city.tables else []
    first, last = _LEAST_MONTHS, len(known) - months
    if last < first:
        raise FuturesError(
            f"A look back needs {_LEAST_MONTHS + months} months of shelter flow with stock and exits; there "
            f"are {len(known)}."
        )
    rows = sorted(range(last, first - 1, -apart)[:origins])
    return [known[row] for row in rows]


def _recorded(city: City) -> pl.DataFrame:
    return city.tables[_TABLE].drop_nulls([STOCK, EXITS[0]])


def _told(city: City, columns: Sequence[str], origin: str, months: int) -> tuple[Floats, Floats]:
    """The series before the cut-off and in the months after it, over the groups that share the shelters."""
    named = inputs_from_city(city).groups
    both, told = (named.newcomers, named.others), _recorded(city)["group"].unique().to_list()
    groups = both if set(both) <= set(told) else (named.everybody,)
    rows = _recorded(city).filter(pl.col("group").is_in(groups))
    series = rows.group_by("month").agg(pl.sum_horizontal(columns).sum().alias("told")).sort("month")
    past = series.filter(pl.col("month") < origin)["told"].cast(pl.Float64).to_numpy()
    after = series.filter(pl.col("month") >= origin)["told"].cast(pl.Float64).to_numpy()[:months]
    return past, after
