"""From a city package to the model its futures start from: forecasts, their sample paths, the city's tables.

Owns this chain and the tables a simulation leaves; unlike a run it keeps no steps and looks back at nothing.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from philoxenia.arrivals import forecast
from philoxenia.exchange import City
from philoxenia.lake.files import write_whole
from philoxenia.scenarios import inputs_from_city
from philoxenia.scenarios.futures import Model, Outcomes, model_of
from philoxenia.scenarios.futures.shocks import city_shocks
from philoxenia.vocabulary import Frequency, PhiloxeniaError
from philoxenia.vocabulary.periods import parse_periods
from philoxenia.workflows.arrivals_step import paths_of
from philoxenia.workflows.bands import bands
from philoxenia.workflows.series import history_of, signal_of
from philoxenia.workflows.steps import Outcome, array_name, series_of

_LEVELS = (80,)
_SEED_STEP = 1000


def model_from_city(city: City, months: int, seed: int) -> Model:
    """The model of a city package over `months` months after its latest record. Raises `PhiloxeniaError`."""
    arrivals = draw_arrivals(city, months, seed)
    inputs = inputs_from_city(city)
    times, paths, notes = paths_of(arrivals, inputs.series_used(map(series_of, arrivals.arrays)))
    if not times:
        raise PhiloxeniaError(
            "No futures can be simulated: there is no forecast of arrivals. Name a series under "
            "[[arrivals.series]] in city.toml. " + " ".join(arrivals.left_out)
        )
    shocks, said = city_shocks(city.tables.get("shocks"))
    model = model_of(inputs, paths, times, seed, shocks=shocks)
    return model.with_notes((*arrivals.notes, *notes, *said, *model.notes))


def draw_arrivals(city: City, months: int, seed: int) -> Outcome:
    """Forecasts and sample paths of every series of the city, `months` ahead of each one's last record."""
    history, missing = history_of(city)
    frames: list[pl.DataFrame] = []
    arrays: dict[str, NDArray[np.float64]] = {}
    left_out = list(missing)
    for number, ((measure,), rows) in enumerate(history.group_by("measure", maintain_order=True)):
        signal = signal_of(city, str(measure))
        try:
            each = Frequency.MONTH.per_year // parse_periods(rows["time"].to_list())[0].frequency.per_year
            own = seed + _SEED_STEP * number
            made = forecast(rows, -(-months // each), _LEVELS, own, signal=signal, parameters=city.parameters)
        except PhiloxeniaError as problem:
            left_out.append(f"{measure!r}: {problem}")
            continue
        frames.append(made.forecasts)
        arrays |= {array_name(*key): paths for key, paths in made.paths.items()}
        left_out += made.left_out
    joined = {"forecasts": pl.concat(frames)} if frames else {}
    return Outcome(joined, arrays, (), tuple(dict.fromkeys(left_out)))


def outcome_tables(outcomes: Outcomes) -> Iterator[tuple[str, Callable[[], pl.DataFrame]]]:
    """Each table of a simulation with its name; made when asked for, since some are large."""
    yield "futures", lambda: outcomes.design
    yield "by_group", lambda: groups_table(outcomes)
    yield "by_month", lambda: months_table(outcomes)
    yield "by_district", lambda: districts_table(outcomes)
    yield "costs", lambda: costs_table(outcomes)


def groups_table(outcomes: Outcomes) -> pl.DataFrame:
    """A row a plan, future, year and group; a column a measure, summed over the year and not discounted."""
    plans, futures, years, groups, measures = outcomes.by_group.shape
    keys = np.indices((plans, futures, years, groups)).reshape(4, -1)
    values = outcomes.by_group.reshape(-1, measures)
    return pl.DataFrame(
        {
            "plan": np.array(outcomes.plans)[keys[0]],
            "future": keys[1],
            "year": keys[2] + 1,
            "group": np.array(outcomes.groups)[keys[3]],
            **{name: values[:, column] for column, name in enumerate(outcomes.measures)},
        }
    )


def months_table(outcomes: Outcomes) -> pl.DataFrame:
    """A row a plan, month and measure of the city: mean, P10, P50 and P90 over futures."""
    frames = []
    for plan, name in enumerate(outcomes.plans):
        for column, measure in enumerate(outcomes.month_measures):
            rows = pl.DataFrame({"month": outcomes.months}).select(
                plan=pl.lit(name),
                month="month",
                measure=pl.lit(measure),
                unit=pl.lit(outcomes.units[measure]),
            )
            frames.append(rows.with_columns(_bands(outcomes.by_month[plan, :, :, column])))
    return pl.concat(frames)


def districts_table(outcomes: Outcomes) -> pl.DataFrame:
    """A row a plan, district, constituency and measure: discounted sums over the horizon, with bands."""
    frames = []
    for plan, name in enumerate(outcomes.plans):
        for whose, constituency in enumerate(outcomes.constituencies):
            for column, measure in enumerate(outcomes.measures):
                rows = pl.DataFrame({"district_id": outcomes.districts}).select(
                    plan=pl.lit(name),
                    district_id="district_id",
                    population=pl.lit(constituency),
                    measure=pl.lit(measure),
                    unit=pl.lit(outcomes.units[measure]),
                )
                frames.append(rows.with_columns(_bands(outcomes.by_district[plan, :, :, whose, column])))
    return pl.concat(frames)


def costs_table(outcomes: Outcomes) -> pl.DataFrame:
    """A row a plan, lever and year: mean, P10, P50 and P90 of its cost over futures, not discounted."""
    schema = {"plan": pl.String, "lever": pl.String, "year": pl.Int64}
    frames = [pl.DataFrame(schema=schema).with_columns(_bands(np.zeros((1, 0))))]
    for plan in outcomes.plans:
        for row, lever in enumerate(outcomes.levers[plan]):
            costs = outcomes.costs[plan][:, row]
            years = pl.DataFrame({"year": np.arange(1, costs.shape[1] + 1)}, schema={"year": pl.Int64})
            rows = years.select(plan=pl.lit(plan), lever=pl.lit(lever), year="year")
            frames.append(rows.with_columns(_bands(costs)))
    return pl.concat(frames)


def _bands(values: NDArray[np.floating]) -> list[pl.Series]:
    """The bands over futures, the first axis, as columns."""
    return [pl.Series(name, column, dtype=pl.Float64) for name, column in bands(values).items()]


def write_outcomes(outcomes: Outcomes, folder: Path, summary: str) -> list[Path]:
    """Write every table as Parquet, the shorter ones as CSV too, and the summary; each appears whole."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, make in outcome_tables(outcomes):
        table = make()
        written.append(write_whole(folder / f"{name}.parquet", table.write_parquet))
        if name not in ("by_group", "by_district"):
            written.append(write_whole(folder / f"{name}.csv", table.write_csv))
    written.append(
        write_whole(folder / "summary.md", lambda path: path.write_text(summary, encoding="utf-8"))
    )
    return written
