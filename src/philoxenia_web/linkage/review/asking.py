"""From what a run finds doubtful to sealed pairs, and from what reviewers decided to what a run holds to.

Runs in the process of a run. A pair that was asked before keeps its number, so that answers stay with it;
where one of its records is not as it was, the answers do not count any more.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import polars as pl

from philoxenia.lake.files import write_whole
from philoxenia.linkage import Linked
from philoxenia.linkage.waterfalls import waterfall
from philoxenia_web.linkage.models.runs import ReviewPair, Run
from philoxenia_web.linkage.review.queries import place_of
from philoxenia_web.linkage.review.queue import CHANGED, KNOWN, NEW, WEIGHED, Asked
from philoxenia_web.registry import actions as registry

Outcome = ReviewPair.Outcome
Lists = Mapping[str, pl.DataFrame]
# Department and number of one record.
Side = tuple[str, str]
# More than a year's work for two people: those worth most are asked.
MOST_ASKED = 5000


@dataclass(frozen=True)
class KnownPair:
    """A pair that was asked before, opened."""

    pair_id: UUID
    outcome: str
    told: Mapping[str, Any]

    @property
    def sides(self) -> tuple[Side, Side]:
        """Which records, in the order they were told."""
        left, right = self.told["left"], self.told["right"]
        return (left["source"], left["record"]), (right["source"], right["record"])


def known_pairs(agreement_id: UUID) -> list[KnownPair]:
    """Every pair of an agreement that was ever asked."""
    found = []
    for pair in ReviewPair.objects.filter(agreement_id=agreement_id).order_by("pk"):
        content = registry.unseal(agreement_id, bytes(pair.sealed), name=place_of(pair.pk))
        found.append(KnownPair(pair.pk, pair.outcome, json.loads(content)))
    return found


def decisions_of(known: Sequence[KnownPair], lists: Lists) -> pl.DataFrame:
    """What reviewers decided about records that are as they were.

    Columns: left_source, left_record, right_source, right_record, same (boolean).
    """
    decided = [one for one in known if one.outcome in (Outcome.SAME, Outcome.DIFFERENT)]
    contents = _contents(lists, [side for one in decided for side in one.sides])
    rows = [
        (*one.sides[0], *one.sides[1], one.outcome == Outcome.SAME)
        for one in decided
        if one.told["content"] == _content(contents, one.sides)
    ]
    names = ["left_source", "left_record", "right_source", "right_record"]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String) | {"same": pl.Boolean}, orient="row")


def asked_of(run: Run, linked: Linked, lists: Lists, known: Sequence[KnownPair]) -> list[Asked]:
    """The doubtful pairs of a run, sealed, those worth most first."""
    doubtful = _with_worth(linked.doubtful, linked.links).head(MOST_ASKED)
    rows = doubtful.to_dicts()
    contents = _contents(lists, [side for row in rows for side in _sides(row)])
    before = {frozenset(one.sides): one for one in known}
    ids = {one["organisation"]: one["id"] for one in run.lists}
    found = []
    for row in rows:
        sides = _sides(row)
        told = _told(row, linked, ids) | {"content": _content(contents, sides)}
        asked = _asked(run, row["worth"], told, before.get(frozenset(sides)))
        found += [asked] if asked else []
    return found


def _asked(run: Run, worth: float, told: dict[str, Any], earlier: KnownPair | None) -> Asked | None:
    if earlier is None:
        pair_id, state = uuid4(), NEW
    elif earlier.told["content"] != told["content"]:
        pair_id, state = earlier.pair_id, CHANGED
    elif earlier.outcome not in (Outcome.OPEN, Outcome.GONE):
        return None
    else:
        pair_id, state = earlier.pair_id, KNOWN if earlier.told == told else WEIGHED
    content = json.dumps(told, sort_keys=True).encode()
    return Asked(pair_id, registry.seal(run.agreement_id, content, name=place_of(pair_id)), worth, state)


def write(path: Path, asked: Sequence[Asked]) -> None:
    """Hand sealed pairs to the worker that fills the queue."""
    told = [
        {
            "id": str(one.pair_id),
            "sealed": base64.b64encode(one.sealed).decode(),
            "worth": one.worth,
            "state": one.state,
        }
        for one in asked
    ]
    write_whole(path, lambda place: place.write_text(json.dumps(told), encoding="ascii"))


def _with_worth(doubtful: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """The pairs with `worth`: how many pairs of records an answer is expected to put right.

    The chance that the run has it wrong, times all pairs between the two groups that would be joined.
    """
    sizes = links.join(links.group_by("person").len("size"), on="person")
    for side in ("left", "right"):
        own = sizes.select(
            pl.col("source").alias(f"{side}_source"),
            pl.col("record").alias(f"{side}_record"),
            pl.col("size").alias(f"{side}_size"),
        )
        doubtful = doubtful.join(
            own, on=[f"{side}_source", f"{side}_record"], how="left", maintain_order="left"
        )
    wrong = pl.min_horizontal(pl.col("probability"), 1 - pl.col("probability"))
    worth = wrong * pl.col("left_size") * pl.col("right_size")
    return doubtful.with_columns(worth=worth).sort("worth", descending=True, maintain_order=True)


def _sides(row: Mapping[str, Any]) -> tuple[Side, Side]:
    return (row["left_source"], row["left_record"]), (row["right_source"], row["right_record"])


def _told(row: Mapping[str, Any], linked: Linked, lists: Mapping[str, str]) -> dict[str, Any]:
    """Which records, and why the run is in doubt: each comparison's level and weight."""
    falls = waterfall(row, linked.model)
    evidence = [
        [name, row.get(f"level_{name}"), words, round(weight, 3)]
        for name, words, weight in falls.select("comparison", "level", "weight").rows()
        if name != "prior"
    ]
    sides = {
        side: {"source": source, "record": record, "list": lists[source]}
        for side, (source, record) in zip(("left", "right"), _sides(row), strict=True)
    }
    return sides | {
        "evidence": evidence,
        "weight": round(row["match_weight"], 3),
        "probability": round(row["probability"], 4),
    }


def _contents(lists: Lists, sides: Sequence[Side]) -> dict[Side, str]:
    """A hash of everything each record says; the number of a department may be used again for another
    person.
    """
    wanted: dict[str, set[str]] = {}
    for source, record in sides:
        wanted.setdefault(source, set()).add(record)
    found = {}
    for source, records in wanted.items():
        if source in lists:
            rows = lists[source].with_columns(pl.col("record_id").cast(pl.String))
            for row in rows.filter(pl.col("record_id").is_in(records)).to_dicts():
                text = json.dumps(
                    {name: row[name] for name in sorted(row) if row[name] is not None}, default=str
                )
                found[source, row["record_id"]] = hashlib.sha256(text.encode()).hexdigest()
    return found


def _content(contents: Mapping[Side, str], sides: tuple[Side, Side]) -> list[str]:
    return sorted(f"{source}:{contents.get((source, record), '')}" for source, record in sides)
