"""Missed and false links without a truth: what the model's probabilities expect, mended by reviewed pairs.

Owns the estimate: among links the expected share false is the mean of 1 - p; of true pairs the expected
share missed is the sum of p below the threshold over all p, plus what blocking left out (Chao 1987 from how
many rules find each link). Where reviewers decided pairs, their answers replace p there (post-stratified by
decision and weight).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from philoxenia.linkage.quality import GROUPS, in_groups, wilson

_MODEL = "expected by the model's probabilities; the interval allows for chance, not for a wrong model"
_REVIEWED = "model's probabilities, replaced where reviewers decided"
_UNSEEN = "pairs no blocking rule found, by Chao (1987) from links found by one and by two rules"


def expected(
    pairs: pl.DataFrame, records: pl.DataFrame, rules: int, confidence: float
) -> list[Mapping[str, Any]]:
    """Rows of quality from pairs (row_l, row_r, probability, decision, rules; after review `reviewed` and
    `machine`).

    `rules` of this function is how many blocking rules there were; a pair's own are those that found it.
    """
    rows = _rates("all", "all", pairs, rules, confidence)
    links, unseen = _links(pairs), _unseen(pairs, rules)
    share = unseen / (links + unseen) if links + unseen else 0.0
    low, high = wilson(share, links + unseen, confidence)
    rows.append(_row("left_out", "all", "all", share, low, high, links, _UNSEEN))
    for by in (name for name in GROUPS if name in records.columns):
        parts = in_groups(pairs, records, by).group_by("value")
        for (value,), part in sorted(parts, key=lambda one: str(one[0][0])):
            rows += _rates(by, str(value), part, rules, confidence)
    return rows


def _links(pairs: pl.DataFrame) -> int:
    return pairs.filter(pl.col("decision") == "link").height


def _unseen(pairs: pl.DataFrame, rules: int) -> float:
    return left_out(pairs.filter(pl.col("decision") == "link")["rules"].to_numpy(), rules)


def _rates(
    by: str, value: str, pairs: pl.DataFrame, rules: int, confidence: float
) -> list[Mapping[str, Any]]:
    chance, unseen = chances(pairs), _unseen(pairs, rules)
    linked = (pairs["decision"] == "link").to_numpy()
    links, total = int(linked.sum()), float(chance.sum()) + unseen
    false = float((1 - chance[linked]).mean()) if links else 0.0
    missed = (float(chance[~linked].sum()) + unseen) / total if total > 0 else 0.0
    asked = _asked(pairs)
    method = _REVIEWED if asked.any() else _MODEL
    size = _size(total, asked[~linked]), _size(links, asked[linked])
    return [
        _row("missed", by, value, missed, *wilson(missed, size[0], confidence), round(total), method),
        _row("false", by, value, false, *wilson(false, size[1], confidence), links, method),
    ]


def _asked(pairs: pl.DataFrame) -> NDArray[np.bool_]:
    if "reviewed" not in pairs.columns:
        return np.zeros(pairs.height, dtype=bool)
    return pairs["reviewed"].is_not_null().to_numpy()


def _size(pairs: float, asked: NDArray[np.bool_]) -> float:
    """Pairs an estimate rests on: those reviewed, with the correction for having asked about a large part of
    all."""
    answers = int(asked.sum())
    if not answers or answers == asked.size:
        return pairs
    return min(pairs, answers / (1 - answers / asked.size))


def chances(pairs: pl.DataFrame) -> NDArray[np.float64]:
    """Each pair's chance of being one person: the reviewer's word where there is one, else the model's,
    shifted by how far reviewers differ from it in the same decision."""
    chance = pairs["probability"].to_numpy().astype(np.float64)
    if "reviewed" not in pairs.columns:
        return chance
    said = pairs["reviewed"].cast(pl.Float64).to_numpy()
    known = ~np.isnan(said)
    found = chance.copy()
    for decision in ("link", "doubtful", "apart"):
        # By what the machine had said: a reviewer's yes is a link because it was a yes.
        here = (pairs["machine" if "machine" in pairs.columns else "decision"] == decision).to_numpy()
        asked = here & known
        believed = float(chance[asked].sum())
        if asked.any() and believed > 0:
            found[here] = np.clip(chance[here] * float(said[asked].sum()) / believed, 0.0, 1.0)
    found[known] = said[known]
    return found


def left_out(rules_per_link: NDArray[np.int64], rules: int) -> float:
    """How many links no rule found, from those found by exactly one and exactly two of several rules.

    Chao's (1987) lower bound in its bias-corrected form: (t-1)/t x f1 (f1 - 1) / (2 (f2 + 1)).
    """
    if rules < 2 or not rules_per_link.size:
        return 0.0
    once, twice = int((rules_per_link == 1).sum()), int((rules_per_link == 2).sum())
    return (rules - 1) / rules * once * max(once - 1, 0) / (2 * (twice + 1))


def _row(
    measure: str, by: str, value: str, estimate: float, low: float, high: float, base: int, method: str
) -> Mapping[str, Any]:
    names = ("measure", "by", "value", "estimate", "low", "high", "base", "method")
    return dict(zip(names, (measure, by, value, estimate, low, high, base, method), strict=True))
