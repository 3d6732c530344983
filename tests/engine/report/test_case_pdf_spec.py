"""The investment case: a tagged PDF that says what the tables say, names every source, and stays the same."""

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from tests.engine.report.made_foresight import PLAN, empty, foresight, one_future

from philoxenia.report import ReportError
from philoxenia.report.foresight import TABLES, Foresight, case_pdf, summary_of, write_case
from philoxenia.report.foresight.case import _told
from philoxenia.report.foresight.facts import facts_of
from philoxenia.report.foresight.view import reader, rows_of

KEYS = {
    *("action", "plan", "name", "kind", "constituency", "population", "district_id", "future", "month"),
    *("measure", "indicator", "box", "funder", "year", "cell", "option", "benefit", "goal", "step"),
}


def told(found: Foresight, action: str = "", funder: str = "", words: object = None) -> dict[str, object]:
    """What the typesetter is sent."""
    view = reader(found, "ar" if words else "en", words, 600)  # type: ignore[arg-type]
    return _told(facts_of(found, action, funder, view))


def every_text(value: object) -> str:
    """All words of a case, drawings left out."""
    if isinstance(value, dict):
        return " ".join(
            every_text(entry) for key, entry in value.items() if key not in ("svg", "mark", "tokens")
        )
    return " ".join(map(every_text, value)) if isinstance(value, list | tuple) else str(value)


def section(case: dict[str, object], id_: str) -> dict[str, object]:
    return next(one for one in case["sections"] if one["id"] == id_)  # type: ignore[attr-defined]


def table(part: dict[str, object], place: int = 0) -> list[list[str]]:
    tables = [block for block in part["blocks"] if block["kind"] == "table"]  # type: ignore[attr-defined]
    return [[cell["text"] for cell in row] for row in tables[place]["rows"]]


def with_plain_names() -> Foresight:
    """The made foresight without the one name that no font here can set."""
    where = foresight().districts
    return replace(foresight(), districts=where.with_columns(name=pl.format("Square {}", "district_id")))


@pytest.fixture(scope="module")
def plan_pdf() -> bytes:
    return case_pdf(with_plain_names())


def test_the_pdf_is_tagged_and_in_its_language(plan_pdf: bytes) -> None:
    assert plan_pdf.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in plan_pdf and b"/Lang" in plan_pdf
    # Set to the standard of accessible documents, not in the way that is left where a font lacks a sign.
    assert b"pdfuaid" in plan_pdf


def test_the_same_foresight_gives_the_same_bytes(plan_pdf: bytes) -> None:
    assert case_pdf(with_plain_names()) == plan_pdf


def test_it_has_four_to_six_pages(plan_pdf: bytes, tmp_path: Path) -> None:
    if shutil.which("pdfinfo") is None:
        pytest.skip("pdfinfo is not installed")
    (tmp_path / "case.pdf").write_bytes(plan_pdf)
    said = subprocess.run(
        ["pdfinfo", tmp_path / "case.pdf"], capture_output=True, text=True, check=True
    ).stdout
    pages = re.search(r"Pages:\s+(\d+)", said)
    assert pages and 4 <= int(pages[1]) <= 6


def test_the_request_says_what_it_costs_and_in_how_many_futures_it_pays() -> None:
    case = told(foresight())
    losing = foresight()["dividends"].filter(action=PLAN, kind="total", name="net")["share_losing"][0]
    assert losing == 0.225
    assert "a request for 18.2 million CAD (16.8 million to 19.6 million) over 5 years" in str(case["ask"])
    assert "in 78 of 100 futures" in str(case["ask"])
    assert [key["figure"] for key in case["keys"]] == ["18.2", "16", "1.9", "78 of 100"]  # type: ignore[attr-defined]


def test_newcomers_and_long_term_residents_stand_side_by_side_and_losers_are_named() -> None:
    part = section(told(foresight()), "brings")
    assert [row[0] for row in table(part)][:2] == ["Newcomers", "Long-term residents"]
    assert table(part)[1][3] == "2.5%"
    assert "Who loses: Long-term children in 25 of 100 futures" in every_text(part)


