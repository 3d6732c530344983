"""From the steps' outcomes to the findings that a report is made of."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np
import polars as pl

from philoxenia import __version__
from philoxenia.exchange import CheckReport, City
from philoxenia.lake.source import engine_fingerprint
from philoxenia.report import CityFacts, Findings, TableQuality
from philoxenia.workflows.steps import Outcome, series_of

ARRIVAL_TOTALS = {
    "measure": pl.String,
    "group": pl.String,
    "first": pl.String,
    "last": pl.String,
    "p10": pl.Float64,
    "p50": pl.Float64,
    "p90": pl.Float64,
}
_DECILES = (0.1, 0.5, 0.9)


def findings_of(city: City, outcomes: Mapping[str, Outcome], seed: int) -> Findings:
    """Everything the report tells, from the outcomes of the steps `pressure`, `arrivals` and `load`."""
    pressure, arrivals, load = (outcomes[name] for name in ("pressure", "arrivals", "load"))
    bare = Findings(
        city=city_facts(city),
        districts=city.districts,
        seed=seed,
        version=f"{__version__} ({engine_fingerprint()[:12]})",
        weights=dict(pressure.frames["weights"].iter_rows()),
        arrival_totals=_arrival_totals(arrivals),
        quality=tuple(_quality(city, name, report) for name, report in city.reports.items()),
        parameters=city.parameters,
        labels=_labels(city),
        missing={
            "today": pressure.notes,
            "arrivals": arrivals.left_out,
            "load": load.notes,
            "data": city.remarks,
        },
        remarks={"arrivals": arrivals.notes},
    )
    told = {field.name for field in fields(Findings)} - {"weights"}
    found = (pressure.frames | arrivals.frames | load.frames).items()
    frames: dict[str, Any] = {name: frame for name, frame in found if name in told}
    return replace(bare, **frames)


def city_facts(city: City) -> CityFacts:
    """Who a report or a study is about."""
    return CityFacts(
        id=city.id,
        name=city.name,
        country=city.country,
        languages=city.languages,
        currency=city.currency,
        newcomers_are=str(city.groups.get("newcomers", {}).get("note", "")),
    )


def _labels(city: City) -> dict[str, str]:
    labels: dict[str, str] = {}
    for series in city.arrivals.get("series", []):
        if label := series.get("label"):
            labels |= dict.fromkeys(series["measures"], label) if len(series["measures"]) == 1 else {}
        labels |= series.get("labels", {})
    return labels


def _arrival_totals(arrivals: Outcome) -> pl.DataFrame:
    """How many over the whole horizon: the sum of each path, then its deciles. Not a sum of deciles."""
    rows = []
    for name, paths in arrivals.arrays.items():
        measure, group = series_of(name)
        times = arrivals.frames["forecasts"].filter(
            (pl.col("measure") == measure) & (pl.col("group") == group)
        )["time"]
        totals = np.quantile(paths.sum(axis=1), _DECILES)
        rows.append((measure, group, times.min(), times.max(), *map(float, totals)))
    return pl.DataFrame(rows, schema=ARRIVAL_TOTALS, orient="row").sort("measure", "group")


def _quality(city: City, table: str, report: CheckReport) -> TableQuality:
    source = city.sources.get(table)
    warnings = tuple(
        f"{finding.message} {finding.remedy}".strip()
        for finding in report.findings
        if finding.severity == "warning"
    )
    mended = tuple(mend.message for mend in report.mends)
    if source is None:
        return TableQuality(
            table, table.replace("_", " "), rows=report.rows, mended=mended, warnings=warnings
        )
    return TableQuality(
        table=table,
        title=source.title or table.replace("_", " "),
        owner=source.owner,
        licence=source.licence,
        date=source.date,
        rows=report.rows,
        raw_file=source.raw_file,
        mended=(*source.mended, *mended),
        warnings=warnings,
        note=source.note,
    )
