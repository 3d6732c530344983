"""Why a pair weighs what it does: one row a comparison, from the prior to the final weight."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from philoxenia.linkage.households import COMPARISON, WORDS
from philoxenia.linkage.model import Model

_NO_DATA = "not known on one side"
_PRIOR = "how often two records of these lists are one person"


def waterfall(pair: Mapping[str, Any], model: Model) -> pl.DataFrame:
    """comparison, level (in words), weight (log2), running (the sum so far), of one row of `pairs`.

    The last `running` is the pair's match_weight.
    """
    parts = [
        (name, _words(model, name, pair.get(f"level_{name}")), float(pair.get(f"weight_{name}") or 0.0))
        for name in model.comparisons
        if f"level_{name}" in pair
    ]
    if f"weight_{COMPARISON}" in pair:
        level = WORDS[int(pair[f"level_{COMPARISON}"])]
        parts.append((COMPARISON, level, float(pair[f"weight_{COMPARISON}"])))
    slope, _ = model.calibration
    weights = [slope * weight for _, _, weight in parts]
    prior = float(pair["match_weight"]) - sum(weights)
    rows = [
        ("prior", _PRIOR, prior),
        *((name, level, w) for (name, level, _), w in zip(parts, weights, strict=True)),
    ]
    running, found = 0.0, []
    for name, level, weight in rows:
        running += weight
        found.append({"comparison": name, "level": level, "weight": weight, "running": running})
    return pl.DataFrame(found)


def _words(model: Model, name: str, value: Any) -> str:
    for level in model.comparisons[name]:
        if level.value == value:
            return level.words
    return _NO_DATA
