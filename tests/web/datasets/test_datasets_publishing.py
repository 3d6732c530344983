"""From a checked file to a version in the lake, its agreement, its use and its withdrawal."""

import datetime
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.http import Http404

from philoxenia.exchange import CityError
from philoxenia_web.accounts.access import SYSTEM, Actor, Denied, actor_for
from philoxenia_web.accounts.models import AuditEntry, Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.datasets import actions, queries
from philoxenia_web.datasets.actions import Terms
from philoxenia_web.datasets.models import Dataset, Version
from philoxenia_web.datasets.policies import UseRefused
from philoxenia_web.datasets.refusals import Conflict, NotPossible

pytestmark = pytest.mark.usefixtures("checked_here")
HandIn = Callable[..., Version]
TODAY = datetime.date(2026, 3, 1)


def terms(**changes: object) -> Terms:
    """An open agreement for planning, changed as a test needs it."""
    given = {
        "purposes": ("planning",),
        "licence": "Open Government Licence",
        "valid_from": TODAY,
        "everybody": True,
    }
    return Terms(**(given | changes))  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> list[datetime.date]:
    """The day it is, which a test may change."""
    days = [TODAY]
    monkeypatch.setattr(queries, "today", lambda: days[0])
    return days


@pytest.fixture
def published(hand_in: HandIn, steward: Actor, flow: bytes) -> Version:
    """A published version, open for planning."""
    version = hand_in(flow)
    actions.accept_mends(steward, version.pk, None)
    return actions.publish(steward, version.pk, None, terms(), title="Shelter flow").version


def planner_of(person: Callable[..., Person], organisation: Organisation) -> Actor:
    """A planner somewhere."""
    return actor_for(person(Role.PLANNER, organisation=organisation))


class TestTheCitysPackage:
    def test_becomes_data_sets_once(self, db: None) -> None:
        first = actions.load_city(SYSTEM)
        again = actions.load_city(SYSTEM)
        assert {one.contract for one in first} == {"census_profile", "shelter_flow", "libraries"}
        assert [one.pk for one in first] == [one.pk for one in again]
        assert Version.objects.count() == 3

    def test_is_the_city_of_a_study_that_chose_nothing(
        self, person: Callable[..., Person], department: Organisation
    ) -> None:
        actions.load_city(SYSTEM)
        city = queries.city_of(planner_of(person, department), [], "planning")
        assert set(city.tables) == {"census_profile", "shelter_flow", "libraries"}

    def test_leaves_out_a_table_that_was_withdrawn(
        self, person: Callable[..., Person], department: Organisation
    ) -> None:
        actions.load_city(SYSTEM)
        Version.objects.filter(contract="libraries").update(state=Version.State.WITHDRAWN)
        city = queries.city_of(planner_of(person, department), [], "planning")
        assert "libraries" not in city.tables

    def test_cannot_be_computed_without_its_population(
        self, person: Callable[..., Person], department: Organisation
    ) -> None:
        actions.load_city(SYSTEM)
        Version.objects.filter(contract="census_profile").update(state=Version.State.WITHDRAWN)
        with pytest.raises(CityError, match="census_profile"):
            queries.city_of(planner_of(person, department), [], "planning")


