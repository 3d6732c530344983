"""Charts speak the reader's language: months, words, the signs in figures; words are never shortened."""

import re

from philoxenia.report.charts import Fan, Point, Setting, fan_chart, gap_chart, recorded_chart

MONTHS = tuple(f"{number}.kuu" for number in range(1, 13))
POINTS = [Point(f"2025-{month:02d}", 12_000.0 + month, 10_000.0, 15_000.0) for month in range(1, 13)]


def words_of(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_english_is_spoken_where_nothing_is_said() -> None:
    words = words_of(gap_chart(POINTS, "beds", "x").inline)
    assert {"Dec 2025", "10,000"} <= set(words)


def test_months_and_signs_are_those_of_the_setting() -> None:
    setting = Setting(months=MONTHS, marks=(".", ","))
    words = words_of(gap_chart(POINTS, "sängyt", "x", setting=setting).inline)
    assert {"12.kuu 2025", "10.000", "sängyt"} <= set(words)
    assert not {"Dec 2025", "10,000"} & set(words)


def test_small_figures_have_the_decimal_sign_of_the_setting() -> None:
    points = [Point(f"2025-{month:02d}", 0.1 * month, 0.0, 1.5) for month in range(1, 13)]
    assert "0,5" in words_of(gap_chart(points, "x", "x", setting=Setting(marks=(".", ","))).inline)


def test_labels_of_lines_and_their_figures_are_those_of_the_setting() -> None:
    setting = Setting(wanted="voulu", recorded="compté", figure=lambda middle, _low, _high: f"~{middle:.0f}")
    words = words_of(recorded_chart(POINTS, POINTS, "x", "x", setting=setting).inline)
    assert {"~12012 voulu", "~12012 compté"} <= set(words)


def test_words_of_a_setting_cannot_leave_the_drawing() -> None:
    hostile = '"]</text><script>alert(1)</script>\\'
    setting = Setting(months=(hostile,) * 12, wanted=hostile, recorded=hostile, marks=(hostile, '"'))
    drawn = recorded_chart(POINTS, POINTS, hostile, hostile, setting=setting).inline
    assert "<script" not in drawn


def test_a_chart_is_as_wide_as_it_is_asked_to_be() -> None:
    fan = Fan(POINTS[:6], POINTS[6:], [], "x", "x")
    assert 'viewBox="0 0 640 200"' in fan_chart(fan, setting=Setting(width=640, height=200)).inline
