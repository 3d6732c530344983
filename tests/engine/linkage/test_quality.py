"""Error rates: counted against a truth, expected without one, mended by reviewers."""

import numpy as np
import polars as pl
import pytest

from philoxenia.linkage.expected import chances, left_out
from philoxenia.linkage.linked import comparable
from philoxenia.linkage.quality import Found, counted, effective_size, wilson

RECORDS = pl.DataFrame(
    {
        "row": [0, 1, 2, 3, 4],
        "source": ["a", "b", "a", "b", "b"],
        "record": ["1", "1", "2", "2", "3"],
        "script": ["latin", "arabic", "latin", "latin", "latin"],
        "sex": ["female", "female", "male", "male", "male"],
        "name_origin": ["ar", "ar", "en", "en", "en"],
    }
)
# Records 0 and 1 are one person and 2 and 3 are; the run missed the first and added record 4 to the second.
TRUTH = RECORDS.select("source", "record", person=pl.Series(["p", "p", "q", "q", "r"]))
FOUND = pl.Series("person", [0, 1, 2, 2, 2])


def rates() -> dict[tuple[str, str, str], tuple[float, int]]:
    quality = counted(Found(RECORDS, pl.DataFrame(), FOUND, 0.95), TRUTH, comparable(True, ()))
    return {
        (r["measure"], r["by"], r["value"]): (r["estimate"], r["base"]) for r in quality.iter_rows(named=True)
    }


def test_missed_and_false_links_are_counted_by_group() -> None:
    found = rates()
    assert found["missed", "all", "all"] == (0.5, 2)
    assert found["missed", "script", "arabic"] == (1.0, 1)
    assert found["missed", "sex", "male"] == (0.0, 1)
    assert found["false", "all", "all"] == (pytest.approx(2 / 3), 3)
    assert ("false", "sex", "female") not in found


def test_pairs_clusters_and_b_cubed_follow_their_definitions() -> None:
    found = {key[0]: value[0] for key, value in rates().items()}
    assert found["pair_precision"] == pytest.approx(1 / 3)
    assert found["pair_recall"] == pytest.approx(1 / 2)
    assert found["cluster_precision"] == 0.0
    # B-cubed by hand: precision 1, 1, 2/3, 2/3, 1/3; recall 1/2, 1/2, 1, 1, 1.
    assert found["bcubed_precision"] == pytest.approx((1 + 1 + 2 / 3 + 2 / 3 + 1 / 3) / 5)
    assert found["bcubed_recall"] == pytest.approx((0.5 + 0.5 + 3) / 5)


def test_wilsons_interval_is_the_published_one() -> None:
    # Newcombe (1998), table I: 81 of 263 gives 0.2553 to 0.3662.
    assert wilson(81 / 263, 263, 0.95) == (pytest.approx(0.2553, abs=1e-4), pytest.approx(0.3662, abs=1e-4))
    assert wilson(0.0, 0, 0.95) == (0.0, 1.0)


def test_pairs_of_one_person_count_less_than_pairs_of_many() -> None:
    alone = effective_size([1, 0, 0, 1], [1, 1, 1, 1])
    together = effective_size([10, 0, 0, 10], [10, 10, 10, 10])
    assert together < 40 / 5
    assert alone <= 4


def test_what_blocking_left_out_grows_with_links_found_by_one_rule_alone() -> None:
    assert left_out(np.array([1] * 10 + [2] * 10), 4) == pytest.approx(3 / 4 * 10 * 9 / 22)
    assert left_out(np.array([3, 4, 4]), 4) == 0.0


def test_reviewers_answers_shift_what_the_model_believed() -> None:
    pairs = pl.DataFrame(
        {
            "probability": [0.5] * 4,
            "decision": ["doubtful"] * 4,
            "reviewed": pl.Series([0, 0, None, None], dtype=pl.Int8),
        }
    )
    assert chances(pairs).tolist() == [0.0, 0.0, 0.0, 0.0]
    half = pairs.with_columns(reviewed=pl.Series([1, 0, None, None], dtype=pl.Int8))
    assert chances(half).tolist() == [1.0, 0.0, 0.5, 0.5]
