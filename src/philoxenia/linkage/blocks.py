"""Blocking keys: two records are compared only where a key of some rule is the same.

Owns keys as integers, one column a rule, and the cap that keeps a common value from comparing everybody.
"""

from collections.abc import Sequence

import polars as pl

_SEPARATOR = "\x1f"
_SEED = 5


def block_columns(rules: Sequence[tuple[str, ...]]) -> list[str]:
    """The names of the key columns, one a rule."""
    return [f"block_{number}" for number in range(len(rules))]


def keys(frame: pl.DataFrame, rules: Sequence[tuple[str, ...]]) -> pl.DataFrame:
    """`frame` with its key columns: a 64-bit hash of the rule's values, null where one of them is null."""
    return frame.with_columns(
        _key(rule).alias(name) for name, rule in zip(block_columns(rules), rules, strict=True)
    )


def capped(frame: pl.DataFrame, rules: Sequence[tuple[str, ...]], most: int) -> pl.DataFrame:
    """`frame` whose keys are null where more than `most` records share one: 1 January, a common name."""
    names = block_columns(rules)
    return frame.with_columns(
        pl.when(pl.len().over(name) <= most).then(pl.col(name)).otherwise(None).alias(name) for name in names
    )


def _key(rule: tuple[str, ...]) -> pl.Expr:
    values = pl.concat_str([pl.col(name).cast(pl.String) for name in rule], separator=_SEPARATOR)
    # The hash of nothing is a number too.
    return pl.when(values.is_not_null()).then(values.hash(_SEED))
