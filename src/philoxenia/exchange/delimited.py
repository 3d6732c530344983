"""CSV and its relatives: any usual encoding and delimiter, in blocks, with the row numbers a person sees.

A record is what a spreadsheet shows as one row, so a line break inside quotes does not count as a new one.
Row 1 is the first record of the file. Terms: *irregular* quotes stand inside a value without being doubled;
such files are read by Python's slower reader.
"""

import codecs
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np
import polars as pl

from philoxenia.exchange.encodings import Encoding
from philoxenia.exchange.grids import Grid, text_grid
from philoxenia.exchange.limits import limit
from philoxenia.exchange.problems import UnreadableFileError
from philoxenia.exchange.records import careful_rows, rows_of, shortened
from philoxenia.exchange.survey import MIXED, Survey, blocks, encoding_of, looks_binary, survey_file

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_QUOTE = ord('"')
_NEWLINE = ord("\n")
_RETURN = ord("\r")


@dataclass
class OddRows:
    """Rows with too many or too few cells: all their numbers, and the first ones as (row, cells, text)."""

    rows: list[np.ndarray] = field(default_factory=list)
    examples: list[tuple[int, int, str]] = field(default_factory=list)

    def numbers(self) -> pl.Series:
        """All row numbers met so far."""
        every = np.concatenate(self.rows) if self.rows else np.array([], np.uint32)
        return pl.Series(every.astype(np.uint32))


@dataclass
class Ragged:
    """Rows whose number of cells differs from the header's, and lone quotation marks as (row, text)."""

    too_long: OddRows = field(default_factory=OddRows)
    too_short: OddRows = field(default_factory=OddRows)
    stray_quotes: list[tuple[int, str]] = field(default_factory=list)
    last_row: int = 0
    ends_cleanly: bool = True


@dataclass
class Delimited:
    """An opened delimited file: what was recognised, its first rows, and its rows in blocks."""

    name: str
    open: Callable[[], BinaryIO]
    encoding: Encoding
    delimiter: str
    sha256: str
    size: int
    head: Grid
    damaged: bool = False
    irregular: bool = False
    directive: bool = False
    comment: str = ""
    ragged: Ragged = field(default_factory=Ragged)

    def batches(self, width: int, header_row: int) -> Iterator[Grid]:
        """All rows, `width` text columns; rows before and including `header_row` are not measured for
        length.
        """
        self.ragged = Ragged()
        if self.irregular:
            yield from _slow_batches(self, width, header_row)
        else:
            yield from _fast_batches(self, width, header_row)


def _utf8_blocks(file: Delimited) -> Iterator[bytes]:
    """The file as UTF-8 with `\\n` line ends, in blocks that may cut a record anywhere."""
    codec = file.encoding.codec
    plain = codec == "utf_8" and not file.damaged
    decoder = None if plain else codecs.getincrementaldecoder(codec)(errors=MIXED)
    for block in blocks(file.name, file.open):
        yield block if decoder is None else decoder.decode(block).encode("utf-8")
    if decoder is not None:
        yield decoder.decode(b"", final=True).encode("utf-8")


def _sniff(text: str) -> str:
    """The delimiter with which most of the first rows have the same number of cells, more than one."""
    if text[:4].lower() == "sep=" and text[4:5] in DELIMITERS:
        return text[4]
    scored = []
    for order, delimiter in enumerate(DELIMITERS):
        widths = Counter(len(row) for row in rows_of(text, delimiter) if any(row))
        # One long first line cut at the end of the sample must not decide.
        width, rows = max(
            widths.items(), key=lambda item: (item[1] * min(item[0] - 1, 3), item[0]), default=(1, 0)
        )
        if width > 1:
            scored.append((rows / sum(widths.values()) + min(width, 20) / 1000, -order, delimiter))
    return max(scored)[2] if scored else ","


def _head_text(survey: Survey, encoding: Encoding) -> str:
    decoder = codecs.getincrementaldecoder(encoding.codec)(errors=MIXED)
    text = decoder.decode(survey.start).lstrip("﻿")
    if len(survey.start) < survey.size:
        cut = text.rfind("\n")
        text = text[: cut + 1] if cut > 0 else text
    return text.replace("\r\n", "\n").replace("\r", "\n")


