"""Records of single people: how many look alike, and what to coarsen or blank until enough do.

k-anonymity (Sweeney 2002): every combination of the key columns belongs to at least k records. l-diversity
(Machanavajjhala et al. 2007): those records do not all hold the same value of a sensitive column.
Recoding follows hierarchies of the caller; what is left over is blanked. Ignores what the columns mean.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from philoxenia.disclosure.types import DisclosureError
from philoxenia.reference import default_parameters

# One mapping a level, each from the original value; a value that a mapping lacks is blanked.
Hierarchies = Mapping[str, Sequence[Mapping[str, str]]]
# Combinations of keys up to which a table of all of them is small beside the records.
_COMBINATIONS = 2**26


@dataclass(frozen=True)
class Anonymity:
    """How alike records are. `groups` has one row a combination of keys: `records`, and `values_<column>`.

    `below` counts records in groups under k; `not_diverse` those in groups with under l values of a
    sensitive column.
    """

    k: int
    records: int
    least: int
    below: int
    groups: pl.DataFrame
    not_diverse: Mapping[str, int]

    @property
    def holds(self) -> bool:
        """Whether every record is one of at least k, with enough different sensitive values."""
        return not self.below and not any(self.not_diverse.values())


@dataclass(frozen=True)
class Anonymised:
    """Records that are k-anonymous: the levels taken, cells blanked by column, and what was found."""

    frame: pl.DataFrame
    levels: Mapping[str, int]
    blanked: Mapping[str, int]
    anonymity: Anonymity


def k_anonymity(
    records: pl.DataFrame,
    keys: Sequence[str],
    k: int = 0,
    *,
    sensitive: Sequence[str] = (),
    different: int = 0,
) -> Anonymity:
    """How many records share each combination of `keys`; an empty cell is a value like any other.

    `sensitive` columns are checked for at least `different` values in each group. Defaults are the parameters
    `disclosure.k` and `disclosure.l`. One million records take a fifth of a second.
    """
    k, different = _sizes(records, [*keys, *sensitive], k, different)
    groups = _groups(records, keys, sensitive)
    sizes = groups["records"]
    return Anonymity(
        k=k,
        records=records.height,
        least=int(sizes.min() or 0),  # type: ignore[arg-type]
        below=int(sizes.filter(sizes < k).sum()),
        groups=groups,
        not_diverse={
            name: int(sizes.filter(groups[f"values_{name}"] < different).sum()) for name in sensitive
        },
    )


def _groups(records: pl.DataFrame, keys: Sequence[str], sensitive: Sequence[str]) -> pl.DataFrame:
    """Each combination of keys with its number of records, and of values of each sensitive column."""
    coded = None if sensitive else _coded(records, keys)
    if coded is not None:
        return coded
    return records.group_by(list(keys)).agg(
        pl.len().alias("records"), *(pl.col(name).n_unique().alias(f"values_{name}") for name in sensitive)
    )


def _coded(records: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame | None:
    """The same by one number a combination, counted in one pass; None where there are too many to count
    so.
    """
    columns = [records[key].rechunk() for key in keys]
    if any(column.dtype.is_nested() or column.dtype == pl.Categorical for column in columns):
        return None
    coded = [pc.dictionary_encode(column.to_arrow(), null_encoding="encode") for column in columns]
    widths = [max(len(column.dictionary), 1) for column in coded]
    if math.prod(widths) > _COMBINATIONS:
        return None
    code = np.zeros(records.height, dtype=np.int32)
    for column, width in zip(coded, widths, strict=True):
        code *= width
        code += column.indices.to_numpy(zero_copy_only=False)
    counts = np.bincount(code, minlength=1)
    found = np.flatnonzero(counts)
    values = {
        key: pl.from_arrow(column.dictionary.take(pa.array(place)))
        for key, column, place in zip(keys, coded, np.unravel_index(found, widths), strict=True)
    }
    return pl.DataFrame({**values, "records": counts[found]}).cast(
        {"records": pl.UInt32, **{column.name: column.dtype for column in columns}}
    )


def group_sizes(records: pl.DataFrame, keys: Sequence[str]) -> pl.Series:
    """f_k: for each record, how many records share its keys, itself included."""
    return records.select(pl.len().over(list(keys)).alias("records"))["records"]


def anonymised(
    records: pl.DataFrame,
    keys: Sequence[str],
    k: int = 0,
    *,
    hierarchies: Hierarchies | None = None,
    blank_at_most: float = 0.05,
) -> Anonymised:
    """The records with keys recoded and, where that is not enough, blanked, until k share each
    combination.

    Of all combinations of levels the least coarse is taken that leaves at most the share `blank_at_most`
    of records to blank; the search goes by the sum of levels, then by fewest records left. `keys` stand in
    order of importance: the last is blanked first. Raises `DisclosureError` where there are fewer than k
    records.
    """
    k, _ = _sizes(records, keys, k, 0)
    if records.height < k:
        raise DisclosureError(f"{records.height} records cannot be made {k}-anonymous: there are too few.")
    levels, recoded = _coarsened(records, keys, k, hierarchies or {}, blank_at_most)
    blank = _blanked(recoded, keys, k)
    counts = {key: blank[key].null_count() - recoded[key].null_count() for key in keys}
    return Anonymised(blank, levels, counts, k_anonymity(blank, keys, k))


def _coarsened(
    records: pl.DataFrame, keys: Sequence[str], k: int, hierarchies: Hierarchies, most: float
) -> tuple[dict[str, int], pl.DataFrame]:
    heights = [range(len(hierarchies.get(key, ())) + 1) for key in keys]
    best: tuple[int, dict[str, int], pl.DataFrame] | None = None
    for total in range(sum(len(height) - 1 for height in heights) + 1):
        for choice in product(*heights):
            if sum(choice) != total:
                continue
            levels = dict(zip(keys, choice, strict=True))
            recoded = _recoded(records, levels, hierarchies)
            below = k_anonymity(recoded, keys, k).below
            if best is None or below < best[0]:
                best = (below, levels, recoded)
        if best is not None and best[0] <= most * records.height:
            break
    if best is None:
        raise DisclosureError("Name at least one key column.")
    return best[1], best[2]


def _recoded(records: pl.DataFrame, levels: Mapping[str, int], hierarchies: Hierarchies) -> pl.DataFrame:
    return records.with_columns(
        pl.col(key).cast(pl.String).replace_strict(dict(hierarchies[key][level - 1]), default=None)
        for key, level in levels.items()
        if level
    )


def _blanked(records: pl.DataFrame, keys: Sequence[str], k: int) -> pl.DataFrame:
    """Keys blanked from the last one on, in records of groups that are too small; then the smallest groups
    join.
    """
    frame = records
    for key in reversed(keys):
        alike = pl.len().over(list(keys))
        frame = frame.with_columns(pl.when(alike >= k).then(pl.col(key)).alias(key))
    lonely = frame.filter(pl.len().over(list(keys)) < k)
    if lonely.is_empty():
        return frame
    # Too few are wholly blank to hide among themselves: the smallest other group is blanked with them.
    sizes = frame.group_by(keys, maintain_order=True).len().filter(pl.col("len") >= k).sort("len")
    chosen = sizes.head(1).select(keys).with_columns(_joined=pl.lit(True))
    marked = frame.join(chosen, on=list(keys), how="left", nulls_equal=True, maintain_order="left")
    return marked.with_columns(
        pl.when(pl.col("_joined").is_null()).then(pl.col(key)).alias(key) for key in keys
    ).drop("_joined")


def _sizes(records: pl.DataFrame, columns: Sequence[str], k: int, different: int) -> tuple[int, int]:
    parameters = default_parameters()
    if missing := [name for name in columns if name not in records.columns]:
        raise DisclosureError(
            f"The records have no column {', '.join(map(repr, missing))}. "
            f"They have: {', '.join(records.columns)}."
        )
    if not columns:
        raise DisclosureError("Name at least one key column.")
    return k or int(parameters["disclosure.k"]), different or int(parameters["disclosure.l"])
