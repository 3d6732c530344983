"""Sections of a profile on needs: who lacks several things, how severe it is, what comes together, where."""

from collections.abc import Sequence

import polars as pl

from philoxenia.reference import reference_table
from philoxenia.report.document import Cell, Column, Figure, Section, Table
from philoxenia.report.numbers import interval, shown
from philoxenia.report.upset import Bar, Combination, Upset, upset_picture, upset_words
from philoxenia.workflows.profile_words import Told, base, figure, hidden, share_words, strip

_PICTURED = 12
_MEASURES = {
    "H": "Share who are poor in many ways (H)",
    "A": "Share of all dimensions that the poor lack (A)",
    "M0": "Both together (M0 = H × A)",
    "M1": "With depth (M1)",
    "M2": "With severity (M2)",
}


def deprived(told: Told) -> Section | None:
    """Alkire-Foster measures, and what the poor lack."""
    frame = told.made.tables.get("deprivation")
    if frame is None:
        return None
    spec = told.made.spec
    there = frame["group"].unique(maintain_order=True).to_list()
    others = [group for group in there if group not in told.shown_groups]
    # A group of nobody has no row of its own here.
    groups = [*(group for group in told.groups if group in there), *others, "all"]
    rows = []
    for measure, words in _MEASURES.items():
        found = {row["group"]: row for row in frame.filter(measure=measure).rows(named=True)}
        if any(row["value"] is not None for row in found.values()):
            rows.append((Cell(words), *(figure(found[group]) for group in groups)))
    bases = {row["group"]: row for row in frame.filter(measure="M0").rows(named=True)}
    rows.append((Cell("Base"), *(base(bases[group]) for group in groups)))
    columns = (Column("Measure"), *(Column(told.name(group), numeric=True) for group in groups))
    total = sum(dimension.weight for dimension in spec.dimensions)
    everybody = frame.filter(measure="H", group="all").row(0, named=True)
    answer = (
        f"{share_words(everybody)} of {spec.unit} lack {shown(spec.k)} of {shown(total)} or more (by "
        "weight): they count as poor in many ways."
    )
    table = Table("table-deprivation", "Alkire-Foster measures", columns, tuple(rows))
    blocks = (table, _headcounts(told, groups))
    return Section("deprived", "Who lacks several things at once?", answer, blocks=blocks)


def _headcounts(told: Told, groups: Sequence[str]) -> Table:
    rows = []
    for (_, name), part in told.made.tables["headcounts"].group_by("dimension", "label", maintain_order=True):
        found = {(row["group"], row["measure"]): row for row in part.rows(named=True)}
        lack = found["all", "uncensored"]
        cells = [Cell(str(name)), Cell("", graphic=strip(lack)), figure(lack)]
        cells += [figure(found[group, "censored"]) for group in groups]
        rows.append((*cells, figure(found["all", "contribution"])))
    columns = (
        Column("Dimension"),
        Column("0 to 100%", graphic=True),
        Column("Lack it", numeric=True),
        *(Column(f"Lack it and poor: {told.name(group)}", numeric=True) for group in groups),
        Column("Part of M0", numeric=True),
    )
    return Table("table-headcounts", "What they lack", columns, tuple(rows))


def severity(told: Told) -> Section | None:
    """In need and in severe need by sector and group."""
    frame = told.made.tables.get("severity")
    if frame is None:
        return None
    rows = []
    for (_, name), part in frame.group_by("sector", "label", maintain_order=True):
        found = {(row["group"], row["measure"]): row for row in part.rows(named=True)}
        cells = [Cell("Household: its highest sector" if name == "household" else str(name))]
        for measure in ("in_need", "severe"):
            cells += [figure(found[group, measure]) for group in told.shown_groups]
        rows.append((*cells, base(found["all", "in_need"])))
    words = ("In need (3 to 5)", "Severe (4 or 5)")
    columns = (
        Column("Sector"),
        *(
            Column(f"{word}: {told.name(group)}", numeric=True)
            for word in words
            for group in told.shown_groups
        ),
        Column("Base", numeric=True),
    )
    everybody = frame.filter(sector="household", measure="in_need", group="all").row(0, named=True)
    answer = f"{share_words(everybody)} of {told.made.spec.unit} are in need in one sector at least."
    note = "Scores from 1 to 5 by the conditions of the spec; a household's is the highest of its sectors."
    table = Table("table-severity", "In need, and in severe need", columns, tuple(rows), note=note)
    return Section("severity", "How severe is it?", answer, blocks=(table,))


