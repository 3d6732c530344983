"""Profiles with one column an area: the labels stand in the first columns, often nested by leading spaces."""

import re
from collections.abc import Sequence

import polars as pl

from philoxenia.exchange.grids import Grid, LongTable
from philoxenia.exchange.layouts.sheet import is_number, left_out, tidy

SEPARATOR = " > "
_CODE_LABEL = re.compile(r"\b(?:number|code|id|numéro|nummer|número|numero|κωδικός)\b", re.IGNORECASE)
_MISSING = {"", "...", "..", ".", "x", "X", "F", "-", "n/a", "NA"}


def areas_across(grid: Grid) -> LongTable:
    """One line an area and row: `area_name`, `area_id` where a row of codes stands on top, labels, `value`.

    Leading spaces nest labels; a nested label is written as its whole path, since labels repeat. A path that
    still repeats gets ` #2`, ` #3`. Rows without any number (designations) are left out and noted.
    """
    header = [tidy(cell) for cell in grid.row(0)]
    body = [grid.row(index) for index in range(1, grid.cells.height)]
    labels, areas = _split(header, body)
    codes_row = _codes_row(body, labels, areas)
    kept, dropped = [], []
    for index, row in enumerate(body):
        if index == codes_row or not any(map(tidy, row)):
            continue
        if any(is_number(row[place]) for place in areas):
            kept.append(index)
        else:
            dropped.append((grid.first_row + 1 + index, tidy(row[labels[-1]])))
    columns = _label_columns(header, [body[index] for index in kept], labels)
    codes = [tidy(body[codes_row][place]) for place in areas] if codes_row is not None else None
    frame = _unpivot(
        [body[index] for index in kept], areas, [header[place] for place in areas], codes, columns
    )
    file_rows = pl.Series("row", [grid.first_row + 1 + index for index in kept], dtype=pl.UInt32)
    rows = file_rows.gather([i for i in range(len(kept)) for _ in areas]) if kept else file_rows
    return LongTable(frame, rows, tuple(left_out(dropped, "rows without numbers")))


def _split(header: list[str], body: Sequence[list[str]]) -> tuple[list[int], list[int]]:
    """Places of label and of area columns: the first column that holds mostly numbers starts the areas."""
    labels: list[int] = []
    for place, name in enumerate(header):
        cells = [row[place] for row in body]
        if name and not _counts_rows(cells):
            if _mostly_numbers(cells):
                return labels, [p for p in range(place, len(header)) if header[p]]
            labels.append(place)
    return labels, []


def _mostly_numbers(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if tidy(cell) not in _MISSING]
    return len(filled) > 0 and sum(map(is_number, filled)) >= 0.5 * len(filled)


def _counts_rows(cells: Sequence[str]) -> bool:
    return len(cells) > 1 and [tidy(cell).removesuffix(".0") for cell in cells] == [
        str(number) for number in range(1, len(cells) + 1)
    ]


def _codes_row(body: Sequence[list[str]], labels: list[int], areas: list[int]) -> int | None:
    for index, row in enumerate(body[:3]):
        codes = [tidy(row[place]) for place in areas]
        filled = [code for code in codes if code]
        if _CODE_LABEL.search(row[labels[-1]]) and filled and len(set(filled)) == len(filled):
            return index
    return None


def _label_columns(header: list[str], body: Sequence[list[str]], labels: list[int]) -> dict[str, list[str]]:
    nested = next((p for p in reversed(labels) if any(row[p].startswith(" ") for row in body)), None)
    if nested is None and len(labels) == 1:
        nested = labels[0]
    columns = {header[p]: [tidy(row[p]) for row in body] for p in labels if p != nested}
    if nested is not None:
        columns["characteristic"] = _paths(
            [row[nested] for row in body], list(zip(*columns.values(), strict=True))
        )
    return columns


def _paths(labels: Sequence[str], sections: Sequence[tuple[str, ...]]) -> list[str]:
    """Labels with their parents; nesting starts anew where another label column changes."""
    stack: list[tuple[int, str]] = []
    seen: dict[tuple[object, str], int] = {}
    paths = []
    for place, label in enumerate(labels):
        section = sections[place] if sections else ()
        if place and sections and section != sections[place - 1]:
            stack = []
        depth = len(label) - len(label.lstrip())
        while stack and stack[-1][0] >= depth:
            stack.pop()
        stack.append((depth, tidy(label)))
        path = SEPARATOR.join(text for _, text in stack)
        times = seen[(section, path)] = seen.get((section, path), 0) + 1
        paths.append(path if times == 1 else f"{path} #{times}")
    return paths


def _unpivot(
    body: Sequence[list[str]],
    areas: list[int],
    names: list[str],
    codes: list[str] | None,
    labels: dict[str, list[str]],
) -> pl.DataFrame:
    repeats = [index for index in range(len(body)) for _ in areas]
    data: dict[str, pl.Series] = {"area_name": pl.Series(names * len(body), dtype=pl.String)}
    if codes is not None:
        data["area_id"] = pl.Series(codes * len(body), dtype=pl.String)
    for name, values in labels.items():
        data[name] = pl.Series(values, dtype=pl.String).gather(repeats)
    data["value"] = pl.Series([row[place].strip() for row in body for place in areas], dtype=pl.String)
    return pl.DataFrame(data)
