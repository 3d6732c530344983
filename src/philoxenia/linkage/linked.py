"""What a run found, and what becomes of it when reviewers decide: people, quality and warnings from pairs.

Owns the frames that other capabilities read (ARCHITECTURE.md declares them). Ignores how weights were
computed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl

from philoxenia.linkage.clusters import clustered
from philoxenia.linkage.expected import expected
from philoxenia.linkage.model import Model
from philoxenia.linkage.people import joined_people
from philoxenia.linkage.quality import Found, counted
from philoxenia.linkage.types import LinkageError, Thresholds

SIDES = ("left_source", "left_record", "right_source", "right_record")
# A reviewer's yes goes before every weight.
_SURE = 1e9


@dataclass(frozen=True)
class Linked:
    """What a run found. `notes` are sentences for the report.

    `links`: source, record, person. `pairs`: left_source, left_record, right_source, right_record,
    match_weight (log2 odds), probability, decision (link, doubtful, apart), rules (how many blocking rules
    found it), `level_*` and `weight_*` of each comparison. `quality`: measure, by, value, estimate, low,
    high, base, method. `people`: person, records, sources, needs, district_id, sex, in_city_since, language.
    `records` holds groups, no names.
    """

    links: pl.DataFrame
    pairs: pl.DataFrame
    quality: pl.DataFrame
    people: pl.DataFrame
    model: Model
    thresholds: Thresholds
    records: pl.DataFrame = field(repr=False)
    within: bool = True
    alone: tuple[str, ...] = ()
    rules: int = 1
    confidence: float = 0.95
    giant: float = 4.0
    rho: float = 0.0
    truth: pl.DataFrame | None = field(default=None, repr=False)
    notes: tuple[str, ...] = ()

    @property
    def doubtful(self) -> pl.DataFrame:
        """The pairs a person should look at, the most doubtful first."""
        unsure = (pl.col("probability") - 0.5).abs()
        return self.pairs.filter(pl.col("decision") == "doubtful").sort([unsure, *map(pl.col, SIDES)])

    @property
    def settings(self) -> Mapping[str, Any]:
        """How the run was done, for its record: no value of any person."""
        answers = self.pairs["reviewed"].count() if "reviewed" in self.pairs.columns else 0
        return {
            "within": self.within,
            "one_to_one": list(self.alone),
            "blocking_rules": self.rules,
            "decisions": int(answers),
            "link_from": self.thresholds.link,
            "doubt_from": self.thresholds.doubt,
            "model_basis": self.model.basis,
            "model_fingerprint": self.model.fingerprint,
        }

    def decided(self, decisions: pl.DataFrame) -> "Linked":
        """The same run with reviewers' answers: left_source, left_record, right_source, right_record, same
        (bool).

        A yes joins two records whatever their weight, a no keeps them apart even through others. Of two
        answers to one pair the later row holds. Raises `LinkageError` for a record that is in no list.
        """
        answers = _rows_of(decisions, self.records)
        pairs = _answered(_with_rows(self.pairs, self.records), answers)
        return concluded(replace(self, pairs=pairs), answers)


def concluded(start: Linked, answers: pl.DataFrame | None = None) -> Linked:
    """`start` with links, people, quality and notes made from its `pairs` (with row_l, row_r) and
    `records`."""
    person = _persons(start, answers)
    records = start.records.with_columns(person=person)
    quality = _quality(start, person)
    return replace(
        start,
        links=records.select("source", "record", "person"),
        people=joined_people(records),
        quality=quality,
        pairs=start.pairs.drop("row_l", "row_r"),
        notes=_notes(records, start),
    )


def _persons(start: Linked, answers: pl.DataFrame | None) -> pl.Series:
    linked = start.pairs.filter(pl.col("decision") == "link").select("row_l", "row_r", weight="match_weight")
    apart: list[tuple[int, int]] = []
    if answers is not None:
        yes = answers.filter(pl.col("same")).select("row_l", "row_r", weight=pl.lit(_SURE))
        linked = pl.concat([linked.join(yes, on=["row_l", "row_r"], how="anti"), yes])
        apart = [
            (int(a), int(b)) for a, b in answers.filter(~pl.col("same")).select("row_l", "row_r").iter_rows()
        ]
    names = sorted(start.records["source"].unique())
    codes = start.records["source"].replace_strict(names, range(len(names)), return_dtype=pl.Int64).to_numpy()
    edges = (
        linked["row_l"].cast(pl.Int64).to_numpy(),
        linked["row_r"].cast(pl.Int64).to_numpy(),
        linked["weight"].to_numpy(),
    )
    alone = [names.index(name) for name in start.alone if name in names]
    first = clustered(start.records.height, edges, codes, alone, apart)
    return pl.Series("person", np.unique(first, return_inverse=True)[1].astype(np.int64))


def comparable(within: bool, alone: Sequence[str]) -> pl.Expr:
    """Whether a pair (source_l, source_r) is to be compared at all."""
    apart = pl.col("source_l") != pl.col("source_r")
    return (apart | ~pl.col("source_l").is_in(list(alone))) if within else apart


def _quality(start: Linked, person: pl.Series) -> pl.DataFrame:
    rows = expected(start.pairs, start.records, start.rules, start.confidence)
    told = pl.DataFrame(rows, schema_overrides={"base": pl.Int64}, infer_schema_length=None)
    if start.truth is None:
        return told
    found = Found(start.records, start.pairs, person, start.confidence)
    exact = counted(found, start.truth, comparable(start.within, start.alone))
    return pl.concat([exact, told.filter(pl.col("measure") == "left_out").select(exact.columns)])


def _notes(records: pl.DataFrame, start: Linked) -> tuple[str, ...]:
    lists = records["source"].n_unique()
    sizes = records.group_by("person").len()
    giants = sizes.filter(pl.col("len") > start.giant * lists)
    said = []
    if giants.height:
        said.append(
            f"{giants.height:,} people were found in more than {start.giant:g} records for each list, the "
            f"largest in "
            f"{max(giants['len'].to_list()):,}: look at their pairs before the result is used."
        )
    return tuple(said)


def _rows_of(decisions: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Decisions as row_l < row_r, same: the last answer to each pair."""
    missing = [name for name in (*SIDES, "same") if name not in decisions.columns]
    if missing:
        raise LinkageError(f"The decisions lack {', '.join(missing)}.")
    found = _with_rows(decisions, records)
    lost = found["row_l"].null_count() + found["row_r"].null_count()
    if lost:
        raise LinkageError(f"{lost:,} of the decisions name a record that is in none of the lists.")
    if (found["row_l"] == found["row_r"]).any():
        raise LinkageError("A decision names the same record twice.")
    ordered = found.select(
        pl.min_horizontal("row_l", "row_r").alias("row_l"),
        pl.max_horizontal("row_l", "row_r").alias("row_r"),
        "same",
    )
    return ordered.unique(["row_l", "row_r"], keep="last", maintain_order=True)


