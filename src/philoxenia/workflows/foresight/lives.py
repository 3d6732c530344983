"""What happens with a course of actions and without, as tables over futures: districts, changes, months.

Owns that a future with and the same future without are compared before anything is summed up.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl

from philoxenia.report.foresight import CONSTITUENCIES
from philoxenia.scenarios.futures.types import CONSTITUENCIES as POPULATIONS
from philoxenia.scenarios.futures.types import Floats
from philoxenia.workflows.bands import LEVELS, bands
from philoxenia.workflows.foresight.cells import MEMBERS, in_cells
from philoxenia.workflows.foresight.ground import Ground
from philoxenia.workflows.foresight.simulated import Course, Lived
from philoxenia.workflows.foresight.worth import by_district


def _rows(keys: Mapping[str, list[str]], numbers: Mapping[str, Floats]) -> pl.DataFrame:
    """A row for each combination of keys, in the order of the numbers' axes."""
    shape = tuple(len(names) for names in keys.values())
    places = np.indices(shape).reshape(len(shape), -1)
    named = {
        key: np.array(names, dtype=object)[place].tolist()
        for (key, names), place in zip(keys.items(), places, strict=True)
    }
    schema: dict[str, type[pl.DataType]] = dict.fromkeys(named, pl.String)
    frame = pl.DataFrame(named, schema=schema)
    return frame.with_columns(pl.Series(name, column.reshape(-1)) for name, column in numbers.items())


def districts_table(ground: Ground, name: str, course: Course, lived: Lived, without: Lived) -> pl.DataFrame:
    """Gains by district of newcomers and of long-term residents, before costs, discounted."""
    gains = by_district(ground, course, lived, without)
    keys = {"action": [name], "district_id": list(ground.model.districts), "population": list(POPULATIONS)}
    return _rows(keys, bands(gains) | {"share_losing": (gains < 0).mean(axis=0)})


def changes_table(ground: Ground, name: str, lived: Lived, without: Lived) -> pl.DataFrame:
    """What is counted, with and without, over the whole horizon and not discounted, by constituency."""
    measures = ground.model.measures
    before, after = (
        np.einsum("fcm,ck->fkm", in_cells(each.by_group.sum(axis=1), measures), MEMBERS)
        for each in (without, lived)
    )
    keys = {"action": [name], "constituency": list(CONSTITUENCIES), "measure": list(measures)}
    means = {"without_mean": before.mean(axis=0), "with_mean": after.mean(axis=0)}
    units = pl.col("measure").replace_strict(ground.model.units(), return_dtype=pl.String).alias("unit")
    rows = _rows(keys, means | bands(after - before)).with_columns(units)
    return rows.select("action", "measure", "unit", "constituency", *means, "mean", *LEVELS)


def months_table(ground: Ground, name: str, lived: Lived) -> pl.DataFrame:
    """What is counted for the city in each month, over futures."""
    model = ground.model
    keys = {"plan": [name], "month": list(model.months), "measure": list(model.month_measures)}
    units = pl.col("measure").replace_strict(model.units(), return_dtype=pl.String).alias("unit")
    rows = _rows(keys, bands(lived.by_month)).with_columns(units)
    return rows.select("plan", "month", "measure", "unit", "mean", *LEVELS)
