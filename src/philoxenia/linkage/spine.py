"""One new record against all people a run found, at once: candidates by blocking key, weighed as in the run.

Owns an index in memory: keys sorted with the rows that carry them, and the prepared records. Ignores
deciding: it gives candidates, best first.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from philoxenia.linkage.bases import basis_named
from philoxenia.linkage.blocks import block_columns, capped, keys
from philoxenia.linkage.deciding import odds, probabilities
from philoxenia.linkage.households import weighed_beside_households
from philoxenia.linkage.linked import Linked
from philoxenia.linkage.model import Model
from philoxenia.linkage.scoring import comparison_dicts, needed, pair_select, settings, with_chances
from philoxenia.linkage.stacking import stacked
from philoxenia.linkage.types import LinkageError, Tables
from philoxenia.reference import default_parameters

_NEW = "\x00new"
_MOST_CANDIDATES = 2000


class Spine:
    """The people of a run, ready for new records. Building it prepares all records once; matching takes
    milliseconds.

    `linked` is the run, `tables` its lists, `model` its model. Everything stays in memory.
    """

    def __init__(self, linked: Linked, tables: Tables, model: Model | None = None) -> None:
        self._model = model or linked.model
        self._basis = basis_named(self._model.basis)
        self._linked = linked
        most = int(default_parameters()["linkage.block_size"])
        prepared = keys(self._basis.prepared(stacked(tables, self._basis.columns)), self._basis.blocks)
        if prepared.height != linked.records.height:
            raise LinkageError(
                "The lists are not those of the run: hand in the same lists to build its spine."
            )
        frame = capped(prepared, self._basis.blocks, most)
        self._index = [_sorted_keys(frame[name]) for name in block_columns(self._basis.blocks)]
        comparisons = with_chances(comparison_dicts(self._basis, frame.columns, "duckdb"), self._model)
        self._frame = needed(frame, comparisons, ())
        self._rare = _frequencies(self._frame, comparisons)
        self._sql = pair_select(settings(comparisons, []), list(self._rare))
        self._person = linked.links["person"]
        self._prior = _prior_of(linked)
        self._connection = duckdb.connect(":memory:", config={"temp_directory": "", "threads": 1})

    def match(self, record: Mapping[str, Any], most: int = 10) -> list[dict[str, Any]]:
        """The best candidates for one record of the people contract: person, source, record, match_weight,
        probability, decision, and level_* and weight_* of each comparison, one row a person, best first."""
        new, keyed = self._prepared(record)
        rows = self._candidates(keyed)
        if not rows.size:
            return []
        found = weighed_beside_households(self._weighed(new, rows), self._model, self._linked.rho)
        log_odds = odds(found["weight"].to_numpy(), self._prior, self._model.calibration)
        found = found.with_columns(
            pl.Series("match_weight", log_odds), pl.Series("probability", probabilities(log_odds))
        )
        told = found.with_columns(
            person=self._person.gather(found["row_r"]),
            source=self._linked.links["source"].gather(found["row_r"]),
            record=self._linked.links["record"].gather(found["row_r"]),
            decision=_decision(self._linked),
        )
        best = told.sort("match_weight", "row_r", descending=[True, False]).unique(
            "person", keep="first", maintain_order=True
        )
        shown = ["person", "source", "record", "match_weight", "probability", "decision"]
        levels = [name for name in best.columns if name.startswith(("level_", "weight_"))]
        return best.head(most).select(*shown, *levels).to_dicts()

    def _prepared(self, record: Mapping[str, Any]) -> tuple[pl.DataFrame, pl.DataFrame]:
        table = pl.DataFrame([{"record_id": _NEW, **{k: v for k, v in record.items() if k != "record_id"}}])
        prepared = keys(self._basis.prepared(stacked({_NEW: table}, self._basis.columns)), self._basis.blocks)
        return prepared.select(n for n in self._frame.columns), prepared

    def _candidates(self, keyed: pl.DataFrame) -> NDArray[np.int64]:
        found = []
        for name, (sorted_keys, rows) in zip(block_columns(self._basis.blocks), self._index, strict=True):
            key = keyed[name][0]
            if key is not None:
                first, last = (
                    np.searchsorted(sorted_keys, np.uint64(key), side) for side in ("left", "right")
                )
                found.append(rows[first:last])
        rows = np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)
        return rows[:_MOST_CANDIDATES]

    def _weighed(self, new: pl.DataFrame, rows: NDArray[np.int64]) -> pl.DataFrame:
        others = self._frame[rows]
        left = new.with_columns(row=pl.lit(-1)).rename({n: f"{n}_l" for n in new.columns})
        right = others.rename({n: f"{n}_r" for n in others.columns})
        pairs = right.join(left, how="cross")
        for column, share in self._rare.items():
            for side in "lr":
                values = pl.DataFrame({column: pairs[f"{column}_{side}"]})
                tf = values.join(share, on=column, how="left", maintain_order="left")["share"]
                pairs = pairs.with_columns(tf.alias(f"tf_{column}_{side}"))
        self._connection.register("pairs", pairs.to_arrow())
        return self._connection.execute(self._sql).pl()


def _sorted_keys(values: pl.Series) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    known = values.is_not_null()
    rows = known.arg_true().to_numpy().astype(np.int64)
    found = values.drop_nulls().to_numpy().astype(np.uint64)
    order = np.argsort(found, kind="stable")
    return found[order], rows[order]


def _frequencies(frame: pl.DataFrame, comparisons: Sequence[Mapping[str, Any]]) -> dict[str, pl.DataFrame]:
    """How frequent each value is, of columns whose rare values weigh more: value, share."""
    columns = {
        level["tf_adjustment_column"]
        for found in comparisons
        for level in found["comparison_levels"]
        if level.get("tf_adjustment_column")
    }
    found = {}
    for column in sorted(columns):
        known = frame.select(column).drop_nulls()
        found[column] = known.group_by(column).agg(share=pl.len() / known.height)
    return found


def _prior_of(linked: Linked) -> float:
    """The run's prior, as any of its pairs tells: its log odds without the weights of its comparisons."""
    if linked.pairs.is_empty():
        return float(np.log2(linked.model.prior / (1 - linked.model.prior)))
    slope, intercept = linked.model.calibration
    pair = linked.pairs.row(0, named=True)
    weight = sum(value for name, value in pair.items() if name.startswith("weight_"))
    return float((pair["match_weight"] - intercept) / slope - weight)


def _decision(linked: Linked) -> pl.Expr:
    weight = pl.col("match_weight")
    return (
        pl.when(weight >= linked.thresholds.link)
        .then(pl.lit("link"))
        .when(weight >= linked.thresholds.doubt)
        .then(pl.lit("doubtful"))
        .otherwise(pl.lit("apart"))
    )
