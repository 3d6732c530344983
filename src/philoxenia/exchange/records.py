"""Records of a delimited text, one by one: for files whose quotation marks do not follow the rule."""

import csv
import io
from collections.abc import Iterator

from philoxenia.exchange.limits import limit


def rows_of(text: str, delimiter: str, quoting: int = csv.QUOTE_MINIMAL) -> list[list[str]]:
    """Every record of a text by Python's own reader."""
    csv.field_size_limit(limit("file", "cell_characters"))
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting))  # type: ignore[arg-type]


def shortened(text: str) -> str:
    """At most 80 characters, for a report."""
    return text if len(text) <= 80 else text[:77] + "..."


def careful_rows(
    lines: list[str], delimiter: str, width: int, stray: list[tuple[int, str]]
) -> Iterator[list[str]]:
    """Rows line by line.

    A quotation mark that is opened and not closed nearby is part of the text, and goes
    into `stray` with its row.
    """
    place, row = 0, 0
    while place < len(lines):
        row += 1
        taken, values = _whole_record(lines, place, delimiter, width)
        if not taken:
            taken, values = 1, rows_of(lines[place], delimiter, csv.QUOTE_NONE)[0]
            stray.append((row, shortened(next(cell for cell in values if '"' in cell))))
        place += taken
        yield values


def _whole_record(lines: list[str], place: int, delimiter: str, width: int) -> tuple[int, list[str]]:
    """How many lines the record at `place` takes and its cells; 0 where its quotes never close."""
    record = lines[place]
    marks = record.count('"')
    if not marks:
        return 1, record.split(delimiter)
    for taken in range(1, limit("reading", "lines_in_a_cell") + 1):
        if marks % 2 == 0:
            values = rows_of(record, delimiter)[0]
            # Joining lines is right only if it makes the row whole.
            return (taken, values) if taken == 1 or len(values) == width else (0, [])
        if place + taken >= len(lines):
            break
        record += "\n" + lines[place + taken]
        marks += lines[place + taken].count('"')
    return 0, []
