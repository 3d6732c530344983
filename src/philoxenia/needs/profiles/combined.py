"""Severity, deprivation and overlap of a survey, by group, with linearised errors."""

from itertools import combinations

import numpy as np
import polars as pl
from scipy.stats import t

from philoxenia.disclosure import protect
from philoxenia.needs.deprivation import Dimension, deprivation
from philoxenia.needs.deprivation.indices import figures
from philoxenia.needs.profiles.answers import EVERYBODY, Answers, Bools
from philoxenia.needs.profiles.small import KEPT_BACK, SMALL, TOO_FEW, marked
from philoxenia.needs.profiles.types import SpecError
from philoxenia.needs.severity import IN_NEED, SEVERE, Part, Sector, severity
from philoxenia.needs.severity.scores import SCORE
from philoxenia.needs.survey import Design, means
from philoxenia.needs.survey.design import Codes
from philoxenia.needs.survey.variance import covariance, degrees_of_freedom
from philoxenia.needs.travel import Floats
from philoxenia.needs.types import NeedsError
from philoxenia.reference import default_parameters

_OTHER = "in no group"
_TOP = 30


def deprivation_tables(
    answers: Answers, level: float | None
) -> tuple[dict[str, pl.DataFrame], tuple[str, ...]]:
    """Tables deprivation, headcounts and parts, and what was left out."""
    columns, dimensions = {}, []
    for place, one in enumerate(answers.spec.dimensions):
        key = f"deprivation.dimensions[{place}]"
        if one.where:
            truths = pl.Series(answers.truths(one.where, f"{key}.where"), nan_to_null=True)
            columns[one.id] = truths.cast(pl.Boolean)
        else:
            columns[one.id] = pl.Series(answers.numbers(one.value, f"{key}.value"), nan_to_null=True)
        dimensions.append(Dimension(one.id, one.weight, one.cutoff))
    group = _group_names(answers)
    frame = pl.DataFrame(columns).with_columns(__group=pl.Series(group))
    by = "__group" if len(answers.names) > 1 else None
    made = deprivation(frame, dimensions, answers.spec.k, answers.design, by, level)
    names = {one.id: one.name for one in answers.spec.dimensions}
    headcounts = made.headcounts.with_columns(
        label=pl.col("dimension").replace_strict(names, return_dtype=pl.String)
    )
    indices = marked(made.indices, ["measure"])
    # The intensity rests on the poor alone; hide it wherever the index beside it is hidden.
    parts = _with_marks(made.parts, indices)
    tables = {
        "deprivation": indices,
        "headcounts": marked(headcounts, ["dimension", "measure"]),
        "parts": parts,
    }
    notes = tuple(note for note in made.notes if note not in answers.design.notes)
    return tables, notes


def _with_marks(parts: pl.DataFrame, indices: pl.DataFrame) -> pl.DataFrame:
    marks = indices.filter(pl.col("measure") == "M0").select("group", "mark")
    joined = parts.join(marks, on="group", how="left", maintain_order="left")
    shown = pl.col("mark").is_in(["", "small base"])
    return joined.with_columns(pl.when(shown).then(pl.col("base", "share", "value", "contribution")))


def _group_names(answers: Answers) -> list[str]:
    place = (
        np.where(answers.inside[:, 1:].any(axis=1), answers.inside[:, 1:].argmax(axis=1) + 1, 0)
        if len(answers.names) > 1
        else np.zeros(len(answers.inside), dtype=int)
    )
    return [answers.names[one] if one else _OTHER for one in place]


def severity_table(answers: Answers, level: float | None) -> pl.DataFrame:
    """sector (`household`: the highest), label, measure (in_need, severe, score_1 ... score_5), figures."""
    sectors = []
    for place, one in enumerate(answers.spec.sectors):
        key = f"severity.sectors[{place}]"
        if one.column:
            answers.expression(f"`{one.column}`", f"{key}.column", "number")
        parts = tuple(
            Part({score: answers.expression(text, key, "truth").expr for score, text in part})
            for part in one.parts
        )
        sectors.append(Sector(one.id, parts, one.column))
    try:
        scores = severity(answers.survey, sectors)
    except NeedsError as problem:
        raise SpecError(f"{answers.spec.where('severity')}: {problem}") from problem
    frames = []
    named = [(one.id, one.name) for one in answers.spec.sectors] + [(SCORE, "household")]
    for column, name in named:
        values = scores[column].cast(pl.Float64).fill_null(np.nan).to_numpy()
        for measure, holds in _measures(values).items():
            told = figures(
                means(holds, answers.inside, answers.design, share=True, level=level), answers.names
            )
            sector = "household" if column == SCORE else column
            keys = {"sector": sector, "label": name, "measure": measure}
            frames.append(told.select(*(pl.lit(v).alias(k) for k, v in keys.items()), pl.all()))
    return marked(pl.concat(frames), ["sector", "measure"])


