"""What a run found, counted: people by group and needs, in how many departments, what weighed how much.

Counts here are as they are. They are sealed at once; pages protect small ones before they show them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from philoxenia.linkage import Linked, Model
from philoxenia.linkage.dates import birth_columns
from philoxenia.needs.overlap import overlap, with_population
from philoxenia.reference import reference_table

GROUPS = ("population", "district_id", "sex", "age_band", "language")
# As the scenarios count ages: first year of life in the band, and the band's name.
AGE_BANDS = ((0, "0_4"), (5, "5_14"), (15, "15_19"), (20, "20_64"), (65, "65_over"))
_OLDEST = 120
UNKNOWN = "unknown"
_SPOKEN = "home_language"

Lists = Mapping[str, pl.DataFrame]


def month_of(time: datetime) -> str:
    """The month on which time in the city and age are counted."""
    return f"{time:%Y-%m}"


def cells_of(
    people: pl.DataFrame, lists: Lists, links: pl.DataFrame, month: str, needs: Sequence[str] = ()
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """People by population, district, sex, age band, language and mask of needs; the needs in order of bits.

    `needs` are those the agreement names; none named is all.
    """
    codes = tuple(code for code in reference_table("needs")["code"] if not needs or code in needs)
    known = people.join(_born(lists, links), on="person", how="left", maintain_order="left")
    banded = with_population(known, month).with_columns(age_band=_age_band(int(month[:4])))
    # `language` is a need as well: overlap would take the column for it.
    asked = banded.rename({"language": _SPOKEN}).with_columns(pl.col("needs").fill_null(""))
    found = overlap(asked, codes, by=[_SPOKEN if name == "language" else name for name in GROUPS])
    cells = found.cells.rename({_SPOKEN: "language"})
    return cells.select(*GROUPS, pl.col("mask", "people").cast(pl.Int64)), found.needs


def _born(lists: Lists, links: pl.DataFrame) -> pl.DataFrame:
    """person, born: the year of birth that most of a person's records say; where as many say others, the
    first.
    """
    parts = [
        pl.DataFrame({"record": frame["record_id"].cast(pl.String)}).with_columns(
            source=pl.lit(source), born=_years(frame)
        )
        for source, frame in lists.items()
    ]
    said = links.join(pl.concat(parts), on=["source", "record"], how="left").drop_nulls("born")
    counted = said.group_by("person", "born").len().sort("len", "born", descending=[True, False])
    return counted.group_by("person", maintain_order=True).agg(pl.col("born").first())


def _years(frame: pl.DataFrame) -> pl.Series:
    if "birth_date" not in frame.columns:
        return pl.Series("born", [None] * frame.height, dtype=pl.Int64)
    years = birth_columns(frame["birth_date"].cast(pl.String))["birth_year"]
    return years.cast(pl.Int64).alias("born")


def _age_band(year: int) -> pl.Expr:
    age = year - pl.col("born")
    band = pl.lit(UNKNOWN)
    for first, name in AGE_BANDS:
        band = pl.when(age >= first).then(pl.lit(name)).otherwise(band)
    return pl.when(age.is_between(0, _OLDEST)).then(band).otherwise(pl.lit(UNKNOWN))


def figures_of(linked: Linked, lists: Lists) -> dict[str, Any]:
    """What is no frame: sizes, people by the departments they are in, thresholds, the model, what was
    decided.
    """
    several = (
        linked.people.group_by("sources").len("people").sort("people", "sources", descending=[True, False])
    )
    return {
        "records": {source: frame.height for source, frame in lists.items()},
        "sources": several.rows(),
        "links": linked.links.height - linked.people.height,
        "thresholds": {
            "link": linked.thresholds.link,
            "doubt": linked.thresholds.doubt,
            "false_share": linked.thresholds.false_share,
            "missed_share": linked.thresholds.missed_share,
        },
        "model": _told(linked.model),
        "notes": list(linked.notes),
    }


def _told(model: Model) -> dict[str, Any]:
    return {
        "basis": model.basis,
        "fingerprint": model.fingerprint,
        "version": model.version,
        "prior": model.prior,
        "trained_on": dict(model.trained_on),
    }


def weights_of(model: Model) -> pl.DataFrame:
    """comparison, value, words, m, u, weight: every level of the model, from the best down."""
    rows = [
        (name, level.value, level.words, level.m, level.u, level.weight)
        for name, levels in model.comparisons.items()
        for level in levels
    ]
    return pl.DataFrame(rows, schema=["comparison", "value", "words", "m", "u", "weight"], orient="row")
