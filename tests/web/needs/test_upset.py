"""The UpSet picture: dots where needs belong, mirrored where text is, hatched where there are too few."""

import re
from dataclasses import replace

from philoxenia_web.needs.overlap.upset import Bar, Line, drawn_bar, head

BAR = Bar("Newcomers", "newcomers", 0.5, 0.4, 0.6, "50", "40 to 60", "5%")
LINE = Line((True, False, True), "A home + Income", "?together=housing.income", (BAR,))


def full_dots(svg: str) -> list[float]:
    return sorted(float(x) for x in re.findall(r'class="in" cx="([\d.]+)"', svg))


def test_a_full_dot_stands_for_each_need_and_a_line_joins_them() -> None:
    assert full_dots(LINE.dots) == [10.0, 50.0]
    assert 'd="M10.0 11.0H50.0"' in LINE.dots
    assert LINE.dots.count('class="out"') == 1


def test_columns_begin_where_reading_begins() -> None:
    first = Line((True, False, False), "", "", ())
    assert full_dots(first.dots) == [10.0]
    assert full_dots(replace(first, is_rtl=True).dots) == [50.0]
    names = [float(x) for x in re.findall(r"translate\(([\d.]+) ", head(["A", "B", "C"], is_rtl=True))]
    assert names == sorted(names, reverse=True)


def test_names_of_needs_are_text_and_never_markup() -> None:
    assert "&lt;b&gt;" in head(["<b>"], is_rtl=False)


def test_a_bar_has_its_interval_and_too_few_have_no_length() -> None:
    assert 'width="50.0%"' in drawn_bar(BAR)
    assert 'x1="40.0%" x2="60.0%"' in drawn_bar(BAR)
    hidden = drawn_bar(replace(BAR, share=None))
    assert "hatch" in hidden
    assert "%" not in hidden.replace('y="20%"', "").replace('height="60%"', "")
