"""The evidence of a pair, from what a run found to the bars a reviewer reads."""

import polars as pl

from philoxenia.linkage import Linked, link
from philoxenia_web.linkage.review.asking import _told
from philoxenia_web.linkage.review.evidence import waterfall_of

_SHARED = {"family_name": "Petrenko", "address": "12 Oak Street", "phone": "555-010-1234"}


def _linked() -> Linked:
    left = {"record_id": "a1", "given_name": "Olena", "birth_date": "1990-03-05", **_SHARED}
    right = {"record_id": "b1", "given_name": "Olha", "birth_date": "1990-03-15", **_SHARED}
    return link({"one": pl.DataFrame([left]), "two": pl.DataFrame([right])})


def test_the_bars_begin_at_two_random_records_and_end_at_the_weight() -> None:
    linked = _linked()
    row = linked.pairs.row(0, named=True)
    told = waterfall_of(_told(row, linked, {"one": "One", "two": "Two"}))
    assert -40 < told.start < 0
    assert abs(told.start + sum(step.weight for step in told.steps) - row["match_weight"]) < 0.01
    household = next(step for step in told.steps if step.name == "household")
    assert household.is_known and household.weight <= 0
    assert str(household.title) == "Household"
