"""The interface for programs gives the protected figures of the pages, and no other."""

import csv
import io
from uuid import uuid4

from django.test import Client
from tests.web.needs.made_people import NEEDS

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.linkage.models import Run
from philoxenia_web.needs.profiles import actions
from philoxenia_web.registry import actions as registry

ALL = ",".join(NEEDS)


def test_overlap_is_that_of_the_page(planner: Client, run: Run) -> None:
    answer = planner.get(f"/api/v1/needs/pictures/{run.pk}/overlap?needs={ALL}&limit=200")
    assert answer.status_code == 200
    items = answer.json()["items"]
    page = planner.get(
        f"/needs/overlap/{run.pk}/?{'&'.join(f'need={one}' for one in NEEDS)}&combinations-export=csv"
    )
    text = b"".join(page.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    shown = {line["Needs together"]: line["Newcomers"] for line in csv.DictReader(io.StringIO(text))}
    pair = next(one for one in items if (one["needs"], one["population"]) == ("housing;food", "newcomers"))
    assert pair["people"] == float(shown["A home + Food"])
    assert all(one["people"] is None or (one["people"] % 5 == 0 and one["people"] >= 10) for one in items)


def test_pages_of_rows_keep_what_was_chosen(planner: Client, run: Run) -> None:
    first = planner.get(f"/api/v1/needs/pictures/{run.pk}/overlap?needs=housing,food&limit=2").json()
    assert first["total"] == 6
    second = planner.get(first["next"]).json()
    assert second["total"] == 6
    assert [one["needs"] for one in first["items"] + second["items"]][:3] == [
        "housing",
        "food",
        "housing;food",
    ]


def test_groups_of_a_combination_leave_out_what_the_cube_leaves_out(planner: Client, run: Run) -> None:
    items = planner.get(f"/api/v1/needs/pictures/{run.pk}/groups?needs=housing,food&limit=200").json()[
        "items"
    ]
    assert {one["grouping"] for one in items} == {"district_id", "sex", "age_band", "language"}
    assert "004" not in {one["group"] for one in items}
    wrong = planner.get(f"/api/v1/needs/pictures/{run.pk}/groups?needs=gold")
    assert wrong.status_code == 422


def test_a_file_of_synthetic_people_says_so_in_its_name(planner: Client, run: Run) -> None:
    answer = planner.get(
        f"/api/v1/needs/pictures/{run.pk}/overlap?needs=housing", headers={"Accept": "text/csv"}
    )
    assert 'filename="synthetic_overlap.csv"' in answer["Content-Disposition"]


def test_after_the_end_nothing_is_answered(planner: Client, run: Run) -> None:
    registry.destroy_key(SYSTEM, run.agreement_id, "The purpose is reached.")
    assert planner.get(f"/api/v1/needs/pictures/{run.pk}/overlap").status_code == 409
    assert planner.get("/api/v1/needs/pictures").json()["items"][0]["ended"] is True


def test_tables_of_a_profile(planner: Client, run: Run) -> None:
    made = actions.make_example(run.agreement.parties.first().organisation_id)  # type: ignore[union-attr]
    listed = planner.get("/api/v1/needs/profiles").json()["items"]
    assert [one["title"] for one in listed] == [made.title]
    rows = planner.get(f"/api/v1/needs/profiles/{made.pk}/differences").json()
    assert rows["total"] == 7
    assert planner.get(f"/api/v1/needs/profiles/{made.pk}/secrets").status_code == 404
    assert planner.get(f"/api/v1/needs/profiles/{uuid4()}/differences").status_code == 404
