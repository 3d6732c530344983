"""The report of a linkage run as one page: how many people, how sure, whom it misses, and why.

Owns what is said, in the order a reader asks. No record, name or token stands in it.
"""

from collections.abc import Mapping
from datetime import date

import polars as pl

from philoxenia import __version__
from philoxenia.linkage import Linked
from philoxenia.report.document import (
    Cell,
    Column,
    Document,
    KeyFinding,
    Part,
    Points,
    Section,
    Table,
    Text,
    folded,
)
from philoxenia.report.geometry import WIDTH, Outlines
from philoxenia.report.html import page
from philoxenia.report.numbers import exact, percent, shown
from philoxenia.report.strips import band_strip

_BY = {"all": "Everybody", "script": "Script of the name", "sex": "Sex", "name_origin": "Origin of the name"}
_MEASURES = {
    "pair_precision": "Pairs linked that are right",
    "pair_recall": "Right pairs that are linked",
    "pair_f1": "Pairs: both together (F1)",
    "cluster_precision": "People found exactly as they are",
    "cluster_recall": "People who are found exactly",
    "cluster_f1": "People: both together (F1)",
    "bcubed_precision": "B-cubed precision",
    "bcubed_recall": "B-cubed recall",
    "bcubed_f1": "B-cubed F1",
    "left_out": "Pairs that no blocking rule compared",
}


def linkage_page(linked: Linked, sizes: Mapping[str, int], synthetic: bool, today: date) -> str:
    """The whole page as HTML: works offline and without script."""
    return page(linkage_document(linked, sizes, synthetic, today), Outlines(WIDTH, 0.0))


def linkage_document(linked: Linked, sizes: Mapping[str, int], synthetic: bool, today: date) -> Document:
    """What the page says."""
    sections = (_errors(linked), _people(linked, sizes), _doubt(linked), _model(linked), _method(linked))
    made_up = ("Synthetic people: every record was made up and describes nobody",) if synthetic else ()
    facts = (*made_up, today.isoformat(), f"Philoxenia {__version__}")
    return Document(
        city="",
        title="Which records are one person?",
        answer=_answer(linked, sizes),
        facts=facts,
        keys=_keys(linked),
        sections=sections,
        kind="Linkage report",
        beside="The tables of this run lie beside this file. They stand for people: keep them safe.",
    )


def _answer(linked: Linked, sizes: Mapping[str, int]) -> str:
    records = sum(sizes.values())
    joined = linked.people.filter(pl.col("records") > 1).height
    lists = "one list" if len(sizes) == 1 else f"{len(sizes)} lists"
    return (
        f"{records:,} records of {lists} are {linked.people.height:,} people; {joined:,} of them have more "
        f"than one "
        f"record. {linked.doubtful.height:,} pairs are left for a person to decide."
    )


def _rate(linked: Linked, measure: str) -> tuple[float, float, float, int, str]:
    row = linked.quality.filter((pl.col("measure") == measure) & (pl.col("by") == "all")).row(0, named=True)
    return row["estimate"], row["low"], row["high"], row["base"], row["method"]


def _keys(linked: Linked) -> tuple[KeyFinding, ...]:
    found = [
        KeyFinding(shown(linked.people.height), "", "people", "people"),
        KeyFinding(shown(linked.doubtful.height), "", "pairs for review", "doubt"),
    ]
    for measure, words in (("false", "of links are false"), ("missed", "of true pairs are missed")):
        estimate, low, high, _, _ = _rate(linked, measure)
        found.append(KeyFinding(percent(estimate), f"{percent(low)} to {percent(high)}", words, "errors"))
    return tuple(found)


def _errors(linked: Linked) -> Section:
    false, missed = _rate(linked, "false"), _rate(linked, "missed")
    exactly = linked.quality.filter(pl.col("measure") == "pair_f1").height > 0
    answer = (
        f"{'Counted' if exactly else 'Estimated'}: {percent(missed[0])} of the pairs that are one person "
        f"are missed "
        f"({percent(missed[1])} to {percent(missed[2])}), {percent(false[0])} of the links are false "
        f"({percent(false[1])} to {percent(false[2])})."
    )
    parts = tuple(
        Part(f"errors-{by}", words, (_groups(linked, by),))
        for by, words in _BY.items()
        if linked.quality.filter(pl.col("by") == by).height
    )
    return Section(
        "errors", "Whom does it miss, and whom does it mix up?", answer, parts, closing=_other(linked)
    )


def _groups(linked: Linked, by: str) -> Table:
    chosen = linked.quality.filter((pl.col("by") == by) & pl.col("measure").is_in(["missed", "false"]))
    top = max(0.01, min(1.0, 1.2 * max(chosen.filter(pl.col("base") >= 30)["high"].to_list() or [1.0])))
    rows = []
    for (value,), part in sorted(chosen.group_by("value"), key=lambda one: str(one[0][0])):
        cells = [Cell(str(value))]
        for measure in ("missed", "false"):
            cells += _rate_cells(part.filter(pl.col("measure") == measure), top)
        rows.append(tuple(cells))
    columns = [Column(_BY[by])]
    for words in ("Missed", "False"):
        columns += [
            Column(words, numeric=True),
            Column(f"0 to {percent(top)}", graphic=True),
            Column("Base", numeric=True),
        ]
    return Table(
        f"table-{by}",
        "Share of pairs missed and of links false, with 95% intervals; the base counts pairs",
        tuple(columns),
        tuple(rows),
        note="A pair counts in each group one of its two records is in.",
    )


