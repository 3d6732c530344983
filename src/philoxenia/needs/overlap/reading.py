"""How needs are read: boolean columns, or codes in one text; and what is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl

from philoxenia.needs.types import NeedsError
from philoxenia.reference import reference_table

TEXT = "needs"
_BOOLEANS = (nw.Boolean,)


def columns_of(people: Any) -> dict[str, Any]:
    """Names and types of the columns, whatever engine holds them."""
    try:
        return dict(nw.from_native(people).collect_schema())
    except TypeError as fault:
        raise NeedsError(
            f"People come as a Polars, DuckDB or Spark frame, not as {type(people).__name__}."
        ) from fault


def needs_in(people: Any, needs: Sequence[str] | None) -> tuple[str, ...]:
    """The needs asked for, else those of the reference table that have a column, else all of it."""
    if needs is not None:
        return tuple(needs)
    known = tuple(reference_table("needs")["code"])
    columns = columns_of(people)
    as_columns = tuple(code for code in known if columns.get(code) in _BOOLEANS)
    if as_columns or TEXT in columns:
        return as_columns or known
    raise NeedsError(
        f"No column says who has which need. Add `{TEXT}` (codes with ; between) or a yes-or-no column "
        f"for each of: {', '.join(known)}."
    )


def check_columns(people: Any, needs: Sequence[str], by: Sequence[str], weight: str | None) -> None:
    """Refuse what is not there, or is of another type than it has to be."""
    columns = columns_of(people)
    missing = [name for name in (*by, *filter(None, [weight])) if name not in columns]
    if missing:
        raise NeedsError(
            f"The people have no column {', '.join(missing)}. Columns: {', '.join(sorted(columns))}."
        )
    flags = [need for need in needs if need in columns]
    if flags and (absent := [need for need in needs if need not in columns]):
        raise NeedsError(f"There are columns for some needs but none for {', '.join(absent)}.")
    if not flags and TEXT not in columns:
        raise NeedsError(f"There is neither a column `{TEXT}` nor one for each of {', '.join(needs)}.")
    wrong = [need for need in flags if columns[need] not in _BOOLEANS]
    if wrong:
        raise NeedsError(f"The column {wrong[0]} must hold true or false, not {columns[wrong[0]]}.")
    if weight is not None and not columns[weight].is_numeric():
        raise NeedsError(f"The weights in {weight} must be numbers, not {columns[weight]}.")
    if weight is not None and isinstance(people, pl.DataFrame):
        check_weights(people[weight])


def check_weights(weights: pl.Series) -> None:
    """Refuse weights that are missing, negative or endless."""
    numbers = weights.cast(pl.Float64)
    wrong = int(
        (numbers.is_null() | ~numbers.is_finite().fill_null(False) | (numbers < 0).fill_null(False)).sum()
    )
    if wrong:
        raise NeedsError(
            f"{wrong} of {weights.len()} weights in {weights.name} are missing, negative or no number. "
            "Give every row a weight of 0 or more."
        )


@dataclass(frozen=True)
class Bits:
    """How rows become masks. `by_text` gives the mask of each distinct text, where needs come as text."""

    codes: tuple[str, ...]
    by_text: pl.DataFrame | None
    notes: tuple[str, ...]

    @property
    def needs(self) -> int:
        return len(self.codes)

    def masks(self, rows: pl.DataFrame) -> np.ndarray[Any, np.dtype[np.int32]]:
        """The mask of each row."""
        if self.by_text is not None:
            texts = rows.select(pl.col(TEXT).cast(pl.String).fill_null(""))
            found = texts.join(self.by_text, on=TEXT, how="left", maintain_order="left")["mask"]
            return found.to_numpy().astype(np.int32)
        masks = np.zeros(rows.height, dtype=np.int32)
        for first in range(0, len(self.codes), 8):
            masks |= _byte(rows, self.codes[first : first + 8]).astype(np.int32) << first
        return masks


def _byte(rows: pl.DataFrame, codes: Sequence[str]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Eight needs at most: in bytes a column stays in the processor's cache."""
    packed = np.zeros(rows.height, dtype=np.uint8)
    for bit, code in enumerate(codes):
        column = rows[code]
        flags = column.fill_null(False) if column.null_count() else column
        packed |= flags.to_numpy().view(np.uint8) << np.uint8(bit)
    return packed


def bits_of(people: pl.DataFrame, codes: tuple[str, ...]) -> Bits:
    """Look at the rows once: which texts occur, and how many answers are empty."""
    if codes[0] in people.columns:
        empty = {code: people[code].null_count() for code in codes}
        notes = [
            f"{code}: {count} of {people.height} people have no answer and count as without this need."
            for code, count in empty.items()
            if count
        ]
        return Bits(codes, None, tuple(notes))
    texts = people[TEXT].cast(pl.String)
    blank = texts.null_count()
    distinct = texts.fill_null("").unique().sort()
    masks = [mask_of(text, codes) for text in distinct]
    table = pl.DataFrame({TEXT: distinct, "mask": masks}, schema={TEXT: pl.String, "mask": pl.Int32})
    note = f"{blank} of {people.height} people have no entry in `{TEXT}` and count as without need."
    return Bits(codes, table, (note,) if blank else ())


def mask_of(text: str, codes: Sequence[str]) -> int:
    """The bits of one text; codes of the reference table that were not asked for are passed over."""
    mask = 0
    for code in filter(None, (part.strip() for part in text.split(";"))):
        if code in codes:
            mask |= 1 << codes.index(code)
        elif code not in set(reference_table("needs")["code"]):
            # The text may hold anything a person typed, so it is not repeated.
            raise NeedsError(
                f"The column `{TEXT}` holds a code that no table of needs knows. "
                f"Codes: {', '.join(reference_table('needs')['code'])}."
            )
    return mask
