"""How did the forecasts do before? Errors beside simple baselines, and whether intervals held."""

from typing import Any

import numpy as np
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from philoxenia.report.sections.backtest import BASELINES, by_measure, chosen_model
from philoxenia.report.sections.places import holds
from philoxenia.report.words import in_usual_order
from philoxenia_web.studies.report import names, sentences
from philoxenia_web.studies.report.figures import level
from philoxenia_web.studies.report.reading import Reading, Row
from philoxenia_web.ui import numbers

_NEEDED = ("measure", "group", "model", "mase", "wape", "wis", "coverage_80", "n")


def context(reading: Reading) -> dict[str, Any] | None:
    """Sentences and rows; nothing where the forecasts could not be tried on the past."""
    frame = reading.findings.backtest
    if not holds(frame, *_NEEDED):
        return None
    chosen = chosen_model(frame)
    rows = by_measure(frame).to_dicts()
    order = in_usual_order(row["measure"] for row in rows)
    by_series = {
        measure: {row["model"]: row for row in rows if row["measure"] == measure} for measure in order
    }
    told = [_told(by_series, chosen), _held([one[chosen] for one in by_series.values() if chosen in one])]
    return {
        "told": told,
        "rows": [
            _line(reading, one, models, chosen) for one, models in by_series.items() if chosen in models
        ],
        "every": [_full(reading, row) for measure in order for row in by_series[measure].values()],
    }


def _told(by_series: dict[str, dict[str, Row]], chosen: str) -> SafeString:
    better = total = 0
    for models in by_series.values():
        known = [models[one]["wis"] for one in BASELINES if one in models]
        if known and chosen in models:
            total += 1
            better += models[chosen]["wis"] <= min(known)
    words = _(
        "Each forecast was made again as if at past dates, knowing only what was known then. "
        "For {better} of {total} series it did no worse than the best of three simple baselines."
    )
    return sentences.say(words, better=better, total=total)


def _held(rows: list[Row]) -> SafeString:
    weights = [row["n"] for row in rows]
    held = {
        share: float(np.average([row[f"coverage_{share}"] for row in rows], weights=weights))
        for share in (50, 80, 95)
    }
    return sentences.say(
        _("Intervals of 50, 80 and 95 in 100 held {fifty}, {eighty} and {ninety} of what then came."),
        fifty=numbers.percent(held[50]),
        eighty=numbers.percent(held[80]),
        ninety=numbers.percent(held[95]),
    )


def _line(reading: Reading, measure: str, models: dict[str, Row], chosen: str) -> dict[str, Any]:
    row = models[chosen]
    known = [(models[one]["wape"], one) for one in BASELINES if one in models]
    best = min(known) if known else None
    return {
        "series": names.label(measure, reading.findings.labels),
        "wape": row["wape"],
        "best": best[0] if best else None,
        "best_name": names.model(best[1]) if best else "",
        "strip": level(row["coverage_80"], 0.8),
        "held": row["coverage_80"],
        "n": row["n"],
        "mase": row["mase"],
    }


def _full(reading: Reading, row: Row) -> dict[str, Any]:
    return row | {
        "series": names.label(row["measure"], reading.findings.labels),
        "name": names.model(row["model"]),
    }
