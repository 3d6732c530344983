"""Named shocks as rows of reference/tables/shocks.csv, as a city's own table, and as a planner changes them.

Owns reading them and whose row counts; ignores what they do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from philoxenia.reference import reference_table
from philoxenia.scenarios.futures.types import DRIVERS, FLOWS, FuturesError, Shock, Span

_CHANGED = ("probability_per_year", "size", "months")


def known_shocks(rows: pl.DataFrame | None = None) -> tuple[Shock, ...]:
    """The shocks of a table shaped as shocks.csv, the reference's own by default. Raises `FuturesError`."""
    table = reference_table("shocks") if rows is None else rows
    return tuple(_shock(row) for row in table.iter_rows(named=True))


def city_shocks(own: pl.DataFrame | None) -> tuple[tuple[Shock, ...], tuple[str, ...]]:
    """The reference's shocks with a city's own in their place or beside them, and what to say about it. A row
    whose chance is 0 takes its shock out. Raises `FuturesError`."""
    shocks = {shock.name: shock for shock in known_shocks()}
    if own is None:
        return tuple(shocks.values()), ()
    mine = {shock.name: shock for shock in known_shocks(own)}
    kept = tuple(shock for shock in (shocks | mine).values() if shock.probability_per_year > 0)
    left = ", ".join(shock.name for shock in kept) or "none"
    return kept, (f"Shocks that the city's own table states: {', '.join(mine)}. In these futures: {left}.",)


def changed_shocks(
    shocks: Sequence[Shock], changes: Mapping[str, Mapping[str, float]]
) -> tuple[tuple[Shock, ...], tuple[str, ...]]:
    """Shocks as a planner sets them, and a sentence on each that is no longer as it was.

    `changes`: by name of a shock, any of `probability_per_year` (0 takes it out), `size` and `months`, the
    likely ones; least and most move in proportion. Raises `FuturesError` naming what is not there.
    """
    known = {shock.name: shock for shock in shocks}
    for name, change in changes.items():
        if name not in known:
            raise FuturesError(f"There is no shock {name!r}; there is: {', '.join(known) or 'none'}.")
        _check_change(name, change)
    made = {name: _changed(shock, changes.get(name, {})) for name, shock in known.items()}
    told = tuple(_told(known[name], made[name]) for name in known if made[name] != known[name])
    return tuple(shock for shock in made.values() if shock.probability_per_year > 0), told


def _check_change(name: str, change: Mapping[str, float]) -> None:
    if unknown := set(change) - set(_CHANGED):
        raise FuturesError(
            f"The shock {name!r} has no {min(unknown)!r} to change; there is: {', '.join(_CHANGED)}."
        )
    chance = change.get("probability_per_year", 0.0)
    if not 0 <= chance < 1:
        raise FuturesError(f"The chance a year of {name!r} is {chance:g}: give 0 or more and less than 1.")
    for what in ("size", "months"):
        if change.get(what, 1.0) <= 0:
            raise FuturesError(f"The {what} of {name!r} is {change[what]:g}: give a number above 0.")


def _changed(shock: Shock, change: Mapping[str, float]) -> Shock:
    return replace(
        shock,
        probability_per_year=change.get("probability_per_year", shock.probability_per_year),
        size=_moved(shock.size, change.get("size")),
        duration=_moved(shock.duration, change.get("months")),
    )


def _moved(span: Span, mode: float | None) -> Span:
    if mode is None or span.mode == 0:
        return span
    return Span(span.low * mode / span.mode, mode, span.high * mode / span.mode)


def _told(before: Shock, after: Shock) -> str:
    name = before.name.replace("_", " ")
    if after.probability_per_year == 0:
        return f"The shock {name} is taken out of these futures."
    return (
        f"The shock {name} is as set for this study: chance a year {after.probability_per_year:g} (otherwise "
        f"{before.probability_per_year:g}), likely size {after.size.mode:g} ({before.size.mode:g}), likely "
        f"months {after.duration.mode:g} ({before.duration.mode:g})."
    )


def _shock(row: dict[str, str]) -> Shock:
    return Shock(
        name=row["name"],
        probability_per_year=float(row["probability_per_year"]),
        size=_span(row, "size"),
        duration=_span(row, "months"),
        factors=_coefficients(row, "factors", (*FLOWS, *DRIVERS)),
        added=_coefficients(row, "added", FLOWS),
        displaced=float(row["displaced"]),
        struck=float(row["struck"]),
    )


def _span(row: dict[str, str], name: str) -> Span:
    span = Span(*(float(row[column]) for column in (f"{name}_low", name, f"{name}_high")))
    if not span.low <= span.mode <= span.high:
        raise FuturesError(f"shocks: {row['name']!r} has a {name} outside its own range.")
    return span


def _coefficients(row: dict[str, str], column: str, known: tuple[str, ...]) -> dict[str, float]:
    """`exits=-1;departures=0.5` as numbers by name."""
    found = {}
    for part in filter(None, (row[column] or "").split(";")):
        name, _, value = part.partition("=")
        if name not in known:
            raise FuturesError(f"shocks: {row['name']!r} acts on {name!r}; there is: {', '.join(known)}.")
        found[name] = float(value)
    return found
