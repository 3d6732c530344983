"""Each page says what the frames say, in the reader's language, and lets nothing out of its place."""

import html
import re
from dataclasses import replace

import polars as pl
import pytest
from django.test import Client
from django.urls import reverse
from tests.engine.report.made_city import HOSTILE_NAMES, bare, full
from tests.web.studies_report.made_study import finished

from philoxenia.report import Findings
from philoxenia_web.accounts.models import Organisation
from philoxenia_web.studies.models import Study
from philoxenia_web.ui import numbers

PAGES = (
    ("study-overview", ""),
    ("study-today", ""),
    ("study-today", "?show=overlap"),
    ("study-today", "?show=newcomers"),
    ("study-today", "?show=reach"),
    ("study-arrivals", ""),
    ("study-load", ""),
    ("study-quality", ""),
    ("study-method", ""),
    ("study-districts", ""),
)


def text_of(client: Client, address: str, language: str = "en") -> str:
    """What a reader of the page meets, without tags and with single spaces."""
    answer = client.get(address, HTTP_ACCEPT_LANGUAGE=language)
    assert answer.status_code == 200, address
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main)).replace("\u200e", "").split())


def page_of(study: Study, name: str, query: str = "") -> str:
    """The address of one of its pages."""
    return reverse(name, args=[study.pk]) + query


@pytest.mark.parametrize(("name", "query"), PAGES)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_opens_in_both_directions(
    planner: Client, study: Study, name: str, query: str, language: str
) -> None:
    answer = planner.get(page_of(study, name, query), HTTP_ACCEPT_LANGUAGE=language)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in page[:300]
    assert "{" not in re.sub(r"(?s)<script.*?</script>|<meta[^>]*>|\{\{ document \}\}[^<]*|\{%", "", page)


@pytest.mark.parametrize(("name", "query"), PAGES)
def test_hostile_names_stay_words(planner: Client, study: Study, name: str, query: str) -> None:
    page = planner.get(page_of(study, name, query)).content.decode()
    assert "<script>alert" not in page
    assert "]]><!--" not in page.replace("]]&gt;", "")
    assert "\u202e" not in page


@pytest.mark.parametrize(("name", "query"), PAGES)
def test_a_city_that_handed_in_almost_nothing_is_told_how_to_begin(
    planner: Client, department: Organisation, name: str, query: str
) -> None:
    text = text_of(planner, page_of(finished(department, bare()), name, query))
    assert "None" not in text.replace("None of them", "")
    assert len(text) > 80


def test_every_district_has_a_page_with_its_neighbours_by_name(planner: Client, study: Study) -> None:
    for number, name in enumerate(HOSTILE_NAMES):
        page = planner.get(reverse("study-district", args=[study.pk, f"{number:03d}"]))
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode(), name
    text = text_of(planner, reverse("study-district", args=[study.pk, "011"]))
    assert text.startswith("Studies Test study Square 11 ") or " Square 11 " in text[:120]
    # The last square of a grid of four by three touches three others.
    assert "It borders on " in text
    assert all(f"Square {number}" in text for number in (10,))


def test_scores_and_ranks_are_those_of_the_frame(planner: Client, study: Study) -> None:
    text = text_of(planner, page_of(study, "study-today", "?show=economy_jobs"))
    # District n scores 8 n: the last one 88, five either way.
    assert "Pressure is highest in Square 11 : 88 (83 to 93) of 100." in text
    row = re.search(r"Square 11 1 88\.?0? \(83\.?0? to 93\.?0?\) 1 to 2", text)
    assert row, text[text.find("Rank may be") :][:400]


def test_a_population_that_is_not_told_apart_falls_back_to_everybody(planner: Client, study: Study) -> None:
    asked = text_of(planner, page_of(study, "study-today", "?show=economy_jobs&who=newcomers"))
    assert asked == text_of(planner, page_of(study, "study-today", "?show=economy_jobs"))


@pytest.mark.parametrize(
    "query",
    [
        "?show=nothing&who=nobody&service=none",
        "?show[]=x",
        "?show=%00",
        "?ranking-page=999999999999&ranking-sort=-nothing&ranking-size=-1",
        "?ranking-q=%00%27%22%3Cscript%3E",
        "?show=reach&service=../../etc/passwd",
    ],
)
def test_addresses_that_ask_for_nonsense_get_the_page(planner: Client, study: Study, query: str) -> None:
    for name in ("study-today", "study-load", "study-overview"):
        answer = planner.get(page_of(study, name, query))
        assert answer.status_code == 200
        assert "<script>" not in answer.content.decode().partition("<main")[2]


def test_an_address_beyond_all_measure_is_refused(planner: Client, study: Study) -> None:
    assert planner.get(page_of(study, "study-today", "?show=" + "x" * 3000)).status_code == 400


def test_unknown_districts_tables_and_studies_are_not_found(planner: Client, study: Study) -> None:
    for district in ("999", "..", "../../etc", "000/../001", "0" * 500, "%00"):
        assert planner.get(reverse("study-district", args=[study.pk, district])).status_code == 404, district
    for name, form in (("nothing", "csv"), ("people", "exe"), ("findings", "parquet")):
        assert planner.get(reverse("study-table", args=[study.pk, name, form])).status_code == 404
    nobody = "00000000-0000-4000-8000-000000000000"
    assert planner.get(reverse("study-overview", args=[nobody])).status_code == 404


