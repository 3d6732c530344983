"""The futures as a table of what is uncertain in them, under names a planner can be told.

Owns which uncertainties are shown: shocks as come or not, with size and month; nothing that never differs.
"""

import numpy as np
import polars as pl

from philoxenia.scenarios.futures.sampling import design_table
from philoxenia.scenarios.futures.types import Floats
from philoxenia.vocabulary.actions import Action
from philoxenia.workflows.foresight.ground import Ground
from philoxenia.workflows.foresight.options import Choice, benefits_of, levers_of
from philoxenia.workflows.foresight.simulated import Lived

_OF_LEVERS = ("effect", "cost")


def futures_table(ground: Ground, actions: tuple[Action, ...], without: Lived) -> pl.DataFrame:
    """A future a row: `future`, `arrivals_in_all`, `shelter_intake_in_all` (people), drivers,
    `shock.<name>` (0 or 1) with `.size` (0
    where it does not come) and `.begins` (month from 0, null where it does not come), `value.<measure>`,
    `benefit.<action>.<benefit>`, `effect.<action>` and `cost.<action>`."""
    course = tuple(Choice(action) for action in actions)
    levers = [lever for choice in course for lever in levers_of(choice)]
    drawn = design_table(ground.model, ground.design, levers)
    columns = {f"{name}_in_all": _in_all(ground, without, name) for name in ("arrivals", "shelter_intake")}
    columns |= {name: drawn[name].to_numpy() for name in drawn.columns if _plain(name)}
    columns |= _shocks(ground, drawn)
    columns |= {f"value.{name}": ground.prices.drawn[:, i] for i, name in enumerate(ground.prices.measures)}
    columns |= {name: ground.price(name, benefit.value) for name, _, benefit in benefits_of(course)}
    for action in actions:
        columns |= {
            f"{draw}.{action.id}": drawn[f"lever.{action.id}.{draw}"].to_numpy() for draw in _OF_LEVERS
        }
    told = {name: values for name, values in columns.items() if _differs(values)}
    return pl.DataFrame({"future": np.arange(ground.futures)} | told).with_columns(_begins(ground, drawn))


def _in_all(ground: Ground, without: Lived, name: str) -> Floats:
    """What is counted over the whole horizon without any action."""
    months = without.by_month[:, :, ground.model.month_measures.index(name)]
    return np.asarray(months.sum(axis=1), dtype=np.float64)


def _plain(name: str) -> bool:
    return not name.startswith(("shock.", "lever.")) and name not in ("future", "arrival_path")


def _differs(values: Floats) -> bool:
    return bool(np.ptp(values) > 0)


def _comes(ground: Ground, drawn: pl.DataFrame) -> dict[str, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    months = len(ground.model.months)
    return {
        shock.name: drawn[f"shock.{shock.name}.occurs"].to_numpy()
        < 1 - (1 - shock.probability_per_year) ** (months / 12)
        for shock in ground.model.shocks
    }


def _shocks(ground: Ground, drawn: pl.DataFrame) -> dict[str, Floats]:
    columns = {}
    for name, comes in _comes(ground, drawn).items():
        columns[f"shock.{name}"] = comes.astype(np.float64)
        columns[f"shock.{name}.size"] = np.where(comes, drawn[f"shock.{name}.size"].to_numpy(), 0.0)
    return columns


def _begins(ground: Ground, drawn: pl.DataFrame) -> list[pl.Series]:
    months = len(ground.model.months)
    columns = []
    for name, comes in _comes(ground, drawn).items():
        date = drawn[f"shock.{name}.date"].to_numpy()
        first = np.minimum((date * months).astype(np.int64), months - 1)
        values = [int(month) if here else None for month, here in zip(first, comes, strict=True)]
        columns.append(pl.Series(f"shock.{name}.begins", values, dtype=pl.Int64))
    return columns


def drivers_of(futures: pl.DataFrame, mine: tuple[str, ...] = ()) -> dict[str, Floats]:
    """Uncertainties (F,) by name that may drive a result: those of the world, of prices, and of the actions
    in `mine`; not when a shock begins, nor what comes of plans."""
    found = {}
    for name in futures.columns:
        kind, _, rest = name.partition(".")
        if name == "future" or name.endswith(".begins") or kind in ("net", "fails"):
            continue
        if kind in ("effect", "cost", "benefit") and rest.split(".", 1)[0] not in mine:
            continue
        found[name] = futures[name].to_numpy().astype(np.float64)
    return found
