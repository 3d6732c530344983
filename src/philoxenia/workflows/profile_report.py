"""The page of a profile: how groups compare, who was asked, and how sure it is.

Owns what is said and in which order; figures, intervals and marks come from the tables as they are.
"""

from collections.abc import Mapping, Sequence

from philoxenia.needs.profiles import Profile
from philoxenia.report.document import (
    Block,
    Cell,
    Column,
    Document,
    KeyFinding,
    Points,
    Section,
    Table,
    Text,
)
from philoxenia.report.geometry import WIDTH, Outlines
from philoxenia.report.html import page
from philoxenia.report.numbers import exact, interval, percent, shown
from philoxenia.workflows.profile_needs import deprived, districts, overlap, severity
from philoxenia.workflows.profile_words import SHARES, Row, Told, base, figure, hidden, points

_NOT_A_CAUSE = (
    "The difference takes in that groups live in the same blocks. Chance is judged over all comparisons of "
    "this page together (Holm 1979): among twenty, one differs by chance alone. A difference is no cause."
)
_NOT_TOLD = (
    "Intervals tell the chance of the draw. They tell nothing of people whom no list of addresses knows, of "
    "wrong answers, or of questions understood in different ways. A star marks a small base."
)


def profile_page(made: Profile, facts: Mapping[str, str]) -> str:
    """The whole page as HTML: works offline and without script."""
    return page(profile_document(made, facts), Outlines(WIDTH, 0.0))


def profile_document(made: Profile, facts: Mapping[str, str]) -> Document:
    """What the page says."""
    told, spec = Told(made), made.spec
    sections = (
        _compared(told),
        deprived(told),
        severity(told),
        overlap(told),
        _asked(told),
        districts(told),
        _method(told, facts),
    )
    made_up = "Synthetic: no household of this survey exists" if spec.synthetic else ""
    said = (made_up, spec.date, spec.source, spec.licence, f"Philoxenia {facts['engine']}")
    return Document(
        city="",
        title=spec.name,
        answer=_answer(told),
        facts=tuple(fact for fact in said if fact),
        keys=_keys(told),
        sections=tuple(section for section in sections if section is not None),
        kind="Survey profile",
        beside="The tables behind every figure lie beside this file in tables/.",
    )


def _answer(told: Told) -> str:
    first = f"{told.made.rows:,} {told.made.spec.unit} were asked."
    if not told.differences:
        return f"{first} Every figure stands with its base and its {percent(told.level)} interval."
    return (
        f"{first} {len(told.clear)} of {len(told.differences)} comparisons show a difference that chance "
        "alone would hardly make, all of them taken together."
    )


def _keys(told: Told) -> tuple[KeyFinding, ...]:
    """The three largest differences of shares that are beyond chance."""
    gaps = [row for row in told.clear if row["unit"].startswith("share of")]
    return tuple(
        KeyFinding(
            points(row["value"]),
            f"{points(row['low'])} to {points(row['high'])}",
            f"percentage points. {row['label']}: {told.name(row['group']).lower()} beside "
            f"{told.name(row['reference']).lower()}.",
            "compared",
        )
        for row in sorted(gaps, key=lambda row: -abs(row["value"]))[:3]
    )


def _compared(told: Told) -> Section | None:
    frame = told.made.tables.get("indicators")
    if frame is None:
        return None
    columns = [Column("Indicator")]
    for group in told.shown_groups:
        columns += [Column(told.name(group), numeric=True), Column("Base", numeric=True)]
    rows = []
    for (_, name, unit), part in frame.group_by("indicator", "label", "unit", maintain_order=True):
        found = {row["group"]: row for row in part.rows(named=True)}
        cells = [Cell(f"{name} ({unit})")]
        for group in told.shown_groups:
            cells += [figure(found[group], str(unit)), base(found[group])]
        rows.append(tuple(cells))
    caption = f"The same indicators for every group, with {percent(told.level)} intervals"
    blocks: list[Block] = [Table("table-indicators", caption, tuple(columns), tuple(rows))]
    if "differences" in told.made.tables:
        blocks.insert(0, _difference_table(told))
    by_time = {"newcomers", "long_term_residents"} <= set(told.groups)
    title = "How do newcomers and their neighbours compare?" if by_time else "How do the groups compare?"
    return Section("compared", title, _compared_answer(told), blocks=tuple(blocks))


