"""Pictures of foresight say what the tables say: amounts are read back from where the marks lie."""

import re
from dataclasses import replace

import numpy as np
import pytest
from tests.engine.report.made_foresight import PLAN, empty, foresight, one_future
from tests.engine.report.picture_reader import axis, marks, signs, spans, words

from philoxenia.report.foresight import CONSTITUENCIES
from philoxenia.report.foresight.charts import (
    Spread,
    dividend_chart,
    dividend_words,
    drivers,
    ranking,
    ranking_chart,
    ranking_words,
    spreads,
    tornado_chart,
    tornado_words,
)
from philoxenia.report.foresight.view import View

NARROW, WIDE = View(width=320, currency="CAD"), View(width=640, currency="CAD")
MILLION = 1e6
# Places are written to a hundredth of a pixel.
NEAR = 0.2


def kept(action: str, name: str) -> dict[str, float]:
    rows = foresight()["dividends"].filter(action=action, kind="constituency", name=name)
    return dict(rows.row(0, named=True))


@pytest.mark.parametrize("view", [NARROW, WIDE, replace(WIDE, right_to_left=True)])
def test_lines_of_the_dividend_reach_from_p10_to_p90(view: View) -> None:
    svg = dividend_chart(spreads(foresight(), PLAN, view), "x", view=view).standalone
    drawn = spans(svg, "stone-3")
    assert len(drawn) == len(CONSTITUENCIES)
    for name, (low, high) in zip(CONSTITUENCIES, drawn, strict=True):
        told = kept(PLAN, name)
        assert (low, high) == pytest.approx((told["p10"] / MILLION, told["p90"] / MILLION), abs=NEAR)


def test_signs_are_the_futures_and_a_loss_has_another_shape() -> None:
    values = tuple(float(n) for n in range(-5_000_000, 15_000_000, 1_000_000))
    row = Spread("Children", float(np.mean(values)), -3e6, 5e6, 12e6, 0.25, values)
    svg = dividend_chart([row], "x", view=WIDE).standalone
    losses, gains = signs(svg, "terracotta"), signs(svg, "olive")
    assert (len(losses), len(gains)) == (5, 15)
    assert {one.path for one in losses}.isdisjoint({one.path for one in gains})
    scale = axis(svg)
    found = sorted(scale.amount(one.x) for one in (*losses, *gains))
    quantiles = np.quantile(values, (np.arange(20) + 0.5) / 20) / MILLION
    assert found == pytest.approx(list(quantiles), abs=NEAR)


def test_signs_that_would_cover_each_other_are_stacked() -> None:
    row = Spread("Children", 1e6, 1e6, 1e6, 1e6, 0.0, (1e6,) * 20)
    places = [(one.x, one.y) for one in signs(dividend_chart([row], "x").standalone, "olive")]
    assert len(set(places)) == 20


def test_without_values_of_every_future_only_the_interval_is_drawn() -> None:
    rows = [replace(row, values=()) for row in spreads(foresight(), PLAN)]
    svg = dividend_chart(rows, "x").standalone
    assert not signs(svg, "olive")
    assert len(spans(svg, "stone-3")) == len(rows)


def test_how_often_somebody_loses_is_said_in_picture_and_sentence() -> None:
    rows = spreads(foresight(), PLAN, WIDE)
    losing = {row.name: row.share_losing for row in rows}
    assert 0 < losing["Long-term residents"] < 1
    assert "loses in 2 of 100 futures" in words(dividend_chart(rows, "x", view=WIDE).standalone)
    said = next(one for one in dividend_words(rows, WIDE) if one.startswith("Long-term residents"))
    assert said == "Long-term residents: 8 million CAD (1 million to 16 million); loses in 2 of 100 futures."


@pytest.mark.parametrize("view", [NARROW, WIDE])
def test_actions_stand_in_the_order_of_their_net_dividend(view: View) -> None:
    rows = ranking(foresight(), view)
    svg = ranking_chart(rows, "x", view=view).standalone
    means = foresight()["dividends"].filter(kind="total", name="net").filter(action="rent_support")["mean"]
    assert [row.mean for row in rows] == sorted((row.mean for row in rows), reverse=True)
    assert rows[0].mean == means[0]
    scale = axis(svg)
    drawn = sorted((*signs(svg, "olive"), *signs(svg, "terracotta")), key=lambda one: one.y)
    assert [scale.amount(one.x) for one in drawn] == pytest.approx(
        [row.mean / MILLION for row in rows], abs=NEAR
    )
    assert [one.stroke == "olive" for one in drawn] == [row.mean >= 0 for row in rows]
    for row, (low, high) in zip(rows, spans(svg, "stone-3"), strict=True):
        assert (low, high) == pytest.approx((row.p10 / MILLION, row.p90 / MILLION), abs=NEAR)


