"""From a file of counts to a release: how the table is read; what may leave is `disclosure`'s."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from philoxenia.disclosure import DisclosureError, Release, release
from philoxenia.disclosure.release import Spec
from philoxenia.exchange.files import Opened, open_file
from philoxenia.exchange.numbers import read_numbers

_WHOLE = 2.0**53


def release_file(table: Path, spec: Spec, ledger: Path | None = None, secret: Path | None = None) -> Release:
    """The release of the counts in a file, after `spec`. Raises what `disclosure.release` raises, and
    `UnreadableFileError` or `DisclosureError` where the file is no table of counts."""
    return release(read_counts(table, spec), spec, ledger, secret=_secret(secret))


def read_counts(path: Path, spec: Spec) -> pl.DataFrame:
    """A table, whose titles above the header are skipped: measures as numbers, all else as text."""
    rows = read_table(path, spec.keys)
    rows = rows.with_columns(pl.col(name).fill_null("unknown") for name in spec.keys if name in rows.columns)
    numbers = [spec.measure, spec.base, spec.contributors, *spec.largest]
    return rows.with_columns(_numbers(rows, name, path) for name in numbers if name in rows.columns)


def read_table(path: Path, keys: Sequence[str]) -> pl.DataFrame:
    """A file as text, empty cells null: its header is the first row that names every key.

    Raises `DisclosureError` for a column that comes twice and for a table without rows.
    """
    opened = open_file(path)
    place = _header(opened, keys)
    header = [name.strip() for name in opened.head.row(place)]
    if twice := [name for name in header if header.count(name) > 1]:
        raise DisclosureError(f"{path.name} has the column {twice[0]!r} twice.")
    first = opened.head.first_row + place
    parts = []
    for grid in opened.batches(len(header), first):
        cells = grid.cells.select(pl.nth(range(len(header))))
        skip = max(first + 1 - grid.first_row, 0)
        parts.append(cells.rename(dict(zip(cells.columns, header, strict=True)))[skip:])
    text = pl.concat(parts).with_columns(pl.all().replace("", None))
    rows = text.filter(~pl.all_horizontal(pl.all().fill_null("").str.strip_chars() == ""))
    if rows.is_empty():
        raise DisclosureError(f"{path.name} has a header and no rows: there is nothing to release.")
    return rows


def _header(opened: Opened, keys: Sequence[str]) -> int:
    """The first row that names every key; the first of all where none does, so that it can be told."""
    for place in range(opened.head.cells.height):
        if set(keys) <= {name.strip() for name in opened.head.row(place)}:
            return place
    return 0


def _numbers(rows: pl.DataFrame, name: str, path: Path) -> pl.Series:
    texts = rows[name].fill_null("").str.strip_chars()
    values = read_numbers(texts)
    if values.null_count():
        row = int(values.is_null().arg_true()[0])
        raise DisclosureError(
            f"{path.name}: row {row + 2} of {name!r} is empty or no number. A table is released "
            "from true counts, small ones too: hiding them is the release's work."
        )
    whole = bool((values == values.round()).all()) and values.abs().max() < _WHOLE  # type: ignore[operator]
    return values.cast(pl.Int64).alias(name) if whole else values.alias(name)


def _secret(path: Path | None) -> bytes:
    if path is None:
        return b""
    try:
        return path.read_bytes()
    except OSError as fault:
        raise DisclosureError(f"{path.name}: the secret cannot be read ({fault.strerror}).") from fault
