"""Where is pressure today? Maps and leading districts by aspect, who lives there, what is within reach."""

from typing import Any

import polars as pl

from philoxenia.reference import reference_table
from philoxenia.report.document import (
    Cell,
    Column,
    Figure,
    Missing,
    Part,
    Points,
    Section,
    Table,
    Text,
    folded,
    present,
)
from philoxenia.report.maps import Choropleth, Scale, legend, picture, quantile_scale
from philoxenia.report.names import named
from philoxenia.report.numbers import bracket, exact, is_known, shown, whole
from philoxenia.report.sections.exposure import exposure_part
from philoxenia.report.sections.indicators import made_of
from philoxenia.report.sections.places import Places, holds
from philoxenia.report.sections.reach import reach_part
from philoxenia.report.sections.sayings import in_words
from philoxenia.report.strips import band_strip
from philoxenia.report.types import TODAY, Findings
from philoxenia.report.words import (
    aspect_name,
    counted,
    label,
    listing,
    names_listed,
    plural,
    prose,
    sentence_case,
)
from philoxenia.vocabulary import Aspect, Population

_LEADING = 10
_LABELLED = 5
_EVERYBODY = Population.ALL_RESIDENTS.value
_UNTOLD = "Pressure by district cannot be told yet."
_NEEDED = ("district_id", "aspect", "population", "score")


def today(findings: Findings, places: Places) -> Section:
    """The section on pressure as it is."""
    scores = findings.pressure
    if not holds(scores, *_NEEDED):
        return _nothing(findings)
    scale = quantile_scale(_everybody(scores)["score"].to_list(), "Pressure, 0 to 100", whole)
    parts: list[Part | None] = [_aspect_part(findings, places, aspect, scale) for aspect in _aspects(scores)]
    parts += [_overlap_part(scores, places), exposure_part(findings, places), reach_part(findings, places)]
    return Section(
        "today",
        "Where is pressure today?",
        today_answer(findings, places),
        tuple(part for part in parts if part is not None),
        closing=_said(findings),
    )


def _said(findings: Findings) -> tuple[Points, ...]:
    sentences = in_words(findings.missing.get(TODAY, ()), findings)
    return folded(sentences, "What could not be computed here")


def today_answer(findings: Findings, places: Places) -> str:
    """Two or three sentences: where pressures meet, and whether newcomers live there more than others."""
    if not holds(findings.pressure, *_NEEDED):
        return _UNTOLD
    meeting = districts_by_overlap(findings.pressure)
    most = max(meeting.values(), default=0)
    together = [places.name(one) for one, count in meeting.items() if count == most and most > 1]
    aspects = len(_aspects(findings.pressure))
    if not together:
        if aspects == 1:
            return f"Figures are known for one aspect of city life. {_who_lives_there(findings)}".strip()
        return f"Each of the {plural(aspects, 'aspect')} of city life presses elsewhere."
    which = "all" if most == aspects else f"{most}"
    return (
        f"Pressures meet in {plural(len(together), 'district')}: {names_listed(together)} "
        f"{'is' if len(together) == 1 else 'are'} among the most pressed fifth in {which} of the "
        f"{plural(aspects, 'aspect')} of city life. {_who_lives_there(findings)}"
    ).strip()


def districts_by_overlap(pressure: pl.DataFrame) -> dict[str, int]:
    """For each district, in how many aspects it is among the most pressed fifth; most aspects first."""
    scores = _everybody(pressure).drop_nulls("score")
    top = scores.filter(
        pl.col("score").rank("ordinal", descending=True).over("aspect") <= pl.len().over("aspect") / 5
    )
    counts = top.group_by("district_id").len().sort(["len", "district_id"], descending=[True, False])
    return dict(counts.iter_rows())


def _who_lives_there(findings: Findings) -> str:
    exposure = findings.exposure
    if not holds(exposure, "kind", "aspect", "difference_low", "difference_high"):
        return ""
    rows = exposure.filter(pl.col("kind") == "aspect")
    more = [
        aspect_name(row["aspect"]).lower() for row in rows.iter_rows(named=True) if row["difference_low"] > 0
    ]
    fewer = [
        aspect_name(row["aspect"]).lower() for row in rows.iter_rows(named=True) if row["difference_high"] < 0
    ]
    if more:
        return f"Newcomers live where pressure is higher for {listing(more)}."
    if fewer:
        return f"Newcomers live where pressure is lower for {listing(fewer)}."
    return "Newcomers and long-term residents live under much the same pressure."


