"""Tables: what a visitor may ask of them, and what a file may hold."""

import csv
import io
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from django.template import Context, Template
from django.test import RequestFactory

from philoxenia_web.accounts.models import Organisation
from philoxenia_web.ui.exports import safe
from philoxenia_web.ui.tables import Column, Table

COLUMNS = [
    Column("name", "Name", kind="name", filter=True),
    Column("people", "People", kind="number"),
    Column("kind", "Kind", filter=True, choices={"department": "Department", "partner": "Partner"}),
]
ROWS = [
    {"name": "Alpha", "people": 30, "kind": "partner"},
    {"name": "beta", "people": None, "kind": "department"},
    {"name": "Gamma", "people": 5, "kind": "partner"},
    {"name": "delta 100%_", "people": 30, "kind": "department"},
]


def as_list() -> Any:
    return ROWS


def as_frame() -> Any:
    return pl.DataFrame(ROWS)


def as_query() -> Any:
    for row in ROWS:
        Organisation.objects.create(name=row["name"], kind=row["kind"])
    return Organisation.objects.all()


def asked(rows: Any, query: str = "", **more: Any) -> Table:
    columns = COLUMNS if not hasattr(rows, "query") else [COLUMNS[0], COLUMNS[2]]
    return Table("t", columns, rows, RequestFactory().get(f"/x/?{query}"), caption="Places", **more)


def names(table: Table) -> list[str]:
    return [row.cells[0].text for row in table.shown]


every_source = pytest.mark.parametrize("rows", [as_list, as_frame, as_query])


@every_source
@pytest.mark.django_db
def test_a_search_finds_text_whatever_its_case(rows: Callable[[], Any]) -> None:
    assert sorted(names(asked(rows(), "t-q=BET"))) == ["beta"]


@every_source
@pytest.mark.django_db
def test_signs_of_patterns_are_only_signs(rows: Callable[[], Any]) -> None:
    made = rows()
    assert names(asked(made, "t-q=100%25_")) == ["delta 100%_"]
    assert names(asked(made, "t-q=.*")) == []
    assert names(asked(made, "t-q=_lpha")) == []


@every_source
@pytest.mark.django_db
def test_a_list_narrows_to_what_it_offers_and_ignores_anything_else(rows: Callable[[], Any]) -> None:
    made = rows()
    assert sorted(names(asked(made, "t-kind=partner"))) == ["Alpha", "Gamma"]
    assert len(names(asked(made, "t-kind=other"))) == 4


@every_source
@pytest.mark.django_db
@pytest.mark.parametrize("field", ["password", "-id__gt", "name__in", "memberships__person", "'; drop"])
def test_only_declared_columns_are_sorted_by(rows: Callable[[], Any], field: str) -> None:
    table = asked(rows(), f"t-sort={field}")
    assert table.sorting[0] is None
    assert len(table.shown) == 4


@pytest.mark.parametrize("rows", [as_list, as_frame])
def test_unknown_values_come_last_and_equal_ones_keep_their_order(rows: Callable[[], Any]) -> None:
    assert names(asked(rows(), "t-sort=people")) == ["Gamma", "Alpha", "delta 100%_", "beta"]
    assert names(asked(rows(), "t-sort=-people")) == ["Alpha", "delta 100%_", "Gamma", "beta"]


@pytest.mark.django_db
def test_pages_of_equal_rows_do_not_overlap() -> None:
    for number in range(60):
        Organisation.objects.create(name=f"Partner {number}", kind="partner")
    pages = [asked(Organisation.objects.all(), f"t-sort=kind&t-page={page}") for page in (1, 2, 3)]
    seen = [name for page in pages for name in names(page)]
    assert len(seen) == len(set(seen)) == 60


@pytest.mark.django_db
def test_a_page_of_rows_costs_two_queries(django_assert_num_queries: Any) -> None:
    as_query()
    table = asked(Organisation.objects.all(), "t-sort=name&t-q=a")
    with django_assert_num_queries(2):
        assert table.total == 4
        assert len(table.shown) == 4
        assert table.announcement


@pytest.mark.parametrize(
    ("page", "shown"),
    [("0", 1), ("-3", 1), ("99999999999999999999", 1), ("7", 3), ("x", 1), ("²", 1), ("2", 2)],
)
def test_a_page_that_is_not_there_becomes_one_that_is(page: str, shown: int) -> None:
    rows = [{"name": str(number)} for number in range(60)]
    table = Table("t", COLUMNS[:1], rows, RequestFactory().get("/", {"t-page": page}), caption="Places")
    assert table.page == shown
    assert table.shown


def test_an_address_changes_this_table_only() -> None:
    table = asked(ROWS, "other-page=4&t-q=a&t-export=csv")
    assert table.address(page=2) == "/x/?other-page=4&t-q=a&t-page=2"


def downloaded(table: Table) -> list[list[str]]:
    content = b"".join(table.export()).decode("utf-8-sig")  # type: ignore[arg-type]
    return list(csv.reader(io.StringIO(content)))


def test_a_file_holds_all_rows_that_pass_with_exact_figures() -> None:
    rows = [{"name": f"n{number}", "people": number + 0.123456} for number in range(120)]
    table = asked(rows, "t-export=csv&t-sort=people")
    assert table.wants_export
    lines = downloaded(table)
    assert lines[0] == ["Name", "People", "Kind"]
    assert len(lines) == 121
    assert lines[1][1] == "0.123456"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-cmd", "@sum", "\t=1", "\r=1", "＝1"])
def test_a_spreadsheet_finds_no_formula_in_text(text: str) -> None:
    assert safe(text) == f"'{text}"


def test_negative_figures_stay_figures() -> None:
    assert safe(-4.5) == -4.5


def test_an_interval_has_three_columns_in_a_file() -> None:
    columns = [Column("gap", "Beds", kind="interval")]
    table = Table("t", columns, [{"gap": (2.0, 1.0, 3.0)}], RequestFactory().get("/"), caption="Gaps")
    assert downloaded(table)[1] == ["2.0", "1.0", "3.0"]


def drawn(table: Table) -> str:
    return Template("{% load ui %}{% table table %}").render(Context({"table": table}))


def test_cells_in_another_language_say_so() -> None:
    columns = [
        Column("name", "Name", kind="name"),
        Column("rule", "Rule", lang="en"),
        Column("said", "Said", lang=lambda row: row["tongue"]),
    ]
    rows = [
        {"name": "a", "rule": "too many", "said": "مرحبا", "tongue": "ar"},
        {"name": "b", "rule": "", "said": "here", "tongue": ""},
    ]
    page = drawn(Table("t", columns, rows, RequestFactory().get("/"), caption="Places"))
    assert '<bdi lang="en" dir="ltr">too many</bdi>' in page
    assert '<bdi lang="ar" dir="rtl">مرحبا</bdi>' in page
    assert page.count("lang=") == 2


def test_whole_numbers_of_a_column_are_exact() -> None:
    columns = [Column("people", "People", kind="whole")]
    page = drawn(Table("t", columns, [{"people": 2_794_356}], RequestFactory().get("/"), caption="Places"))
    assert "2,794,356" in page


def test_every_table_scrolls_in_a_box_with_its_caption_as_name() -> None:
    page = drawn(asked(ROWS))
    assert 'class="scroll" role="region" tabindex="0" aria-labelledby="t-caption"' in page
    assert '<caption id="t-caption">Places</caption>' in page
