"""Ways in which a department's file goes wrong, made from real excerpts while the tests run."""

import csv
import gzip
import io
import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

SPOILED = Path(__file__).resolve().parents[2] / "spoiled"
Rows = list[list[str]]


def rows_of(name: str) -> Rows:
    """A real excerpt as rows of text, header first."""
    return list(csv.reader(io.StringIO((SPOILED / f"{name}.csv").read_text(encoding="utf-8"), newline="")))


def text_of(rows: Rows, delimiter: str = ",") -> str:
    """Rows as delimited text."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def write(
    folder: Path, rows: Rows, name: str = "extract.csv", encoding: str = "utf-8", delimiter: str = ","
) -> Path:
    """Write rows as a file of its own."""
    path = folder / name
    path.write_bytes(text_of(rows, delimiter).encode(encoding))
    return path


def column(rows: Rows, header: str) -> int:
    """Position of a header."""
    return rows[0].index(header)


def put(rows: Rows, row: int, header: str, value: str) -> Rows:
    """Rows with one cell changed; `row` counts as a spreadsheet does, the header being row 1."""
    changed = [list(line) for line in rows]
    changed[row - 1][column(rows, header)] = value
    return changed


def each(rows: Rows, header: str, change: Callable[[str], str]) -> Rows:
    """Rows with every cell of a column changed."""
    place = column(rows, header)
    return [rows[0], *([*line[:place], change(line[place]), *line[place + 1 :]] for line in rows[1:])]


def rename(rows: Rows, header: str, new: str) -> Rows:
    """Rows with another header."""
    return [[new if cell == header else cell for cell in rows[0]], *rows[1:]]


def without(rows: Rows, header: str) -> Rows:
    """Rows without a column."""
    place = column(rows, header)
    return [[*line[:place], *line[place + 1 :]] for line in rows]


def with_column(rows: Rows, header: str, values: list[str]) -> Rows:
    """Rows with one more column, its values repeated as often as needed."""
    return [[*rows[0], header], *([*line, values[i % len(values)]] for i, line in enumerate(rows[1:]))]


def zip_bomb(folder: Path) -> Path:
    """An archive of a few kilobytes that holds 100 million zeros under the name of a table."""
    path = folder / "shelter_flow.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("shelter_flow.csv", "w") as member,
    ):
        for _ in range(100):
            member.write(b"0" * 1_000_000)
    return path


def lying_zip(folder: Path) -> Path:
    """An archive whose table of contents says that a large member is small."""
    path = zip_bomb(folder)
    data = path.read_bytes()
    true_size, small = struct.pack("<I", 100_000_000), struct.pack("<I", 1_000)
    path.write_bytes(data.replace(true_size, small))
    return path


def climbing_zip(folder: Path) -> Path:
    """An archive whose member wants to be written outside it."""
    path = folder / "tables.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../etc/cron.d/extract.csv", "month,group\n")
    return path


def workbook(folder: Path, sheets: dict[str, Rows], name: str = "extract.xlsx") -> Path:
    """A workbook made of plain XML, all cells as text, so that tests need no library that writes one."""
    path = folder / name
    names = "".join(
        f'<sheet name="{sheet}" sheetId="{i}" r:id="rId{i}"/>' for i, sheet in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{i}" Target="worksheets/sheet{i}.xml" Type="{_REL}/worksheet"/>'
        for i in range(1, len(sheets) + 1)
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        kinds = "".join(
            f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="{_MAIN}.worksheet+xml"/>'
            for i in range(1, len(sheets) + 1)
        )
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Default Extension="rels" ContentType="{_RELS}"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_MAIN}.sheet.main+xml"/>{kinds}</Types>',
        )
        archive.writestr(
            "_rels/.rels",
            _links(f'<Relationship Id="r" Target="xl/workbook.xml" Type="{_REL}/officeDocument"/>'),
        )
        archive.writestr("xl/_rels/workbook.xml.rels", _links(links))
        archive.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{_NS}" xmlns:r="{_REL}"><sheets>{names}</sheets></workbook>'
        )
        for i, rows in enumerate(sheets.values(), 1):
            archive.writestr(f"xl/worksheets/sheet{i}.xml", _sheet(rows))
    return path


_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "application/vnd.openxmlformats-package.relationships+xml"
_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _links(entries: str) -> str:
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{entries}</Relationships>'


def _sheet(rows: Rows) -> str:
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(
            f'<c r="{_letters(i)}{number}" t="e"><v>{cell}</v></c>'
            if cell.startswith("#") and cell.endswith("!")
            else f'<c r="{_letters(i)}{number}" t="inlineStr"><is><t>{_escaped(cell)}</t></is></c>'
            for i, cell in enumerate(row)
            if cell != ""
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    return f'<worksheet xmlns="{_NS}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def _letters(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(path: Path, share: float) -> Path:
    """The file, cut off."""
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


def packed(path: Path) -> Path:
    """The file as gzip."""
    out = path.with_name(path.name + ".gz")
    out.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    return out


def points(
    folder: Path, features: list[tuple[dict[str, object], list[float] | None]], **extra: object
) -> Path:
    """A GeoJSON file of points."""
    path = folder / "extract.geojson"
    items = [
        {
            "type": "Feature",
            "properties": properties,
            "geometry": None if place is None else {"type": "Point", "coordinates": place},
        }
        for properties, place in features
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": items, **extra}), encoding="utf-8")
    return path


def locked_zip(folder: Path) -> Path:
    """An archive whose member is marked as encrypted."""
    path = folder / "tables.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "month,group\n")
    data = bytearray(path.read_bytes())
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + offset] |= 1
    path.write_bytes(bytes(data))
    return path


def document(folder: Path) -> Path:
    """A word processor's file, named like a table."""
    path = folder / "table.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    return path


def shapefile_without_dbf(folder: Path) -> Path:
    """A shapefile of which only the outlines were zipped."""
    path = folder / "sites.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("sites.shp", b"\0\0\x27\x0a")
    return path


def far_corner(folder: Path) -> Path:
    """A workbook with a lone cell at the end of the sheet, so that its rectangle has 17 billion cells."""
    path = workbook(folder, {"Data": [["month", "group"], ["CORNER", ""]]})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(
                name, data.replace(b'<row r="2"><c r="A2"', b'<row r="1048576"><c r="XFD1048576"')
            )
    return path
