"""What all pages of a foresight study share: who may read them, and how often the database is asked."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from tests.engine.report.made_city import bare
from tests.engine.report.made_foresight import foresight
from tests.web.studies_foresight.made_study import foreseen
from tests.web.studies_report.made_study import finished, share

from philoxenia_web.accounts.models import Organisation
from philoxenia_web.accounts.roles import Role
from philoxenia_web.studies.foresight import action_page
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.queries import foresight_folder
from philoxenia_web.studies.report import keeping

NAMES = ("dividend", "futures", "method")


def addresses(study: Study) -> list[str]:
    """Every page of a foresight study."""
    pages = [reverse(f"foresight-{name}", args=[study.pk]) for name in NAMES]
    return [*pages, reverse("foresight-action", args=[study.pk, "rent_support"])]


def test_a_study_of_another_organisation_is_not_found_until_it_is_shared(
    study: Study, sign_in: Callable[..., Client]
) -> None:
    elsewhere = Organisation.objects.create(name="Partner", kind=Organisation.Kind.PARTNER)
    partner = sign_in(Role.PARTNER, organisation=elsewhere)
    assert {partner.get(address).status_code for address in addresses(study)} == {404}
    share(study, elsewhere, Role.PARTNER)
    assert {partner.get(address).status_code for address in addresses(study)} == {200}


def test_a_link_to_a_study_leads_to_the_pages_of_its_kind(
    study: Study, department: Organisation, planner: Client
) -> None:
    first = reverse("foresight-dividend", args=[study.pk])
    for name in ("study-overview", "study-today", "study-districts"):
        assert planner.get(reverse(name, args=[study.pk]))["Location"] == first
    pressure = finished(department, bare())
    for address in addresses(pressure):
        assert planner.get(address)["Location"] == reverse("study-overview", args=[pressure.pk])


def test_a_page_asks_the_database_little(
    study: Study, planner: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for address in addresses(study):
        planner.get(address)
        with django_assert_max_num_queries(8):
            assert planner.get(address).status_code == 200


def test_a_page_is_made_once_and_its_copy_confirmed(
    study: Study, planner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = reverse("foresight-action", args=[study.pk, "rent_support"])
    first = planner.get(here)
    monkeypatch.setattr(action_page, "page", lambda *_: pytest.fail("made"))
    assert planner.get(here)["ETag"] == first["ETag"]
    keeping.shelf.clear()
    # After a restart it comes from the disk.
    assert planner.get(here)["ETag"] == first["ETag"]
    assert planner.get(here, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304


def test_an_action_that_is_not_there_is_not_found(study: Study, planner: Client) -> None:
    for action in ("nothing", "../../etc/passwd", "x" * 500):
        assert planner.get(reverse("foresight-action", args=[study.pk, action])).status_code == 404


def test_a_result_that_is_damaged_is_told(department: Organisation, planner: Client) -> None:
    made = foreseen(department, foresight(), "Damaged")
    (foresight_folder(made) / "samples.parquet").write_bytes(b"nothing")
    answer = planner.get(reverse("foresight-dividend", args=[made.pk]))
    assert answer.status_code == 503
    assert "damaged on the disk" in answer.content.decode()
    assert str(foresight_folder(made)) not in answer.content.decode()


def test_posting_to_a_page_is_refused(study: Study, planner: Client) -> None:
    assert {planner.post(address).status_code for address in addresses(study)} == {405}
