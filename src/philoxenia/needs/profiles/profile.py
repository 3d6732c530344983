"""Makes a profile: groups, equal indicators, differences, deprivation, severity, overlap, districts."""

import numpy as np
import polars as pl

from philoxenia.needs.deprivation.indices import figures
from philoxenia.needs.profiles.answers import Answers, answers_of
from philoxenia.needs.profiles.combined import deprivation_tables, overlap_tables, severity_table
from philoxenia.needs.profiles.comparing import (
    difference_rows,
    estimated,
    hide_with,
    indicator_rows,
    unit_of,
)
from philoxenia.needs.profiles.small import marked
from philoxenia.needs.profiles.types import Profile, Spec, SpecError
from philoxenia.needs.survey import means
from philoxenia.reference import default_parameters

_ELSEWHERE = "(districts with too few)"


def profile(survey: pl.DataFrame, spec: Spec) -> Profile:
    """The profile of a survey as `read_survey` gives it.

    Tables: groups; indicators and differences; deprivation, headcounts, parts; severity; overlap,
    need_counts, lift; districts; those the spec asks for. Each figure has value, error, low, high, base,
    people (a sum of weights) and mark. Raises `SpecError` where the spec does not fit the survey.
    """
    answers = answers_of(survey, spec)
    level = spec.level or None
    tables = {"groups": _group_rows(answers, level)}
    notes = list(answers.design.notes)
    if spec.indicators:
        found = estimated(answers, level)
        tables["indicators"] = indicator_rows(answers, found)
        if len(answers.names) > 2:
            gaps = difference_rows(answers, found, level)
            tables["differences"] = hide_with(gaps, tables["indicators"])
    if spec.dimensions:
        made, said = deprivation_tables(answers, level)
        tables |= made
        notes += said
    if spec.sectors:
        tables["severity"] = severity_table(answers, level)
    if spec.needs:
        made, said = overlap_tables(answers, level)
        tables |= made
        notes += said
    if spec.district:
        tables["districts"] = _district_rows(answers, level)
    return Profile(spec, tables, survey.height, (*notes, *_bases(answers)))


def _group_rows(answers: Answers, level: float | None) -> pl.DataFrame:
    """group, group_name, where, share of everybody with its error, base, people, mark."""
    everybody = np.ones((len(answers.inside), 1), dtype=bool)
    frames = []
    names = ("Everybody", *(group.name for group in answers.spec.groups))
    rules = ("", *(group.where for group in answers.spec.groups))
    for place, group in enumerate(answers.names):
        found = means(
            answers.inside[:, place].astype(float), everybody, answers.design, share=True, level=level
        )
        mine = answers.inside[:, place]
        row = figures(found, [group]).with_columns(
            base=pl.lit(int(mine.sum()), pl.Int64),
            people=pl.lit(float(answers.design.weights[mine].sum())),
            group_name=pl.lit(names[place]),
            where=pl.lit(rules[place]),
        )
        frames.append(row)
    return marked(pl.concat(frames).with_columns(one=pl.lit(0)), ["one"]).drop("one")


def _district_rows(answers: Answers, level: float | None) -> pl.DataFrame:
    """Direct estimates of every indicator by district, for everybody: small districts stand in one row.

    Groups are not shown by district: few households of one group in one place can be told.
    """
    spec = answers.spec
    if spec.district not in answers.survey.columns:
        raise SpecError(f"{spec.where('survey.district')}: the survey has no column {spec.district!r}.")
    if spec.district == spec.displacement:
        raise SpecError(f"{spec.where('survey.district')}: {spec.district!r} asks about displacement.")
    named = answers.survey[spec.district].cast(pl.String).fill_null("unknown")
    counts = dict(named.value_counts().iter_rows())
    least = default_parameters()["needs.least_base"]
    named = pl.Series([_ELSEWHERE if counts[one] < least else one for one in named], dtype=pl.String)
    districts = sorted(set(named))
    inside = np.stack([(named == one).to_numpy() for one in districts], axis=1)
    frames = []
    for place, one in enumerate(spec.indicators):
        key = f"indicators[{place}]"
        asked = answers.among(one.among, f"{key}.among")[:, :1]
        read = answers.truths if one.share else answers.numbers
        values = read(one.where or one.value, f"{key}.{'where' if one.share else 'value'}")
        found = means(values, inside & asked, answers.design, share=one.share, level=level)
        keys = {"indicator": one.id, "label": one.name, "unit": unit_of(one, spec.unit)}
        frames.append(
            figures(found, districts).select(*(pl.lit(v).alias(k) for k, v in keys.items()), pl.all())
        )
    empty = pl.DataFrame(schema={"indicator": pl.String, "group": pl.String, "base": pl.Int64})
    rows = marked(pl.concat(frames), ["indicator"]) if frames else empty
    return rows.rename({"group": "district_id"})


def _bases(answers: Answers) -> tuple[str, ...]:
    parameters = default_parameters()
    grouped = len(answers.names) > 1
    outside = int((~np.any(answers.inside[:, 1:], axis=1)).sum()) if grouped else 0
    notes = [
        f"A figure on fewer than {parameters['needs.least_base']:.0f} answers is hidden; one on fewer than "
        f"{parameters['needs.small_base']:.0f} is marked as resting on a small base."
    ]
    if outside:
        notes.append(f"{outside} {answers.spec.unit} belong to no group; they count among everybody.")
    return tuple(notes)
