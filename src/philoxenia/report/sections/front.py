"""The first page: the question, its answer, and the few figures a reader takes away."""

import polars as pl

from philoxenia.report.document import Document, KeyFinding
from philoxenia.report.names import plain
from philoxenia.report.numbers import bracket, middle_of, percent, shown
from philoxenia.report.sections.arrivals import (
    arrivals,
    arrivals_answer,
    main_measure,
    total_of,
    total_sentence,
)
from philoxenia.report.sections.data import data
from philoxenia.report.sections.load import gap_headline, load
from philoxenia.report.sections.method import method, sources
from philoxenia.report.sections.places import Places, holds, places_of
from philoxenia.report.sections.profiles import profiles
from philoxenia.report.sections.sureness import sureness
from philoxenia.report.sections.today import districts_by_overlap, today, today_answer
from philoxenia.report.sections.totals import Row, Standing, last_rows, standing
from philoxenia.report.types import Findings
from philoxenia.report.words import (
    aspect_name,
    futures,
    inside_sentence,
    names_listed,
    period_name,
    plural,
    series_sentence,
    service_name,
    span_name,
)
from philoxenia.vocabulary import Population


def document(findings: Findings) -> Document:
    """The whole report as data."""
    places = places_of(findings.districts)
    sections = (
        today(findings, places),
        arrivals(findings),
        load(findings, places),
        sureness(findings),
        data(findings),
        method(findings),
        sources(findings),
    )
    return Document(
        findings.city.name,
        f"Where is {findings.city.name} under pressure, who may come, and what will that ask?",
        _answer(findings, places),
        _facts(findings),
        _keys(findings, places),
        sections,
        profiles(findings, places),
    )


def headline(findings: Findings) -> str:
    """The answer in a few sentences, without page or picture."""
    return plain(_answer(findings, places_of(findings.districts)))


def _answer(findings: Findings, places: Places) -> str:
    return " ".join([today_answer(findings, places), _arrivals(findings), gap_headline(findings)])


def _arrivals(findings: Findings) -> str:
    if not holds(findings.forecasts, "measure", "group", "median"):
        return arrivals_answer(findings)
    return total_sentence(findings, main_measure(findings))


def _facts(findings: Findings) -> tuple[str, ...]:
    facts = [plural(findings.districts.height, "district")]
    everybody = _people(findings, Population.ALL_RESIDENTS)
    newcomers = _people(findings, Population.NEWCOMERS)
    if everybody:
        facts.append(f"{shown(everybody)} people")
    if everybody and newcomers:
        facts.append(f"{shown(newcomers)} newcomers ({percent(newcomers / everybody)})")
    if holds(findings.history, "time"):
        facts.append(f"records to {period_name(str(findings.history['time'].max()))}")
    facts.append(f"Philoxenia {findings.version}, seed {findings.seed}".replace("  ", " "))
    return tuple(facts)


def _people(findings: Findings, population: Population) -> float:
    if not holds(findings.people, "population", "people"):
        return 0.0
    total = findings.people.filter(pl.col("population") == population.value)["people"].sum()
    return float(total or 0.0)


def _keys(findings: Findings, places: Places) -> tuple[KeyFinding, ...]:
    found = [
        _overlap_key(findings, places),
        _arrival_key(findings),
        *_gap_keys(findings),
        _exposure_key(findings),
    ]
    return tuple(key for key in found if key is not None)


def _overlap_key(findings: Findings, places: Places) -> KeyFinding | None:
    if not holds(findings.pressure, "district_id", "aspect", "population", "score"):
        return None
    meeting = districts_by_overlap(findings.pressure)
    several = [places.name(one) for one, count in meeting.items() if count >= 3]
    if not several:
        return None
    fifth = "among the most pressed fifth in three aspects or more"
    sentence = f"of {len(places)} districts are {fifth}: {names_listed(several, 3)}."
    return KeyFinding(str(len(several)), "", sentence, "today-overlap")


def _arrival_key(findings: Findings) -> KeyFinding | None:
    if not holds(findings.forecasts, "measure", "group", "median"):
        return None
    measure = main_measure(findings)
    total = total_of(findings, measure)
    if total is None:
        return None
    middle = middle_of(total["p50"], total["p10"], total["p90"])
    span = span_name(str(total["first"]), str(total["last"]))
    sentence = series_sentence(measure, "", span, findings.labels).strip().rstrip(":") + "."
    return KeyFinding(middle, bracket(total["p10"], total["p90"]), sentence, "arrivals-series")


def _gap_keys(findings: Findings) -> list[KeyFinding]:
    if not holds(findings.totals, "service", "time", "population", "gap_p50"):
        return []
    pressing = [row for row in last_rows(findings) if standing(row) <= Standing.ABOVE_TODAY]
    return [_gap_key(row) for row in pressing[:2]]


def _gap_key(row: Row) -> KeyFinding:
    name, month = inside_sentence(service_name(str(row["service"]))), period_name(str(row["time"]))
    if standing(row) == Standing.SHORT:
        told = f"{row['unit']} short in {name} in {month}; a gap {futures(row['share_with_gap'])}."
    else:
        told = f"{row['unit']} asked of {name} above what is given today, in {month}."
    middle = middle_of(row["gap_p50"], row["gap_p10"], row["gap_p90"])
    return KeyFinding(middle, bracket(row["gap_p10"], row["gap_p90"]), told, "load-gaps")


def _exposure_key(findings: Findings) -> KeyFinding | None:
    frame = findings.exposure
    if not holds(frame, "kind", "aspect", "newcomers_top_share", "long_term_top_share", "difference_low"):
        return None
    rows = frame.filter(pl.col("kind") == "aspect").sort("newcomers_top_share", descending=True)
    if rows.is_empty():
        return None
    row = rows.row(0, named=True)
    sentence = (
        f"of newcomers live in the most pressed fifth for {aspect_name(row['aspect']).lower()}, beside "
        f"{percent(row['long_term_top_share'])} of long-term residents."
    )
    return KeyFinding(percent(row["newcomers_top_share"]), "", sentence, "today-newcomers")
