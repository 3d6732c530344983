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
from philoxenia.exchange.notations import marks
from philoxenia.exchange.numbers import read_numbers
from philoxenia.exchange.spelling import key, listed, nearest, quoted
from philoxenia.exchange.texts import SPACE, Outcome, read_boolean, read_identifier, read_place, read_text

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
_READERS: Mapping[str, Callable[[str], Outcome]] = {
    "text": read_text,
    "id": read_identifier,
    "boolean": read_boolean,
    "geometry": read_place,
}
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
        self._names = {
            key(alias): name for name, aliases in column.categories.items() for alias in (name, *aliases)
        }
        self._categories = pl.Categorical(pl.Categories.random())

    @property
    def dtype(self) -> Any:
        """The type of the values while they are checked; repeated text is kept once."""
        return DTYPES.get(self.column.type, self._categories)

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
        if kind in ("integer", "number", "percent", "latitude", "longitude"):
            return self._read_numbers(text)
        if kind == "date":
            values = text.str.to_date("%Y-%m-%d", strict=False)
            # polars also takes 2024-1-5; the close look is cheap for the rest.
            return self._rest(text, values, self._dates.days)
        if kind in ("month", "period"):
            return self._by_distinct(text, self._dates.periods)
        if kind == "category":
            return self._by_distinct(text, self._category_names)
        return self._by_distinct(text, lambda texts: [_READERS[kind](each) for each in texts])

    def _read_numbers(self, text: pl.Series) -> tuple[pl.Series, pl.Series | None]:
        whole = self.column.type == "integer"
        values = text.cast(pl.Int64 if whole else pl.Float64, strict=False)
        if not whole:
            values = values.set(~values.is_finite().fill_null(True), None)
        if self.column.type == "percent":
            values = self._as_share(values)
        return self._rest(text, values, self._numbers)

    def _as_share(self, values: pl.Series) -> pl.Series:
        # 30.3 without a sign is a percentage where any cell is beyond what a share can be.
        highest = values.max()
        self.percent_points = self.percent_points or (isinstance(highest, float) and highest > 1.5)
        return values / 100 if self.percent_points else values

    def _numbers(self, texts: list[str]) -> list[Outcome]:
        kind = self.column.type
        degrees = kind in ("latitude", "longitude")
        numbers = read_numbers(pl.Series(texts, dtype=pl.String), kind == "integer", degrees).to_list()
        return [self._number(text, number) for text, number in zip(texts, numbers, strict=True)]

    def _number(self, text: str, number: float | None) -> Outcome:
        kind = self.column.type
        if number is None:
            return (
                None,
                "not_percent" if kind == "percent" else "not_integer" if kind == "integer" else "not_number",
            )
        if kind == "integer":
            if number != int(number):
                return None, "not_integer"
            return int(number), "" if text.strip(SPACE).removesuffix(".0") == str(
                int(number)
            ) else "number_notation"
        if kind == "percent":
            points = "%" in text or self.percent_points
            return (
                number / 100 if points else number,
                "percent_notation" if "%" in text else "number_notation",
            )
        return number, "number_notation"

    def _rest(
        self, text: pl.Series, values: pl.Series, read: Callable[[list[str]], list[Outcome]]
    ) -> tuple[pl.Series, pl.Series | None]:
        """Look closely at the cells a plain cast could not read."""
        unread = values.is_null() & text.is_not_null() & (text != "")
        if not unread.any():
            return values, None
        places = unread.arg_true()
        found, rule = self._by_distinct(text.gather(places), read)
        values = values.scatter(places, found)
        if rule is None:
            return values, None
        return values, pl.Series([None], dtype=pl.String).extend_constant(None, len(text) - 1).scatter(
            places, rule
        )

    def _by_distinct(
        self, text: pl.Series, read: Callable[[list[str]], list[Outcome]]
    ) -> tuple[pl.Series, pl.Series | None]:
        """Read each distinct text once.

        Marks of missing, withheld and broken cells are met here for every type.
        """
        frame = text.rename("t").to_frame()
        distinct = frame.unique(maintain_order=True)["t"].drop_nulls().to_list()
        outcomes = self._marked(distinct, read)
        table = pl.DataFrame(
            {
                "t": pl.Series(distinct, dtype=pl.String),
                "value": pl.Series([value for value, _ in outcomes], dtype=self.dtype),
                "rule": pl.Series([rule or None for _, rule in outcomes], dtype=pl.String),
            }
        )
        joined = frame.join(table, on="t", how="left", maintain_order="left")
        rule = joined["rule"]
        return joined["value"], None if rule.null_count() == len(rule) else rule

    def _marked(self, texts: list[str], read: Callable[[list[str]], list[Outcome]]) -> list[Outcome]:
        outcomes: list[Outcome] = [self._mark(text.strip(SPACE).casefold()) for text in texts]
        open_ends = [i for i, outcome in enumerate(outcomes) if outcome[1] == "?"]
        for i, outcome in zip(open_ends, read([texts[i] for i in open_ends]), strict=True):
            outcomes[i] = outcome
        return outcomes

    def _mark(self, text: str) -> Outcome:
        if text in self._names_in_use:
            return None, "?"
        if text in self._missing:
            return None, ""
        if self.column.type in ("text", "category", "boolean", "geometry"):
            return None, "spreadsheet_error" if text in marks("broken") else "?"
        if text in marks("broken"):
            return None, "spreadsheet_error"
        if text in marks("suppressed") and self.column.type not in ("id", "month", "period", "date"):
            return None, "suppressed"
        return None, "?"

    @property
    def _names_in_use(self) -> set[str]:
        # A category may itself be called "unknown" or "none".
        return {alias.casefold() for aliases in self.column.categories.values() for alias in aliases} | set(
            self.column.categories
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
            if name in ("suppressed", "new_category", "date_order_unclear", "characters_lost"):
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
                values = values.set(mask, None) if values.dtype != self._categories else values
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


def _pairs(before: pl.Series, after: pl.Series) -> str:
    seen = pl.DataFrame({"b": before, "a": after.cast(pl.String)}).unique(maintain_order=True)
    return listed(
        [f"{quoted(b)} as {a}" for b, a in seen.head(8).iter_rows()] + [""] * max(seen.height - 8, 0), 8
    )