def _everybody(pressure: pl.DataFrame) -> pl.DataFrame:
    """One row a district and aspect: all residents, or the first population there is."""
    order = {_EVERYBODY: 0, Population.LONG_TERM_RESIDENTS.value: 1, Population.NEWCOMERS.value: 2}
    ranked = pressure.with_columns(
        pl.col("population").replace_strict(order, default=3, return_dtype=pl.Int64).alias("_order")
    )
    return ranked.filter(pl.col("_order") == pl.col("_order").min().over("aspect")).drop("_order")


def _aspects(pressure: pl.DataFrame) -> list[str]:
    there = set(pressure["aspect"])
    known = [aspect.value for aspect in Aspect if aspect.value in there]
    return known + sorted(there - set(known))


def _nothing(findings: Findings) -> Section:
    missing = Missing(
        "Pressure by district is not shown: no indicator could be computed.",
        prose("today.remedy"),
    )
    return Section(
        "today",
        "Where is pressure today?",
        _UNTOLD,
        (),
        (missing, *_said(findings)),
    )


def _aspect_part(findings: Findings, places: Places, aspect: str, scale: Scale) -> Part:
    rows = (
        _everybody(findings.pressure)
        .filter((pl.col("aspect") == aspect) & pl.col("score").is_not_null())
        .sort(["score", "district_id"], descending=[True, False])
    )
    question = dict(reference_table("aspects").select("id", "question").iter_rows()).get(aspect, "")
    blocks = present(
        [
            Text(f"{question} {_firmness(rows, places)}".strip()),
            _aspect_figure(findings, places, aspect, rows, scale),
            _leading_table(places, aspect, rows),
            made_of(findings, aspect),
        ]
    )
    return Part(f"today-{aspect.replace('_', '-')}", aspect_name(aspect), blocks, beside=True)


def _firmness(rows: pl.DataFrame, places: Places) -> str:
    """How many districts stay in the most pressed fifth however indicators are weighed."""
    if not holds(rows, "rank_high"):
        return ""
    fifth = rows.height / 5
    firm = rows.filter(pl.col("rank_high") <= fifth)["district_id"].to_list()
    if not firm:
        return prose("today.loose")
    stays = "stays" if len(firm) == 1 else "stay"
    return (
        f"{sentence_case(plural(len(firm), 'district'))} {stays} among the most pressed fifth however the "
        f"indicators are weighed: {names_listed([places.name(one) for one in firm])}."
    )


def _aspect_figure(
    findings: Findings, places: Places, aspect: str, rows: pl.DataFrame, scale: Scale
) -> Figure | None:
    if rows.is_empty():
        return None
    maps = [
        _map_of(findings.pressure, places, aspect, who, scale) for who in _shown_populations(findings, aspect)
    ]
    first = rows.row(0, named=True)
    title = f"Pressure is highest in {named(places.name(first['district_id']))}: {_scored(first)}"
    drawn = [
        picture(one, places.shapes, "" if len(maps) == 1 else sentence_case(label(who)))
        for who, one in zip(_shown_populations(findings, aspect), maps, strict=True)
    ]
    return Figure(
        f"map-{aspect.replace('_', '-')}",
        title,
        tuple(drawn) if places.shapes.paths else (),
        _ends(rows, places),
        legend(maps),
        _source(findings, aspect),
    )


def _shown_populations(findings: Findings, aspect: str) -> list[str]:
    """All residents; newcomers and long-term residents side by side where their scores are told apart."""
    scores = findings.pressure.filter(pl.col("aspect") == aspect)
    both = [Population.NEWCOMERS.value, Population.LONG_TERM_RESIDENTS.value]
    there = set(scores["population"])
    if not set(both) <= there:
        return _everybody(scores)["population"].unique().to_list()
    wide = scores.filter(pl.col("population").is_in(both)).pivot(
        "population", index="district_id", values="score"
    )
    apart = (wide[both[0]] - wide[both[1]]).abs().max()
    if isinstance(apart, float) and apart > 0.5:
        return both
    return [_EVERYBODY] if _EVERYBODY in there else both[:1]


def _map_of(pressure: pl.DataFrame, places: Places, aspect: str, who: str, scale: Scale) -> Choropleth:
    rows = pressure.filter((pl.col("aspect") == aspect) & (pl.col("population") == who))
    leading = rows.drop_nulls("score").sort(["score", "district_id"], descending=[True, False])["district_id"]
    return Choropleth(
        dict(rows.select("district_id", "score").iter_rows()),
        places.names,
        scale,
        f"Map: {aspect_name(aspect)}, pressure by district, {label(who)}. The figures follow in words.",
        shown,
        frozenset(rows.filter(pl.col("too_few"))["district_id"])
        if "too_few" in rows.columns
        else frozenset(),
        tuple(leading.head(_LABELLED)),
    )


