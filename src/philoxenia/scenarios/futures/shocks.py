"""Named shocks as rows of reference/tables/shocks.csv. Owns reading them; a city may leave any out."""

import polars as pl

from philoxenia.reference import reference_table
from philoxenia.scenarios.futures.types import DRIVERS, FLOWS, FuturesError, Shock, Span


def known_shocks(rows: pl.DataFrame | None = None) -> tuple[Shock, ...]:
    """The shocks of a table shaped as shocks.csv, the reference's own by default. Raises `FuturesError`."""
    table = reference_table("shocks") if rows is None else rows
    return tuple(_shock(row) for row in table.iter_rows(named=True))


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
