"""Sheets whose values stand under several rows of merged headings: years, then kinds, then measures."""

from collections.abc import Sequence
from dataclasses import dataclass

from philoxenia.exchange.grids import Grid, LongTable
from philoxenia.exchange.layouts.sheet import is_total, is_year, left_out, long_table, tidy_rows

VALUE = "value"


@dataclass(frozen=True)
class _Columns:
    """Where things stand: label columns, and for each value column its headings and its measure."""

    labels: dict[int, str]
    headings: dict[int, dict[str, str]]
    measures: dict[int, str]

    @property
    def names(self) -> list[str]:
        levels = next(iter(self.headings.values()), {})
        return [*self.labels.values(), *levels, *dict.fromkeys(self.measures.values())]


def headings_across(grid: Grid) -> LongTable:
    """One line a label row and combination of headings.

    A level of headings that holds only years becomes `year`, any other `heading` (`heading_2` ...); the names
    in the last header row become measures, or `value` where that row itself holds the years. Rows without a
    first label, and totals, are left out and noted.
    """
    rows = tidy_rows(grid)
    names_row = next((i for i, row in enumerate(rows) if len(row) > 1 and row[0] and row[1]), 0)
    columns = _columns(rows[:names_row], rows[names_row])
    records, file_rows, dropped = [], [], []
    for index, row in enumerate(rows[names_row + 1 :], start=names_row + 1):
        labels = {name: row[place] for place, name in columns.labels.items()}
        if not row[0] or is_total(labels.values()):
            dropped += [(grid.first_row + index, next(filter(None, row)))] if any(row) else []
            continue
        for values in _values(row, columns):
            records.append(labels | values)
            file_rows.append(grid.first_row + index)
    return long_table(records, file_rows, columns.names, left_out(dropped, "totals and rows without an id"))


def _columns(above: Sequence[list[str]], names: list[str]) -> _Columns:
    levels = [row for row in above if not row[0] and any(row)]
    if not levels:
        years = {place: name for place, name in enumerate(names) if is_year(name)}
        labels = {place: name for place, name in enumerate(names) if name and place not in years}
        headings = {place: {"year": year} for place, year in years.items()}
        return _Columns(labels, headings, dict.fromkeys(years, VALUE))
    first = min(next(place for place, cell in enumerate(row) if cell) for row in levels)
    filled = _fill_right(levels, first)
    titles = _level_names(filled)
    places = [place for place in range(first, len(names)) if names[place]]
    headings = {
        place: {title: row[place] for title, row in zip(titles, filled, strict=True)} for place in places
    }
    labels = {place: name for place, name in enumerate(names[:first]) if name}
    return _Columns(labels, headings, {place: names[place] for place in places})


def _fill_right(levels: Sequence[list[str]], first: int) -> list[list[str]]:
    """Merged cells leave their text in the first column only; a change in a higher level ends the merge."""
    filled = [list(row) for row in levels]
    for place in range(first + 1, len(filled[0])):
        changed = False
        for row, raw in zip(filled, levels, strict=True):
            if raw[place]:
                changed = changed or raw[place] != row[place - 1]
            elif not changed:
                row[place] = row[place - 1]
    return filled


def _level_names(levels: Sequence[list[str]]) -> list[str]:
    names: list[str] = []
    for row in levels:
        if "year" not in names and all(is_year(cell) for cell in row if cell):
            names.append("year")
        else:
            others = sum(name.startswith("heading") for name in names)
            names.append(f"heading_{others + 1}" if others else "heading")
    return names


def _values(row: list[str], columns: _Columns) -> list[dict[str, str]]:
    lines: dict[tuple[str, ...], dict[str, str]] = {}
    for place, headings in columns.headings.items():
        if row[place]:
            line = lines.setdefault(tuple(headings.values()), dict(headings))
            line[columns.measures[place]] = row[place]
    return list(lines.values())
