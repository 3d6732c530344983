"""What was found in a file: gathered while it is read, worded at the end from the catalogue `errors.toml`.

Terms: a *finding* is one problem, however many rows it touches; a *mend* is a change the contract allows,
logged cell by cell. Counts are exact, examples are capped.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

import polars as pl

from philoxenia.exchange.grids import FOUND_SCHEMA, MEND_SCHEMA
from philoxenia.exchange.limits import limit
from philoxenia.exchange.spelling import listed, quoted

# What stands in a report in place of an address that must not be known.
_GONE = "(withheld)"
_CELLS: dict[str, Any] = {"row": pl.Int64, "value": pl.String}
SEVERITIES = ("refused", "warning", "note", "mended")


@dataclass(frozen=True)
class Finding:
    """One problem: the rule it breaks, where, what was found there, what it means and how to mend it."""

    rule: str
    severity: str
    column: str
    header: str
    count: int
    examples: tuple[tuple[int, str], ...]
    message: str
    remedy: str
    # The sentence before its values are put in, and the values: so that a page can say it in other words.
    says: str = field(default="", compare=False)
    values: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Mend:
    """One kind of change to one column: how many cells, and the first ones as (row, before, after)."""

    rule: str
    column: str
    header: str
    count: int
    examples: tuple[tuple[int, str, str], ...]
    message: str
    says: str = field(default="", compare=False)
    values: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass
class _Pending:
    severity: str
    count: int = 0
    # The first cells, as many as a page may show; a report names the first few of them.
    cells: list[tuple[int, str]] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def examples(self) -> list[tuple[int, str]]:
        return self.cells[: limit("report", "examples_kept")]


@dataclass
class _PendingMend:
    count: int = 0
    kept: int = 0
    frames: list[pl.DataFrame] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)


_VERBS = {
    "is": "are",
    "was": "were",
    "has": "have",
    "holds": "hold",
    "lies": "lie",
    "looks": "look",
    "repeats": "repeat",
    "differs": "differ",
    "shares": "share",
    "names": "name",
}


class Count(int):
    """A number that knows its grammar: `{count}` 1,204; `{count:row}` 1 row or 2 rows; `{count:is}` is or
    are.
    """

    def __format__(self, spec: str) -> str:
        if spec in _VERBS:
            return spec if self == 1 else _VERBS[spec]
        if not spec:
            return int.__format__(self, ",")
        plural = spec[:-1] + "ies" if spec.endswith("y") else spec + "s"
        return f"{int.__format__(self, ',')} {spec if self == 1 else plural}"


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Every rule by id: severity, what it says, the remedy."""
    return tomllib.loads((files("philoxenia.exchange") / "errors.toml").read_text(encoding="utf-8"))