def check_width(name: str, columns: int) -> None:
    """Raises `UnreadableFileError` where a table has more columns than any real one."""
    if columns > limit("file", "columns"):
        raise UnreadableFileError(
            f"{name} has more than {limit('file', 'columns'):,} columns, more than any table has. If "
            "rows and columns were exchanged, export it with one row an entry."
        )


def open_delimited(name: str, open_stream: Callable[[], BinaryIO]) -> Delimited:
    """Open a delimited text file.

    Raises `UnreadableFileError` for junk, emptiness or a file beyond the limits.
    """
    survey = survey_file(name, open_stream)
    if not survey.start.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise UnreadableFileError(
            f"{name} is empty. Export the table again and check that the export finished."
        )
    encoding, damaged = encoding_of(survey, name)
    text = _head_text(survey, encoding)
    if looks_binary(text):
        raise UnreadableFileError(
            f"{name} is not a text table: it is full of control characters. "
            "Export the table as CSV (UTF-8) or XLSX and hand that in."
        )
    sample = "\n".join(text.split("\n")[:200])
    delimiter = _sniff(sample)
    rows = rows_of(sample, delimiter)[: limit("reading", "head_rows")]
    check_width(name, max((len(row) for row in rows), default=0))
    file = Delimited(
        name, open_stream, encoding, delimiter, survey.sha256, survey.size, text_grid(rows), damaged
    )
    file.directive = text[:4].lower() == "sep="
    if survey.returns and not survey.newlines:
        file.irregular = True
    return file


@dataclass(frozen=True)
class _Block:
    """A piece of a file that holds whole records: its bytes, where records end and quotation marks stand."""

    text: bytes
    data: np.ndarray
    ends: np.ndarray
    quotes: np.ndarray


def _block(text: bytes) -> _Block:
    data = np.frombuffer(text, np.uint8)
    newlines, quotes = np.flatnonzero(data == _NEWLINE), np.flatnonzero(data == _QUOTE)
    ends = newlines[np.searchsorted(quotes, newlines) % 2 == 0] if len(quotes) else newlines
    return _Block(text, data, ends, quotes)


def _records(file: Delimited) -> Iterator[_Block]:
    """Blocks of whole records: a line break inside quotation marks ends none."""
    rest = b""
    for piece in _utf8_blocks(file):
        rest = rest + piece if rest else piece
        if len(rest) < limit("reading", "block_bytes"):
            continue
        block = _block(rest)
        if len(block.ends):
            cut = int(block.ends[-1]) + 1
            quotes = block.quotes[: np.searchsorted(block.quotes, cut)]
            yield _Block(rest[:cut], block.data[:cut], block.ends, quotes)
            rest = rest[cut:]
    if rest:
        yield _block(rest)


def _quotes_are_regular(block: _Block, delimiter: int) -> bool:
    """Whether every quotation mark opens or closes a whole cell, or is doubled inside one."""
    quotes = block.quotes
    if not len(quotes):
        return True
    if len(quotes) % 2:
        return False
    # One byte wider at both ends, so that the first and last quote have neighbours too.
    padded = np.pad(block.data, 1, constant_values=_NEWLINE)
    before, after = padded[quotes[0::2]], padded[quotes[1::2] + 2]
    opens = np.isin(before, (delimiter, _NEWLINE, _QUOTE))
    closes = np.isin(after, (delimiter, _NEWLINE, _QUOTE, _RETURN))
    return bool(opens.all() and closes.all())


def _fast_batches(file: Delimited, width: int, header_row: int) -> Iterator[Grid]:
    row = 1
    for block in _records(file):
        if not _quotes_are_regular(block, ord(file.delimiter)):
            file.irregular = True
            yield from _slow_batches(file, width, header_row, skip=row - 1)
            return
        _measure(file, block, row, width, header_row)
        cells = _parse(block.text, file.delimiter, width)
        file.ragged.last_row = row + cells.height - 1
        yield Grid(cells, row)
        row += cells.height


def _parse(block: bytes, delimiter: str, width: int) -> pl.DataFrame:
    return pl.read_csv(
        block,
        has_header=False,
        schema={f"c{i}": pl.String for i in range(width)},
        separator=delimiter,
        truncate_ragged_lines=True,
        extra_columns="ignore",
        missing_columns="insert",
        raise_if_empty=False,
    )


