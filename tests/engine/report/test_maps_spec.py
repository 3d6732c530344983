"""Maps: every district once, in the class of its figure, never by colour alone."""

import re
import xml.etree.ElementTree as ET

import polars as pl
import shapely
from tests.engine.report.made_city import districts

from philoxenia.report.geometry import outlines
from philoxenia.report.maps import (
    Choropleth,
    gap_scale,
    legend,
    outline_definitions,
    picture,
    quantile_scale,
)

IDS = districts()["district_id"].to_list()
NAMES = dict(districts().select("district_id", "name").iter_rows())


def _map(values: dict[str, float | None], **options: object) -> Choropleth:
    scale = quantile_scale(list(values.values()), "Pressure")
    return Choropleth(values, NAMES, scale, "Map of pressure", **options)  # type: ignore[arg-type]


def test_each_district_is_drawn_once_with_its_name_and_figure() -> None:
    drawn = picture(_map({id_: float(n) for n, id_ in enumerate(IDS)}), outlines(districts())).inline
    titles = [element.text or "" for element in ET.fromstring(drawn).iter("title")]  # noqa: S314
    assert len(titles) == len(IDS)
    assert "Square 8: 8" in titles


def test_five_classes_hold_about_as_many_districts_each() -> None:
    scale = quantile_scale([float(n) for n in range(100)], "Pressure")
    counts = [sum(scale.token(float(n)) == token for n in range(100)) for token in scale.tokens]
    assert len(counts) == 5
    assert max(counts) - min(counts) <= 2


def test_a_figure_on_a_limit_is_in_the_class_the_legend_says() -> None:
    scale = quantile_scale([float(n) for n in range(101)], "Pressure")
    assert scale.token(scale.limits[0]) == scale.tokens[0]


def test_too_few_to_show_is_hatched_and_no_data_is_grey_with_words_in_the_legend() -> None:
    values: dict[str, float | None] = {id_: float(n) for n, id_ in enumerate(IDS)} | {IDS[3]: None}
    one = _map(values, too_few=frozenset([IDS[4]]))
    drawn = picture(one, outlines(districts())).inline
    assert '<g class="hatch">' in drawn and '<g class="no-data">' in drawn
    assert [swatch.text for swatch in legend([one]).swatches][-2:] == ["too few to show", "no data"]
    assert "too few to show</title>" in drawn


def test_leading_districts_are_numbered_on_the_map() -> None:
    drawn = picture(_map(dict.fromkeys(IDS, 1.0), labelled=(IDS[2], IDS[0])), outlines(districts())).inline
    assert re.findall(r"<text[^>]*>(\d)</text>", drawn) == ["1", "2"]


def test_no_gap_has_a_class_of_its_own() -> None:
    scale = gap_scale([0.0, 0.0, 5.0, 10.0, 20.0, 40.0], "Beds short")
    assert scale.token(0.0) == scale.tokens[0]
    assert scale.token(5.0) != scale.tokens[0]


def test_neighbours_keep_one_border() -> None:
    paths = outlines(districts()).paths
    corners = [re.findall(r"^M([\d.]+ [\d.]+)", path)[0] for path in paths.values()]
    assert len(corners) == len(IDS)


def test_a_district_without_outline_is_left_out_and_nothing_breaks() -> None:
    shape = districts().with_columns(
        geometry=pl.when(pl.col("district_id") == "000").then(None).otherwise(pl.col("geometry"))
    )
    assert "000" not in outlines(shape).paths
    assert outlines(shape.with_columns(geometry=pl.lit(shapely.to_wkb(shapely.Polygon())))).paths == {}


def test_outlines_are_defined_once_for_all_maps_of_a_page() -> None:
    definitions = outline_definitions(outlines(districts()))
    assert definitions.count("<path id=") == len(IDS)
    assert ' d="' not in picture(_map(dict.fromkeys(IDS, 1.0)), outlines(districts())).inline