def _measures(values: Floats) -> dict[str, Floats]:
    known = np.isfinite(values)
    at_least = {"in_need": values >= IN_NEED, "severe": values >= SEVERE}
    exactly = {f"score_{score}": values == score for score in range(1, 6)}
    return {name: np.where(known, holds, np.nan) for name, holds in (at_least | exactly).items()}


def overlap_tables(answers: Answers, level: float | None) -> tuple[dict[str, pl.DataFrame], tuple[str, ...]]:
    """overlap: combinations of needs (exactly these) by group; need_counts: each need; lift: each pair.

    Combinations on fewer answers than may be shown are joined to one row `other`, so that shares still sum
    to one.
    """
    codes = [code for code, _ in answers.spec.needs]
    has = np.stack(
        [answers.truths(text, f"overlap.needs.{code}") for code, text in answers.spec.needs], axis=1
    )
    known: Bools = np.all(np.isfinite(has), axis=1)
    inside: Bools = answers.inside & known[:, None]
    masks = np.where(known, np.nan_to_num(has) @ (1 << np.arange(len(codes))), -1).astype(np.int64)
    exact = _combinations(answers, masks, inside, codes, level)
    single = [
        _need_rows(answers, has[:, place], masks, inside, code, level) for place, code in enumerate(codes)
    ]
    tables = {
        "overlap": exact,
        "need_counts": pl.concat(single),
        "lift": _lift_rows(answers, has, inside, codes, level),
    }
    missing = int((~known).sum())
    note = f"Overlap: {missing} of {len(known)} {answers.spec.unit} lack an answer on some need: left out."
    return tables, (note,) if missing else ()


def _need_rows(
    answers: Answers, values: Floats, masks: Codes, inside: Bools, code: str, level: float | None
) -> pl.DataFrame:
    """One need by group; a share that few have, or that few have not, is hidden as a combination is."""
    found = means(values, inside, answers.design, share=True, level=level)
    counted = pl.Series("answers", ((values == 1)[:, None] & inside).sum(axis=0), dtype=pl.Int64)
    told = figures(found, answers.names).with_columns(counted, needs=pl.lit(code))
    rows = [(code, values == 1), ("none of it", values == 0)]
    hidden = _protected(marked(told, ["needs"]), masks, inside, rows)
    # Exact counts of single needs beside those of combinations would open what is hidden there.
    return hidden.drop("answers").rename({"needs": "need"}).select("need", pl.exclude("need"))


def _combinations(
    answers: Answers, masks: Codes, inside: Bools, codes: list[str], level: float | None
) -> pl.DataFrame:
    least = default_parameters()["needs.least_base"]
    found, counts = np.unique(masks[masks >= 0], return_counts=True)
    weights = np.array([answers.design.weights[masks == mask].sum() for mask in found])
    order = [place for place in np.argsort(-weights, kind="stable") if counts[place] >= least][:_TOP]
    shown = [int(found[place]) for place in order]
    rows = [(";".join(c for bit, c in enumerate(codes) if mask >> bit & 1), masks == mask) for mask in shown]
    rest = (masks >= 0) & ~np.isin(masks, shown)
    if rest.any():
        rows.append(("other", rest))
    frames = []
    for name, holds in rows:
        told = means(holds.astype(float), inside, answers.design, share=True, level=level)
        size = None if name == "other" else len([code for code in name.split(";") if code])
        asked = pl.Series("answers", (holds[:, None] & inside).sum(axis=0), dtype=pl.Int64)
        frame = figures(told, answers.names).with_columns(asked)
        frames.append(
            frame.select(pl.lit(name).alias("needs"), pl.lit(size, pl.Int64).alias("size"), pl.all())
        )
    return _protected(marked(pl.concat(frames), ["needs"]), masks, inside, rows)