def _rate_cells(part: pl.DataFrame, top: float) -> list[Cell]:
    if part.is_empty():
        return [Cell("–"), Cell(), Cell("0")]
    row = part.row(0, named=True)
    words = f"{percent(row['estimate'])} ({percent(row['low'])} to {percent(row['high'])})"
    strip = band_strip(row["estimate"], row["low"], row["high"], top)
    return [Cell(words, exact=exact(row["estimate"])), Cell(graphic=strip), Cell(f"{row['base']:,}")]


def _other(linked: Linked) -> tuple[Table, ...]:
    rows = [
        (
            Cell(_MEASURES[row["measure"]]),
            Cell(percent(row["estimate"])),
            Cell(_range(row)),
            Cell(f"{row['base']:,}"),
        )
        for row in linked.quality.iter_rows(named=True)
        if row["measure"] in _MEASURES
    ]
    columns = (
        Column("Measure"),
        Column("Share", numeric=True),
        Column("Interval", numeric=True),
        Column("Base", numeric=True),
    )
    return (
        Table(
            "table-measures", "Other measures of the same run", columns, tuple(rows), fold="Other measures"
        ),
    )


def _range(row: Mapping[str, float]) -> str:
    return "–" if row["low"] != row["low"] else f"{percent(row['low'])} to {percent(row['high'])}"


def _people(linked: Linked, sizes: Mapping[str, int]) -> Section:
    counts = linked.people.group_by("records").len("people").sort("records")
    rows = tuple(
        (Cell(f"{records:,}"), Cell(f"{people:,}")) for records, people in counts.head(12).iter_rows()
    )
    lists = tuple((Cell(name), Cell(f"{size:,}")) for name, size in sorted(sizes.items()))
    found = linked.people.height
    return Section(
        "people",
        "How many people are these?",
        f"{found:,} people in {sum(sizes.values()):,} records.",
        blocks=(
            Table("lists", "Records by list", (Column("List"), Column("Records", numeric=True)), lists),
            Table(
                "sizes",
                "People by how many records they have",
                (Column("Records"), Column("People", numeric=True)),
                rows,
            ),
            *([Points(linked.notes)] if linked.notes else []),
        ),
    )


def _doubt(linked: Linked) -> Section:
    counts = dict(linked.pairs.group_by("decision").len().iter_rows())
    thresholds = linked.thresholds
    return Section(
        "doubt",
        "What is left for a person to decide?",
        f"{counts.get('doubtful', 0):,} pairs between {_chance(thresholds.doubt)} and "
        f"{_chance(thresholds.link)} "
        "likely to be one person.",
        blocks=(
            Text(
                f"{counts.get('link', 0):,} pairs above are links. The line stands where at most "
                f"{percent(max(thresholds.false_share, 0.0001))} of the links are expected to be false."
            ),
        ),
    )


def _chance(log_odds: float) -> str:
    return percent(1 / (1 + 2.0**-log_odds))


def _model(linked: Linked) -> Section:
    rows = [
        (
            Cell(name),
            Cell(level.words),
            Cell(percent(level.m)),
            Cell(percent(level.u)),
            Cell(f"{level.weight:+.1f}"),
        )
        for name, levels in linked.model.comparisons.items()
        for level in levels
    ]
    columns = (
        Column("Compared"),
        Column("Level"),
        Column("Same person", numeric=True),
        Column("Two people", numeric=True),
        Column("Weight", numeric=True),
    )
    return Section(
        "model",
        "How are records compared?",
        "Each comparison adds its weight: the logarithm to base 2 of how much more often a level is seen in "
        "two records "
        "of one person than in records of two people.",
        blocks=(
            Table("levels", "The model", columns, tuple(rows), fold="All comparisons and their weights"),
        ),
    )


def _method(linked: Linked) -> Section:
    methods = linked.quality["method"].unique(maintain_order=True).to_list()
    trained = ", ".join(
        f"{name.replace('_', ' ')}: {value}" for name, value in linked.model.trained_on.items()
    )
    return Section(
        "method",
        "How was this found?",
        "Weights after Fellegi and Sunter (1969), computed by Splink; people are the connected components "
        "of links.",
        blocks=(
            Points(
                (
                    f"Model trained on {trained}.",
                    f"Fingerprint of its training data: {linked.model.fingerprint[:16]}.",
                )
            ),
            *folded(
                [method[0].upper() + method[1:] + "." for method in methods], "How the error rates were found"
            ),
        ),
    )
