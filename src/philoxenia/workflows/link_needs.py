"""Needs that people of an agreement have together, as counts that may lie beside tokens.

A row each person with needs and district could be joined again by its rare combinations, key or no key.
"""

from datetime import date

import polars as pl

from philoxenia.disclosure import protect
from philoxenia.needs.overlap import overlap, with_population


def needs_together(people: pl.DataFrame, today: date) -> pl.DataFrame:
    """population, needs (exactly these, `;` between; empty: none), people: null where too few to show.

    Counts below parameter `disclosure.minimum` are hidden, and what would give them away; the row of a
    population and the row of everybody have `needs` null.
    """
    asked = with_population(people.drop("language"), f"{today:%Y-%m}")
    found = overlap(asked.with_columns(pl.col("needs").fill_null("")), by=("population",))
    named = found.cells.with_columns(needs=_words(found.cells["mask"], found.needs)).drop("mask")
    shown = protect(named, ("population", "needs"), within=(("population",), ()))
    return shown.select("population", "needs", people="shown")


def _words(masks: pl.Series, needs: tuple[str, ...]) -> pl.Series:
    said = {mask: ";".join(needs[bit] for bit in range(len(needs)) if mask >> bit & 1) for mask in masks}
    return masks.replace_strict(said, return_dtype=pl.String)
