"""Reads the cells of one column by its declared type, batch by batch, and tells the ledger what it met.

Nearly every cell of a large file is plain and is read by one vectorised cast; only what is left over is
looked at closely, each distinct text once.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import polars as pl

from philoxenia.exchange.contract import Column
from philoxenia.exchange.date_columns import DateColumn
from philoxenia.exchange.ledger import Ledger
from philoxenia.exchange.limits import limit
from philoxenia.exchange.notations import marks
from philoxenia.exchange.numbers import read_number_cells
from philoxenia.exchange.spelling import key, listed, nearest, quoted
from philoxenia.exchange.texts import (
    SPACE,
    Outcome,
    read_booleans,
    read_identifiers,
    read_places,
    read_texts,
    reading,
)

DTYPES: Mapping[str, Any] = {
    "integer": pl.Int64,
    "number": pl.Float64,
    "percent": pl.Float64,
    "latitude": pl.Float64,
    "longitude": pl.Float64,
    "boolean": pl.Boolean,
    "date": pl.Date,
    "geometry": pl.Binary,
}
_NUMERIC = ("integer", "number", "percent", "latitude", "longitude")
_RANGES = {"latitude": (-90.0, 90.0), "longitude": (-180.0, 180.0)}


def _missing_marks(column: Column) -> set[str]:
    """Texts that mean "not known". An id may well be the letters ND or NA: there only signs count."""
    known = {text for text in marks("missing") if column.type != "id" or len(text) > 3 or not text.isalpha()}
    return known | {text.casefold() for text in column.missing}


class ColumnReader:
    """Reads one column. `date_order` is what the caller says of short dates: `day`, `month` or ''."""

    def __init__(self, column: Column, ledger: Ledger, date_order: str = "") -> None:
        self.column = column
        self.ledger = ledger
        self.percent_points = False
        self._dates = DateColumn(column, ledger, date_order)
        self._missing = _missing_marks(column)
        self._broken = set(marks("broken"))
        self._withheld = set(marks("suppressed")) if column.type in _NUMERIC else set()
        self._names = {
            key(alias): name for name, aliases in column.categories.items() for alias in (name, *aliases)
        }
        in_use = {alias.casefold() for names in column.categories.values() for alias in names}
        # A category may itself be called "unknown" or "none".
        self._missing -= in_use | set(column.categories)
        self._text_type: Any = None

    @property
    def dtype(self) -> Any:
        """The type of the values while they are checked; repeated text is kept once."""
        return DTYPES.get(self.column.type, self._text_type)

    @property
    def knows_totals(self) -> bool:
        """Whether a word such as Total in this column can only be a line of sums."""
        return self.column.type in ("date", "month", "period", "category") and bool(self.totals)

    @cached_property
    def totals(self) -> list[str]:
        """Words for a sum that are no category of this column."""
        return sorted(word for word in marks("totals") if key(word) not in self._names)

    def read(self, text: pl.Series, rows: pl.Series) -> pl.Series:
        """The values of one batch, null where a cell is empty or bad."""
        values, rule = self._read(text)
        if rule is not None:
            values = self._settle(text, values, rule, rows)
        values = self._in_range(values, text, rows)
        self._count_blanks(values, text, rule, rows)
        return values

    def _read(self, text: pl.Series) -> tuple[pl.Series, pl.Series | None]:
        """Values, and for each cell the rule that explains it, null where plain; None where all are plain."""
        kind = self.column.type
        if self._text_type is None:
            self._text_type = _text_type(text)
        if kind in _NUMERIC:
            return self._read_numbers(text)
        if kind == "date":
            return self._rest(
                text, text.str.to_date("%Y-%m-%d", strict=False), self._listed(self._dates.days)
            )
        readers: Mapping[str, Callable[[pl.Series], pl.DataFrame]] = {
            "month": self._listed(self._dates.periods),
            "period": self._listed(self._dates.periods),
            "category": self._listed(self._category_names),
            "boolean": self._listed(read_booleans),
            "geometry": self._listed(read_places),
            "text": self._patterned(read_texts),
            "id": self._patterned(read_identifiers),
        }
        return self._look(text, readers[kind])

    def _read_numbers(self, text: pl.Series) -> tuple[pl.Series, pl.Series | None]:
        kind = self.column.type
        values = text.cast(pl.Int64 if kind == "integer" else pl.Float64, strict=False)
        if kind != "integer":
            values = values.set(~values.is_finite().fill_null(True), None)
        if kind == "percent":
            values = self._as_share(values)
        return self._rest(text, values, lambda rest: read_number_cells(rest, kind, self.percent_points))

    def _as_share(self, values: pl.Series) -> pl.Series:
        # 30.3 without a sign is a percentage where any cell is beyond what a share can be.
        highest = values.max()
        self.percent_points = self.percent_points or (isinstance(highest, float) and highest > 1.5)
        return values / 100 if self.percent_points else values

    def _listed(self, read: Callable[[list[str]], list[Outcome]]) -> Callable[[pl.Series], pl.DataFrame]:
        """A reader of one text at a time. Beyond a number of distinct texts the rest is read as wrong."""
        most = limit("reading", "distinct_texts")
        wrong = "unknown_category" if self.column.type == "category" else f"not_{self.column.type}"

        def read_all(text: pl.Series) -> pl.DataFrame:
            texts = text.to_list()
            return reading(read(texts[:most]) + [(None, wrong)] * max(len(texts) - most, 0), self.dtype)

        return read_all

    def _patterned(self, read: Callable[[pl.Series], pl.DataFrame]) -> Callable[[pl.Series], pl.DataFrame]:
        """A reader that also holds texts to the column's pattern."""
        pattern = self.column.pattern
        if not pattern:
            return read

        def read_all(text: pl.Series) -> pl.DataFrame:
            unlike = ~pl.col("value").str.contains(f"^(?:{pattern})$")
            rule = pl.when(unlike & pl.col("value").is_not_null()).then(pl.lit("wrong_pattern"))
            return read(text).with_columns(rule=pl.coalesce(rule, "rule"))

        return read_all

    def _rest(
        self, text: pl.Series, values: pl.Series, read: Callable[[pl.Series], pl.DataFrame]
    ) -> tuple[pl.Series, pl.Series | None]:
        """Look closely at the cells a plain cast could not read."""
        unread = values.is_null() & text.is_not_null() & (text != "")
        if not unread.any():
            return values, None
        places = unread.arg_true()
        found, rule = self._look(text.gather(places), read)
        values = values.scatter(places, found)
        if rule is None:
            return values, None
        return values, pl.repeat(None, len(text), dtype=pl.String, eager=True).scatter(places, rule)

    def _look(
        self, text: pl.Series, read: Callable[[pl.Series], pl.DataFrame]
    ) -> tuple[pl.Series, pl.Series | None]:
        """Read each distinct text once, or all of them where most are distinct."""
        frame = text.rename("t").to_frame()
        distinct = frame.unique(maintain_order=True)["t"].drop_nulls()
        by_number = self.column.type in _NUMERIC and 2 * len(distinct) > len(text)
        if by_number:
            found = self._marked(text, read)
        else:
            table = self._marked(distinct, read).with_columns(t=distinct)
            found = frame.join(table, on="t", how="left", maintain_order="left")
        rule = found["rule"]
        return found["value"], None if rule.null_count() == len(rule) else rule

    def _marked(self, text: pl.Series, read: Callable[[pl.Series], pl.DataFrame]) -> pl.DataFrame:
        """The reading of texts; marks of missing, withheld and broken cells are met here for every type."""
        bare = text.str.strip_chars(SPACE).str.to_lowercase()
        missing, broken, withheld = (
            bare.is_in(pl.Series(sorted(known), dtype=pl.String).implode()).fill_null(True)
            for known in (self._missing, self._broken, self._withheld)
        )
        plain = ~(missing | broken | withheld)
        found = read(text.filter(plain)).with_columns(value=pl.col("value").cast(self.dtype))
        rule = pl.select(
            pl.when(missing)
            .then(None)
            .when(broken)
            .then(pl.lit("spreadsheet_error"))
            .when(withheld)
            .then(pl.lit("suppressed"))
        ).to_series()
        if plain.all():
            return found
        values = pl.repeat(None, len(text), dtype=self.dtype, eager=True)
        places = plain.arg_true()
        return pl.DataFrame(
            {
                "value": values.scatter(places, found["value"]),
                "rule": rule.cast(pl.String).scatter(places, found["rule"]),
            }
        )

    def _category_names(self, texts: list[str]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for text in texts:
            name = self._names.get(key(text))
            if name is not None:
                outcomes.append((name, "" if name == text else "category_name"))
            elif not self.column.open:
                outcomes.append((None, "unknown_category"))
            elif nearest(text, self._names, 0.8):
                outcomes.append((None, "misspelt_category"))
            else:
                outcomes.append((text.strip(SPACE), "new_category"))
        return outcomes

    def _settle(self, text: pl.Series, values: pl.Series, rule: pl.Series, rows: pl.Series) -> pl.Series:
        for name in rule.drop_nulls().unique(maintain_order=True).to_list():
            mask = (rule == name).fill_null(False)
            if name in _TOLD:
                self.ledger.find_where(
                    name, self.column.name, rows, text, mask, **self._details(text.filter(mask))
                )
            elif name in _REFUSALS:
                self._refuse(name, text, rows, mask)
            else:
                self._log(name, text, values, rows, mask)
        return values

    def _refuse(self, rule: str, text: pl.Series, rows: pl.Series, mask: pl.Series) -> None:
        details = self._details(text.filter(mask))
        severity = "" if self.column.refuses else "warning"
        emptied = not self.column.refuses
        self.ledger.find_where(
            rule, self.column.name, rows, text, mask, severity=severity, emptied=emptied, **details
        )

    def _details(self, bad: pl.Series) -> dict[str, Any]:
        column = self.column
        if column.type == "category":
            return {"hint": self._category_hint(bad)}
        return {"example": column.example or "", "meaning": column.meaning}

    def _category_hint(self, bad: pl.Series) -> str:
        known = listed(
            [aliases[0] if aliases else name for name, aliases in self.column.categories.items()], 12
        )
        near = nearest(str(bad[0]), [a for n, names in self.column.categories.items() for a in (n, *names)])
        asked = f'Did you mean "{near}"? ' if near else ""
        return f"{asked}Known names: {known}."

    def _log(self, rule: str, text: pl.Series, values: pl.Series, rows: pl.Series, mask: pl.Series) -> None:
        changed = values.filter(mask)
        after = changed if changed.dtype != pl.Binary else changed.bin.encode("hex").str.slice(0, 0)
        details = {"value": _pairs(text.filter(mask), after)} if rule == "category_name" else {}
        self.ledger.mend(rule, self.column.name, rows.filter(mask), text.filter(mask), after, **details)

    def _in_range(self, values: pl.Series, text: pl.Series, rows: pl.Series) -> pl.Series:
        column = self.column
        lowest, highest = column.min, column.max
        if column.type in _RANGES and lowest is None and highest is None:
            lowest, highest = _RANGES[column.type]
        for bound, rule in ((lowest, "below_minimum"), (highest, "above_maximum")):
            if bound is None:
                continue
            limit_ = pl.lit(bound).str.to_date() if column.type == "date" else pl.lit(bound)
            compared = pl.col("v").cast(pl.String) if column.type in ("month", "period") else pl.col("v")
            test = compared < limit_ if rule == "below_minimum" else compared > limit_
            mask = pl.DataFrame({"v": values}).select(test.fill_null(False).alias("m"))["m"]
            if mask.any():
                self._out_of_range(rule, bound, text, rows, mask)
                values = values.set(mask, None) if values.dtype != self._text_type else values
        return values

    def _out_of_range(self, rule: str, bound: Any, text: pl.Series, rows: pl.Series, mask: pl.Series) -> None:
        column = self.column
        details: dict[str, Any] = {
            "severity": "" if column.refuses else "warning",
            "emptied": not column.refuses,
        }
        if column.type in _RANGES and column.min is None and column.max is None:
            rule = "not_degrees"
            details["low"], details["high"] = (f"{limit_:g}" for limit_ in _RANGES[column.type])
        elif column.type == "percent":
            details["limit"] = f"{bound:.0%}"
        else:
            details["limit"] = f"{bound:,g}" if isinstance(bound, int | float) else str(bound)
            details["unit"] = f" {column.unit}" if column.unit else ""
        self.ledger.find_where(rule, column.name, rows, text, mask, **details)

    def _count_blanks(
        self, values: pl.Series, text: pl.Series, rule: pl.Series | None, rows: pl.Series
    ) -> None:
        if self.column.may_be_blank or not values.null_count():
            return
        empty = values.is_null()
        if rule is not None:
            empty = empty & rule.is_null()
        # Cells emptied for being out of range have been reported already.
        empty = empty & (
            text.fill_null("").str.strip_chars(SPACE).str.to_lowercase().is_in(list(self._missing))
        )
        self.ledger.find_where("blank_cell", self.column.name, rows, text, empty, example=self._example())

    def _example(self) -> str:
        return f"For example {self.column.example}." if self.column.example else ""

    def finish(self) -> None:
        """What can be said of a column only when all of it was seen."""
        self._dates.finish()


# Told, and the value kept as it is.
_TOLD = {
    "suppressed",
    "new_category",
    "date_order_unclear",
    "characters_lost",
    "wrong_pattern",
    "formula_text",
}
_REFUSALS = {
    "not_integer",
    "not_number",
    "not_percent",
    "not_boolean",
    "not_date",
    "not_month",
    "not_period",
    "not_geometry",
    "spreadsheet_error",
    "id_damaged",
    "unknown_category",
    "misspelt_category",
}


def _text_type(first: pl.Series) -> Any:
    """Repeated text is kept once; text that hardly repeats is kept as it is."""
    repeats = 2 * first.n_unique() <= len(first) or len(first) < 1000
    return pl.Categorical(pl.Categories.random()) if repeats else pl.String


def _pairs(before: pl.Series, after: pl.Series) -> str:
    seen = pl.DataFrame({"b": before, "a": after.cast(pl.String)}).unique(maintain_order=True)
    return listed(
        [f"{quoted(b)} as {a}" for b, a in seen.head(8).iter_rows()] + [""] * max(seen.height - 8, 0), 8
    )
