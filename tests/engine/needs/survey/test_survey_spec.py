"""What a survey's design may be, and what is refused."""

import numpy as np
import polars as pl
import pytest

from philoxenia.needs.survey import differences, means, survey_design
from philoxenia.needs.survey.differences import holm
from philoxenia.needs.types import NeedsError

SURVEY = pl.DataFrame(
    {"w": [1.0, 2, 3, 4], "s": ["a", "a", "b", "b"], "c": [1, 2, 1, 2], "big": [9, 9, 7, 7]}
)
ALL = np.ones((4, 1), dtype=bool)


@pytest.mark.parametrize(
    ("columns", "options", "said"),
    [
        ({"w": [1.0, -2, 3, 4]}, {"weight": "w"}, "1 of 4 weights in w"),
        ({"w": [1.0, None, 3, 4]}, {"weight": "w"}, "1 of 4 weights in w"),
        ({"w": ["x"] * 4}, {"weight": "w"}, "not numbers"),
        ({"w": [0.0] * 4}, {"weight": "w"}, "All of 4 weights"),
        ({"s": ["a", None, "b", "b"]}, {"stratum": "s", "cluster": "c"}, "1 rows have no s"),
        ({"big": [9, 8, 7, 7]}, {"stratum": "s", "fpc": "big"}, "one number for each stratum"),
        ({"big": [1, 1, 7, 7]}, {"stratum": "s", "fpc": "big"}, "fewer clusters than were drawn"),
        ({}, {"stratum": "zone"}, "no column 'zone' for the stratum"),
        ({}, {"singleton": "merge"}, "one of centre, certainty, refuse"),
        ({"c": [1, 1, 1, 2]}, {"stratum": "s", "cluster": "c", "singleton": "refuse"}, "1 strata have one"),
    ],
)
def test_a_design_that_cannot_be_is_refused(columns: dict, options: dict, said: str) -> None:
    frame = SURVEY.with_columns(**{name: pl.Series(values) for name, values in columns.items()})
    with pytest.raises(NeedsError, match=said):
        survey_design(frame, **options)


def test_an_empty_survey_says_so() -> None:
    with pytest.raises(NeedsError, match="no rows"):
        survey_design(SURVEY.clear())


def test_a_stratum_of_one_cluster_adds_what_the_rule_says_and_is_told() -> None:
    frame = pl.DataFrame({"s": ["a", "a", "b"], "y": [1.0, 3, 8]})
    values = frame["y"].to_numpy()
    centre, certain = (survey_design(frame, stratum="s", singleton=rule) for rule in ("centre", "certainty"))
    one = np.ones((3, 1), dtype=bool)
    assert means(values, one, centre).error[0] > means(values, one, certain).error[0] > 0
    assert "its distance from the mean" in centre.notes[0]
    assert "nothing" in certain.notes[0]


def test_clusters_of_the_same_name_in_two_strata_are_two() -> None:
    assert len(survey_design(SURVEY, stratum="s", cluster="c").stratum) == 4


def test_nobody_says_yes_and_the_interval_still_has_an_upper_end() -> None:
    frame = pl.DataFrame({"y": np.zeros(20)})
    found = means(frame["y"].to_numpy(), np.ones((20, 1), dtype=bool), survey_design(frame), share=True)
    assert (found.value[0], found.low[0]) == (0.0, 0.0)
    assert found.high[0] == pytest.approx(1 - 0.025 ** (1 / 20))  # Clopper and Pearson 1934
    every = means(1 - frame["y"].to_numpy(), np.ones((20, 1), dtype=bool), survey_design(frame), share=True)
    assert (every.low[0], every.high[0]) == (pytest.approx(0.025 ** (1 / 20)), 1.0)


def test_an_empty_group_has_no_figure_and_no_difference() -> None:
    groups = np.array([[True, False]] * 4)
    found = means(np.array([1.0, 2, 3, np.nan]), groups, survey_design(SURVEY, "w"))
    assert found.base.tolist() == [3, 0]
    assert np.isnan(found.value[1])
    assert np.isnan(differences(found, [(0, 1)])[0].value)


def test_many_comparisons_together_are_judged_more_strictly() -> None:
    # Holm 1979: 0.01 x 4, 0.02 x 3, then never less than before.
    assert holm(np.array([0.02, 0.01, np.nan, 0.5, 0.021])).tolist()[:2] == pytest.approx([0.06, 0.04])
    assert holm(np.array([0.02, 0.01, np.nan, 0.5, 0.021]))[4] == pytest.approx(0.06)
    assert np.isnan(holm(np.array([np.nan]))[0])