def _with_rows(pairs: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    rows = records.select("source", "record", "row")
    for side, name in (("left", "row_l"), ("right", "row_r")):
        here = rows.rename({"source": f"{side}_source", "record": f"{side}_record", "row": name})
        keys = [f"{side}_source", f"{side}_record"]
        pairs = pairs.with_columns(pl.col(key).cast(pl.String) for key in keys).join(
            here, on=keys, how="left"
        )
    return pairs


def _answered(pairs: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    said = answers.select("row_l", "row_r", answer="same")
    found = pairs.join(said, on=["row_l", "row_r"], how="left", maintain_order="left")
    decision = (
        pl.when(pl.col("answer"))
        .then(pl.lit("link"))
        .when(pl.col("answer").not_())
        .then(pl.lit("apart"))
        .otherwise(pl.col("decision"))
    )
    reviewed = pl.col("answer").cast(pl.Int8)
    if "reviewed" in pairs.columns:
        reviewed = pl.coalesce(reviewed, pl.col("reviewed"))
    before = "machine" if "machine" in pairs.columns else "decision"
    return found.with_columns(
        decision.alias("decision"), reviewed.alias("reviewed"), pl.col(before).alias("machine")
    ).drop("answer")


def joined_columns(records: pl.DataFrame) -> Mapping[str, Any]:
    """The columns of records that a result keeps: never a name, a date of birth or an identifier."""
    kept = (
        "row",
        "source",
        "record",
        "script",
        "name_origin",
        "sex",
        "needs",
        "district_id",
        "in_city_since",
        "language",
    )
    nothing = pl.Series([None] * records.height, dtype=pl.String)
    return {name: records[name] if name in records.columns else nothing for name in kept}
