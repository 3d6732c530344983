"""Search follows the directory, keeps its filters with or without an index, and never fails."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command

from philoxenia_web.directory import models as m
from philoxenia_web.directory import queries
from philoxenia_web.directory.following import note
from philoxenia_web.directory.search import Query, find, index, indexed, jobs, keeping
from philoxenia_web.directory.search.near import read_near

# A Monday, ten in the morning and eleven at night in Toronto.
MORNING = datetime(2026, 3, 2, 15, tzinfo=UTC)
ALL = ("needs", "spoken", "marks", "districts", "unheard of")
NIGHT = datetime(2026, 3, 3, 4, tzinfo=UTC)


def names(town: SimpleNamespace, query: Query) -> set[str]:
    by_id = {str(one.pk): name for name, one in vars(town).items()}
    return {by_id[one] for one in find(query).ids}


FILTERS = [
    (Query(), {"pantry", "clinic", "lessons", "night"}),
    (Query(free=True), {"pantry", "lessons"}),
    (Query(safe=True), {"pantry"}),
    (Query(wheelchair=True), {"pantry"}),
    (Query(spoken="ar"), {"clinic"}),
    (Query(needs=("food", "health")), {"pantry", "clinic"}),
    (Query(nothing_to_bring=True), {"pantry", "lessons", "night"}),
    (Query(open_at=MORNING), {"clinic"}),
    (Query(open_at=NIGHT), {"night"}),
    (Query(text="food", open_at=NIGHT), set()),
    (Query(text="їжа", language="uk"), {"pantry"}),
    (Query(text="likar", language="uk"), {"clinic"}),
    (Query(text="hungry", free=True), {"pantry"}),
]


@pytest.mark.parametrize("built", [True, False])
def test_filters_hold_with_an_index_and_without(town: SimpleNamespace, index_root: Path, built: bool):
    if built:
        assert keeping.follow() == "built"
    for query, expected in FILTERS:
        assert names(town, query) == expected, query
        assert find(query).complete is built


def test_the_index_follows_what_is_written_withheld_and_translated(town: SimpleNamespace, index_root: Path):
    keeping.follow()
    assert names(town, Query(text="Калина", language="uk")) == {"pantry"}
    assert find(Query(text="kalyna", language="uk")).ids == (str(town.pantry.pk),)
    m.Service.objects.filter(pk=town.pantry.pk).update(withheld=True)
    m.Service.objects.filter(pk=town.lessons.pk).update(name="Dentist on Fridays")
    note([town.pantry.pk, town.lessons.pk])
    assert keeping.follow() == "updated"
    assert keeping.follow() == "nothing"
    assert names(town, Query(text="food bank")) == set()
    assert names(town, Query(text="tooth hurts")) == {"lessons"}
    assert find(Query()).total == 3


def test_what_changed_since_and_is_gone_is_not_shown_by_pages(town: SimpleNamespace, index_root: Path):
    """Pages read what search names from the database: a withheld record is gone at once."""
    keeping.follow()
    m.Service.objects.filter(pk=town.pantry.pk).update(withheld=True)
    from_index = find(Query(text="food bank")).ids
    assert queries.shown_many(from_index, "en") == []


def test_a_damaged_or_missing_index_is_searched_plainly_and_mended(town: SimpleNamespace, index_root: Path):
    keeping.follow()
    folder = index.current_folder(index_root)
    assert folder is not None
    for file in folder.iterdir():
        file.write_bytes(b"{}")
    found = find(Query(text="food"))
    assert (found.complete, found.ids) == (False, (str(town.pantry.pk),))
    assert keeping.follow() == "built"
    assert find(Query(text="food")).complete
    (index_root / "current").write_text("not a number")
    indexed.engine.cache_clear()
    assert not find(Query(text="food")).complete
    call_command("directory_index", rebuild=True)
    assert find(Query(text="food")).complete


def test_near_a_neighbourhood_a_postal_code_or_a_point_puts_the_nearest_first(
    town: SimpleNamespace, index_root: Path
):
    keeping.follow()
    point = find(Query(near="43.740, -79.377"))
    assert point.ids[-1] == str(town.pantry.pk)
    assert len(point.ids) == 3
    by_code = find(Query(near="M9Z 1A1"))
    assert by_code.near is not None
    assert by_code.near.kind == "postal code"
    assert by_code.ids[0] != str(town.pantry.pk)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Kensington-Chinatown", "Kensington-Chinatown"),
        ("kensington", "Kensington-Chinatown"),
        ("kensigton-chinatwn", "Kensington-Chinatown"),
        ("كنسينغتون", "Kensington-Chinatown"),
        ("Кенсінгтон", "Kensington-Chinatown"),
        ("سكاربورو", "Scarborough Village"),
        ("Etobicoke City Centre", "Etobicoke City Centre"),
    ],
)
def test_a_neighbourhood_is_known_in_any_script_and_misspelt(text: str, name: str):
    found = read_near(text)
    assert found is not None
    assert (found.name, found.kind) == (name, "district")


@pytest.mark.parametrize(
    "text", ["", "qqqqqq", "999, 999", "\u202e<script>", "a" * 5000, "%", "'; drop table"]
)
def test_a_place_that_means_nothing_narrows_nothing(town: SimpleNamespace, index_root: Path, text: str):
    keeping.follow()
    assert find(Query(near=text)).near is None
    assert find(Query(near=text)).total == 4


@pytest.mark.parametrize(
    "text",
    [
        "'; drop table directory_service; --",
        "food AND (",
        "*",
        '"',
        "\x00\u202e",
        "a" * 10_000,
        "% _ \\",
        "١٢٣",
        "🏠",
        " ",
    ],
)
@pytest.mark.parametrize("built", [True, False])
def test_nothing_that_is_typed_is_a_fault(town: SimpleNamespace, index_root: Path, text: str, built: bool):
    if built:
        keeping.follow()
    found = find(Query(text=text, language="xx", page=10**9, size=-5))
    assert found.ids == () or found.total >= 1


def test_what_was_misspelt_is_said_and_what_services_call_it(town: SimpleNamespace, index_root: Path):
    keeping.follow()
    found = find(Query(text="fod bnak clinik"))
    assert "clinic" in found.read_as
    assert "лікар" in find(Query(text="likar", language="uk")).read_as
    assert find(Query(text="hungry", language="fr")).other_words == ("banque alimentaire",)


def test_facets_count_what_was_found(town: SimpleNamespace, index_root: Path):
    keeping.follow()
    facets = find(Query(facets=ALL)).facets
    assert facets["needs"] == {"food": 1, "health": 1, "language": 1, "housing": 1}
    assert facets["marks"] == {"free": 2, "wheelchair": 1, "safe": 1}
    assert facets["spoken"] == {"ar": 1}
    assert find(Query(free=True, facets=ALL)).facets["needs"] == {"food": 1, "language": 1}


def test_the_job_leaves_the_index_to_who_is_writing_it(town: SimpleNamespace, index_root: Path):
    with index.writing(index_root):
        assert jobs.follow_index() == "busy"
    assert jobs.follow_index() == "built"


def test_a_stop_of_the_citys_package_is_a_place(settings: Any, tmp_path: Path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "stops.csv").write_text(
        "stop_id,name,latitude,longitude\n1,Bathurst Station,43.6661,-79.4114\n", encoding="utf-8"
    )
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, city=tmp_path)
    for text in ("Bathurst Station", "bathrust", "Батерст", "near bathurst"):
        found = read_near(text)
        assert found is not None, text
        assert (found.name, found.kind) == ("Bathurst Station", "stop")
