"""What a finished run's page shows: errors by group, people by departments, the model's weights, what
changed.

Small counts are protected here, before anything is put on a page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from philoxenia.reference import default_parameters
from philoxenia_web.linkage.models.runs import Run
from philoxenia_web.linkage.review.words import comparison_words, level_words
from philoxenia_web.linkage.runs import drawings, group_words, queries
from philoxenia_web.linkage.runs.sealed import figures_of, frame_of
from philoxenia_web.ui import numbers
from philoxenia_web.ui.late import Late

_disclosure = Late("philoxenia.disclosure")

MEASURES = ("missed", "false")


@dataclass(frozen=True)
class Rate:
    """A share of links with its interval; `too_few` where the base says too little to be told."""

    estimate: float
    low: float
    high: float
    base: int
    too_few: bool
    picture: SafeString

    @property
    def words(self) -> str:
        """The share and its interval, in percent."""
        return share_words(self.estimate, self.low, self.high)

    @property
    def range(self) -> str:
        """The interval alone."""
        told = {"low": numbers.percent(self.low), "high": numbers.percent(self.high)}
        return numbers.together(_("%(low)s to %(high)s") % told)


@dataclass(frozen=True)
class Group:
    """Missed and false links among one group of people."""

    title: Promise | str
    rates: tuple[Rate | None, ...]


@dataclass(frozen=True)
class Level:
    """One finding of a comparison and what it weighs."""

    title: Promise | str
    weight: float
    m: float
    u: float
    picture: SafeString

    @property
    def signed(self) -> str:
        """The weight with its sign."""
        return f"+{numbers.number(self.weight)}" if self.weight > 0 else numbers.number(self.weight)


def share_words(estimate: float, low: float, high: float) -> str:
    """1.2% (0.9% to 1.6%)."""
    told = {"middle": numbers.percent(estimate), "low": numbers.percent(low), "high": numbers.percent(high)}
    return numbers.together(_("%(middle)s (%(low)s to %(high)s)") % told)


def page_of(run: Run) -> dict[str, Any]:
    """All that the page of a finished run shows. Raises `KeyGone` after the agreement's end."""
    figures, quality = figures_of(run), frame_of(run, "quality")
    names = {one["organisation"]: one["name"] for one in run.lists}
    return {
        "figures": figures,
        "overall": {measure: _rate(quality, measure, "all", "all", 0.0) for measure in MEASURES},
        "left_out": _rate(quality, "left_out", "all", "all", 0.0),
        "method": _method(quality),
        "tables": _tables(quality),
        "departments": departments_of(figures["sources"], names),
        "lists": [(name, figures["records"].get(place, 0)) for place, name in names.items()],
        "weights": _weights(frame_of(run, "weights")),
        "changes": _changes(run),
        "thresholds": _thresholds(figures["thresholds"]),
        "sparse": numbers.whole(default_parameters()["disclosure.minimum"]),
    }


def _rate(quality: pl.DataFrame, measure: str, by: str, value: str, top: float) -> Rate | None:
    if quality.is_empty():
        return None
    found = quality.filter(
        (pl.col("measure") == measure) & (pl.col("by") == by) & (pl.col("value") == value)
    ).to_dicts()
    if not found:
        return None
    row = found[0]
    few = row["base"] < default_parameters()["disclosure.minimum"]
    low, high = row["low"] or 0.0, row["high"] or 0.0
    drawn = drawings.interval_strip(row["estimate"], low, high, top or high or 1.0)
    return Rate(row["estimate"], low, high, row["base"], few, SafeString("") if few else drawn)


def _tables(quality: pl.DataFrame) -> list[dict[str, Any]]:
    """A table for each way to group people: everybody first, one scale for each measure."""
    if quality.is_empty():
        return []
    tops = {
        measure: quality.filter((pl.col("measure") == measure) & (pl.col("base") >= 5))["high"].max() or 1.0
        for measure in MEASURES
    }
    every = Group(_("Everybody"), _rates(quality, "all", "all", tops))
    return [
        {"title": title, "rows": [every, *_groups(quality, by, tops)], "by": by}
        for by, title in group_words.GROUPINGS.items()
        if quality.filter(pl.col("by") == by).height
    ]