class TestPublishing:
    def test_asks_to_accept_the_mends_first(self, hand_in: HandIn, steward: Actor, flow: bytes) -> None:
        version = hand_in(flow)
        assert version.outcome == "accepted with mends"
        with pytest.raises(NotPossible, match="accept"):
            actions.publish(steward, version.pk, None, terms(), title="Flow")

    def test_refuses_what_the_check_refused(self, hand_in: HandIn, steward: Actor, flow: bytes) -> None:
        version = hand_in(flow.replace(b"Jan-18", b"soon", 1))
        assert version.outcome == "refused"
        with pytest.raises(NotPossible, match="refused"):
            actions.publish(steward, version.pk, None, terms(), title="Flow")

    def test_puts_the_table_in_the_lake_under_its_agreement(self, published: Version) -> None:
        assert published.dataset is not None
        assert (published.number, published.rows) == (1, 168)
        assert queries.table_of(published).height == 168
        stored = queries.lake().version(published.dataset.lake_table)
        assert stored.provenance.licence == "Open Government Licence"
        agreement = queries.agreement_of(published)
        assert agreement is not None
        assert (agreement.number, agreement.purposes) == (1, ["planning"])

    def test_twice_is_once(self, published: Version, steward: Actor) -> None:
        again = actions.publish(steward, published.pk, None, terms(), title="Another title")
        assert again.version.pk == published.pk
        assert Dataset.objects.count() == 1

    def test_of_the_same_content_makes_no_second_version(
        self, published: Version, hand_in: HandIn, steward: Actor, flow: bytes
    ) -> None:
        version = hand_in(flow, "again.csv", dataset_id=published.dataset_id)
        actions.accept_mends(steward, version.pk, None)
        result = actions.publish(steward, version.pk, None, terms(), newest_seen=1)
        assert result.was_there
        assert result.version.pk == published.pk
        assert published.dataset is not None
        assert published.dataset.versions.filter(state=Version.State.PUBLISHED).count() == 1

    def test_by_two_people_at_once_shows_one_of_them_the_conflict(
        self, published: Version, hand_in: HandIn, steward: Actor, flow: bytes
    ) -> None:
        drafts = []
        for cut in (b"Feb-18", b"Mar-18"):
            lines = [line for line in flow.splitlines(keepends=True) if cut not in line]
            version = hand_in(b"".join(lines), dataset_id=published.dataset_id)
            if version.outcome == "accepted with mends":
                actions.accept_mends(steward, version.pk, None)
            drafts.append(version)
        actions.publish(steward, drafts[0].pk, None, terms(), newest_seen=1)
        with pytest.raises(Conflict, match="Version 2"):
            actions.publish(steward, drafts[1].pk, None, terms(), newest_seen=1)
        assert Version.objects.get(pk=drafts[1].pk).state == Version.State.CHECKED

    def test_is_for_data_stewards_of_that_organisation(
        self, hand_in: HandIn, person: Callable[..., Person], elsewhere: Organisation, flow: bytes
    ) -> None:
        version = hand_in(flow)
        stranger = actor_for(person(Role.DATA_STEWARD, organisation=elsewhere, email="other@example.org"))
        with pytest.raises(Http404):
            actions.publish(stranger, version.pk, None, terms(), title="Flow")

    def test_is_written_in_the_trail_without_personal_data(self, published: Version) -> None:
        entry = AuditEntry.objects.get(action="datasets.publish")
        assert entry.object_id == str(published.pk)
        assert "@" not in str(entry.after)


