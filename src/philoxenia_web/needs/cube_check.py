"""May the tables of a cube be let out together? What they tell of each other's cells, mended where too much.

Every view is a sum of cells, so an attacker holds the cells and no more: each lies within a base of what is
shown, and over the groups of each table the cells of one population and one set of needs add up to the same
people. These constraints fall apart by population and set of needs, so the least and the largest value of
each cell, which in general take two linear programs a cell, are sums here.
"""

from collections.abc import Collection, Mapping

import polars as pl

from philoxenia.reference import default_parameters

_KEY = ("population", "mask")
_ATTEMPTS, _ONE_UP_OF = 24, 5
_NO_END = 2**40


def bounds(
    tables: Mapping[str, pl.DataFrame], base: int, partial: Collection[str] = ()
) -> dict[str, pl.DataFrame]:
    """Each table (population, group, mask, shown) with `low`, `high`: all that can be found out of a cell.

    Cells that hold somebody and are shown as 0 must be among the rows; an attacker does not see them apart
    from empty ones, which makes what is found here a little more than what an attacker finds. `partial`
    tables leave out people whose group is not known or too small: their sums are no upper ends.
    """
    alone = {name: _alone(table, base) for name, table in tables.items()}
    sums = [_sums(table, base, name in partial) for name, table in alone.items() if table.height]
    if not sums:
        return alone
    together = pl.concat(sums).group_by(_KEY).agg(pl.col("least").max(), pl.col("most").min())
    return {name: _narrowed(table, together, base, name in partial) for name, table in alone.items()}


def _alone(table: pl.DataFrame, base: int) -> pl.DataFrame:
    return table.with_columns(
        low=pl.max_horizontal(pl.col("shown") - (base - 1), 0), high=pl.col("shown") + base - 1
    )


def _sums(table: pl.DataFrame, base: int, is_partial: bool) -> pl.DataFrame:
    """What a table tells of the people of a population and set of needs; a group without a row holds few."""
    groups = table.group_by("population").agg(groups=pl.col("group").n_unique())
    summed = table.group_by(_KEY).agg(
        least=pl.col("low").sum(), most=pl.col("high").sum(), rows=pl.col("group").n_unique()
    )
    unseen = pl.lit(_NO_END) if is_partial else (pl.col("groups") - pl.col("rows")) * (base - 1)
    return summed.join(groups, on="population").select(*_KEY, "least", most=pl.col("most") + unseen)


def _narrowed(table: pl.DataFrame, together: pl.DataFrame, base: int, is_partial: bool) -> pl.DataFrame:
    own = _sums(table, base, is_partial).rename({"least": "own_least", "most": "own_most"})
    beside = table.join(own, on=_KEY, how="left").join(together, on=_KEY, how="left")
    return beside.with_columns(
        low=pl.max_horizontal("low", pl.col("least") - (pl.col("own_most") - pl.col("high"))),
        high=pl.min_horizontal("high", pl.col("most") - (pl.col("own_least") - pl.col("low"))),
    ).select(*table.columns)


def mended(
    tables: Mapping[str, pl.DataFrame], base: int, partial: Collection[str] = ()
) -> dict[str, pl.DataFrame]:
    """The tables, some cells rounded the other way, so that each cell may hold at least the least width.

    Besides the columns of `bounds` the tables hold `people`, the truth, so that a cell never leaves its
    neighbouring multiples. What no rounding hides is left out.
    """
    found = dict(tables)
    for attempt in range(_ATTEMPTS):
        keys = _tight(found, base, partial)
        if keys.is_empty():
            return found
        # Most down, in several tables, some up, in one, so that sums stay near; at last all down, which ends.
        turn = pl.int_range(pl.len()) % _ONE_UP_OF > 0 if attempt < _ATTEMPTS // 2 else pl.lit(value=True)
        down, up = keys.filter(turn), keys.filter(~turn)
        found = {
            name: _turned(
                _turned(table, down.filter(lowest=name), base, -1), up.filter(highest=name), base, 1
            )
            for name, table in found.items()
        }
    keys = _tight(found, base, partial)
    return {name: table.join(keys, on=_KEY, how="anti") for name, table in found.items()}


def _tight(tables: Mapping[str, pl.DataFrame], base: int, partial: Collection[str]) -> pl.DataFrame:
    """Populations and sets of needs with a cell known too well, and the tables that tell its two ends."""
    width = default_parameters()["disclosure.width"]
    narrow = [
        table.filter(pl.col("high") - pl.col("low") < width).select(_KEY)
        for table in bounds(tables, base, partial).values()
    ]
    if not narrow:
        return pl.DataFrame()
    sums = pl.concat(
        _sums(_alone(table, base), base, name in partial).with_columns(table=pl.lit(name))
        for name, table in tables.items()
    )
    ends = sums.group_by(_KEY).agg(
        lowest=pl.col("table").sort_by("least", "table").last(),
        highest=pl.col("table").sort_by("most", "table").first(),
    )
    return pl.concat(narrow).unique().join(ends, on=_KEY).sort(_KEY)


def _turned(table: pl.DataFrame, keys: pl.DataFrame, base: int, way: int) -> pl.DataFrame:
    """One cell of each of these keys to its other multiple, down (-1) or up (1): the one that moves least."""
    if keys.is_empty():
        return table
    wanted = pl.struct(_KEY).is_in(keys.select(pl.struct(_KEY)).to_series().implode())
    rest = pl.col("people") % base
    may = wanted & (pl.col("shown") > pl.col("people") if way < 0 else pl.col("shown") < pl.col("people"))
    least = pl.when(may).then(rest if way < 0 else base - rest).rank("ordinal").over(_KEY) == 1
    return table.with_columns(shown=pl.col("shown") + pl.when(may & least).then(way * base).otherwise(0))