def _scored(row: dict[str, Any]) -> str:
    score, low, high = (row.get(name) for name in ("score", "score_low", "score_high"))
    if isinstance(score, float) and isinstance(low, float) and isinstance(high, float):
        return f"{whole(score)} of 100 ({bracket(low, high, 1.0)})"
    return f"{whole(score if isinstance(score, float) else None)} of 100"


def _ends(rows: pl.DataFrame, places: Places) -> tuple[str, ...]:
    most = [
        f"{named(places.name(row['district_id']))} {whole(row['score'])}"
        for row in rows.head(5).iter_rows(named=True)
    ]
    least = [
        f"{named(places.name(row['district_id']))} {whole(row['score'])}"
        for row in rows.tail(5).iter_rows(named=True)
    ]
    middle = rows["score"].median()
    words = [f"Highest: {listing(most)}."]
    if rows.height > _LEADING:
        words.append(f"Lowest: {listing(reversed(least))}.")
        words.append(
            f"Half of the districts lie under {whole(middle if isinstance(middle, float) else None)}."
        )
    return tuple(words)


def _source(findings: Findings, aspect: str) -> str:
    values = findings.values
    if not holds(values, "indicator", "source_table", "date"):
        return ""
    inside = reference_table("indicators").filter(pl.col("aspect") == aspect)["id"].to_list()
    rows = values.filter(pl.col("indicator").is_in(inside)).select("source_table", "date").unique()
    dates = rows.group_by("source_table").agg(pl.col("date").max()).sort("source_table")
    told = [f"{name.replace('_', ' ')}{f' ({date})' if date else ''}" for name, date in dates.iter_rows()]
    return (
        f"Computed from {listing(told)}. All residents; 0 is the least and 100 the most pressed."
        if told
        else ""
    )


def _leading_table(places: Places, aspect: str, rows: pl.DataFrame) -> Table:
    ranked = [
        _leading_row(places, number, row)
        for number, row in enumerate(rows.head(_LEADING).iter_rows(named=True), 1)
    ]
    columns = (
        Column("District"),
        Column("0 to 100", graphic=True),
        Column("Score", numeric=True),
        Column("Rank may be", numeric=True),
    )
    caption = f"{aspect_name(aspect)}: the {counted(min(_LEADING, rows.height))} most pressed districts"
    note = prose("today.band")
    return Table(f"table-{aspect.replace('_', '-')}", caption, columns, tuple(ranked), note)


def _leading_row(places: Places, number: int, row: dict[str, Any]) -> tuple[Cell, ...]:
    score, low, high = (
        float(str(row.get(name) or row["score"])) for name in ("score", "score_low", "score_high")
    )
    ranks = f"{row['rank_low']} to {row['rank_high']}" if row.get("rank_high") is not None else ""
    district = places.cell(str(row["district_id"]))
    return (
        Cell(f"{number}. {district.text}", href=district.href),
        Cell(graphic=band_strip(score, low, high)),
        Cell(f"{whole(score)} ({bracket(low, high, 1.0)})", exact(score)),
        Cell(ranks or str(number)),
    )


def _overlap_part(pressure: pl.DataFrame, places: Places) -> Part | None:
    meeting = {district: count for district, count in districts_by_overlap(pressure).items() if count >= 2}
    aspects = _aspects(pressure)
    if not meeting or len(aspects) < 2:
        return None
    scores = {
        (row["district_id"], row["aspect"]): row["score"]
        for row in _everybody(pressure).iter_rows(named=True)
    }
    deepest = [one for one, count in meeting.items() if count >= min(3, max(meeting.values()))][:20]
    rows = tuple(
        (
            places.cell(one),
            *(_score_cell(scores.get((one, aspect))) for aspect in aspects),
            Cell(str(meeting[one])),
        )
        for one in deepest
    )
    columns = (Column("District"), *(Column(aspect_name(aspect), numeric=True) for aspect in aspects),
               Column("Aspects in the top fifth", numeric=True))  # fmt: skip
    caption = "Districts among the most pressed fifth in several aspects"
    note = prose("today.no_total")
    return Part(
        "today-overlap",
        "Where pressures meet",
        (Text(_meeting(len(meeting))), Table("table-overlap", caption, columns, rows, note)),
    )  # fmt: skip


def _meeting(districts: int) -> str:
    verb = "is" if districts == 1 else "are"
    several = sentence_case(plural(districts, "district"))
    return f"{several} {verb} among the most pressed fifth in two aspects or more."


def _score_cell(score: float | None) -> Cell:
    return Cell(whole(score), exact(score) if is_known(score) else "")