def overlap(told: Told) -> Section | None:
    """The UpSet picture of needs by group, and how often pairs meet."""
    frame = told.made.tables.get("overlap")
    if frame is None:
        return None
    picture = _upset(told, frame)
    words = upset_words(picture)
    label = " ".join(("Combinations of needs, most frequent first.", *words[:3]))
    figures = Figure(
        "upset",
        "Exactly these needs and no others: share of each group",
        (upset_picture(picture, label),),
        words,
        source="Dots: the needs of a column. Lines on bars: intervals. × stands for too few to show.",
    )
    none = frame.filter(needs="", group="all").rows(named=True)
    answer = f"{share_words(none[0])} of {told.made.spec.unit} have none of these needs." if none else ""
    return Section("overlap", "Which needs come together?", answer, blocks=(figures, _lift(told)))


def _upset(told: Told, frame: pl.DataFrame) -> Upset:
    groups, known = told.groups or ["all"], _need_names()
    shown = pl.col("value").is_not_null() & pl.col("group").is_in(groups)
    chosen = frame.filter(shown, ~pl.col("needs").is_in(["", "other"]))["needs"].unique(maintain_order=True)
    combinations = []
    for needs in chosen[:_PICTURED]:
        rows = {row["group"]: row for row in frame.filter(needs=needs).rows(named=True)}
        bars = [Bar(*(rows[group][key] for key in ("value", "low", "high", "mark"))) for group in groups]
        combinations.append(Combination(tuple(needs.split(";")), tuple(bars)))
    needs = {code: known[code] for code, _ in told.made.spec.needs}
    return Upset(needs, [told.name(group) for group in groups], combinations)


def _lift(told: Told) -> Table:
    known = _need_names()
    rows = []
    for (a, b), part in told.made.tables["lift"].group_by("a", "b", maintain_order=True):
        found = {row["group"]: row for row in part.rows(named=True)}
        pair = Cell(f"{known[str(a)]} and {known[str(b)].lower()}")
        rows.append((pair, *(_times(found[group]) for group in told.shown_groups)))
    columns = (Column("Two needs"), *(Column(told.name(g), numeric=True) for g in told.shown_groups))
    note = "1: as often as if they had nothing to do with each other; 2: twice as often; –: nobody has both."
    caption = "How often two needs meet, against chance"
    fold = f"Pairs of needs ({len(rows)})"
    return Table("table-lift", caption, columns, tuple(rows), note, fold=fold)


def _times(row: dict[str, float]) -> Cell:
    if row["value"] is None:
        return Cell(hidden(row))
    return Cell(interval(row["value"], row["low"], row["high"]))


def _need_names() -> dict[str, str]:
    return dict(reference_table("needs").select("code", "name").iter_rows())


def districts(told: Told) -> Section | None:
    """Direct estimates by district, folded: a survey of a city says little of one district."""
    frame = told.made.tables.get("districts")
    if frame is None or frame.is_empty():
        return None
    asked = frame.select("indicator", "label", "unit").unique(maintain_order=True).rows(named=True)
    rows = []
    for (place,), part in frame.group_by("district_id", maintain_order=True):
        found = {row["indicator"]: row for row in part.rows(named=True)}
        cells = [figure(found[one["indicator"]], one["unit"]) for one in asked]
        rows.append((Cell(str(place)), *cells, base(found[asked[0]["indicator"]])))
    columns = (
        Column("District"),
        *(Column(f"{one['label']} ({one['unit']})", numeric=True) for one in asked),
        Column("Base of the first", numeric=True),
    )
    fold = f"All districts ({len(rows)})"
    caption = "Direct estimates by district, everybody together"
    answer = "A survey of a city says little of one district: look at the width of the intervals first."
    table = Table("table-districts", caption, columns, tuple(rows), fold=fold)
    return Section("places", "And by district?", answer, blocks=(table,))
