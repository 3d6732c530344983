"""Equal indicators for every group, and the differences between groups."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from philoxenia.needs.deprivation.indices import figures
from philoxenia.needs.profiles.answers import Answers
from philoxenia.needs.profiles.small import marked
from philoxenia.needs.profiles.types import Indicator
from philoxenia.needs.survey import Estimates, differences, means
from philoxenia.needs.survey.differences import holm

_DIFFERENCE = {
    "indicator": pl.String, "label": pl.String, "unit": pl.String, "group": pl.String, "reference": pl.String,
    "value": pl.Float64, "error": pl.Float64, "low": pl.Float64, "high": pl.Float64, "p": pl.Float64,
    "p_adjusted": pl.Float64, "base": pl.Int64, "reference_base": pl.Int64,
}  # fmt: skip


def estimated(answers: Answers, level: float | None) -> dict[str, Estimates]:
    """Every indicator in every group."""
    found = {}
    for place, one in enumerate(answers.spec.indicators):
        key = f"indicators[{place}]"
        among = answers.among(one.among, f"{key}.among")
        read = answers.truths if one.share else answers.numbers
        values = read(one.where or one.value, f"{key}.{'where' if one.share else 'value'}")
        found[one.id] = means(values, among, answers.design, share=one.share, level=level)
    return found


def indicator_rows(answers: Answers, found: Mapping[str, Estimates]) -> pl.DataFrame:
    """indicator, label, unit, need, group, value, error, low, high, base, people, effect, mark."""
    frames = [
        figures(found[one.id], answers.names).select(
            indicator=pl.lit(one.id),
            label=pl.lit(one.name),
            unit=pl.lit(unit_of(one, answers.spec.unit)),
            need=pl.lit(one.need),
            **{name: pl.col(name) for name in _FIGURES},
        )
        for one in answers.spec.indicators
    ]
    return marked(pl.concat(frames), ["indicator"])


_FIGURES = ("group", "value", "error", "low", "high", "base", "people", "effect")


def unit_of(indicator: Indicator, unit: str) -> str:
    """What a figure is measured in."""
    return f"share of {unit}" if indicator.share else indicator.unit


def difference_rows(answers: Answers, found: Mapping[str, Estimates], level: float | None) -> pl.DataFrame:
    """Each group less the reference, on every indicator; hidden where either base is too small.

    p_adjusted is Holm's over all differences of the profile: with twenty comparisons one in twenty differs by
    chance alone.
    """
    rows = []
    others = [place for place in range(1, len(answers.names)) if place != answers.reference]
    for one in answers.spec.indicators:
        made = differences(found[one.id], [(place, answers.reference) for place in others], level)
        for place, gap in zip(others, made, strict=True):
            rows.append(
                {
                    "indicator": one.id,
                    "label": one.name,
                    "unit": unit_of(one, answers.spec.unit),
                    "group": answers.names[place],
                    "reference": answers.names[answers.reference],
                    **vars(gap),
                    "base": int(found[one.id].base[place]),
                    "reference_base": int(found[one.id].base[answers.reference]),
                }
            )
    frame = pl.DataFrame(rows, schema={k: v for k, v in _DIFFERENCE.items() if k != "p_adjusted"})
    together = holm(np.asarray(frame["p"].to_numpy(), dtype=float)) if rows else np.zeros(0)
    return (
        frame.with_columns(p_adjusted=pl.Series(together, dtype=pl.Float64))
        .fill_nan(None)
        .select(*_DIFFERENCE)
    )


def hide_with(differences: pl.DataFrame, indicators: pl.DataFrame) -> pl.DataFrame:
    """Differences whose either side is hidden or weak carry its mark, and lose the figure where hidden."""
    marks = indicators.select("indicator", "group", "mark")
    both = differences.join(marks, on=["indicator", "group"], how="left", maintain_order="left")
    side = marks.rename({"group": "reference", "mark": "__reference"})
    both = both.join(side, on=["indicator", "reference"], how="left", maintain_order="left")
    worst = pl.when(pl.col("mark").is_in(["", "small base"])).then(
        pl.when(pl.col("__reference") != "").then(pl.col("__reference")).otherwise(pl.col("mark"))
    )
    both = both.with_columns(mark=worst.otherwise(pl.col("mark"))).drop("__reference")
    shown = pl.col("mark").is_in(["", "small base"])
    names = ["value", "error", "low", "high", "p", "p_adjusted", "base", "reference_base"]
    return both.with_columns(pl.when(shown).then(pl.col(names)))
