"""How did the model do last time? Its errors beside three baselines, and whether its bands held."""

from typing import Any

import numpy as np
import polars as pl

from philoxenia.report.document import Cell, Column, Missing, Part, Table, Text, present
from philoxenia.report.numbers import exact, percent, shown
from philoxenia.report.sections.places import holds
from philoxenia.report.strips import level_strip
from philoxenia.report.types import Findings
from philoxenia.report.words import in_usual_order, label, listing, prose, sentence_case

CHOSEN, POOLED = "combination", "(all groups)"
BASELINES = ("last_value", "seasonal_naive", "mean_of_three")
_NEEDED = ("measure", "group", "model", "mase", "wape", "wis", "coverage_80", "n")
_MEANS = ("mase", "wape", "wis", "coverage_50", "coverage_80", "coverage_95")


def backtest_part(findings: Findings) -> Part:
    """Errors and coverage of the model and of the baselines, for each series."""
    title = "How did the model do last time?"
    frame = findings.backtest
    if not holds(frame, *_NEEDED):
        missing = Missing(
            "The forecasts could not be tried on the past.",
            prose("backtest.remedy"),
        )
        return Part("arrivals-backtest", title, (missing,))
    measured = by_measure(frame)
    text = Text(
        f"{backtest_answer(findings)} Each forecast was made again as if at past dates, knowing only what "
        "was known then, and compared with what came."
    )
    return Part(
        "arrivals-backtest",
        title,
        present([text, _chosen_table(findings, measured), _full_table(findings, measured)]),
    )


def chosen_model(frame: pl.DataFrame) -> str:
    """The model whose forecasts the report shows."""
    models = frame["model"].unique(maintain_order=True).to_list()
    return CHOSEN if CHOSEN in models else next(model for model in models if model not in BASELINES)


def by_measure(frame: pl.DataFrame) -> pl.DataFrame:
    """Pooled over groups as the backtest did it; else means weighted by how many forecasts were compared."""
    pooled = (pl.col("group") == POOLED).any().over("measure")
    frame = frame.filter(~pooled | (pl.col("group") == POOLED))
    there = [name for name in _MEANS if name in frame.columns]
    means = [(pl.col(name) * pl.col("n")).sum() / pl.col("n").sum() for name in there]
    return frame.group_by("measure", "model", maintain_order=True).agg(*means, pl.col("n").sum())


def backtest_answer(findings: Findings) -> str:
    """Whether the model beat the baselines, and whether the intervals held what they promise."""
    if not holds(findings.backtest, *_NEEDED):
        return ""
    rows = by_measure(findings.backtest)
    model = chosen_model(findings.backtest)
    better, total = 0, 0
    for (_,), group in rows.group_by(["measure"], maintain_order=True):
        scores = dict(group.select("model", "wis").iter_rows())
        known = [scores[name] for name in BASELINES if name in scores]
        if known and model in scores:
            total += 1
            better += scores[model] <= min(known)
    held = rows.filter(pl.col("model") == model)
    weighted = np.average(held["coverage_80"], weights=held["n"])
    return (
        "The model's interval score is no worse than the best of three simple baselines for "
        f"{better} of {total} series; "
        f"its 80% intervals held {percent(float(weighted))} of what then came."
    )


def _chosen_table(findings: Findings, rows: pl.DataFrame) -> Table:
    model = chosen_model(findings.backtest)
    cells = []
    for measure in in_usual_order(rows["measure"]):
        group = rows.filter(pl.col("measure") == measure)
        by_model = {row["model"]: row for row in group.iter_rows(named=True)}
        if model in by_model:
            cells.append(_chosen_row(findings, measure, by_model, model))
    columns = (
        Column("Series"),
        Column("Error of the model", numeric=True),
        Column("Best baseline", numeric=True),
        Column("80% interval held", graphic=True),
        Column("Held", numeric=True),
        Column("Forecasts compared", numeric=True),
    )
    note = prose("backtest.note")
    return Table("table-backtest", "The model beside the best baseline", columns, tuple(cells), note)


def _chosen_row(
    findings: Findings, measure: str, by_model: dict[str, dict[str, Any]], model: str
) -> tuple[Cell, ...]:
    row = by_model[model]
    known = [(by_model[name]["wape"], name) for name in BASELINES if name in by_model]
    best = min(known) if known else None
    return (
        Cell(sentence_case(label(measure, findings.labels))),
        Cell(percent(row["wape"]), exact(row["wape"])),
        Cell(f"{percent(best[0])}, {label(best[1])}" if best else ""),
        Cell(graphic=level_strip(row["coverage_80"], 0.8)),
        Cell(percent(row["coverage_80"]), exact(row["coverage_80"])),
        Cell(f"{int(row['n']):,}"),
    )


def _full_table(findings: Findings, rows: pl.DataFrame) -> Table:
    there = [name for name in _MEANS if name in rows.columns]
    heads = {
        "mase": "MASE",
        "wape": "WAPE",
        "wis": "WIS",
        "coverage_50": "50% held",
        "coverage_80": "80% held",
        "coverage_95": "95% held",
    }
    columns = (Column("Series"), Column("Model"), *(Column(heads[name], numeric=True) for name in there))
    cells = tuple(
        (
            Cell(sentence_case(label(row["measure"], findings.labels))),
            Cell(sentence_case(label(row["model"]))),
            *(
                Cell(
                    percent(row[name]) if "coverage" in name or name == "wape" else shown(row[name]),
                    exact(row[name]),
                )
                for name in there
            ),
        )
        for row in rows.iter_rows(named=True)
    )
    models = listing(sentence_case(label(one)).lower() for one in BASELINES)
    note = f"Baselines: {models}. By group: tables/backtest.csv. Lower is better for MASE, WAPE and WIS."
    return Table(
        "table-backtest-full",
        "Every model on every series",
        columns,
        cells,
        note,
        fold="Every model on every series",
        in_print=False,
    )
