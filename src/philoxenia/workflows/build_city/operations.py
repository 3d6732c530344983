"""The fixed set of steps a recipe may name, and how a step's entries become a function's arguments.

An argument that is a table is named in the recipe and looked up among the tables made so far.
"""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from philoxenia.workflows.build_city import addresses, columns, places, rows
from philoxenia.workflows.build_city.problems import RecipeError

Operation = Callable[..., pl.DataFrame]

OPERATIONS: dict[str, Operation] = {
    operation.__name__: operation
    for operation in (
        columns.classify,
        columns.constant,
        columns.cut_time,
        columns.fill_empty,
        columns.first_filled,
        columns.pad,
        columns.recode,
        columns.rename,
        columns.round_numbers,
        rows.add_up,
        rows.drop_rows,
        rows.join,
        rows.keep_rows,
        rows.mean_over_days,
        rows.pick,
        rows.unique_rows,
        rows.weigh,
        places.count_in_districts,
        places.crosswalk,
        places.district_by_point,
        places.point_of,
        places.simplify_outlines,
        addresses.place_addresses,
    )
}


def tables_used(step: Mapping[str, Any]) -> set[str]:
    """Names of the tables that a step refers to."""
    return {str(step[name]) for name in _table_arguments(_operation(step)) if name in step}


def check_step(step: Mapping[str, Any]) -> None:
    """Raise `RecipeError` where a step names an unknown operation or entry, or lacks one."""
    parameters = dict(list(inspect.signature(_operation(step)).parameters.items())[1:])
    given = set(step) - {"do"}
    if unknown := sorted(given - set(parameters)):
        raise RecipeError(f"{unknown[0]!r} is not an entry of {step['do']}; it has {', '.join(parameters)}")
    needed = [name for name, entry in parameters.items() if entry.default is entry.empty]
    if lacking := [name for name in needed if name not in given]:
        raise RecipeError(f"{step['do']} needs the entry {lacking[0]!r}")


def apply_step(
    frame: pl.DataFrame, step: Mapping[str, Any], table: Callable[[str], pl.DataFrame]
) -> pl.DataFrame:
    """One step on a frame; `table` gives a table by its name. Raises `RecipeError`."""
    operation = _operation(step)
    arguments = {name: value for name, value in step.items() if name != "do"}
    for name in _table_arguments(operation) & set(arguments):
        arguments[name] = table(arguments[name])
    try:
        return operation(frame, **arguments)
    except (pl.exceptions.PolarsError, TypeError) as fault:
        raise RecipeError(f"{step['do']} does not fit the table ({fault})") from fault


def _operation(step: Mapping[str, Any]) -> Operation:
    name = step.get("do")
    if name not in OPERATIONS:
        raise RecipeError(f"there is no step {name!r}; the steps are {', '.join(sorted(OPERATIONS))}")
    return OPERATIONS[name]


def _table_arguments(operation: Operation) -> set[str]:
    parameters = list(inspect.signature(operation).parameters.values())[1:]
    return {parameter.name for parameter in parameters if parameter.annotation is pl.DataFrame}
