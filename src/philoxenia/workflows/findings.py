"""From the steps' outcomes to the findings that a report is made of."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from philoxenia import __version__
from philoxenia.exchange import City, CheckReport
from philoxenia.report import CityFacts, Findings, TableQuality
from philoxenia.vocabulary import Population
from philoxenia.workflows.steps import Outcome, engine_fingerprint

PEOPLE = {"district_id": pl.String, "population": pl.String, "people": pl.Float64}
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
    weights = dict(pressure.frames["weights"].iter_rows())
    return Findings(
        city=_facts(city),
        districts=city.districts,
        seed=seed,
        version=f"{__version__} ({engine_fingerprint()[:12]})",
        people=_people(city),
        weights=weights,
        arrival_totals=_arrival_totals(arrivals),
        quality=tuple(_quality(city, name, report) for name, report in city.reports.items()),
        parameters=city.parameters,
        labels=_labels(city),
        missing={
            "today": pressure.notes,
            "arrivals": arrivals.notes,
            "load": load.notes,
            "data": city.remarks,
        },
        **{name: pressure.frames[name] for name in ("values", "pressure", "reach", "unreached", "exposure")},
        **_known(arrivals, ("history", "forecasts", "backtest", "demand")),
        **_known(load, ("load", "totals", "outlook", "settlement", "shelter")),
    )


def _known(outcome: Outcome, names: tuple[str, ...]) -> dict[str, pl.DataFrame]:
    return {name: outcome.frames[name] for name in names if name in outcome.frames}


def _facts(city: City) -> CityFacts:
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


def _people(city: City) -> pl.DataFrame:
    """Everybody by district, and newcomers beside long-term residents where the profile tells them."""
    counts = _latest_counts(city)
    everybody = counts.get(str(city.settings.population.get("characteristic", "population")))
    declared = city.groups.get("newcomers", {})
    newcomers = counts.get(str(declared.get("characteristic", "recent_immigrants")))
    frames = [pl.DataFrame(schema=PEOPLE)]
    if everybody is not None:
        frames.append(_labelled(everybody, Population.ALL_RESIDENTS))
    if everybody is not None and newcomers is not None:
        rest = everybody.join(newcomers, on="district_id", suffix="_new").select(
            "district_id", people=(pl.col("people") - pl.col("people_new")).clip(lower_bound=0)
        )
        frames += [
            _labelled(newcomers, Population.NEWCOMERS),
            _labelled(rest, Population.LONG_TERM_RESIDENTS),
        ]
    return pl.concat(frames).sort("district_id", "population")


def _latest_counts(city: City) -> dict[str, pl.DataFrame]:
    profile = city.tables["census_profile"].filter(
        pl.col("year") == pl.col("year").max().over("characteristic")
    )
    return {
        str(code): rows.select("district_id", people=pl.col("value").cast(pl.Float64))
        for (code,), rows in profile.group_by("characteristic", maintain_order=True)
    }


def _labelled(rows: pl.DataFrame, population: Population) -> pl.DataFrame:
    return rows.select("district_id", population=pl.lit(str(population)), people="people")


def _arrival_totals(arrivals: Outcome) -> pl.DataFrame:
    """How many over the whole horizon: the sum of each path, then its deciles. Not a sum of deciles."""
    rows = []
    for name, paths in arrivals.arrays.items():
        measure, group = name.split("|", 1)
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