def _protected(
    table: pl.DataFrame, masks: Codes, inside: Bools, rows: list[tuple[str, Bools]]
) -> pl.DataFrame:
    """Hide what few households of a group have, and what would let it be worked out from the sums.

    Shares of a group sum to one and groups to everybody, so one hidden cell alone hides nothing.
    """
    if inside.shape[1] > 1:
        groups = table["group"].unique(maintain_order=True).to_list()
        reasons = _reasons(groups[1:], masks, inside[:, 1:], rows)
        table = table.join(reasons, on=["needs", "group"], how="left", maintain_order="left")
        table = table.with_columns(mark=pl.coalesce("why", "mark")).drop("why")
    figures_of = ["value", "error", "low", "high", "people", "effect", "answers"]
    return table.with_columns(pl.when(pl.col("mark").is_in(["", SMALL])).then(pl.col(figures_of)))


def _reasons(groups: list[str], masks: Codes, inside: Bools, rows: list[tuple[str, Bools]]) -> pl.DataFrame:
    """needs, group, why: the cells to hide; who is in no group can be subtracted, so counts as one."""
    outside = (masks >= 0) & ~np.any(inside, axis=1)
    places = np.column_stack([inside, outside])
    named = [(needs, group) for needs, _ in rows for group in (*groups, _OTHER)]
    counts = np.concatenate([(holds[:, None] & places).sum(axis=0) for _, holds in rows])
    cells = pl.DataFrame(named, schema=["needs", "group"], orient="row").with_columns(answers=counts)
    least = int(default_parameters()["needs.least_base"])
    margins = (("needs",), ("group",), ())
    told = protect(cells, ["needs", "group"], "answers", minimum=least, within=margins)
    hidden = told.filter(pl.col("shown").is_null(), pl.col("needs").is_not_null())
    small = pl.when(pl.col("why") == "small").then(pl.lit(TOO_FEW)).otherwise(pl.lit(KEPT_BACK))
    return hidden.select("needs", pl.col("group").fill_null(EVERYBODY), why=small)


def _lift_rows(
    answers: Answers, has: Floats, inside: Bools, codes: list[str], level: float | None
) -> pl.DataFrame:
    """a, b, group, value, error, low, high, base, answers (with both), mark."""
    frames = [
        _pair(answers, has[:, a] == 1, has[:, b] == 1, inside, level).select(
            pl.lit(codes[a]).alias("a"), pl.lit(codes[b]).alias("b"), pl.all()
        )
        for a, b in combinations(range(len(codes)), 2)
    ]
    if not frames:
        return pl.DataFrame(schema={"a": pl.String, "b": pl.String, **_LIFT, "mark": pl.String})
    rows = marked(pl.concat(frames), ["a", "b"])
    few = (pl.col("answers") > 0) & (pl.col("answers") < default_parameters()["needs.least_base"])
    hidden = pl.when(few).then(pl.lit(TOO_FEW)).otherwise(pl.col("mark"))
    shown = pl.when(pl.col("mark").is_in(["", SMALL]))
    figures_of = ["value", "error", "low", "high", "answers"]
    return rows.with_columns(mark=hidden).with_columns(shown.then(pl.col(figures_of)))


_LIFT: dict[str, type[pl.DataType]] = {
    "group": pl.String,
    **dict.fromkeys(("value", "error", "low", "high"), pl.Float64),
    "base": pl.Int64,
    "answers": pl.Int64,
}


def _pair(answers: Answers, a: Bools, b: Bools, inside: Bools, level: float | None) -> pl.DataFrame:
    """P(ab) / (P(a) P(b)) of each group, its interval by the delta method on the log scale."""
    confidence = default_parameters()["needs.interval_level"] if level is None else level
    rows = [
        {"group": name, **_lift(answers.design, a, b, inside[:, place], confidence)}
        for place, name in enumerate(answers.names)
    ]
    return pl.DataFrame(rows, schema=_LIFT)


def _lift(design: Design, a: Bools, b: Bools, mine: Bools, confidence: float) -> dict[str, float | int]:
    weights = np.where(mine, design.weights, 0.0)
    size, both = float(weights.sum()), mine & a & b
    told: dict[str, float | int] = {"base": int(mine.sum()), "answers": int(both.sum())}
    if not both.any() or size == 0:
        return told
    ab, pa, pb = (float(weights[truth].sum()) / size for truth in (both, a, b))
    influence = np.where(mine, both / ab - a / pa - b / pb + 1, 0.0) / size
    error = float(np.sqrt(covariance(influence[:, None], design)[0, 0]))
    half = float(t.ppf((1 + confidence) / 2, degrees_of_freedom(mine, design))) * error
    lift = ab / (pa * pb)
    ends = {"low": lift * float(np.exp(-half)), "high": lift * float(np.exp(half))}
    return told | {"value": lift, "error": lift * error} | ends