def _measure(file: Delimited, block: _Block, row: int, width: int, header_row: int) -> None:
    """Count the cells of every record in the block and note those with more or fewer than the header."""
    data, ends = block.data, block.ends
    file.ragged.ends_cleanly = block.text.endswith(b"\n")
    if not file.ragged.ends_cleanly:
        ends = np.append(ends, len(data))
    starts = np.append(0, ends[:-1] + 1)
    marks = np.flatnonzero(_marks(block, ord(file.delimiter)))
    cells = np.diff(np.searchsorted(marks, ends), prepend=0) + 1
    cells[(ends - starts) <= 1] = width  # blank lines are met elsewhere
    if row <= header_row:
        cells[: header_row - row + 1] = width
    if file.comment:
        cells[data[starts] == ord(file.comment)] = width
    if not (cells != width).any():
        return
    long = np.flatnonzero(cells > width)
    long = long[~_end_empty(data, ends[long], cells[long] - width, ord(file.delimiter))]
    for odd, found in ((file.ragged.too_long, long), (file.ragged.too_short, np.flatnonzero(cells < width))):
        odd.rows.append(found + row)
        for index in found[: limit("report", "ragged_kept") - len(odd.examples)].tolist():
            text = block.text[starts[index] : ends[index]].decode("utf-8", errors="replace").rstrip("\r")
            odd.examples.append((row + index, int(cells[index]), shortened(text)))


def _marks(block: _Block, delimiter: int) -> np.ndarray:
    """Which bytes are delimiters that part cells, those inside quotation marks left out."""
    marks: np.ndarray = block.data == delimiter
    if len(block.quotes):
        toggles = np.zeros(len(block.data), np.uint8)
        toggles[block.quotes] = 1
        marks &= np.bitwise_xor.accumulate(toggles, out=toggles) == 0
    return marks


def _end_empty(data: np.ndarray, ends: np.ndarray, extra: np.ndarray, delimiter: int) -> np.ndarray:
    """Which records hold nothing in the cells beyond the last column, as many programs end a row."""
    ends = ends - (data[ends - 1] == _RETURN)
    empty = np.ones(len(ends), bool)
    for back in range(1, int(extra.max(initial=0)) + 1):
        empty &= (extra < back) | (data[ends - back] == delimiter)
    return empty


def _slow_batches(file: Delimited, width: int, header_row: int, skip: int = 0) -> Iterator[Grid]:
    """Rows by the careful reader, for files whose quotation marks do not follow the rule."""
    if file.size > limit("file", "irregular_bytes"):
        raise UnreadableFileError(
            f"{file.name} has quotation marks inside values, and at {file.size:,} bytes it is too large for "
            f"the "
            "careful reader. Export it again with such values enclosed in quotation marks and the marks "
            "doubled."
        )
    text = (
        b"".join(_utf8_blocks(file))
        .decode("utf-8")
        .lstrip("\ufeff")
        .replace("\r\n", "\n")
        .replace("\r", "\n")
    )
    file.ragged.ends_cleanly = text.endswith("\n")
    rows = list(
        careful_rows(text.removesuffix("\n").split("\n"), file.delimiter, width, file.ragged.stray_quotes)
    )
    for row, values in enumerate(rows[skip:], start=skip + 1):
        comment = bool(file.comment and values and values[0].startswith(file.comment))
        if row > header_row and len(values) > 1 and len(values) != width and not comment:
            _note_row(file, row, values, width)
    file.ragged.last_row = len(rows)
    padded = [[*values[:width], *[""] * (width - len(values))] for values in rows[skip:]]
    yield text_grid(padded or [[""] * width], skip + 1)


def _note_row(file: Delimited, row: int, values: list[str], width: int) -> None:
    # Empty cells beyond the last column are how many programs end a row.
    if len(values) > width and not any(cell.strip() for cell in values[width:]):
        return
    odd = file.ragged.too_long if len(values) > width else file.ragged.too_short
    odd.rows.append(np.array([row]))
    if len(odd.examples) < limit("report", "ragged_kept"):
        odd.examples.append((row, len(values), shortened(file.delimiter.join(values))))
