"""A plain table that stands under one or more title rows."""

from statistics import median

from philoxenia.exchange.grids import Grid, LongTable
from philoxenia.exchange.layouts.sheet import is_total, left_out, long_table, tidy_rows


def titled_table(grid: Grid) -> LongTable:
    """The table under the titles; its header is the first row nearly as full as the body. No totals."""
    rows = tidy_rows(grid)
    head = _header_row(rows)
    places = [place for place, name in enumerate(rows[head]) if name]
    columns = [rows[head][place] for place in places]
    records, file_rows, totals = [], [], []
    for index, row in enumerate(rows[head + 1 :], start=head + 1):
        cells = [row[place] for place in places]
        file_row = grid.first_row + index
        if not any(cells):
            continue
        if is_total(cells[:3]):
            totals.append((file_row, next(filter(None, cells))))
            continue
        records.append(dict(zip(columns, cells, strict=True)))
        file_rows.append(file_row)
    return long_table(records, file_rows, columns, left_out(totals, "totals"))


def _header_row(rows: list[list[str]]) -> int:
    filled = [sum(map(bool, row)) for row in rows]
    typical = median(filled) if filled else 0
    return next((index for index, count in enumerate(filled) if count >= 0.8 * typical and count > 1), 0)
