"""A linked set under an agreement: tokens in the place of every record and person, in an order that tells
nothing."""

from dataclasses import replace

import polars as pl

from philoxenia.linkage.linked import Linked
from philoxenia.linkage.purpose import Purpose


def under_purpose(linked: Linked, purpose: Purpose) -> Linked:
    """The same finding with `record` and `person` as tokens. Rows are ordered by token: a row's place would
    else tell which record of the list it was."""
    records = _record_tokens(linked.links, purpose)
    persons = _person_tokens(linked.links, purpose)
    links = linked.links.join(records, on=["source", "record"]).join(persons, on="person")
    links = links.select("source", record="record_token", person="person_token").sort("source", "record")
    people = linked.people.join(persons, on="person").with_columns(person="person_token").drop("person_token")
    pairs = linked.pairs
    for side in ("left", "right"):
        names = {"source": f"{side}_source", "record": f"{side}_record"}
        pairs = pairs.join(records.rename(names), on=list(names.values()))
        pairs = pairs.with_columns(pl.col("record_token").alias(f"{side}_record")).drop("record_token")
    pairs = pairs.sort("left_source", "left_record", "right_source", "right_record")
    return replace(
        linked,
        links=links,
        people=people.sort("person"),
        pairs=pairs,
        records=_hidden(linked, records),
        truth=None,
    )


def _hidden(linked: Linked, records: pl.DataFrame) -> pl.DataFrame:
    found = linked.records.join(records, on=["source", "record"]).with_columns(record="record_token")
    return found.drop("record_token", "row").sort("source", "record").with_row_index("row")


def _record_tokens(links: pl.DataFrame, purpose: Purpose) -> pl.DataFrame:
    found = [purpose.token(source, record) for source, record in links.select("source", "record").iter_rows()]
    return links.select("source", "record").with_columns(pl.Series("record_token", found, pl.String))


def _person_tokens(links: pl.DataFrame, purpose: Purpose) -> pl.DataFrame:
    members = links.group_by("person").agg(pl.struct("source", "record").sort().alias("members"))
    found = [
        purpose.person_token((member["source"], member["record"]) for member in group)
        for group in members["members"]
    ]
    return members.select("person").with_columns(pl.Series("person_token", found, pl.String))