class TestUse:
    def use(self, actor: Actor, version: Version, purpose: str = "planning") -> list[UUID]:
        """The versions a study of this actor would be computed from."""
        return [one.pk for one in queries.versions_behind(actor, [version.pk], purpose)]

    def test_is_for_the_organisations_of_the_agreement(
        self, published: Version, person: Callable[..., Person], elsewhere: Organisation, steward: Actor
    ) -> None:
        planner = planner_of(person, elsewhere)
        assert self.use(planner, published) == [published.pk]
        actions.change_agreement(steward, published.pk, 1, terms(everybody=False))
        with pytest.raises(UseRefused, match="organisation"):
            self.use(planner, published)
        actions.change_agreement(
            steward, published.pk, 2, terms(everybody=False, organisations=(elsewhere.pk,))
        )
        assert self.use(planner, published) == [published.pk]

    def test_is_for_the_purposes_of_the_agreement(
        self, published: Version, person: Callable[..., Person], department: Organisation
    ) -> None:
        planner = planner_of(person, department)
        with pytest.raises(UseRefused, match="Research"):
            self.use(planner, published, "research")
        assert queries.usable_versions(planner, "research") == []
        assert [one.id for one in queries.usable_versions(planner, "planning")] == [published.pk]

    def test_ends_with_the_agreement(
        self,
        published: Version,
        steward: Actor,
        person: Callable[..., Person],
        department: Organisation,
        today: list[datetime.date],
    ) -> None:
        planner = planner_of(person, department)
        until = TODAY + datetime.timedelta(days=30)
        actions.change_agreement(steward, published.pk, 1, terms(valid_until=until))
        today[0] = until
        assert self.use(planner, published) == [published.pk]
        today[0] = until + datetime.timedelta(days=1)
        with pytest.raises(UseRefused, match="ended on March 31, 2026"):
            self.use(planner, published)
        assert queries.usable_versions(planner, "planning") == []

    def test_does_not_begin_before_the_agreement(
        self,
        published: Version,
        person: Callable[..., Person],
        department: Organisation,
        today: list[datetime.date],
    ) -> None:
        today[0] = TODAY - datetime.timedelta(days=1)
        with pytest.raises(UseRefused, match="begins"):
            self.use(planner_of(person, department), published)

    def test_ends_with_withdrawal_and_marks_what_was_made(
        self, published: Version, steward: Actor, person: Callable[..., Person], department: Organisation
    ) -> None:
        planner, study = planner_of(person, department), uuid4()
        actions.record_use(planner, [published.pk], "study", study, "Test study", f"/studies/{study}/")
        actions.record_use(
            planner, [published.pk], "study", study, "Test study, renamed", f"/studies/{study}/"
        )
        actions.withdraw(steward, published.pk, None, "The counts of May were doubled.")
        with pytest.raises(UseRefused, match="withdrawn"):
            self.use(planner, published)
        assert [one.id for one in queries.withdrawn_among([published.pk])] == [published.pk]
        assert [use.title for use in queries.uses_for(steward, published)] == ["Test study, renamed"]

    def test_of_a_draft_is_refused_and_it_is_not_seen(
        self, hand_in: HandIn, flow: bytes, person: Callable[..., Person], department: Organisation
    ) -> None:
        with pytest.raises(Http404):
            self.use(planner_of(person, department), hand_in(flow))

    def test_of_two_versions_of_one_kind_is_refused(
        self, published: Version, person: Callable[..., Person], department: Organisation
    ) -> None:
        actions.load_city(SYSTEM)
        other = Version.objects.get(contract="shelter_flow", dataset__from_package=True)
        with pytest.raises(UseRefused, match="both of the kind"):
            queries.versions_behind(planner_of(person, department), [published.pk, other.pk], "planning")

    def test_puts_the_version_in_place_of_the_packages_table(
        self, published: Version, person: Callable[..., Person], department: Organisation
    ) -> None:
        actions.load_city(SYSTEM)
        city = queries.city_of(planner_of(person, department), [published.pk], "planning")
        assert city.tables["shelter_flow"].height == 168
        assert city.reports["shelter_flow"].rows == 168
        assert city.sources["shelter_flow"].licence == "Open Government Licence"


class TestAgreements:
    def test_changed_by_two_people_show_the_conflict(self, published: Version, steward: Actor) -> None:
        actions.change_agreement(steward, published.pk, 1, terms(notes="first"))
        with pytest.raises(Conflict):
            actions.change_agreement(steward, published.pk, 1, terms(notes="second"))
        held = queries.agreement_of(published)
        assert held is not None
        assert held.notes == "first"

    def test_stay_on_record(self, published: Version, steward: Actor) -> None:
        actions.change_agreement(steward, published.pk, 1, terms(notes="new"))
        assert sorted(published.agreements.values_list("number", flat=True)) == [1, 2]

    def test_are_not_changed_by_planners(
        self, published: Version, person: Callable[..., Person], department: Organisation
    ) -> None:
        with pytest.raises((Http404, Denied)):
            actions.change_agreement(planner_of(person, department), published.pk, 1, terms())


def test_partners_see_only_what_is_agreed_for_them(
    published: Version, steward: Actor, person: Callable[..., Person], elsewhere: Organisation
) -> None:
    partner = actor_for(person(Role.PARTNER, organisation=elsewhere))
    assert queries.datasets_for(partner).count() == 1
    actions.change_agreement(steward, published.pk, 1, terms(everybody=False))
    assert queries.datasets_for(partner).count() == 0
    with pytest.raises(Http404):
        queries.version_for(partner, published.pk)
