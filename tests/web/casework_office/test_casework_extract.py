"""Casework goes into an agreement as a sealed list: of those who agreed, and of the own department alone."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import polars as pl
import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from tests.web.casework.desk_world import Desk, desk_of

from philoxenia_web.accounts.access import SYSTEM, Denied
from philoxenia_web.accounts.models import AuditEntry, Membership, Organisation
from philoxenia_web.accounts.roles import Role
from philoxenia_web.casework.actions.cases import open_case
from philoxenia_web.casework.actions.needs import note_need, step_need
from philoxenia_web.casework.office.handing_in import hand_in
from philoxenia_web.casework.refusals import NotPossible
from philoxenia_web.linkage import actions as linkage
from philoxenia_web.registry import actions, checking, child, queries, receiving
from philoxenia_web.registry.models import PersonList, Reading
from philoxenia_web.registry.people import records, shapes
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.rights import consents

pytestmark = pytest.mark.django_db
NAME = "Zyxwvutka Quuxovna"


@dataclass
class World:
    """Two departments with an agreement; the first one's supervisor is its data steward."""

    desk: Desk
    other: Desk
    agreement_id: UUID

    def person(self, desk: Desk, name: str, agrees: bool = True, **more: Any) -> UUID:
        """Somebody with an open case at the desk, who agrees to be counted or does not."""
        resident_id: UUID = desk.write_down(name, **more)
        open_case(desk.actor, resident_id, desk.department.pk, uuid4())
        if agrees:
            with visiting(desk.actor):
                consents.give(
                    desk.actor, resident_id, "linkage", desk.department.pk, consents.Said(), uuid4()
                )
        return resident_id

    def need(self, resident_id: UUID, code: str, met: bool = False) -> None:
        case = open_case(self.desk.actor, resident_id, self.desk.department.pk, uuid4())
        need = note_need(self.desk.actor, case.pk, code, 3, uuid4())
        if met:
            step_need(self.desk.actor, need.pk, need.version, "meet")

    def hand_in(self, key: UUID | None = None) -> Any:
        return hand_in(self.desk.actor, self.agreement_id, key or uuid4())

    def table(self) -> pl.DataFrame:
        """What a linkage run reads, once the check is done and the list accepted."""
        one = self.hand_in().list
        assert checking.run_check(one.pk, one.wanted)
        one.refresh_from_db()
        assert one.outcome == "accepted", one.report
        actions.accept(self.desk.actor, self.agreement_id, one.pk, one.version)
        return queries.read_list(SYSTEM, one.pk, "run 1")


