"""From an opened file to a typed table: skips titles, blank lines, repeated headers and footnotes, reads the
cells.

Works batch by batch, so that a file of any length needs little more memory than its typed table.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from philoxenia.exchange.ahead import ahead
from philoxenia.exchange.cells import ColumnReader
from philoxenia.exchange.corrections import Corrector
from philoxenia.exchange.delimited import DELIMITERS, Delimited, Ragged
from philoxenia.exchange.files import Opened
from philoxenia.exchange.grids import Grid, LongTable
from philoxenia.exchange.ledger import Ledger
from philoxenia.exchange.limits import limit
from philoxenia.exchange.notations import marks
from philoxenia.exchange.recognise import Match, header_row, match_headers
from philoxenia.exchange.rules.context import ROW
from philoxenia.exchange.spelling import key, listed, quoted
from philoxenia.exchange.status import CellWatch

_FOOTNOTE_CELLS = 1
# Is shown the headers and every batch of text as the file has it, with its row numbers.
Seen = Callable[[Sequence[str], pl.DataFrame, pl.Series], None]


@dataclass
class Reader:
    """Reads one file by one contract. `watches` counts the cells of columns the contract does not declare."""

    match: Match
    ledger: Ledger
    date_order: str = ""
    watches: dict[str, CellWatch] = field(default_factory=dict)
    rows_read: int = 0
    damaged: dict[str, int] = field(default_factory=dict)
    left_in: set[int] = field(default_factory=set)
    corrector: Corrector | None = None
    progress: Callable[[int], None] | None = None
    seen: Seen | None = None

    def __post_init__(self) -> None:
        places = self.match.places
        columns = {column.name: column for column in self.match.contract.columns}
        self.readers = {
            name: ColumnReader(columns[name], self.ledger, self.date_order)
            for name in columns
            if name in places
        }
        self.watches = {self.match.headers[i]: CellWatch() for i in self.match.unused}

    def table(self, opened: Opened) -> pl.DataFrame:
        """The typed table with the file's row numbers in `__row`."""
        header_row = opened.head.first_row + self.match.header_index
        width = max(len(self.match.headers), 1)
        if opened.delimited is not None:
            opened.delimited.comment = self.match.contract.signature.get("comment", "")
        if self.corrector is not None:
            self.corrector.know(self.match.headers, self.match.places)
        frames = [self._typed(cells, rows) for cells, rows in self._clean(opened, width, header_row)]
        for reader in self.readers.values():
            reader.finish()
        if opened.delimited is not None:
            self._tell_ragged(opened.delimited, width)
        return pl.concat(frames) if frames else self._empty()

    def long_table(self, long: LongTable) -> pl.DataFrame:
        """The typed table of what a layout made."""
        cells = pl.DataFrame({f"c{i}": long.frame[name] for i, name in enumerate(long.frame.columns)})
        if self.corrector is not None:
            self.corrector.know(long.frame.columns, self.match.places)
        cells, rows = self._corrected(cells, long.rows.cast(pl.UInt32))
        frame = self._typed(cells, rows) if cells.height else self._empty()
        for reader in self.readers.values():
            reader.finish()
        return frame

    def _empty(self) -> pl.DataFrame:
        schema = {name: reader.dtype for name, reader in self.readers.items()}
        return pl.DataFrame(schema={ROW: pl.UInt32, **schema})

    def _typed(self, cells: pl.DataFrame, rows: pl.Series) -> pl.DataFrame:
        self.rows_read += len(rows)
        if self.progress is not None:
            self.progress(self.rows_read)
        columns = {ROW: rows}
        for name, reader in self.readers.items():
            columns[name] = reader.read(cells[f"c{self.match.places[name]}"], rows)
        for place in self.match.unused:
            self.watches[self.match.headers[place]].see(cells[f"c{place}"], rows)
        return pl.DataFrame(columns)

    # --- lines that are not data
    # -------------------------------------------------------------------------------

    def _clean(self, opened: Opened, width: int, header_row: int) -> Iterator[tuple[pl.DataFrame, pl.Series]]:
        held: tuple[pl.DataFrame, pl.Series] | None = None
        for grid in ahead(opened.batches(width, header_row)):
            cells, rows = _numbered(grid, header_row, self.match.header_index >= 0)
            if self.seen is not None:
                self.seen(self.match.headers, cells, rows)
            cells, rows = self._corrected(cells, rows)
            cells, rows = self._without_comments(cells, rows)
            cells, rows = self._without_blank_rows(cells, rows)
            cells, rows = self._without_repeated_header(cells, rows)
            cells, rows = self._without_totals(cells, rows)
            if held is not None and held[0].height:
                yield self._without_damaged(opened, *held)
            held = cells, rows
        if held is not None:
            yield self._without_damaged(opened, *self._without_footnotes(*held))

    def _corrected(self, cells: pl.DataFrame, rows: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
        return (cells, rows) if self.corrector is None else self.corrector.apply(cells, rows)

    def _without_damaged(
        self, opened: Opened, cells: pl.DataFrame, rows: pl.Series
    ) -> tuple[pl.DataFrame, pl.Series]:
        """Rows with too many or too few cells are reported once, not cell by cell."""
        if opened.delimited is None:
            return cells, rows
        ragged = opened.delimited.ragged
        keep = pl.repeat(True, cells.height, eager=True)
        for rule, odd in (("row_too_long", ragged.too_long), ("row_too_short", ragged.too_short)):
            if odd.rows and cells.height:
                hit = rows.is_in(odd.numbers().implode())
                self.damaged[rule] = self.damaged.get(rule, 0) + int(hit.sum())
                self.left_in.update(rows.filter(hit).head(limit("report", "ragged_kept")).to_list())
                keep = keep & ~hit
        return cells.filter(keep), rows.filter(keep)

    def _without_totals(self, cells: pl.DataFrame, rows: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
        """Leave out lines of sums: a key cell that says Total where a month or a listed name should stand."""
        for name in self.match.contract.key:
            reader = self.readers.get(name)
            if reader is None or not reader.knows_totals or not cells.height:
                continue
            text = cells[f"c{self.match.places[name]}"].str.strip_chars(" :*").str.to_lowercase()
            totals = text.is_in(pl.Series(reader.totals).implode()).fill_null(False)
            if totals.any():
                shown = cells[f"c{self.match.places[name]}"].filter(totals)[0]
                sums = rows.filter(totals)
                self.ledger.mend_rows("total_row", sums.head(20).to_list(), count=len(sums), value=shown)
                cells, rows = cells.filter(~totals), rows.filter(~totals)
        return cells, rows

    def _without_comments(self, cells: pl.DataFrame, rows: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
        sign = self.match.contract.signature.get("comment", "")
        if not sign or not cells.height:
            return cells, rows
        keep = ~cells["c0"].fill_null("").str.starts_with(sign)
        return cells.filter(keep), rows.filter(keep)

    def _without_blank_rows(self, cells: pl.DataFrame, rows: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
        # Only rows whose first column is empty can be empty: one look at one column for most files.
        first = cells["c0"].is_null() | (cells["c0"].str.strip_chars() == "")
        if not first.any():
            return cells, rows
        candidates = first.arg_true()
        empty = cells[candidates].select(
            pl.all_horizontal(pl.all().is_null() | (pl.all().str.strip_chars() == "")).alias("e")
        )["e"]
        blank = candidates.filter(empty)
        if not len(blank):
            return cells, rows
        keep = pl.Series([True]).extend_constant(True, cells.height - 1).scatter(blank, False)
        # Blank lines at the very end are how many programs finish a file.
        inner = rows.gather(blank).filter(rows.gather(blank) < (rows.filter(keep).max() or 0))
        if len(inner):
            self.ledger.mend_rows("blank_rows", inner.head(20).to_list(), count=len(inner))
        return cells.filter(keep), rows.filter(keep)

    def _without_repeated_header(
        self, cells: pl.DataFrame, rows: pl.Series
    ) -> tuple[pl.DataFrame, pl.Series]:
        if self.match.header_index < 0 or not cells.height:
            return cells, rows
        places = list(self.match.places.values())[:6]
        test = [
            pl.col(f"c{i}").fill_null("").str.strip_chars() == self.match.headers[i].strip() for i in places
        ]
        if not test:
            return cells, rows
        same = cells.select(pl.all_horizontal(test).alias("s"))["s"]
        if same.any():
            again = rows.filter(same)
            self.ledger.mend_rows("repeated_header", again.head(20).to_list(), count=len(again))
        return cells.filter(~same), rows.filter(~same)

    def _without_footnotes(self, cells: pl.DataFrame, rows: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
        """Lines at the end that fill one cell of a table of many are sources and remarks, not data."""
        if len(self.match.contract.required) < 2 or cells.width < 3:
            return cells, rows
        tail = cells.tail(limit("reading", "title_rows"))
        filled = tail.select(
            pl.sum_horizontal((pl.all().fill_null("").str.strip_chars() != "").cast(pl.Int32)).alias("n")
        )["n"].to_list()
        notes = 0
        for count in reversed(filled):
            if count > _FOOTNOTE_CELLS:
                break
            notes += 1
        if not notes or notes == cells.height:
            return cells, rows
        first = next((cell for cell in cells.tail(notes).row(0) if cell and cell.strip()), "")
        self.ledger.mend_rows("footnotes", rows.tail(notes).to_list(), value=str(first), count=notes)
        return cells.head(-notes), rows.head(-notes)

    def _tell_ragged(self, file: Delimited, width: int) -> None:
        ragged, delimiter = file.ragged, DELIMITERS[file.delimiter]
        for rule, odd in (("row_too_long", ragged.too_long), ("row_too_short", ragged.too_short)):
            count = self.damaged.get(rule, 0)
            examples = [entry for entry in odd.examples if entry[0] in self.left_in]
            if examples and rule == "row_too_short" and self._is_cut_off(ragged, examples[-1][0]):
                self.ledger.find("cut_off", "", [(examples[-1][0], examples[-1][2])])
                examples, count = examples[:-1], count - 1
            if count and not self.rows_read and len({cells for _, cells, _ in odd.examples}) == 1:
                self.ledger.find(
                    "header_length", count=count, width=str(width), found=str(odd.examples[0][1])
                )
            elif count:
                details: dict[str, Any] = {"width": str(width), "delimiter": delimiter}
                details["found"] = str(examples[0][1]) if examples else ""
                self.ledger.find(rule, "", [(row, text) for row, _, text in examples], count, **details)
        if ragged.stray_quotes:
            self.ledger.find("stray_quotes", "", ragged.stray_quotes)

    @staticmethod
    def _is_cut_off(ragged: Ragged, row: int) -> bool:
        return row == ragged.last_row and not ragged.ends_cleanly


def _numbered(grid: Grid, header_row: int, has_header: bool) -> tuple[pl.DataFrame, pl.Series]:
    rows = pl.int_range(grid.first_row, grid.first_row + grid.cells.height, dtype=pl.UInt32, eager=True)
    if not has_header or grid.first_row > header_row:
        return grid.cells, rows
    skip = header_row - grid.first_row + 1
    return grid.cells.slice(skip), rows.slice(skip)


def tell_shape(match: Match, opened: Opened, ledger: Ledger) -> None:
    """Say what the header row shows: titles above it, columns missing, doubled or not used."""
    directive = opened.delimited is not None and opened.delimited.directive
    if match.header_index > (1 if directive else 0):
        skipped = [
            " ".join(cell for cell in opened.head.row(i) if cell.strip()) for i in range(match.header_index)
        ]
        text = next((line for line in skipped if line), "empty lines")
        ledger.find(
            "titles_skipped",
            count=match.header_index,
            value=quoted(text),
            header_row=opened.head.first_row + match.header_index,
        )
    for name, places in match.twice.items():
        columns = listed([f"{quoted(match.headers[i])} (column {_letters(i)})" for i in places])
        ledger.find("column_twice", name, count=1, columns=columns)
    unused = [match.headers[i] for i in match.unused]
    if unused:
        columns = listed([quoted(header, 30) for header in unused], 8)
        ledger.find("columns_unused", count=len(unused), columns=columns)


def tell_personal(match: Match, ledger: Ledger) -> None:
    """Warn where a table of counts carries columns about single persons."""
    if match.contract.grain != "aggregate":
        return
    known = {key(text) for text in marks("personal")}
    personal = [match.headers[i] for i in match.unused if key(match.headers[i]) in known]
    if personal:
        columns = listed([quoted(header) for header in personal])
        ledger.find("personal_columns", count=len(personal), columns=columns)


def _letters(place: int) -> str:
    """The letters a spreadsheet shows for a column: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def match_long(match: Match, long: LongTable) -> Match:
    """The match of a layout's result: its columns are found by name as in any header."""
    again = match_headers(match.contract, header_row(long.frame.columns, -1), "layout")
    return Match(
        match.contract,
        "layout",
        -1,
        again.headers,
        again.places,
        again.missing,
        match.score,
        again.twice,
    )
