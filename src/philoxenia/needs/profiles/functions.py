"""The functions a spec may call, and the kinds of what they take and give."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from philoxenia.needs.profiles.types import ExpressionError


@dataclass(frozen=True)
class Typed:
    """An expression and its kind: number, text or truth."""

    expr: pl.Expr
    kind: str


Function = Callable[[Sequence[Typed]], Typed]


def kind_of(kind: pl.DataType) -> str:
    """What a column of this type is called in the language."""
    if kind == pl.Boolean:
        return "truth"
    return "number" if kind.is_numeric() else "text"


def _all_of(arguments: Sequence[Typed], kind: str, least: int, most: int | None = None) -> list[pl.Expr]:
    if len(arguments) < least or (most is not None and len(arguments) > most):
        wanted = f"{least}" if least == most else f"{least} or more"
        raise ExpressionError(f"it takes {wanted} arguments, not {len(arguments)}.")
    wrong = [argument.kind for argument in arguments if argument.kind != kind]
    if wrong:
        raise ExpressionError(f"it takes a {kind}, not a {wrong[0]}.")
    return [argument.expr for argument in arguments]


def _least(arguments: Sequence[Typed]) -> Typed:
    return Typed(pl.min_horizontal(_all_of(arguments, "number", 1)), "number")


def _most(arguments: Sequence[Typed]) -> Typed:
    return Typed(pl.max_horizontal(_all_of(arguments, "number", 1)), "number")


def _count(arguments: Sequence[Typed]) -> Typed:
    """How many hold; unknown where any is unknown."""
    truths = _all_of(arguments, "truth", 1)
    return Typed(pl.sum_horizontal((e.cast(pl.Float64) for e in truths), ignore_nulls=False), "number")


def _known(arguments: Sequence[Typed]) -> Typed:
    if len(arguments) != 1:
        raise ExpressionError(f"it takes 1 argument, not {len(arguments)}.")
    return Typed(arguments[0].expr.is_not_null(), "truth")


def _first(arguments: Sequence[Typed]) -> Typed:
    if not arguments:
        raise ExpressionError("it takes 1 or more arguments, not 0.")
    return Typed(pl.coalesce(_all_of(arguments, arguments[0].kind, 1)), arguments[0].kind)


def _if(arguments: Sequence[Typed]) -> Typed:
    if len(arguments) != 3 or arguments[0].kind != "truth" or arguments[1].kind != arguments[2].kind:
        raise ExpressionError("it takes a truth and two of the same kind: if(age < 18, 1, 0).")
    test, then, other = (argument.expr for argument in arguments)
    chosen = pl.when(test.is_null()).then(None).when(test).then(then).otherwise(other)
    return Typed(chosen, arguments[1].kind)


def _absolute(arguments: Sequence[Typed]) -> Typed:
    return Typed(_all_of(arguments, "number", 1, 1)[0].abs(), "number")


def _root(arguments: Sequence[Typed]) -> Typed:
    number = _all_of(arguments, "number", 1, 1)[0]
    return Typed(pl.when(number >= 0).then(number.sqrt()), "number")


def _has(arguments: Sequence[Typed]) -> Typed:
    """Whether a multiple choice (codes with spaces, ; or , between) holds a code."""
    text, code = _all_of(arguments, "text", 2, 2)
    spaced = pl.lit(" ") + text.str.replace_all(r"[;,\s]+", " ") + pl.lit(" ")
    return Typed(spaced.str.contains(pl.lit(" ") + code + pl.lit(" "), literal=True), "truth")


FUNCTIONS: Mapping[str, Function] = {
    "min": _least,
    "max": _most,
    "count": _count,
    "known": _known,
    "first": _first,
    "if": _if,
    "abs": _absolute,
    "sqrt": _root,
    "has": _has,
}