def steward_of(name: str) -> Desk:
    desk = desk_of(name, Role.SUPERVISOR)
    Membership.objects.create(person=desk.person, organisation=desk.department, role=Role.DATA_STEWARD)
    return desk


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The agreement names housing and health."""
    monkeypatch.setattr(receiving, "defer_check", lambda one: None)
    monkeypatch.setattr(checking, "apart", child.checked)
    desk, other = steward_of("Newcomers"), steward_of("Public Health")
    reviewers = [desk_of("", Role.REVIEWER, one.department).person.pk for one in (desk, other)]
    terms = linkage.Terms(
        title="Homes and health",
        purpose="To plan for those who wait for a home and are ill.",
        needs=("housing", "health"),
        valid_until=timezone.localdate() + timedelta(days=30),
        organisation_ids=(desk.department.pk, other.department.pk),
        reviewer_ids=tuple(reviewers),
    )
    agreement = linkage.propose(desk.actor, terms)
    for one in (desk, other):
        linkage.sign(one.actor, agreement.pk, one.department.pk, 1)
    yield World(desk, other, agreement.pk)


def test_the_list_passes_the_check_and_a_run_reads_it(world: World) -> None:
    known = world.person(world.desk, NAME)
    world.need(known, "housing")
    world.need(known, "health", met=True)
    world.need(known, "work")
    table = world.table()
    assert table.columns == ["record_id", "full_name", "birth_date", "needs", "synthetic"]
    assert table["full_name"].to_list() == [NAME] and table["birth_date"].to_list() == ["1987"]
    # The met need is over, and work is not a need of the agreement.
    assert table["needs"].to_list() == ["housing"]


def test_others_restricted_records_and_who_did_not_agree_are_left_out_and_counted(world: World) -> None:
    world.person(world.desk, NAME)
    world.person(world.desk, "Dawit Tesfay", agrees=False)
    world.person(world.desk, "Amal Haddad", restricted=True)
    world.person(world.other, "Tarik Osman")
    told = world.hand_in()
    assert (told.people, told.restricted, told.not_agreed) == (1, 1, 1)
    assert world.table()["full_name"].to_list() == [NAME]
    after = AuditEntry.objects.filter(action="casework.hand_in").values_list("after", flat=True)[0]
    assert after == {"people": 1, "restricted": 1, "not_agreed": 1}


def test_an_agreement_with_another_department_or_taken_back_is_none(world: World) -> None:
    shared = world.person(world.other, NAME)
    open_case(world.desk.actor, shared, world.desk.department.pk, uuid4())
    gone = world.person(world.desk, "Dawit Tesfay")
    with visiting(world.desk.actor):
        consents.withdraw(
            world.desk.actor, gone, "linkage", world.desk.department.pk, consents.Said(), uuid4()
        )
    with pytest.raises(NotPossible):
        world.hand_in()
    assert not PersonList.objects.exists()


def test_twice_is_once(world: World) -> None:
    known, key = world.person(world.desk, NAME), uuid4()
    first = world.hand_in(key)
    world.person(world.desk, "Dawit Tesfay")
    assert world.hand_in(key).list.pk == first.list.pk and PersonList.objects.count() == 1
    with visiting(SYSTEM):
        assert Reading.objects.filter(resident_id=known, reason="import").count() == 1


def test_each_person_sees_the_read_and_no_name_leaves_memory(
    world: World, own_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    known = world.person(world.desk, NAME)
    left_out = world.person(world.desk, "Dawit Tesfay", agrees=False)
    # The steward works for another department too, which reads nothing here.
    also = Organisation.objects.create(id=UUID(int=1), name="Parks", kind=Organisation.Kind.DEPARTMENT)
    Membership.objects.create(person=world.desk.person, organisation=also, role=Role.SUPERVISOR)
    with caplog.at_level(logging.DEBUG):
        world.hand_in()
    with visiting(SYSTEM):
        read = Reading.objects.filter(reason="import").values_list("resident_id", "organisation_id", "fields")
        assert list(read) == [(known, world.desk.department.pk, ["birth", "names"])] and left_out != known
    assert "Zyxwvutka" not in str(list(AuditEntry.objects.values_list("before", "after", "reason")))
    assert "Zyxwvutka" not in "".join(
        r.getMessage() for r in caplog.records if r.name.startswith("philoxenia")
    )
    files = [one for one in own_folder.rglob("*") if one.is_file()]
    assert files and not [one for one in files if b"Zyxwvutka" in one.read_bytes()]


def test_a_day_that_is_only_assumed_is_not_handed_in(world: World) -> None:
    assumed = shapes.Birth("1990-01-01", 1990, 1, "conventional_january_1")
    known = world.person(world.desk, NAME)
    records.change(world.desk.actor, known, 1, {"birth": assumed}, uuid4())
    assert world.table()["birth_date"].to_list() == ["1990"]


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.DATA_STEWARD, Role.CASEWORKER])
def test_one_of_the_two_roles_alone_hands_nothing_in(world: World, role: Role) -> None:
    world.person(world.desk, NAME)
    alone = desk_of("", role, world.desk.department)
    with pytest.raises(Denied):
        hand_in(alone.actor, world.agreement_id, uuid4())
    # Both roles, but each in another department.
    Membership.objects.create(
        person=alone.person, organisation=world.other.department, role=Role.DATA_STEWARD
    )
    with pytest.raises(Denied):
        hand_in(desk_of("", role, world.desk.department).actor, world.agreement_id, uuid4())


def test_a_stranger_to_the_agreement_and_the_place_of_another_find_nothing(world: World) -> None:
    stranger = steward_of("Schools")
    with pytest.raises(Http404):
        hand_in(stranger.actor, world.agreement_id, uuid4())
    with pytest.raises(Http404):
        hand_in(world.desk.actor, world.agreement_id, uuid4(), world.other.department.pk)


def test_the_button_leads_to_the_check(world: World) -> None:
    world.person(world.desk, NAME)
    browser = world.desk.browser()
    page = browser.get(reverse("office")).content.decode()
    address = reverse("office-hand-in", args=[world.agreement_id])
    assert address in page
    assert (
        address
        not in desk_of("", organisation=world.desk.department)
        .browser()
        .get(reverse("office"))
        .content.decode()
    )
    sent = {"key": str(uuid4()), "organisation": str(world.desk.department.pk)}
    answer = browser.post(address, sent, follow=True)
    one = PersonList.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("linkage-list", args=[world.agreement_id, one.pk])
    assert answer.status_code == 200 and NAME not in answer.content.decode()
    assert browser.post(address, sent | {"organisation": "x"}).status_code == 404
