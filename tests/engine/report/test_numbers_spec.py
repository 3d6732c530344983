"""How numbers are written, so that nobody reads more into them than is there."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from philoxenia.report.numbers import exact, interval, percent, shown, whole


def test_a_number_has_at_most_three_significant_figures() -> None:
    assert shown(4912) == "4,910"
    assert shown(0.7561) == "0.756"
    assert shown(2_794_356) == "2.79 million"


def test_an_interval_drops_the_digits_its_width_makes_idle() -> None:
    assert interval(4912, 4087, 6011) == "4,900 (4,100 to 6,000)"
    assert interval(218, 90, 340) == "220 (90 to 340)"
    assert interval(0.4912, 0.4087, 0.6011) == "0.49 (0.41 to 0.60)"


def test_an_interval_of_no_width_is_a_number() -> None:
    assert interval(5, 5, 5) == "5"


def test_a_small_share_is_not_called_none() -> None:
    assert percent(0.0001) == "under 0.1%"
    assert percent(0.0) == "0%"
    assert percent(0.0734) == "7.3%"
    assert percent(0.28) == "28%"


@pytest.mark.parametrize("unknown", [None, math.nan, math.inf])
def test_what_is_not_known_is_a_dash(unknown: float | None) -> None:
    assert shown(unknown) == whole(unknown) == percent(unknown) == "–"
    assert exact(unknown) == ""


def test_a_loss_has_a_minus_and_a_rounded_nothing_has_none() -> None:
    assert shown(-3.0) == "−3"
    assert whole(-0.2) == "0"


@given(st.floats(min_value=1e-6, max_value=1e12))
def test_rounding_moves_a_number_by_half_a_percent_at_most(value: float) -> None:
    text = shown(value)
    figure = float(text.removesuffix(" million").replace(",", "")) * (1e6 if "million" in text else 1)
    assert abs(figure - value) <= 0.0051 * value


@given(st.floats(-1e9, 1e9), st.floats(0, 1e6), st.floats(0, 1e6))
def test_every_interval_can_be_written(middle: float, below: float, above: float) -> None:
    assert interval(middle, middle - below, middle + above)
