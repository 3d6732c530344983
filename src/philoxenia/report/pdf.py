"""The report as PDF: the same document set in type for print, tagged, with fonts that every machine has.

Owns what the typesetter is sent; the layout is `templates/report.typ`. Same document and fonts: same bytes.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import typst

from philoxenia.report.document import (
    Block,
    Cell,
    Column,
    Document,
    Figure,
    Legend,
    Missing,
    Part,
    Points,
    Profile,
    Section,
    Table,
    Text,
)
from philoxenia.report.maps import swatch_drawing
from philoxenia.report.mark import mark
from philoxenia.report.names import named, plain
from philoxenia.report.strips import standalone
from philoxenia.report.tokens import LIGHT
from philoxenia.report.types import ReportError

_KINDS = {Text: "text", Points: "points", Missing: "missing", Figure: "figure", Table: "table"}
# Accessible PDF: tags, alternative texts, title and language are required and checked by the typesetter.
_STANDARD: Literal["ua-1"] = "ua-1"
_NARROWEST, _WIDEST, _WIDEST_NUMBER = 4, 44, 28


def pdf(document: Document) -> bytes:
    """The document as a tagged PDF. Raises `ReportError` where it cannot be set."""
    return typeset("report", _told(document))


def typeset(template: str, told: Mapping[str, Any]) -> bytes:
    """What is told, set by `templates/<template>.typ`, as a tagged PDF. Raises `ReportError`."""
    inputs = {"report": json.dumps(told, ensure_ascii=False, sort_keys=True)}
    try:
        return _set(template, inputs, _STANDARD)
    except typst.TypstError:
        # A name in a script that no font here has breaks the standard; it is set with a sign for it instead.
        return _set_anyway(template, inputs)


def _set_anyway(template: str, inputs: dict[str, str]) -> bytes:
    try:
        return _set(template, inputs, None)
    except typst.TypstError as error:
        raise ReportError(f"The PDF could not be set: {error}. The page is not affected.") from error


def _set(template: str, inputs: dict[str, str], standard: Literal["ua-1"] | None) -> bytes:
    folder = files("philoxenia.report") / "templates"
    source = b"".join((folder / f"{name}.typ").read_bytes() for name in ("pieces", template))
    fonts = typst.Fonts(font_paths=_installed_fonts())
    return bytes(typst.compile(source, sys_inputs=inputs, pdf_standards=standard, font_paths=fonts))


def _installed_fonts() -> list[Path]:
    """Folders of fonts installed as Python packages (entry points `fontpkg.family`), for scripts that no font
    of the machine has; none are needed."""
    folders = [Path(str(files(entry.module))) / "files" for entry in entry_points(group="fontpkg.family")]
    return sorted(folder for folder in folders if folder.is_dir())


def _told(document: Document) -> dict[str, Any]:
    told: dict[str, Any] = without_idle_signs(
        {
            "tokens": LIGHT,
            "mark": mark(1.4),
            "city": document.city,
            "title": document.title,
            "answer": document.answer,
            "facts": document.facts,
            "keys": [asdict(key) for key in document.keys],
            "sections": [told_section(section) for section in document.sections],
            "annex": _annex(document.profiles),
        }
    )
    return told


def told_section(section: Section) -> dict[str, Any]:
    """A section as the typesetter reads it."""
    return {
        "id": section.id,
        "title": section.title,
        "answer": section.answer,
        "blocks": _blocks(section.blocks),
        "parts": [_part(part) for part in section.parts],
        "closing": _blocks(section.closing),
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "title": part.title,
        "beside": part.beside,
        "columns": part.columns,
        "blocks": _blocks(part.blocks),
    }


def _blocks(blocks: tuple[Block, ...]) -> list[dict[str, Any]]:
    kept = (block for block in blocks if isinstance(block, Text | Missing) or block.in_print)
    return [_block(block) for block in kept]


def _block(block: Block) -> dict[str, Any]:
    kind = {"kind": _KINDS[type(block)]}
    if isinstance(block, Figure):
        return kind | _figure(block)
    if isinstance(block, Table):
        return kind | _table(block)
    return kind | asdict(block)


def _figure(figure: Figure) -> dict[str, Any]:
    pictures = [{"svg": one.standalone, "label": one.label, "title": one.title} for one in figure.pictures]
    legend = None if figure.legend is None else _legend(figure.legend)
    return {
        "title": figure.title,
        "pictures": pictures,
        "legend": legend,
        "words": figure.words,
        "source": figure.source,
    }


def _legend(legend: Legend) -> dict[str, Any]:
    swatches = [{"svg": swatch_drawing(one.token), "text": one.text} for one in legend.swatches]
    return {"title": legend.title, "swatches": swatches}


def _table(table: Table) -> dict[str, Any]:
    return {
        "caption": table.caption,
        "columns": [
            asdict(column) | {"weight": _weight(column, [row[place].text for row in table.rows])}
            for place, column in enumerate(table.columns)
        ],
        "rows": [[_cell(cell) for cell in row] for row in table.rows],
        "note": table.note,
    }


def _weight(column: Column, texts: list[str]) -> int:
    """How wide a column is set beside the others: by its longest cell or heading word."""
    longest = max((len(text) for text in texts), default=0)
    word = max((len(word) for word in column.title.split()), default=0)
    return min(max(longest, word, _NARROWEST), _WIDEST_NUMBER if column.numeric else _WIDEST) + 3


def _cell(cell: Cell) -> dict[str, str]:
    return {"text": cell.text, "graphic": standalone(cell.graphic) if cell.graphic else ""}


def _annex(profiles: tuple[Profile, ...]) -> dict[str, Any] | None:
    """Every district with its scores, for looking it up on paper."""
    heads = next((profile.scores for profile in profiles if profile.scores), ())
    if not heads:
        return None
    columns = (
        Column("District"),
        Column("Who lives there"),
        *(Column(row[0].text, numeric=True) for row in heads),
    )
    rows = tuple(
        (
            Cell(named(profile.name)),
            Cell(", ".join(profile.facts[1:])),
            *_scores(profile, [row[0].text for row in heads]),
        )
        for profile in profiles
    )
    note = "Pressure, 0 to 100, with its band. Gaps and indicators by district: the page and tables/."
    return _table(Table("annex", "Pressure in every district", columns, rows, note))


def _scores(profile: Profile, aspects: list[str]) -> list[Cell]:
    known = {row[0].text: row[2] for row in profile.scores}
    return [known.get(aspect, Cell()) for aspect in aspects]


def without_idle_signs(value: Any) -> Any:
    """The same with isolating signs dropped where they can do nothing."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Mapping):
        return {key: without_idle_signs(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [without_idle_signs(entry) for entry in value]
    return value
