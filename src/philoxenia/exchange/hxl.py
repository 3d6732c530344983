"""HXL: the row of hashtags under a CSV's header that says, across organisations, what each column means.

The tags of a table are declared in its contract (`hxl` of each column); whoever exports other columns brings
their tags along. Standard: Humanitarian Exchange Language 1.1, UN OCHA, 2018.
"""

import re

import polars as pl

from philoxenia.exchange.contract import Contract

# A hashtag, then attributes: letters, digits and underscores, the first a letter.
TAG = re.compile(r"^#[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)*$")


def hashtags(columns: list[str], contract: Contract | None, extra: dict[str, str] | None = None) -> list[str]:
    """The tag of each column, '' where none is declared."""
    declared = {column.name: column.hxl for column in contract.columns} if contract else {}
    known = {**(extra or {}), **declared}
    return [known.get(name, "") for name in columns]


def with_hashtags(
    table: pl.DataFrame, contract: Contract | None, extra: dict[str, str] | None = None
) -> pl.DataFrame:
    """The table as text with the row of hashtags first; unchanged where no column has a tag."""
    tags = hashtags(table.columns, contract, extra)
    if not any(tags):
        return table
    row = pl.DataFrame(
        {name: [tag] for name, tag in zip(table.columns, tags, strict=True)},
        schema=dict.fromkeys(table.columns, pl.String),
    )
    return pl.concat([row, table.with_columns(pl.all().cast(pl.String))])
