"""The small language in which a spec says what to compute from answers; no Python runs.

Numbers, 'text', columns by name (`with spaces` in backticks), and or not, = != < <= > >=, in (...), + - * /,
and the functions of `functions.py`. An unknown answer makes a result unknown, unless the rest decides it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

import polars as pl

from philoxenia.exchange.spelling import nearest
from philoxenia.needs.profiles.functions import FUNCTIONS, Typed, kind_of
from philoxenia.needs.profiles.types import ExpressionError

_LONGEST, _DEEPEST = 2000, 40
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<text>'[^']*'|\"[^\"]*\")|`(?P<quoted>[^`]+)`"
    r"|(?P<word>[^\W\d][\w.]*)|(?P<sign><=|>=|!=|==|[-+*/()<>=,]))"
)
_RESERVED = {"and", "or", "not", "in", "true", "false"}
_COMPARED = {"=", "==", "!=", "<", "<=", ">", ">="}


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    place: int


@dataclass(frozen=True)
class Compiled:
    """An expression ready to run: `expr`, its `kind` (number, text, truth) and the columns it reads."""

    expr: pl.Expr
    kind: str
    columns: frozenset[str]


def compiled(text: str, columns: Mapping[str, pl.DataType], wanted: str = "") -> Compiled:
    """Read an expression over columns of known types.

    `wanted` is the kind it must have: number, text or truth. Raises `ExpressionError`, a sentence with the
    place in the text, for anything that cannot be read, an unknown column, or kinds that do not fit.
    """
    if len(text) > _LONGEST:
        raise ExpressionError(f"it is longer than {_LONGEST} signs. Make it shorter.")
    reader = _Reader(text, _tokens(text), columns)
    found = reader.whole()
    if wanted and found.kind != wanted:
        hint = f" Write `{text.strip()} = 1`." if wanted == "truth" and found.kind == "number" else ""
        raise ExpressionError(f"it gives a {found.kind}, where a {wanted} is needed.{hint}")
    return Compiled(found.expr, found.kind, frozenset(reader.used))


def _tokens(text: str) -> list[_Token]:
    found, place = [], 0
    while place < len(text.rstrip()):
        match = _TOKEN.match(text, place)
        if match is None:
            left = text[place:].lstrip()
            raise ExpressionError(f"at sign {len(text) - len(left) + 1}, {left[0]!r} means nothing here.")
        kind = str(match.lastgroup)
        found.append(_Token(kind, match[kind], match.start(kind) + 1))
        place = match.end()
    return found


@dataclass
class _Reader:
    """Reads tokens from left to right; each method reads one level, the loosest first."""

    text: str
    tokens: list[_Token]
    columns: Mapping[str, pl.DataType]
    used: set[str] = field(default_factory=set)
    place: int = 0
    depth: int = 0

    def whole(self) -> Typed:
        if not self.tokens:
            raise ExpressionError("it is empty.")
        found = self.either()
        if self.place < len(self.tokens):
            self._fail(f"{self.tokens[self.place].text!r} was not expected")
        return found

    def either(self) -> Typed:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ExpressionError("its brackets stand too deep in one another.")
        found = self.both()
        while self._next("or"):
            found = Typed(self._truth(found).expr | self._truth(self.both()).expr, "truth")
        self.depth -= 1
        return found

    def both(self) -> Typed:
        found = self.negated()
        while self._next("and"):
            found = Typed(self._truth(found).expr & self._truth(self.negated()).expr, "truth")
        return found

    def negated(self) -> Typed:
        negations = 0
        while self._next("not"):
            negations += 1
        found = self.compared()
        if not negations:
            return found
        expr = self._truth(found).expr
        return Typed(~expr if negations % 2 else expr, "truth")

    def compared(self) -> Typed:
        left = self.sum()
        sign = self._sign(_COMPARED)
        if sign:
            return self._comparison(left, sign, self.sum())
        if self._next("in"):
            return self._one_of(left)
        if self._peek("not") and self._peek("in", 1):
            self.place += 2
            return Typed(~self._one_of(left).expr, "truth")
        return left

    def _comparison(self, left: Typed, sign: str, right: Typed) -> Typed:
        if left.kind != right.kind:
            self._fail(f"a {left.kind} is compared with a {right.kind}")
        if left.kind != "number" and sign not in ("=", "==", "!="):
            self._fail(f"{sign} orders numbers, not a {left.kind}")
        a, b = left.expr, right.expr
        made = {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "!=": a != b}.get(sign, a == b)
        return Typed(made, "truth")

    def _one_of(self, left: Typed) -> Typed:
        self._expect("(")
        options = [self.sum()]
        while self._sign({","}):
            options.append(self.sum())
        self._expect(")")
        found: pl.Expr = pl.lit(False)
        for option in options:
            found = found | self._comparison(left, "=", option).expr
        return Typed(found, "truth")

    def sum(self) -> Typed:
        found = self.product()
        while sign := self._sign({"+", "-"}):
            right = self._number(self.product())
            left = self._number(found)
            found = Typed(left.expr + right.expr if sign == "+" else left.expr - right.expr, "number")
        return found

    def product(self) -> Typed:
        found = self.signed()
        while sign := self._sign({"*", "/"}):
            left, right = self._number(found), self._number(self.signed())
            if sign == "*":
                found = Typed(left.expr * right.expr, "number")
            else:
                # Nothing can be said of a division by nought.
                found = Typed(pl.when(right.expr != 0).then(left.expr / right.expr), "number")
        return found

    def signed(self) -> Typed:
        minus = 0
        while self._sign({"-"}):
            minus += 1
        found = self.single()
        return Typed(-self._number(found).expr, "number") if minus % 2 else found

    def single(self) -> Typed:
        if self.place >= len(self.tokens):
            raise ExpressionError("something is missing at its end.")
        token = self.tokens[self.place]
        self.place += 1
        match token.kind:
            case "number":
                return Typed(pl.lit(float(token.text)), "number")
            case "text":
                return Typed(pl.lit(token.text[1:-1]), "text")
            case "quoted":
                return self._column(token)
            case "word":
                return self._word(token)
        if token.text == "(":
            found = self.either()
            self._expect(")")
            return found
        self.place -= 1
        return self._fail(f"{token.text!r} was not expected")

    def _word(self, token: _Token) -> Typed:
        if token.text in ("true", "false"):
            return Typed(pl.lit(token.text == "true"), "truth")
        if token.text in _RESERVED:
            self.place -= 1
            self._fail(f"{token.text!r} was not expected")
        if not self._sign({"("}):
            return self._column(token)
        arguments = [] if self._peek(")") else [self.either()]
        while self._sign({","}):
            arguments.append(self.either())
        self._expect(")")
        if token.text not in FUNCTIONS:
            known = ", ".join(sorted(FUNCTIONS))
            raise ExpressionError(
                f"at sign {token.place}, there is no function {token.text!r}. Known: {known}."
            )
        try:
            return FUNCTIONS[token.text](arguments)
        except ExpressionError as problem:
            raise ExpressionError(f"at sign {token.place}, {token.text}(): {problem}") from problem

    def _column(self, token: _Token) -> Typed:
        if token.text not in self.columns:
            near = nearest(token.text, self.columns)
            hint = f" Did you mean {near!r}?" if near else ""
            raise ExpressionError(f"at sign {token.place}, the survey has no column {token.text!r}.{hint}")
        if self.columns[token.text] == pl.Null:
            raise ExpressionError(
                f"at sign {token.place}, the column {token.text!r} holds no answer at all. Leave it out."
            )
        self.used.add(token.text)
        return Typed(pl.col(token.text), kind_of(self.columns[token.text]))

    def _truth(self, found: Typed) -> Typed:
        if found.kind != "truth":
            self._fail(f"and, or, not join truths, not a {found.kind}")
        return found

    def _number(self, found: Typed) -> Typed:
        if found.kind != "number":
            self._fail(f"+ - * / reckon with numbers, not with a {found.kind}")
        return found

    def _peek(self, text: str, ahead: int = 0) -> bool:
        place = self.place + ahead
        token = self.tokens[place] if place < len(self.tokens) else None
        return token is not None and token.kind in ("word", "sign") and token.text == text

    def _next(self, word: str) -> bool:
        found = self._peek(word)
        self.place += found
        return found

    def _sign(self, signs: set[str]) -> str:
        token = self.tokens[self.place] if self.place < len(self.tokens) else None
        if token is None or token.kind != "sign" or token.text not in signs:
            return ""
        self.place += 1
        return token.text

    def _expect(self, text: str) -> None:
        if not self._next(text):
            self._fail(f"{text!r} was expected")

    def _fail(self, what: str) -> NoReturn:
        token = self.tokens[min(self.place, len(self.tokens) - 1)]
        raise ExpressionError(f"near sign {token.place}, {what}.")