def test_costs_by_year_add_up_to_the_total_of_each_funder() -> None:
    part = section(told(foresight()), "costs")
    rows = table(part)
    assert [row[0] for row in rows] == ["City of Squares", "The province"]
    paid = foresight()["plan_costs"].filter(plan=PLAN, funder="city")["mean"].sum() / 1e6
    assert float(rows[0][-2]) == pytest.approx(paid, abs=0.06)
    assert rows[0][-1] == "14.50"
    assert "For each CAD people gain 1.9 (0.3 to 3.8); weighted, 3.9" in str(part["answer"])


def test_every_number_of_the_actions_has_its_source_or_is_an_assumption() -> None:
    found = foresight()
    part = section(told(found), "sources")
    lines = [row for block in range(6) for row in table(part, block)]
    listed = part["blocks"][-1]["items"]  # type: ignore[index]
    named = {int(line[3]) for line in lines}
    assert named == set(range(1, len(listed) + 1))
    said = every_text(part)
    chosen = found["plan_actions"].filter(plan=PLAN)["action"].to_list()
    for name in ("effects", "benefits"):
        kept = found[name].filter(pl.col("action").is_in(chosen))
        assert all(source in said for source in kept["source"])
    assert all(source in said for source in (*found["values"]["source"], *found["weights"]["source"]))
    assumed = sum("assumption" in listed[int(line[3]) - 1][:15] for line in lines)
    assert f"Of {len(lines)} numbers below, {assumed} are assumptions" in str(part["answer"])
    assert "(changed by the planner)" in said


@pytest.mark.parametrize("name", [name for name in TABLES if name != "futures"])
def test_gaps_in_a_table_are_left_out_and_do_not_cost_the_document(name: str) -> None:
    found = foresight()
    gone = [pl.lit(None, kind).alias(one) for one, kind in found[name].schema.items() if one not in KEYS]
    gaps = replace(found, tables={**found.tables, name: found[name].with_columns(gone)})
    assert told(gaps)["title"] == "What Squares asks for and what it brings"
    assert summary_of(gaps).startswith("# Foresight for Squares")


def test_incomes_that_nobody_states_are_left_empty() -> None:
    found = foresight()
    bare = found["weights"].with_columns(
        income=pl.lit(None, pl.Float64), weight=1.0, source=pl.lit("assumption")
    )
    lines = table(section(told(replace(found, tables={**found.tables, "weights": bare})), "sources"), 4)
    assert [line[1:3] for line in lines] == [["", "1 times"]]


def test_a_service_keeps_its_name_beside_an_action_of_the_same_id() -> None:
    view = replace(
        reader(foresight(), "en", None, 600), names={"school_places": "Classrooms where children came"}
    )
    assert view.name("school_places") == "Classrooms where children came"
    assert view.service("school_places") == "School places"
    assert view.name("served.school_places") == "School places: served"


def test_failures_boxes_and_signs_are_in_words() -> None:
    said = every_text(section(told(foresight()), "fails"))
    assert "A future fails where the net dividend is below 0 CAD: in 22 of 100 futures with the plan" in said
    assert "at most 0.85 and growth of rents (a year) at least 0.01" in said
    assert "above 830 people a month" in said and "November 2026" in said


def test_a_sign_that_nearly_always_warns_is_no_sign() -> None:
    found = foresight()
    loud = found["triggers"].with_columns(false_alarms=pl.lit(0.9))
    part = section(told(replace(found, tables={**found.tables, "triggers": loud})), "fails")
    assert "there is no sign to wait for" in every_text(part)
    assert "830" not in every_text(part)


def test_seed_version_and_period_are_told() -> None:
    case = told(foresight())
    assert case["version"] == "Philoxenia 0.0, seed 7, 40 futures"
    assert case["period"] == "Squares: January 2025 to December 2029"


def test_the_case_of_one_action_is_about_it_alone() -> None:
    case = told(foresight(), "rent_support")
    assert "City of Squares for 14.5 million CAD" in str(case["ask"])
    said = every_text([section(case, id_) for id_ in ("built", "sources")])
    assert "Language classes" not in said and "Rent support" in said
    assert "the case of the whole plan says where it fails" in every_text(section(case, "fails"))