def _groups(quality: pl.DataFrame, by: str, tops: Mapping[str, Any]) -> list[Group]:
    values = quality.filter(pl.col("by") == by).group_by("value").agg(pl.col("base").max())
    ordered = values.sort("base", "value", descending=[True, False])["value"]
    return [Group(group_words.words_for(by, value), _rates(quality, by, value, tops)) for value in ordered]


def _rates(quality: pl.DataFrame, by: str, value: str, tops: Mapping[str, Any]) -> tuple[Rate | None, ...]:
    return tuple(_rate(quality, measure, by, value, float(tops[measure])) for measure in MEASURES)


_METHODS: dict[str, Promise] = {
    "expected": gettext_lazy(
        "Estimated from the model's own probabilities, without knowing the truth. The intervals allow for "
        "chance, not "
        "for a model that is wrong: decisions of reviewers mend that."
    ),
    "model's": gettext_lazy(
        "Estimated from the model's probabilities, replaced by what reviewers decided where they did."
    ),
    "counted": gettext_lazy("Counted against a known truth."),
}


def _method(quality: pl.DataFrame) -> Promise | str:
    said = quality["method"][0] if quality.height else ""
    return _METHODS.get(said.partition(" ")[0], said)


def departments_of(sources: Sequence[Sequence[Any]], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """People by the departments that know them, and by how many those are; small counts are left out.

    Rows: title, people (None where it is not shown), and whether it is a sum over how many departments.
    """
    if not sources:
        return []
    cells = pl.DataFrame(sources, schema=["sources", "people"], orient="row").with_columns(
        departments=pl.col("sources").str.split(";").list.len()
    )
    told = _disclosure.protect(cells, ["departments", "sources"], within=(("departments",), ()))
    rows = told.filter(pl.col("margin") != "").sort(
        "departments", "sources", descending=[False, False], nulls_last=False
    )
    return [
        {
            "title": _in_how_many(row["departments"])
            if row["sources"] is None
            else _listed(row["sources"], names),
            "people": row["shown"],
            "is_sum": row["sources"] is None,
        }
        for row in rows.to_dicts()
        if row["sources"] is None or row["departments"] < len(names)
    ]


def _in_how_many(count: int) -> str:
    return ngettext("In one department only", "In %(n)d departments", count) % {"n": count}


def _listed(sources: str, names: Mapping[str, str]) -> str:
    return " + ".join(sorted(names.get(one, one) for one in sources.split(";")))


def _weights(weights: pl.DataFrame) -> list[dict[str, Any]]:
    """The comparisons of the model with the weight of each finding, on one scale."""
    if weights.is_empty():
        return []
    reach = float(weights["weight"].abs().max())  # type: ignore[arg-type]
    return [
        {
            "title": comparison_words(str(name)),
            "levels": [
                Level(
                    level_words(row["words"]),
                    row["weight"],
                    row["m"],
                    row["u"],
                    drawings.weight_bar(row["weight"], reach),
                )
                for row in part.to_dicts()
            ],
        }
        for (name,), part in weights.group_by("comparison", maintain_order=True)
    ]


def _thresholds(found: Mapping[str, float]) -> dict[str, str]:
    return {name: numbers.percent(_chance(found[name])) for name in ("link", "doubt")}


def _chance(log_odds: float) -> float:
    return 1.0 / (1.0 + 2.0 ** -max(min(log_odds, 60.0), -60.0))


def _changes(run: Run) -> list[str]:
    """What is different from the run before, in sentences; nothing for a first run."""
    before = queries.previous_done(run)
    if before is None:
        return []
    told = [
        _change(_("Records"), before.records, run.records),
        _change(_("People"), before.people, run.people),
        _change(_("Doubtful pairs"), before.doubtful, run.doubtful),
        _change(_("Decisions of reviewers taken in"), before.decisions, run.decisions),
    ]
    return [one for one in told if one]


def _change(words: str, before: int, now: int) -> str:
    told = {"what": words, "before": numbers.whole(before), "now": numbers.whole(now)}
    if before == now:
        return _("%(what)s: %(now)s, as before.") % told
    return _("%(what)s: %(now)s instead of %(before)s.") % told
