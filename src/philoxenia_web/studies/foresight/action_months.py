"""What an action changes in the city: amounts with and without it, month by month, and costs year by year."""

from typing import Any

from philoxenia_web.studies.foresight import fans, names
from philoxenia_web.studies.foresight.money import money_for
from philoxenia_web.studies.foresight.reading import WITHOUT, ForesightReading, Row
from philoxenia_web.studies.report.names import text
from philoxenia_web.ui import numbers

_MOST, _LITTLE = 4, 1e-3
_BOTH = ("newcomers", "long_term_residents")
_MAIN = ("waiting", "in_shelter", "in_homes", "exits_to_homes", "without_own_home")
# Room that stands empty moves whenever anything else does.
_LEFT_OUT = ("idle.",)


def changes(reading: ForesightReading, action: str) -> list[dict[str, Any]]:
    """What physically changes, by measure, for newcomers and long-term residents."""
    labels = reading.found.labels
    valued = set(reading.found["values"]["measure"])
    rows = sorted(reading.rows("changes", action), key=lambda row: row["measure"])
    return [
        {
            "main": row["constituency"] in _BOTH and (row["measure"] in _MAIN or row["measure"] in valued),
            "measure": names.measure(row["measure"], labels),
            "unit": text(row["unit"]),
            "who": names.constituency(row["constituency"]),
            "without": row["without_mean"],
            "with": row["with_mean"],
            "change": numbers.interval(row["mean"], row["p10"], row["p90"]),
            "exact": row["mean"],
        }
        for row in rows
        if _matters(row, valued) and any(row[name] for name in ("mean", "p10", "p90"))
    ]


def _matters(row: Row, valued: set[str]) -> bool:
    """What is valued or asked first; of everybody, also what moves by more than a thousandth of itself."""
    if row["measure"] in _MAIN or row["measure"] in valued:
        return True
    return row["constituency"] in _BOTH and abs(row["mean"]) > _LITTLE * abs(row["without_mean"] or 0.0)


def with_and_without(reading: ForesightReading, action: str) -> list[fans.Panel]:
    """The months of the measures that it changes most, with it and without it."""
    measures = [
        one
        for one in reading.measures(action)
        if (WITHOUT, one) in reading.months and not one.startswith(_LEFT_OUT)
    ]
    moved = {one: _moved(reading, action, one) for one in measures}
    ordered = sorted(measures, key=lambda one: -moved[one])
    shown = [one for one in ordered if moved[one] > _LITTLE] or ordered[:1]
    return [fans.panel(reading, action, one) for one in shown[:_MOST]]


def _moved(reading: ForesightReading, action: str, measure: str) -> float:
    """How far a measure is moved, beside its own size."""
    pairs = zip(reading.months[WITHOUT, measure], reading.months[action, measure], strict=False)
    without, difference = 0.0, 0.0
    for before, after in pairs:
        without += abs(before["mean"])
        difference += abs(after["mean"] - before["mean"])
    return difference / without if without else difference


def costs_by_year(reading: ForesightReading, action: str) -> dict[str, Any] | None:
    """What it costs in each year, where the study keeps it."""
    rows = [row for row in reading.found["plan_costs"].iter_rows(named=True) if row["plan"] == action]
    if not rows:
        return None
    money = money_for(reading.currency, [row["p90"] for row in rows])
    return {
        "unit": money.unit,
        "rows": [
            {
                "year": row["year"],
                "funder": reading.funders.get(row["funder"], row["funder"]),
                "mean": money.whole(row["mean"]),
                "p90": money.whole(row["p90"]),
            }
            for row in sorted(rows, key=_in_order)
            if row["mean"] or row["p90"]
        ],
    }


def _in_order(row: Row) -> tuple[int, str]:
    return row["year"], row["funder"]