def test_the_share_of_a_funder_is_told_apart() -> None:
    assert "The province is asked for 3.74 million CAD" in str(told(foresight(), funder="province")["ask"])


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"action": "moon"}, "no action 'moon' in this study. Its actions are: rent_support"),
        ({"funder": "moon"}, "no funder 'moon' in this study. Its funders are: city, province"),
    ],
)
def test_what_is_not_in_the_study_gets_a_sentence(
    asked: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(ReportError, match=sentence):
        write_case(foresight(), tmp_path / "case.pdf", **asked)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(ReportError, match="cannot be written"):
        write_case(empty(), tmp_path / "file" / "case.pdf")


@pytest.mark.parametrize("found", [one_future(), empty()])
def test_the_smallest_foresights_have_a_case(found: Foresight, tmp_path: Path) -> None:
    write_case(found, tmp_path / "case.pdf")
    assert [path.name for path in tmp_path.iterdir()] == ["case.pdf"]
    assert (tmp_path / "case.pdf").read_bytes().startswith(b"%PDF-")


def test_a_plan_without_actions_says_that_there_is_nothing_to_ask_for() -> None:
    found = foresight()
    bare = replace(found, tables={**found.tables, "plan_actions": found["plan_actions"].clear()})
    case = told(bare)
    assert "there is nothing to ask for" in str(case["ask"]) and case["keys"] == []
    assert "1. Rent support for vacant flats" in every_text(case["sections"])


def test_a_right_to_left_case_is_set_with_its_words() -> None:
    case = told(foresight(), words={"Investment case": "دراسة جدوى", "Newcomers": "الوافدون"})
    assert (case["direction"], case["language"], case["kind"]) == ("rtl", "ar", "دراسة جدوى")
    assert case_pdf(foresight(), language="ar", words={"Newcomers": "الوافدون"}).startswith(b"%PDF-")


def test_names_of_another_direction_are_kept_together_from_right_to_left() -> None:
    case = told(foresight(), words={"Investment case": "دراسة جدوى"})
    assert "\u2068City of Squares\u2069" in every_text(section(case, "costs"))
    assert "\u2068" not in every_text(section(told(with_plain_names()), "costs"))


def test_without_words_the_case_does_not_say_it_is_in_another_language() -> None:
    view = reader(foresight(), "ar", None, 600)
    assert (view.language, view.right_to_left) == ("en", False)


def test_a_translation_with_other_places_for_values_does_not_cost_the_document() -> None:
    view = reader(foresight(), "fr", {"loses {futures}": "perd {futurs}"}, 600)
    assert view.loses(0.5) == "loses in 50 of 100 futures"


def test_a_translator_is_never_asked_for_nothing() -> None:
    heard: list[str] = []

    def noted(text: str) -> str:
        heard.append(text)
        return text

    told(foresight(), "rent_support", words=noted)
    assert heard and "" not in heard


def test_nothing_in_a_name_becomes_markup() -> None:
    case = told(foresight())
    assert '<script>alert("x")</script>' in every_text(section(case, "where"))


def test_every_sentence_is_used_and_every_place_for_a_value_is_named() -> None:
    sources = "".join(
        path.read_text(encoding="utf-8")
        for path in (Path(__file__).parents[3] / "src" / "philoxenia" / "report" / "foresight").glob("*.py")
    )
    for row in rows_of("texts"):
        head = row["id"].partition(".")[0]
        built = re.search(rf"""["']{re.escape(head)}[._a-z]*\{{""", sources)
        assert built or any(f"{quote}{row['id']}{quote}" in sources for quote in "'\""), row["id"]
        assert not re.search(r"\{\d*\}", row["text"])


def test_the_summary_says_what_the_case_says() -> None:
    said = summary_of(foresight())
    assert said.startswith("# Foresight for Squares\n")
    assert "1. Rent support for vacant flats: 12 million CAD" in said
    assert (
        "- Long-term residents: 8 million CAD (1 million to 16 million); loses in 2 of 100 futures." in said
    )
    assert "start Reception hub with 200 beds, at the latest in November 2026." in said
    assert summary_of(empty()).count("\n## ") == 0
