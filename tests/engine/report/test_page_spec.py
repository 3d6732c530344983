"""The page: one file that works offline and without script, readable by everyone, safe with any name."""

import base64
import hashlib
import itertools
import re
from collections import Counter

import polars as pl
import pytest
from tests.engine.report.made_city import HOSTILE_NAMES, bare, full
from tests.engine.report.page_reader import PageReader, read

from philoxenia.report import Findings, document
from philoxenia.report.html import page
from philoxenia.report.sections.places import places_of


def html_of(findings: Findings) -> str:
    return page(document(findings), places_of(findings.districts).shapes)


@pytest.fixture(scope="module")
def html() -> str:
    return html_of(full())


@pytest.fixture(scope="module")
def elements(html: str) -> PageReader:
    return read(html)


def test_nothing_is_loaded_from_anywhere(elements: PageReader) -> None:
    addresses = [
        value
        for element in elements.elements
        for name, value in element.attributes.items()
        if name in {"src", "href", "xlink:href", "action", "poster", "data", "srcset"}
    ]
    assert addresses
    assert all(address.startswith(("#", "data:image/svg+xml")) for address in addresses)
    assert not elements.all("script", "iframe", "object", "embed", "form")


def test_the_policy_allows_this_style_sheet_and_nothing_else(html: str, elements: PageReader) -> None:
    policy = next(e.attributes["content"] for e in elements.all("meta") if "http-equiv" in e.attributes)
    style = re.search(r"<style>(.*?)</style>", html, re.S)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "url(http" not in style[1] and "@import" not in style[1]


def test_no_element_carries_a_style_of_its_own(elements: PageReader) -> None:
    # The policy would block it, and silently.
    assert not [element for element in elements.elements if "style" in element.attributes]


def test_headings_step_down_one_at_a_time(elements: PageReader) -> None:
    levels = [int(element.tag[1]) for element in elements.all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_ids_are_unique_and_every_link_leads_somewhere(elements: PageReader) -> None:
    ids = Counter(e.attributes["id"] for e in elements.elements if "id" in e.attributes)
    assert [name for name, count in ids.items() if count > 1] == []
    targets = {e.attributes["href"][1:] for e in elements.all("a", "use")}
    assert targets <= set(ids)
    named_by = {
        e.attributes["aria-labelledby"] for e in elements.elements if "aria-labelledby" in e.attributes
    }
    assert named_by <= set(ids)


def test_every_table_has_a_caption_and_its_headings_a_scope(elements: PageReader) -> None:
    assert len(elements.all("table")) == len(elements.all("caption"))
    assert all(heading.attributes.get("scope") in {"col", "row"} for heading in elements.all("th"))


def test_every_picture_has_a_text_equivalent(elements: PageReader) -> None:
    pictures = elements.all("svg")
    assert pictures
    hidden = [picture for picture in pictures if picture.attributes.get("aria-hidden") == "true"]
    shown = [picture for picture in pictures if picture not in hidden]
    assert all(picture.attributes.get("role") == "img" for picture in shown)
    assert all(len(picture.attributes.get("aria-label", "")) > 20 for picture in shown)


def test_a_reader_can_skip_to_the_answer(elements: PageReader) -> None:
    first = elements.all("a")[0]
    assert first.attributes == {"class": "skip", "href": "#answer"}


def test_the_language_and_direction_are_told(html: str) -> None:
    assert '<html lang="en" dir="ltr">' in html


def test_names_of_districts_cannot_become_markup(html: str, elements: PageReader) -> None:
    assert "<script" not in html
    assert "&lt;script&gt;alert(&#34;x&#34;)" in html
    assert HOSTILE_NAMES[2] in "".join(element.text for element in elements.all("bdi"))
    assert "\u202e" not in html
    assert "{{ document }}" in html


def test_every_district_can_be_looked_up(elements: PageReader) -> None:
    assert len([e for e in elements.all("details") if e.attributes.get("class") == "profile"]) == 12


def test_the_answer_stands_at_the_top_with_its_intervals(html: str) -> None:
    top = html[: html.index('id="today"')]
    assert "4,900 people (4,100 to 6,000) may come to shelter for the first time" in top
    assert "shelter would be short by 220 beds (90 to 340)" in top


def test_newcomers_and_long_term_residents_stand_side_by_side(html: str) -> None:
    assert "pressure is higher where newcomers live (56 of 100 against 51)" in html
    assert "28%, 19%" in html


def test_nothing_speaks_of_status_burden_or_waves(html: str) -> None:
    for word in ("illegal", "burden", "waves?", "undocumented"):
        assert not re.search(rf"\b{word}\b", html.lower())


def test_a_city_with_only_people_says_what_is_missing_and_how_to_provide_it() -> None:
    html = html_of(bare())
    for sentence in (
        "Pressure by district is not shown",
        "Arrivals are not forecast",
        "Load and gaps are not computed",
        "Nothing is recorded about the tables",
        "city package",
    ):
        assert sentence in html
    assert "nan" not in re.sub(r"<[^>]*>", "", html).lower().split()


PARTS = (
    "pressure values exposure reach unreached people history forecasts backtest arrival_totals demand load "
    "totals outlook settlement weights quality"
)


@pytest.mark.parametrize("absent", PARTS.split())
def test_any_part_may_be_absent(absent: str) -> None:
    from_full, from_bare = full(), bare()
    parts = {name: getattr(from_full, name) for name in vars(from_full)}
    empty = from_bare.exposure if absent == "people" else getattr(from_bare, absent)
    assert "<h1>" in html_of(Findings(**(parts | {absent: empty})))


def test_a_city_of_one_district_has_a_report() -> None:
    one = full()
    only = Findings(
        city=one.city, districts=one.districts.head(1), pressure=one.pressure.filter(district_id="000")
    )
    assert "<h1>" in html_of(only)


def test_a_city_without_outlines_has_a_report_without_maps() -> None:
    findings = full()
    flat = Findings(**{**vars(findings), "districts": findings.districts.drop("geometry")})
    assert 'class="map"' not in html_of(flat)


def test_a_service_with_room_is_not_called_short_by_nothing() -> None:
    findings = full()
    roomy = findings.totals.with_columns(
        gap_p10=pl.lit(0.0), gap_p50=pl.lit(0.0), gap_p90=pl.lit(1234.0), share_with_gap=pl.lit(0.2)
    )
    html = html_of(Findings(**{**vars(findings), "totals": roomy}))
    assert ": 0 beds short" not in html
    assert "Shelter: room in most futures in December 2025; in one of ten, 1,200 beds short or more." in html


def test_where_capacity_is_what_is_given_today_the_report_says_so() -> None:
    findings = full()
    used = findings.outlook.with_columns(basis=pl.lit("use"))
    html = html_of(Findings(**{**vars(findings), "outlook": used}))
    assert "220 beds above what is given today, in December 2025 (90 to 340)" in html
    assert "would be short by" not in html