def _compared_answer(told: Told) -> str:
    if not told.differences:
        return "Every indicator for everybody who was asked."
    if not told.clear:
        return "No difference between the groups is larger than chance could make it."
    names = "; ".join(dict.fromkeys(row["label"].lower() for row in told.clear))
    return f"They differ by more than chance on: {names}."


def _difference_table(told: Told) -> Table:
    columns = (
        Column("Indicator"),
        Column("Groups"),
        Column("Difference", numeric=True),
        Column("Unit"),
        Column("Beyond chance?"),
        Column("Bases", numeric=True),
    )
    rows = tuple(_difference(told, row) for row in told.made.tables["differences"].rows(named=True))
    caption = f"Differences, with {percent(told.level)} intervals"
    return Table("table-differences", caption, columns, rows, note=_NOT_A_CAUSE)


def _difference(told: Told, row: Row) -> tuple[Cell, ...]:
    pair = Cell(f"{told.name(row['group'])} less {told.name(row['reference']).lower()}")
    if row["value"] is None:
        return (Cell(row["label"]), pair, Cell(hidden(row)), Cell("–"), Cell("–"), Cell("–"))
    share = row["unit"].startswith("share of")
    scale = SHARES if share else 1.0
    text = interval(*(scale * row[key] for key in ("value", "low", "high")))
    beyond = "–" if row["p_adjusted"] is None else "yes" if row["p_adjusted"] < 1 - told.level else "no"
    return (
        Cell(row["label"]),
        pair,
        Cell(text, exact(row["value"])),
        Cell("percentage points" if share else row["unit"]),
        Cell(beyond),
        Cell(f"{row['base']:,} and {row['reference_base']:,}"),
    )


def _asked(told: Told) -> Section:
    unit = told.made.spec.unit
    rows = []
    for row in told.made.tables["groups"].rows(named=True):
        stands = (
            Cell(hidden(row)) if row["people"] is None else Cell(shown(row["people"]), exact(row["people"]))
        )
        rows.append(
            (
                Cell(row["group_name"]),
                Cell(row["where"] or "all who were asked"),
                base(row),
                stands,
                figure(row),
            )
        )
    columns = (
        Column("Group"),
        Column("Who is in it"),
        Column(f"{unit.capitalize()} asked", numeric=True),
        Column("They stand for", numeric=True),
        Column("Share", numeric=True),
    )
    table = Table("table-groups", "Groups, their bases and their share", columns, tuple(rows))
    answer = (
        f"{told.made.rows:,} {unit}. The survey is anonymous: nobody in it is named, linked or looked up."
    )
    return Section("asked", "Who was asked?", answer, blocks=(table,))


def _method(told: Told, facts: Mapping[str, str]) -> Section:
    spec = told.made.spec
    made = (
        f"Survey {facts['survey']} (content {facts['survey_hash'][:12]}), spec {spec.path}, engine "
        f"{facts['engine']}."
    )
    errors = (
        f"Errors are linearised over strata and clusters (Taylor); shares have {percent(told.level)} "
        "intervals on the logit scale, all else by Student's t."
    )
    items = (f"Design: {'; '.join(_design(told))}. {errors}", *told.made.notes, spec.note, made)
    blocks = (Points(tuple(item for item in items if item)), Text(_NOT_TOLD))
    title = "How sure is this, and how was it made?"
    return Section("method", title, "Who did not answer is not in it.", blocks=blocks)


def _design(told: Told) -> Sequence[str]:
    spec = told.made.spec
    words = {"strata": spec.stratum, "clusters": spec.cluster, "finite population correction": spec.fpc}
    weights = f"weights {spec.weight}" if spec.weight else "every row counts the same"
    return [weights, *(f"{word} {column}" for word, column in words.items() if column)]
