"""The first page shows each role the latest study and what waits for them."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.web.studies_report.made_study import share

from philoxenia_web.accounts.models import Invitation, Organisation
from philoxenia_web.accounts.roles import Role
from philoxenia_web.datasets.models import Agreement, Dataset, Purpose, Upload, Version
from philoxenia_web.studies.models import Study


def home(client: Client) -> str:
    """The page's own part."""
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


def test_a_planner_reads_the_latest_study_and_finds_the_own_ones(study: Study, planner: Client) -> None:
    page = home(planner)
    assert "Pressures meet in" in page
    assert f"/studies/{study.pk}/" in page
    assert 'href="/studies/new/"' in page


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_results_are_not_shown_to_roles_that_may_not_read_them(
    role: Role, study: Study, sign_in: Callable[..., Client]
) -> None:
    share(study)
    page = home(sign_in(role))
    assert "Pressures meet" not in page
    assert str(study.pk) not in page


def test_a_partner_finds_what_was_shared_and_nothing_else(
    study: Study, sign_in: Callable[..., Client]
) -> None:
    partner = sign_in(Role.PARTNER, organisation=Organisation.objects.create(name="Partner", kind="partner"))
    assert "When a planner shares a finished study with you" in home(partner)
    assert str(study.pk) not in home(partner)
    share(study, role=Role.PARTNER)
    assert f"/studies/{study.pk}/" in home(partner)


def test_a_new_installation_says_how_to_begin(sign_in: Callable[..., Client]) -> None:
    page = home(sign_in(Role.PLANNER, Role.DATA_STEWARD))
    assert "No study is finished yet" in page
    assert 'href="/data/hand-in/"' in page
    assert 'href="/studies/new/"' in page
    alone = home(sign_in(Role.PARTNER, email="partner@example.org"))
    assert "A planner makes the first study" in alone
    assert 'href="/studies/new/"' not in alone


def _published(department: Organisation, title: str, days_ago: int, until_in: int | None) -> None:
    dataset = Dataset.objects.create(
        organisation=department, contract="shelter_flow", title=title, lake_table=f"t_{uuid4().hex[:12]}"
    )
    version = Version.objects.create(
        organisation=department,
        dataset=dataset,
        number=1,
        state=Version.State.PUBLISHED,
        file_name="flow.csv",
        contract="shelter_flow",
        checked=1,
        outcome="accepted",
        lake_number=1,
        content_hash="ab",
        published_at=timezone.now() - timedelta(days=days_ago),
    )
    today = timezone.localdate()
    Agreement.objects.create(
        of=version,
        number=1,
        everybody=True,
        purposes=Purpose.values,
        valid_from=today - timedelta(days=900),
        valid_until=None if until_in is None else today + timedelta(days=until_in),
        licence="internal",
    )


def test_a_data_steward_finds_what_is_unfinished_ends_or_is_old(
    department: Organisation, sign_in: Callable[..., Client]
) -> None:
    steward = sign_in(Role.DATA_STEWARD)
    person = steward.session["_auth_user_id"]
    Upload.objects.create(
        person_id=person, organisation=department, name="<b>flow</b>.csv", size=10, key=uuid4()
    )
    _published(department, "Ends soon", 10, 30)
    _published(department, "Ended", 10, -1)
    _published(department, "Old", 400, None)
    _published(department, "Fresh", 10, 300)
    page = home(steward)
    assert "&lt;b&gt;flow&lt;/b&gt;.csv" in page
    assert all(
        word in page for word in ("Ends soon", "Agreement ends soon", "Ended", "Agreement ended", "Old")
    )
    assert "Older than a year" in page
    assert "Fresh" not in page
    assert page.index("Agreement ended") < page.index("Agreement ends soon")


def test_an_administrator_finds_open_invitations(
    department: Organisation, sign_in: Callable[..., Client]
) -> None:
    administrator = sign_in(Role.ADMINISTRATOR)
    assert "No invitation waits" in home(administrator)
    Invitation.objects.create(
        email="invited@example.org",
        organisation=department,
        roles=[Role.PLANNER],
        expires_at=timezone.now() + timedelta(days=5),
        invited_by_id=administrator.session["_auth_user_id"],
    )
    page = home(administrator)
    assert "Not accepted yet" in page
    assert "invited@example.org" not in page


def test_an_auditor_finds_the_trail(sign_in: Callable[..., Client]) -> None:
    assert 'href="/trail/"' in home(sign_in(Role.AUDITOR))


def test_the_first_page_asks_the_database_little(
    study: Study, sign_in: Callable[..., Client], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    everything = sign_in(*(role for role in Role if role != Role.ADMINISTRATOR))
    home(everything)
    with django_assert_max_num_queries(16):
        home(everything)