def test_the_main_plan_is_not_ranked_among_actions() -> None:
    assert len(ranking(foresight())) == foresight()["actions"].height


@pytest.mark.parametrize("view", [NARROW, WIDE, replace(NARROW, right_to_left=True)])
def test_bars_of_the_tornado_end_where_the_table_says(view: View) -> None:
    rows = drivers(foresight(), PLAN, view)
    svg = tornado_chart(rows, 16e6, "x", view=view).standalone
    scale = axis(svg)
    ends = sorted(signs(svg, "aegean"), key=lambda one: one.y)
    low = [scale.amount(one.x) for one in ends if one.fill == "paper"]
    high = [scale.amount(one.x) for one in ends if one.fill == "aegean"]
    assert low == pytest.approx([row.at_low / MILLION for row in rows], abs=NEAR)
    assert high == pytest.approx([row.at_high / MILLION for row in rows], abs=NEAR)
    assert rows[0].name == "How many find a home"


def test_sentences_are_those_of_a_translator() -> None:
    heard: list[str] = []

    def other(text: str) -> str:
        heard.append(text)
        return f"«{text}»"

    view = View(say=other, currency="CAD")
    said = dividend_words(spreads(foresight(), PLAN, view), view)
    assert said[0].startswith("««Newcomers»: «")
    assert {"Newcomers", "{name}: {amount}; {loses}.", "{figure} million"} <= set(heard)


def test_words_begin_at_the_right_where_lines_are_read_from_there() -> None:
    right = replace(WIDE, right_to_left=True)
    places = {}
    for view in (WIDE, right):
        svg = ranking_chart(ranking(foresight(), view), "x", view=view).standalone
        name = next(
            one for one in marks(svg) if "Rent support" in one.text or "rent support" in one.text.lower()
        )
        places[view.right_to_left] = name.x
    assert places[False] < 320 < places[True]


@pytest.mark.parametrize("view", [NARROW, WIDE, replace(WIDE, right_to_left=True)])
def test_nothing_lies_outside_the_drawing(view: View) -> None:
    found = foresight()
    for picture in (
        dividend_chart(spreads(found, PLAN, view), "x", view=view),
        ranking_chart(ranking(found, view), "x", view=view),
        tornado_chart(drivers(found, PLAN, view), 16e6, "x", view=view),
    ):
        box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', picture.standalone)
        assert box and float(box[1]) == view.width
        for mark in marks(picture.standalone):
            assert -1 <= mark.x <= float(box[1]) + 1 and -1 <= mark.y <= float(box[2]) + 1


def test_one_future_is_drawn_as_one_sign() -> None:
    rows = spreads(one_future(), PLAN)
    svg = dividend_chart(rows, "x").standalone
    assert len(signs(svg, "olive")) + len(signs(svg, "terracotta")) == len(rows)
    assert "each sign is the one future tried" in " ".join(words(svg))


def test_nothing_found_is_said_and_does_not_break() -> None:
    nothing = empty()
    for picture in (
        dividend_chart(spreads(nothing, PLAN), "x"),
        ranking_chart(ranking(nothing), "x"),
        tornado_chart(drivers(nothing, PLAN), 0.0, "x"),
    ):
        assert picture.inline.startswith("<svg")
    assert dividend_words([]) == ranking_words([]) == tornado_words([]) == ["There is nothing to draw."]


def test_colours_are_tokens_on_a_page() -> None:
    inline = dividend_chart(spreads(foresight(), PLAN), "x").inline
    assert 'fill="var(--olive)"' in inline and "#5d6b2f" not in inline


def test_names_of_actions_cannot_leave_the_drawing() -> None:
    row = Spread('</text><script>alert("x")</script>', 1e6, 0.0, 1e6, 2e6, 0.0, (1e6,))
    for picture in (dividend_chart([row], "x"), ranking_chart([row], row.name)):
        assert "<script" not in picture.inline
