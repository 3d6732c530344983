"""The overlap explorer as a planner uses it: one cube behind every view, a sentence after the end."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.web.needs.made_people import NEEDS, cells
from tests.web.needs.made_runs import finished_run

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.models import Organisation
from philoxenia_web.accounts.roles import Role
from philoxenia_web.linkage.models import Run
from philoxenia_web.linkage.runs import queries as runs
from philoxenia_web.needs import words
from philoxenia_web.needs.keeping import cube_of
from philoxenia_web.needs.models import ReleasePlan
from philoxenia_web.registry import actions as registry


def page(client: Client, run: Run, query: str = "") -> str:
    answer = client.get(f"/needs/overlap/{run.pk}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def rows(client: Client, run: Run, query: str) -> list[dict[str, str]]:
    answer = client.get(f"/needs/overlap/{run.pk}/?{query}")
    assert answer["Content-Type"].startswith("text/csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


def test_both_populations_stand_side_by_side_with_base_and_interval(planner: Client, run: Run) -> None:
    shown = page(planner, run)
    assert "Which needs come together?" in shown
    assert re.search(r"of [\d,]+ people on the lists", shown)
    assert shown.count('needs-side"') == 2
    assert "Synthetic people" in shown
    assert "as often together as chance would have it" in shown


def test_page_file_and_cube_say_the_same(planner: Client, run: Run) -> None:
    query = "".join(f"need={one}&" for one in NEEDS)
    file = rows(planner, run, query + "combinations-export=csv")
    cube = cube_of(SYSTEM, runs.run_facts(SYSTEM, run.pk))
    table = cube.tables["all"]
    held = (table.mask & 0b11) == 0b11
    together = int(table.people[held & (table.population == "newcomers")].sum())
    line = next(one for one in file if one["Needs together"] == "A home + Food")
    assert float(line["Newcomers"]) == together
    assert float(line["Newcomers, low"]) < together < float(line["Newcomers, high"])
    assert "A home + Food" in page(planner, run)


def test_every_number_of_every_view_is_a_sum_of_rounded_cells(planner: Client, run: Run) -> None:
    """Whatever needs, people and districts are asked for: multiples of the base, never a small one."""
    queries = ["need=housing&need=food", "need=work&group=sex:female&count=exactly"]
    queries += [f"district={one}&need=income&need=housing" for one in ("001", "002", "004")]
    queries += ["district=001&district=002", "group=language:ar", "group=age_band:65%2B&count=exactly"]
    for query in queries:
        for table in ("combinations", "groups", "districts"):
            for line in rows(planner, run, f"{query}&{table}-export=csv"):
                counted = [line[name] for name in ("Newcomers", "Long-term residents") if line[name]]
                assert all(float(one) % 5 == 0 and float(one) >= 10 for one in counted), (query, line)


def test_a_district_of_few_is_neither_a_choice_nor_a_figure(planner: Client, run: Run) -> None:
    shown = page(planner, run, "?district=004")
    assert 'type="checkbox" name="district" value="001"' in shown
    assert 'type="checkbox" name="district" value="004"' not in shown
    assert "1 group with very few people is left out altogether" in shown


def test_districts_and_groups_are_not_mixed(planner: Client, run: Run) -> None:
    mixed = page(planner, run, "?group=sex:female&district=001")
    assert "Districts were left aside." in mixed
    alone = rows(planner, run, "group=sex:female&combinations-export=csv")
    assert rows(planner, run, "group=sex:female&district=001&combinations-export=csv") == alone


@pytest.mark.parametrize(
    "query",
    [
        "?need=nothing&group=sex:%00&together=..",
        "?need=housing&together=food.work",
        "?group=district_id:001",
        "?count=%FF&district=%F0%9F%92%A9",
        "?combinations-sort=-people&combinations-page=99999999999",
    ],
)
def test_strange_addresses_are_answered(planner: Client, run: Run, query: str) -> None:
    assert "Which needs come together?" in page(planner, run, query)


def test_the_cube_is_made_once_and_kept_sealed(planner: Client, run: Run) -> None:
    first = rows(planner, run, "combinations-export=csv")
    kept = ReleasePlan.objects.get(pk=run.pk)
    assert b"newcomers" not in bytes(kept.sealed)
    assert rows(planner, run, "combinations-export=csv") == first
    assert ReleasePlan.objects.get(pk=run.pk).made_at == kept.made_at


def test_a_view_costs_few_queries(
    planner: Client, run: Run, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    page(planner, run)
    with django_assert_max_num_queries(12):
        page(planner, run, "".join(f"{'&' if place else '?'}need={one}" for place, one in enumerate(NEEDS)))


def test_after_the_end_a_sentence_stands_in_its_place(planner: Client, run: Run) -> None:
    page(planner, run)
    registry.destroy_key(SYSTEM, run.agreement_id, "The purpose is reached.")
    for place in ("overlap", "packages"):
        answer = planner.get(f"/needs/{place}/{run.pk}/")
        assert answer.status_code == 410
        assert "its key was destroyed" in answer.content.decode()
    assert "nothing of it can be read any more" in planner.get("/needs/").content.decode()


def test_people_of_other_departments_find_nothing(
    own_folder: Path, run: Run, sign_in: Callable[..., Client]
) -> None:
    elsewhere = Organisation.objects.create(name="Parks", kind=Organisation.Kind.DEPARTMENT)
    stranger = sign_in(Role.PLANNER, organisation=elsewhere, email="parks@example.org")
    assert stranger.get(f"/needs/overlap/{run.pk}/").status_code == 404
    assert "No lists have been linked yet." in stranger.get("/needs/").content.decode()


def test_groups_have_names_in_words() -> None:
    assert words.group("age_band", "65_over") == words.group("age_band", "65+") == "65 years and older"
    assert words.group("age_band", "20_64") == words.group("age_band", "20-64") == "20 to 64 years"
    assert words.group("language", "ti") == "Tigrinya"
    assert words.group("sex", "unknown") == "Not known"


def test_who_has_no_known_district_is_no_place_on_a_map(
    own_folder: Path, department: Organisation, planner: Client
) -> None:
    """They have a row in the table; the map and the sentence under it speak of districts alone."""
    here = {"001": "D01", "002": "unknown", "003": "D03", "004": "D04"}
    frame = cells().with_columns(pl.col("district_id").replace(here))
    shown = page(planner, finished_run([department], frame))
    highest = re.findall(r"Highest: ([^<]*)", shown)
    assert highest
    assert not any("unknown" in one or "Not known" in one for one in highest)
    assert "Not known" in shown


def test_the_start_leads_to_what_there_is(planner: Client, run: Run) -> None:
    shown = planner.get("/needs/").content.decode()
    assert f"/needs/overlap/{run.pk}/" in shown
    assert f"/needs/packages/{run.pk}/" in shown
    assert "about 6,000 people" in shown.lower()
