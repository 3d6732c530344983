"""How was it done? The steps, the parameters with the city's changes marked, words and sources."""

from philoxenia.reference import Parameter
from philoxenia.report.document import Cell, Column, Part, Points, Section, Table, Text
from philoxenia.report.numbers import exact, shown
from philoxenia.report.sections.indicators import indicators_part
from philoxenia.report.types import Findings
from philoxenia.report.words import counted, packaged_rows, plural, sentence_case

_TOPICS = {"needs": "Pressure today", "arrivals": "Arrivals", "scenarios": "Load and gaps"}


def method(findings: Findings) -> Section:
    """The section on method and parameters."""
    rows = [findings.parameters.row(name) for name in sorted(findings.parameters)]
    changed = [row for row in rows if row.overridden]
    answer = (
        f"{sentence_case(plural(len(rows), 'parameter'))} with unit, range and source; this city changed "
        f"{counted(len(changed)) if changed else 'none'} of them. Seed {findings.seed}: the same data, "
        "parameters and version give the same report to the byte."
    )
    steps = Part("method-steps", "The steps", tuple(Text(row["text"]) for row in packaged_rows("method")))
    parts = [steps, indicators_part(findings), _parameters_part(rows, changed), _glossary_part()]
    there = tuple(part for part in parts if part is not None)
    return Section("method", "How was it done?", answer, there)


def sources(findings: Findings) -> Section:
    """The section that names every source and licence."""
    tables = sorted(findings.quality, key=lambda one: one.table)
    data = tuple(
        dict.fromkeys(_credit(one.title or one.table, one.owner, one.date, one.licence) for one in tables)
    )
    literature = tuple(row["text"] for row in packaged_rows("sources"))
    blocks = [Part("sources-data", "Data", (Points(data),))] if data else []
    blocks.append(Part("sources-literature", "Methods", (Points(literature),)))
    return Section("sources", "Sources", "Who measured, and who worked out how.", tuple(blocks))


def _credit(title: str, owner: str, date: str, licence: str) -> str:
    return ", ".join(part for part in (title, owner, date, licence) if part) + "."


def _parameters_part(rows: list[Parameter], changed: list[Parameter]) -> Part:
    blocks: list[Text | Table] = []
    if changed:
        blocks.append(_parameter_table("table-changed", "Parameters this city changed (◆)", changed, ""))
    else:
        blocks.append(Text("This city uses every parameter at its default."))
    for topic, title in _TOPICS.items():
        inside = [row for row in rows if row.name.split(".")[0] == topic]
        if inside:
            fold = f"{title}: {plural(len(inside), 'parameter')}"
            blocks.append(_parameter_table(f"table-parameters-{topic}", title, inside, fold))
    return Part("method-parameters", "Parameters", tuple(blocks))


def _parameter_table(id_: str, caption: str, rows: list[Parameter], fold: str) -> Table:
    columns = (
        Column("Parameter"),
        Column("Value", numeric=True),
        Column("Range", numeric=True),
        Column("Unit"),
        Column("Source"),
    )
    cells = tuple(
        (
            Cell(f"{'◆ ' if row.overridden else ''}{row.description} ({row.name})"),
            Cell(shown(row.value, 4), exact(row.value)),
            Cell(f"{shown(row.low)} to {shown(row.high)}"),
            Cell(row.unit),
            Cell(_origin(row)),
        )
        for row in rows
    )
    return Table(id_, caption, columns, cells, "", fold, in_print=not fold)


def _origin(row: Parameter) -> str:
    dated = f" ({row.date})" if row.date and row.date not in row.source else ""
    return row.overridden or f"{row.source}{dated}"


def _glossary_part() -> Part:
    rows = tuple((Cell(row["word"]), Cell(row["meaning"])) for row in packaged_rows("glossary"))
    return Part(
        "method-glossary",
        "Words",
        (Table("table-glossary", "Words used here", (Column("Word"), Column("Meaning")), rows),),
    )
