"""Maps and charts: each place where it belongs, outlines fetched once."""

import gzip
import json
import re

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import translation

from philoxenia.report.charts import Point, gap_chart
from philoxenia.report.document import Picture
from philoxenia.report.maps import Choropleth, fixed_scale, legend
from philoxenia_web.ui import charts, gallery, maps


def city_map(**changes: object) -> maps.CityMap:
    made = gallery._map(RequestFactory().get("/"))
    return maps.CityMap(**{name: changes.get(name, getattr(made, name)) for name in vars(made)})  # type: ignore[arg-type]


def drawn(one: maps.CityMap) -> str:
    return Template("{% load ui %}{% choropleth one %}").render(Context({"one": one}))


def test_every_district_leads_somewhere_without_standing_in_the_way_of_the_keyboard() -> None:
    page = drawn(city_map())
    on_map, _, below = page.partition("</svg></div>")
    assert on_map.count("<a href=") == 24
    assert on_map.count("<a href=") == on_map.count('tabindex="-1"')
    assert below.count("<a href=") == 24


def test_too_few_and_no_data_are_told_apart() -> None:
    page = drawn(city_map())
    assert "District 11: too few to show" in page
    assert "District 5: no data" in page
    assert page.count("too few to show</bdi>") == page.count("no data</bdi>") == 1


def test_the_legend_has_the_engines_numbers() -> None:
    one = city_map()
    assert [swatch.words for swatch in one.swatches] == [
        said.text for said in legend([one.choropleth]).swatches
    ]


def test_the_legend_speaks_the_language() -> None:
    scale = fixed_scale((10.0, 20.0), ("seq-1", "seq-2", "seq-3"), "Newcomers")
    with translation.override("ar"):
        words = maps.class_words(Choropleth({}, {}, scale, "x"))
    assert len(words) == 3


@pytest.mark.django_db
def test_outlines_travel_once(client: Client) -> None:
    place = re.search(r'href="(/outlines/[0-9a-f]{20}\.svg)#', drawn(city_map()))
    assert place
    answer = client.get(place[1])
    assert answer.status_code == 200
    assert "immutable" in answer["Cache-Control"]
    assert answer.content.count(b"<path id=") == 24
    packed = client.get(place[1], headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.content) == answer.content


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["..%2f..%2fsecret-key", "secret-key", "0" * 20, "a" * 21])
def test_no_other_file_is_given_out(client: Client, name: str) -> None:
    assert client.get(f"/outlines/{name}.svg").status_code == 404


def test_a_reading_lies_where_the_line_is() -> None:
    points = [Point(f"2025-{month:02d}", 100.0 * month, 90.0 * month, 110.0 * month) for month in range(1, 8)]
    read = charts.readable(gap_chart(points, "beds", "Beds short"), [[f"month {n}" for n in range(1, 8)]])
    assert [point["said"] for point in read.points] == [f"month {n}" for n in range(1, 8)]
    heights = [point["y"] for point in read.points]
    assert heights == sorted(heights, reverse=True), "more is higher up"
    steps = {round(b["x"] - a["x"]) for a, b in zip(read.points, read.points[1:], strict=False)}
    assert len(steps) == 1


def test_words_that_fit_no_line_are_not_read_anywhere() -> None:
    points = [Point(f"2025-{month:02d}", 1.0, 0.5, 2.0) for month in range(1, 8)]
    assert charts.readable(gap_chart(points, "beds", "Beds"), [["one", "two"]]).points == ()


def test_what_is_read_cannot_end_its_block() -> None:
    picture = Picture("<svg/>", "", "x")
    data = charts.Readable(picture, ({"x": 1, "y": 1, "said": "</script><b>"},)).data
    assert "</script><b>" not in data
    assert (
        json.loads(re.sub(r"<.*?>", "", data, count=1).rpartition("<")[0])["points"][0]["said"]
        == "</script><b>"
    )


def test_a_chart_of_our_own_follows_dark_mode() -> None:
    spec = {
        "data": {"values": [{"a": 1, "b": 2}, {"a": 2, "b": 3}]},
        "mark": {"type": "line", "stroke": "#0b5c8a"},
        "encoding": {
            "x": {"field": "a", "type": "quantitative"},
            "y": {"field": "b", "type": "quantitative"},
        },
    }
    picture = charts.drawn(spec, "A line")
    assert 'stroke="var(--aegean)"' in picture.inline
    assert "style=" not in picture.inline
