"""Who may read the pages of which study; how often the database is asked; what the browser may keep."""

from collections.abc import Callable
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from tests.engine.report.made_city import full
from tests.web.studies_report.made_study import finished, place_of_pages, share

from philoxenia_web.accounts.models import Organisation
from philoxenia_web.accounts.roles import Role
from philoxenia_web.studies.models import Study, StudyInput
from philoxenia_web.studies.queries import findings_folder
from philoxenia_web.studies.report import keeping
from philoxenia_web.studies.report.keeping import Page, Shelf

NAMES = ("overview", "today", "districts", "arrivals", "load", "quality", "method")


def addresses(study: Study) -> list[str]:
    """Every page and one file of a study."""
    pages = [reverse(f"study-{name}", args=[study.pk]) for name in NAMES]
    return [
        *pages,
        reverse("study-district", args=[study.pk, "000"]),
        reverse("study-table", args=[study.pk, "people", "csv"]),
    ]


@pytest.fixture
def elsewhere() -> Organisation:
    """A partner of the city."""
    return Organisation.objects.create(name="Partner", kind=Organisation.Kind.PARTNER)


def test_a_study_of_another_organisation_is_not_found_until_it_is_shared(
    study: Study, elsewhere: Organisation, sign_in: Callable[..., Client]
) -> None:
    partner = sign_in(Role.PARTNER, organisation=elsewhere)
    assert {partner.get(address).status_code for address in addresses(study)} == {404}
    shared = share(study, elsewhere, Role.PARTNER)
    assert {partner.get(address).status_code for address in addresses(study)} == {200}
    shared.delete()
    # What was made for a reader who might see it is not handed to one who may not.
    assert {partner.get(address).status_code for address in addresses(study)} == {404}


def test_the_browsers_copy_is_not_confirmed_to_somebody_who_may_not_see_it(
    study: Study, planner: Client, elsewhere: Organisation, sign_in: Callable[..., Client]
) -> None:
    here = reverse("study-overview", args=[study.pk])
    tag = planner.get(here)["ETag"]
    assert planner.get(here, HTTP_IF_NONE_MATCH=tag).status_code == 304
    stranger = sign_in(Role.PLANNER, organisation=elsewhere, email="other@example.org")
    assert stranger.get(here, HTTP_IF_NONE_MATCH=tag).status_code == 404
    assert Client().get(here, HTTP_IF_NONE_MATCH=tag).status_code == 302


def test_a_tag_holds_for_one_person_language_and_view(
    study: Study, planner: Client, sign_in: Callable[..., Client]
) -> None:
    here = reverse("study-today", args=[study.pk])
    tag = planner.get(here)["ETag"]
    colleague = sign_in(Role.PLANNER, email="other@example.org")
    tags = {
        tag,
        colleague.get(here)["ETag"],
        planner.get(here, HTTP_ACCEPT_LANGUAGE="ar")["ETag"],
        planner.get(here + "?show=overlap")["ETag"],
    }
    assert len(tags) == 4
    kept = planner.get(here, HTTP_IF_NONE_MATCH=tag)
    assert kept.status_code == 304
    assert kept.content == b""
    assert kept["Cache-Control"] == "private, no-cache"


def test_a_renamed_study_is_not_served_from_what_was_kept(study: Study, planner: Client) -> None:
    here = reverse("study-overview", args=[study.pk])
    before = planner.get(here)
    Study.objects.filter(pk=study.pk).update(title="Renamed")
    after = planner.get(here, HTTP_IF_NONE_MATCH=before["ETag"])
    assert after.status_code == 200
    assert "Renamed" in after.content.decode()


@pytest.mark.parametrize("state", [Study.State.DRAFT, Study.State.WAITING, Study.State.FAILED])
def test_a_study_that_is_not_done_shows_how_far_it_is(
    state: str, department: Organisation, planner: Client
) -> None:
    study = Study.objects.create(organisation=department, title="Not yet", state=state)
    for name in NAMES[:2]:
        answer = planner.get(reverse(f"study-{name}", args=[study.pk]))
        assert answer["Location"] == reverse("study-status", args=[study.pk])