def test_writing_a_name_leads_to_the_district_or_to_those_that_come_near(
    planner: Client, study: Study
) -> None:
    here = reverse("study-districts", args=[study.pk])
    exact = planner.get(here, {"name": " square 11 "})
    assert exact["Location"] == reverse("study-district", args=[study.pk, "011"])
    assert planner.get(here, {"name": "حي الأمل"})["Location"].endswith("/002/")
    near = text_of(planner, here + "?name=square")
    assert all(f"Square {number}" in near for number in (8, 9, 10, 11))
    assert "No district is called so." in text_of(planner, here + "?name=Nowhere%27%3B--")


def test_a_table_of_a_page_is_a_file_without_pictures_and_formulas(planner: Client, study: Study) -> None:
    answer = planner.get(page_of(study, "study-today", "?ranking-export=csv"))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert answer["Content-Disposition"] == 'attachment; filename="ranking.csv"'
    assert len(lines) == 13
    assert lines[1].startswith("Square 11,")
    assert "<svg" not in "".join(lines)


def test_a_file_that_no_table_of_the_page_gives_is_refused(planner: Client, study: Study) -> None:
    assert planner.get(page_of(study, "study-method", "?ranking-export=csv")).status_code == 400


def test_the_engines_english_is_marked_on_a_page_of_another_language(planner: Client, study: Study) -> None:
    page = planner.get(page_of(study, "study-quality"), HTTP_ACCEPT_LANGUAGE="ar").content.decode()
    assert '<span lang="en" dir="ltr">Libraries are not in the package.</span>' in page
    page = planner.get(page_of(study, "study-quality"), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Libraries are not in the package." in page
    assert 'lang="en" dir="ltr"' not in page.partition("<main")[2]


def test_figures_of_toronto_are_those_of_the_frames(
    planner: Client, toronto: Study, toronto_findings: Findings
) -> None:
    scores = toronto_findings.pressure.filter(
        (pl.col("aspect") == "economy_jobs") & (pl.col("population") == "all_residents")
    ).sort("rank")
    first = scores.row(0, named=True)
    text = text_of(planner, page_of(toronto, "study-today", "?show=economy_jobs"))
    told = f"{first['score']:.0f} ({first['score_low']:.0f} to {first['score_high']:.0f}) of 100"
    assert told in text
    name = dict(toronto_findings.districts.select("district_id", "name").iter_rows())[first["district_id"]]
    assert f"Pressure is highest in {name} :" in text
    total = toronto_findings.arrival_totals.filter(
        (pl.col("measure") == "newly_identified") & (pl.col("group") == "all")
    ).row(0, named=True)
    amount = numbers.interval(total["p50"], total["p10"], total["p90"])
    assert amount in text_of(planner, page_of(toronto, "study-arrivals"))
    assert amount in text_of(planner, page_of(toronto, "study-overview"))


def test_load_of_toronto_by_district_and_month_is_that_of_the_frame(
    planner: Client, toronto: Study, toronto_findings: Findings
) -> None:
    row = (
        toronto_findings.load.filter(
            (pl.col("service") == "primary_care")
            & (pl.col("time") == "2025-06")
            & (pl.col("population") == "all_residents")
        )
        .sort("gap_p50", descending=True)
        .row(0, named=True)
    )
    text = text_of(planner, page_of(toronto, "study-load", "?service=primary_care&month=2025-06"))
    assert "Primary care clinics by district in June 2025" in text
    assert numbers.interval(row["gap_p50"], row["gap_p10"], row["gap_p90"]) in text
    here = text_of(planner, reverse("study-district", args=[toronto.pk, row["district_id"]]))
    last = toronto_findings.load.filter(
        (pl.col("district_id") == row["district_id"])
        & (pl.col("service") == "primary_care")
        & (pl.col("time") == "2025-12")
        & (pl.col("population") == "all_residents")
    ).row(0, named=True)
    assert numbers.interval(last["gap_p50"], last["gap_p10"], last["gap_p90"]) in here


def test_indicators_of_a_district_stand_with_source_date_and_base(
    planner: Client, toronto: Study, toronto_findings: Findings
) -> None:
    row = toronto_findings.values.filter(
        (pl.col("district_id") == "085")
        & (pl.col("indicator") == "median_income")
        & (pl.col("population") == "all_residents")
    ).row(0, named=True)
    text = text_of(planner, reverse("study-district", args=[toronto.pk, "085"]))
    start = text.index("Median household income Median income of households")
    told = text[start : start + 300]
    assert numbers.number(row["value"]) in told
    assert numbers.number(row["base"]) in told
    assert "Census profile of the districts 2021" in told


def test_changed_parameters_are_marked(planner: Client, department: Organisation) -> None:
    changed = full().parameters.overridden({"needs.sensitivity_draws": 200}, "this study")
    text = text_of(
        planner,
        page_of(finished(department, replace(full(), parameters=changed)), "study-method"),
    )
    assert "Parameters that were changed (◆)" in text
    assert re.search(r"◆ Seeded variations behind each band needs\.sensitivity_draws 200 50 to 20,000", text)
