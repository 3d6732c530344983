"""A spec's expressions over a survey's rows, as arrays; groups, weights and the design."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from philoxenia.needs.profiles.language import Compiled, compiled
from philoxenia.needs.profiles.types import ExpressionError, Spec, SpecError
from philoxenia.needs.survey import Design, survey_design
from philoxenia.needs.travel import Floats
from philoxenia.needs.types import NeedsError

Bools = np.ndarray[Any, np.dtype[np.bool_]]
EVERYBODY = "all"
_WEIGHT = "__weight"


@dataclass(frozen=True)
class Answers:
    """A survey ready to be counted: `names` of the groups (everybody first) and who is `inside` (n, g)."""

    survey: pl.DataFrame
    spec: Spec
    design: Design
    names: tuple[str, ...]
    inside: Bools
    reference: int

    def numbers(self, text: str, key: str) -> Floats:
        """The values of an expression; NaN where an answer is missing."""
        values = self._values(text, key, "number").cast(pl.Float64).fill_null(np.nan)
        return np.asarray(values.to_numpy(), dtype=float)

    def truths(self, text: str, key: str) -> Floats:
        """1 where a condition holds, 0 where it does not, NaN where that is not known."""
        return np.asarray(
            self._values(text, key, "truth").cast(pl.Float64).fill_null(np.nan).to_numpy(), dtype=float
        )

    def expression(self, text: str, key: str, wanted: str) -> Compiled:
        """A compiled expression. Raises `SpecError` that names file, line and key."""
        found = compile_at(self.spec, self.survey, text, key, wanted)
        if self.spec.displacement and self.spec.displacement in found.columns:
            raise SpecError(
                f"{self.spec.where(key)}: {self.spec.displacement!r} asks about displacement and serves to "
                "tell groups only. Use it under [[groups]]."
            )
        return found

    def _values(self, text: str, key: str, wanted: str) -> pl.Series:
        return evaluated(self.survey, self.expression(text, key, wanted))

    def among(self, text: str, key: str) -> Bools:
        """Who is inside each group and, where `text` says so, among those asked."""
        if not text:
            return self.inside
        asked: Bools = self.inside & (self.truths(text, key) == 1)[:, None]
        return asked


def answers_of(survey: pl.DataFrame, spec: Spec) -> Answers:
    """Weights, design and groups of a survey. Raises `SpecError` where the spec does not fit it."""
    design = _design(survey, spec)
    names, inside = _groups(survey, spec)
    places = [place for place, group in enumerate(spec.groups, start=1) if group.reference]
    reference = places[0] if places else len(spec.groups)
    return Answers(survey, spec, design, names, inside, reference)


def compile_at(spec: Spec, survey: pl.DataFrame, text: str, key: str, wanted: str) -> Compiled:
    """Compile an expression of a spec, telling where it stands when it is wrong."""
    try:
        return compiled(text, survey.schema, wanted)
    except ExpressionError as problem:
        raise SpecError(f"{spec.where(key)}: {problem} It says: {text}") from problem


def evaluated(survey: pl.DataFrame, found: Compiled) -> pl.Series:
    """One value a row, even where the expression reads no column."""
    return survey.select(found.expr.alias("value"), pl.int_range(pl.len()).alias("row"))["value"]


def _design(survey: pl.DataFrame, spec: Spec) -> Design:
    frame = survey
    weight = None
    if spec.weight:
        found = compile_at(spec, survey, spec.weight, "design.weight", "number")
        frame, weight = survey.with_columns(evaluated(survey, found).alias(_WEIGHT)), _WEIGHT
    for key in ("stratum", "cluster", "fpc"):
        column = getattr(spec, key)
        if column and column not in survey.columns:
            raise SpecError(f"{spec.where(f'design.{key}')}: the survey has no column {column!r}.")
    columns = (spec.stratum or None, spec.cluster or None, spec.fpc or None)
    try:
        return survey_design(frame, weight, *columns, singleton=spec.singleton)
    except NeedsError as problem:
        said = str(problem).replace(_WEIGHT, spec.weight)
        raise SpecError(f"{spec.where('design')}: {said}") from problem


def _groups(survey: pl.DataFrame, spec: Spec) -> tuple[tuple[str, ...], Bools]:
    columns = [np.ones(survey.height, dtype=bool)]
    for place, group in enumerate(spec.groups):
        found = compile_at(spec, survey, group.where, f"groups[{place}].where", "truth")
        columns.append(evaluated(survey, found).fill_null(False).to_numpy())
    inside = np.stack(columns, axis=1)
    several = int((inside[:, 1:].sum(axis=1) > 1).sum())
    if several:
        raise SpecError(
            f"{spec.where('groups')}: {several} {spec.unit} are in more than one group. "
            "Write conditions that exclude each other."
        )
    return (EVERYBODY, *(group.id for group in spec.groups)), inside