def test_a_page_asks_the_database_little(
    study: Study, planner: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for address in addresses(study):
        planner.get(address)
        with django_assert_max_num_queries(6):
            assert planner.get(address).status_code == 200


def test_a_page_is_made_once(study: Study, planner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    here = reverse("study-district", args=[study.pk, "003"])
    first = planner.get(here)
    monkeypatch.setattr(keeping, "_read", lambda _key: pytest.fail("asked the disk"))
    monkeypatch.setattr("philoxenia_web.studies.report.district_page.page", lambda *_: pytest.fail("made"))
    assert planner.get(here)["ETag"] == first["ETag"]


def test_pages_with_charts_come_back_from_disk_after_a_restart(study: Study, planner: Client) -> None:
    here = reverse("study-arrivals", args=[study.pk])
    first = planner.get(here).content
    kept = list(place_of_pages().rglob("*.json"))
    assert len(kept) == 1
    keeping.shelf.clear()
    assert main_of(planner.get(here).content) == main_of(first)
    # Damage on the disk makes the page again.
    keeping.shelf.clear()
    kept[0].write_text('{"title": 7')
    assert main_of(planner.get(here).content) == main_of(first)


def main_of(page: bytes) -> str:
    """The part of the page between its frame."""
    return page.decode().partition("<main")[2].partition("</main>")[0]


def test_the_shelf_forgets_the_least_used_when_it_is_full() -> None:
    page = Page(*("x" * 100,) * 4)  # type: ignore[arg-type]
    shelf = Shelf(room=3 * page.weight)
    for name in ("a", "b", "c"):
        shelf.put(name, page)
    shelf.get("a")
    shelf.put("d", page)
    assert [name for name in "abcd" if shelf.get(name)] == ["a", "c", "d"]
    shelf.put("e", Page(*("x" * 1000,) * 4))  # type: ignore[arg-type]
    assert shelf.get("e") is None


def test_pages_stay_light(toronto: Study, planner: Client) -> None:
    weights = {address: len(planner.get(address).content) for address in addresses(toronto)[:-1]}
    assert max(weights.values()) < 150_000, weights
    assert weights[reverse("study-overview", args=[toronto.pk])] < 50_000


def test_outlines_travel_once(toronto: Study, planner: Client) -> None:
    pages = [planner.get(address).content.decode() for address in addresses(toronto)[:2]]
    files = {page.partition('<use href="')[2].partition("#")[0] for page in pages if "<use href" in page}
    maps = [page.partition('class="map"')[2].partition('<use href="')[2].partition("#")[0] for page in pages]
    assert len(set(maps)) == 1
    assert maps[0].startswith("/outlines/")
    assert files
    outlines = planner.get(maps[0])
    assert "immutable" in outlines["Cache-Control"]
    assert outlines.content.count(b"<path") == 158


def test_posting_to_a_page_is_refused(study: Study, planner: Client) -> None:
    assert {planner.post(address).status_code for address in addresses(study)} == {405}


def test_findings_that_are_damaged_are_told(study: Study, planner: Client) -> None:
    keeping.shelf.clear()
    made = finished(study.organisation, full(), "Damaged")
    (findings_folder(made) / "findings.json").write_text("{")
    answer = planner.get(reverse("study-overview", args=[made.pk]))
    assert answer.status_code == 503
    assert "damaged on the disk" in answer.content.decode()
    assert str(findings_folder(made)) not in answer.content.decode()
    Study.objects.exclude(pk=made.pk).delete()
    assert planner.get("/").status_code == 200


def test_a_study_from_data_that_were_withdrawn_since_says_so(
    study: Study, planner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = reverse("study-overview", args=[study.pk])
    before = planner.get(here)
    StudyInput.objects.create(study=study, table="schools", dataset_version_id=uuid4())
    told = SimpleNamespace(title="Schools of 2019")
    monkeypatch.setattr("philoxenia_web.studies.report.answering.withdrawn_among", lambda _ids: [told])
    after = planner.get(here, HTTP_IF_NONE_MATCH=before["ETag"])
    assert after.status_code == 200
    assert "Schools of 2019" in after.content.decode()
