"""Small lists are compared pair by pair, so that nobody is missed for want of a common key."""

import polars as pl

from philoxenia.linkage import link
from philoxenia.reference import default_parameters

# Same e-mail but for letters, names with slips, another year: no blocking key is the same on both sides.
LISTS = {
    "a": pl.DataFrame(
        {
            "record_id": ["1"],
            "given_name": ["Oluwaseun"],
            "family_name": ["Adebayorin"],
            "birth_date": ["1987-03-05"],
            "address": ["1204 Winterbourne Crescent"],
        }
    ),
    "b": pl.DataFrame(
        {
            "record_id": ["7"],
            "given_name": ["Oluwaseum"],
            "family_name": ["Adebayoren"],
            "birth_date": ["1986-03-05"],
            "address": ["1204 Winterborne Crescnt"],
        }
    ),
}


def test_a_pair_without_a_common_key_is_found_in_small_lists() -> None:
    found = link(LISTS)
    assert found.pairs.height == 1
    assert found.pairs["match_weight"][0] > 0
    assert found.quality.filter(pl.col("measure") == "left_out")["estimate"].to_list() == [0.0]


def test_blocking_alone_misses_it() -> None:
    blocked = default_parameters().overridden({"linkage.every_pair": 0.0}, "a test")
    assert link(LISTS, parameters=blocked).pairs.is_empty()