class Ledger:
    """Gathers findings and mends of one file. `headers` gives each canonical column as the file writes it."""

    def __init__(self, row_word: str = "row") -> None:
        self.row_word = row_word
        self.headers: dict[str, str] = {}
        self._found: dict[tuple[str, str, str], _Pending] = {}
        self._mended: dict[tuple[str, str, str], _PendingMend] = {}

    def find(
        self,
        rule: str,
        column: str = "",
        cells: Iterable[tuple[int, str]] = (),
        count: int | None = None,
        severity: str = "",
        variant: str = "",
        **details: Any,
    ) -> None:
        """Note a problem. Calls with the same rule, column and variant are one finding."""
        found = list(cells)
        pending = self._found.setdefault(
            (rule, column, variant), _Pending(severity or catalogue()[rule]["severity"])
        )
        pending.count += len(found) if count is None else count
        room = limit("report", "cells_kept") - len(pending.cells)
        pending.cells += found[: max(room, 0)]
        pending.details = {**details, **pending.details}

    def find_where(
        self, rule: str, column: str, rows: pl.Series, values: pl.Series, mask: pl.Series, **details: Any
    ) -> int:
        """Note the cells where `mask` holds. Returns how many there are."""
        count = int(mask.sum())
        if count:
            chosen = mask.arg_true().head(limit("report", "cells_kept"))
            cells = zip(rows.gather(chosen).to_list(), _shown(values.gather(chosen)), strict=True)
            self.find(rule, column, cells, count, **details)
        return count

    def mend(
        self,
        rule: str,
        column: str,
        rows: pl.Series,
        before: pl.Series,
        after: pl.Series,
        variant: str = "",
        **details: Any,
    ) -> None:
        """Log changed cells: file rows, and their text before and after."""
        pending = self._mended.setdefault((rule, column, variant), _PendingMend())
        pending.count += len(rows)
        pending.details = {**details, **pending.details}
        room = limit("report", "mends_kept") - pending.kept
        if room <= 0 or not len(rows):
            return
        frame = pl.DataFrame(
            {
                "row": rows.cast(pl.UInt32),
                "before": _text(before),
                "after": _text(after),
            }
        ).head(room)
        pending.kept += frame.height
        pending.frames.append(frame)

    def mend_rows(
        self, rule: str, rows: Sequence[int], value: str = "", count: int | None = None, **details: Any
    ) -> None:
        """Log a change that touches whole rows, such as leaving them out."""
        texts = pl.Series([value] * len(rows), dtype=pl.String)
        self.mend(
            rule,
            "",
            pl.Series(rows, dtype=pl.UInt32),
            texts,
            pl.Series([""] * len(rows), dtype=pl.String),
            **details,
        )
        if count is not None:
            self._mended[(rule, "", "")].count += count - len(rows)

    def forget(self, rows: pl.Series, columns: Sequence[str]) -> None:
        """Take the content of cells out of findings and the log: for sites nobody may find through a
        report.
        """
        secret = set(rows.to_list())
        for (_, column, _), found in self._found.items():
            if column in columns:
                found.cells = [(row, _GONE if row in secret else value) for row, value in found.cells]
        for (_, column, _), mended in self._mended.items():
            if column in columns:
                mended.frames = [_hidden(frame, secret) for frame in mended.frames]

    def has(self, rule: str, column: str = "") -> bool:
        """Whether a finding of that rule was noted, for one column or any."""
        return any(found == rule and column in ("", name) for found, name, _ in self._found)

    def findings(self) -> tuple[Finding, ...]:
        """All findings, worded, the gravest first and otherwise in the order they were met."""
        worded = [self._word(rule, column, pending) for (rule, column, _), pending in self._found.items()]
        return tuple(sorted(worded, key=lambda finding: SEVERITIES.index(finding.severity)))

    def mends(self) -> tuple[Mend, ...]:
        """All mends, worded, in the order they were made."""
        return tuple(
            self._word_mend(rule, column, pending) for (rule, column, _), pending in self._mended.items()
        )

    def mend_log(self) -> pl.DataFrame:
        """Every logged cell: row, column, before, after, rule, sorted by row and column."""
        frames = [
            frame.with_columns(column=pl.lit(column), rule=pl.lit(rule)).select(list(MEND_SCHEMA))
            for (rule, column, _), pending in self._mended.items()
            for frame in pending.frames
        ]
        if not frames:
            return pl.DataFrame(schema=MEND_SCHEMA)
        return pl.concat(frames).sort("row", "column", "rule", maintain_order=True)

    def found_cells(self) -> pl.DataFrame:
        """Every cell kept of every finding: rule, severity, column, header, row (null: all of it), value."""
        parts = [
            pl.DataFrame(
                {"row": [r for r, _ in found.cells], "value": [v for _, v in found.cells]}, schema=_CELLS
            )
            .with_columns(
                rule=pl.lit(rule),
                severity=pl.lit(found.severity),
                column=pl.lit(column),
                header=pl.lit(self.headers.get(column, column)),
            )
            .with_columns(pl.when(pl.col("row") >= 0).then("row"))
            for (rule, column, _), found in self._found.items()
        ]
        order = [*FOUND_SCHEMA]
        return pl.concat(parts).select(order) if parts else pl.DataFrame(schema=FOUND_SCHEMA)

    def rows_in_words(self, rows: Sequence[int], count: int | None = None) -> str:
        """`row 14`, `rows 14, 17 and 22`, `rows 14, 17, 22 and 31 more`."""
        total = len(rows) if count is None else count
        if not rows:
            return f"{total:,} {self.row_word}s" if total else ""
        if total == 1:
            return f"{self.row_word} {rows[0]:,}"
        shown = [f"{row:,}" for row in rows[: limit("report", "examples")]]
        more = [f"{total - len(shown):,} more"] if total > len(shown) else []
        return f"{self.row_word}s {listed(shown + more, 99)}"

    def _cells_in_words(self, examples: Sequence[tuple[int, str]], count: int) -> str:
        by_value: dict[str, list[int]] = {}
        for row, value in examples:
            by_value.setdefault(value, []).append(row)
        parts, told = [], 0
        for value, rows in list(by_value.items())[:3]:
            # Beyond the kept examples nobody knows which value a cell has, unless all have the same.
            total = count if len(by_value) == 1 else len(rows)
            parts.append(f"{quoted(value)} ({self.rows_in_words(rows[:3], total)})")
            told += total
        if count > told:
            parts.append(f"{count - told:,} more")
        return listed(parts, 99)

    def _fill(self, template: str, column: str, fields: Mapping[str, Any]) -> str:
        header = self.headers.get(column, column)
        values = {"column": quoted(header), "bare": header, "name": column, **fields}
        used = {name for _, name, _, _ in Formatter().parse(template) if name}
        text = template.format(**{**dict.fromkeys(used, ""), **values}).strip()
        return text[:1].upper() + text[1:]

    def _told(self, column: str, fields: Mapping[str, Any]) -> dict[str, str]:
        header = self.headers.get(column, column)
        return {"column": header, "name": column, **{name: str(value) for name, value in fields.items()}}

    def _word(self, rule: str, column: str, pending: _Pending) -> Finding:
        entry = catalogue()[rule]
        rows = [row for row, _ in pending.examples if row >= 0]
        fields = {
            "count": Count(pending.count),
            "rows": self.rows_in_words(rows, pending.count),
            "value": quoted(pending.examples[0][1]) if pending.examples else "",
            "cells": self._cells_in_words(pending.examples, pending.count),
            **pending.details,
        }
        if "emptied" in fields:
            cells = "That cell was" if pending.count == 1 else "Those cells were"
            fields["emptied"] = f" {cells} left empty." if fields["emptied"] else ""
        return Finding(
            rule,
            pending.severity,
            column,
            self.headers.get(column, ""),
            pending.count,
            tuple(pending.examples),
            self._fill(entry["says"], column, fields),
            self._fill(entry["remedy"], column, fields),
            entry["says"],
            self._told(column, fields),
        )

    def _word_mend(self, rule: str, column: str, pending: _PendingMend) -> Mend:
        kept = limit("report", "examples_kept")
        examples = [row for frame in pending.frames[:1] for row in frame.head(kept).iter_rows()]
        first = examples[0] if examples else (0, "", "")
        fields = {
            "count": Count(pending.count),
            "rows": self.rows_in_words([row for row, _, _ in examples], pending.count),
            "before": quoted(first[1]),
            "after": quoted(first[2]),
            "value": quoted(first[1]),
            **pending.details,
        }
        says = catalogue()[rule]["says"]
        return Mend(
            rule,
            column,
            self.headers.get(column, ""),
            pending.count,
            tuple(examples),
            self._fill(says, column, fields),
            says,
            self._told(column, fields),
        )


def _hidden(frame: pl.DataFrame, secret: set[int]) -> pl.DataFrame:
    hide = pl.col("row").is_in(list(secret))
    texts = ("before", "after")
    return frame.with_columns(pl.when(hide).then(pl.lit(_GONE)).otherwise(pl.col(n)).alias(n) for n in texts)


def _text(series: pl.Series) -> pl.Series:
    return series.cast(pl.String).fill_null("")


def _shown(series: pl.Series) -> list[str]:
    return _text(series).to_list()
