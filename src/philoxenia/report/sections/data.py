"""Which data stand behind this? Each table: source, licence, date, mends, what is missing."""

from philoxenia.report.document import Cell, Column, Missing, Part, Points, Section, Table, Text, folded
from philoxenia.report.types import DATA, Findings, TableQuality
from philoxenia.report.words import counted, listing, plural, prose, sentence_case


def data(findings: Findings) -> Section:
    """The data-quality section."""
    title = "Which data stand behind this, and how good are they?"
    if not findings.quality:
        missing = Missing("Nothing is recorded about the tables.", "Add sources.toml to the city package.")
        return Section(
            "data",
            title,
            "Sources are not recorded.",
            (),
            (missing, *folded(findings.missing.get(DATA, ()), "What is missing")),
        )
    tables = tuple(sorted(findings.quality, key=lambda one: one.table))
    parts = [
        Part("data-tables", "Table by table", (_table(tables),)),
        _care_part(tables),
    ]
    there = tuple(part for part in parts if part is not None)
    return Section(
        "data",
        title,
        _answer(tables),
        there,
        closing=folded(findings.missing.get(DATA, ()), "What is missing"),
    )


def _answer(tables: tuple[TableQuality, ...]) -> str:
    rows = sum(table.rows for table in tables)
    mended = [table.table for table in tables if table.mended]
    owners = sorted({table.owner for table in tables if table.owner})
    told = f"{sentence_case(plural(len(tables), 'table'))} with {rows:,} rows"
    told += f" from {plural(len(owners), 'owner')}." if owners else "."
    if mended:
        some = sentence_case(plural(len(mended), "of them was", "of them were"))
        told += f" {some} mended where a rule allowed it; each change is listed."
    unknown = [table.title for table in tables if not table.licence]
    return told + (f" No licence is recorded for {listing(unknown)}." if unknown else "")


def _table(tables: tuple[TableQuality, ...]) -> Table:
    columns = (
        Column("Table"), Column("Owner"), Column("Licence"), Column("Date"), Column("Rows", numeric=True),
        Column("Mends", numeric=True), Column("Warnings", numeric=True),
    )  # fmt: skip
    rows = tuple(
        (
            Cell(table.title or table.table),
            Cell(table.owner or "not recorded"),
            Cell(table.licence or "not recorded"),
            Cell(table.date or "not recorded"),
            Cell(f"{table.rows:,}"),
            Cell(str(len(table.mended))),
            Cell(str(len(table.warnings))),
        )
        for table in tables
    )
    return Table(
        "table-data",
        "Tables behind this report",
        columns,
        rows,
        "The raw files are named in the index of tables.",
    )


def _care_part(tables: tuple[TableQuality, ...]) -> Part | None:
    """What was mended in each table, and what to be careful with."""
    blocks = [
        Points(told, fold=f"{table.title or table.table}: {_how_many(table)}")
        for table in tables
        if (told := _told(table))
    ]
    return (
        Part("data-care", "What was mended, and what to mind", (Text(prose("data.mended")), *blocks))
        if blocks
        else None
    )


def _told(table: TableQuality) -> tuple[str, ...]:
    mended = (f"Mended: {one}" for one in table.mended)
    minded = (f"Mind: {one}" for one in (*table.warnings, *((table.note,) if table.note else ())))
    return (*mended, *minded)


def _how_many(table: TableQuality) -> str:
    minded = len(table.warnings) + bool(table.note)
    told = [plural(len(table.mended), "mend")] if table.mended else []
    return listing([*told, *([f"{counted(minded)} to mind"] if minded else [])])
