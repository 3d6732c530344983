"""Organisations, people, roles and invitations: what administrators do, and what the rules forbid them."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from tests.web.accounts.conftest import enter

from philoxenia_web.accounts import actions, invitations, queries
from philoxenia_web.accounts.access import SYSTEM, Actor, Denied, actor_for
from philoxenia_web.accounts.models import AuditEntry, Invitation, Membership, Organisation, Person
from philoxenia_web.accounts.roles import Role

NEW = "bread stone window river"


@pytest.fixture
def chief(person: Callable[..., Person]) -> Person:
    return person(Role.ADMINISTRATOR)


@pytest.fixture
def acting(chief: Person) -> Actor:
    return actor_for(chief)


@pytest.fixture
def desk(chief: Person) -> Client:
    client = Client()
    client.force_login(chief)
    return client


@pytest.fixture
def partner(db: None) -> Organisation:
    return Organisation.objects.create(name="Helping Hands", kind=Organisation.Kind.PARTNER)


def told_in(mailbox: list[Any]) -> str:
    return re.search(r"http://[^/]+(/invitation/\S+)", mailbox[-1].body)[1]


def roles_of(person: Person) -> set[str]:
    return set(Membership.objects.filter(person=person).values_list("role", flat=True))


# Organisations


def test_an_organisation_is_made_once(desk: Client) -> None:
    form = {"name": "Housing", "kind": "department", "key": str(uuid4())}
    first = desk.post("/organisations/new/", form)
    second = desk.post("/organisations/new/", form)
    assert first["Location"] == second["Location"]
    assert Organisation.objects.filter(name="Housing").count() == 1
    assert AuditEntry.objects.filter(action="accounts.make_organisation").count() == 1


def test_names_are_unique_however_written(desk: Client, department: Organisation) -> None:
    form = {"name": department.name.upper() + " ", "kind": "department", "key": str(uuid4())}
    assert b"There is an organisation of this name already" in desk.post("/organisations/new/", form).content


def test_two_people_rename_at_once(desk: Client, department: Organisation) -> None:
    path = f"/organisations/{department.pk}/rename/"
    assert desk.post(path, {"name": "First", "version": 1}).status_code == 302
    late = desk.post(path, {"name": "Second", "version": 1})
    assert late.status_code == 409
    page = late.content.decode()
    assert "<bdi>First</bdi>" in page
    assert 'value="Second"' in page
    assert Organisation.objects.get(pk=department.pk).name == "First"
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    assert desk.post(path, {"name": "Second", "version": version}).status_code == 302


def test_a_closed_organisations_roles_count_no_more(
    desk: Client, partner: Organisation, person: Callable[..., Person]
) -> None:
    helper = person(Role.PARTNER, organisation=partner, email="helper@example.org")
    assert actor_for(helper).roles == {Role.PARTNER}
    desk.post(f"/organisations/{partner.pk}/close/", {"version": 1})
    assert actor_for(helper).roles == frozenset()
    desk.post(f"/organisations/{partner.pk}/reopen/", {"version": 2})
    assert actor_for(helper).roles == {Role.PARTNER}


def test_the_last_administrators_organisation_stays_open(desk: Client, department: Organisation) -> None:
    answer = desk.post(f"/organisations/{department.pk}/close/", {"version": 1}, follow=True)
    assert b"last administrator" in answer.content
    department.refresh_from_db()
    assert department.active


# Roles


def test_roles_change_with_a_trace(
    desk: Client, department: Organisation, person: Callable[..., Person]
) -> None:
    planner = person(Role.PLANNER)
    path = f"/people/{planner.pk}/roles/{department.pk}/"
    desk.post(path, {"roles": ["planner", "data_steward"], "version": 1})
    assert roles_of(planner) == {"planner", "data_steward"}
    entry = AuditEntry.objects.get(action="accounts.set_roles")
    assert (entry.before, entry.after) == ({"roles": ["planner"]}, {"roles": ["data_steward", "planner"]})
    assert entry.organisation_id == department.pk
    assert desk.post(path, {"roles": ["caseworker"], "version": 1}).status_code == 409
    assert roles_of(planner) == {"planner", "data_steward"}


def test_nobody_changes_their_own_rights(acting: Actor, chief: Person, department: Organisation) -> None:
    for attempt in (
        lambda: actions.set_roles(acting, chief.pk, department.pk, {Role.ADMINISTRATOR, Role.PLANNER}, 1),
        lambda: actions.set_roles(acting, chief.pk, department.pk, set(), 1),
        lambda: actions.deactivate(acting, chief.pk, 1),
        lambda: actions.reset_second_factor(acting, chief.pk, 1),
    ):
        with pytest.raises(Denied):
            attempt()
    assert roles_of(chief) == {"administrator"}


def test_the_last_administrator_stays(chief: Person, department: Organisation) -> None:
    with pytest.raises(Denied, match="last administrator"):
        actions.deactivate(SYSTEM, chief.pk, 1)
    with pytest.raises(Denied, match="last administrator"):
        actions.set_roles(SYSTEM, chief.pk, department.pk, set(), 1)


def test_of_two_administrators_one_may_go(
    acting: Actor, department: Organisation, person: Callable[..., Person]
) -> None:
    other = person(Role.ADMINISTRATOR, email="other@example.org")
    actions.set_roles(acting, other.pk, department.pk, set(), 1)
    assert roles_of(other) == set()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PARTNER])
def test_a_partners_people_are_partners(
    acting: Actor, partner: Organisation, person: Callable[..., Person], role: Role
) -> None:
    helper = person(Role.PARTNER, organisation=partner, email="helper@example.org")
    with pytest.raises(Denied, match="cannot hold"):
        actions.set_roles(acting, helper.pk, partner.pk, {role}, 1)
    with pytest.raises(Denied, match="cannot hold"):
        invitations.invite(acting, "new@example.org", partner.pk, {role})


def test_an_auditor_does_nothing_else(
    acting: Actor, department: Organisation, person: Callable[..., Person]
) -> None:
    auditor = person(Role.AUDITOR)
    elsewhere = actions.make_organisation(acting, "Housing", "department")
    for place in (department, elsewhere):
        roles = {Role.AUDITOR, Role.PLANNER} if place == department else {Role.PLANNER}
        with pytest.raises(Denied, match="auditor"):
            actions.set_roles(acting, auditor.pk, place.pk, roles, 1)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_manage(
    person: Callable[..., Person], department: Organisation, role: Role
) -> None:
    actor, victim = actor_for(person(role)), person(email="victim@example.org")
    for attempt in (
        lambda: actions.make_organisation(actor, "Mine", "department"),
        lambda: actions.rename_organisation(actor, department.pk, "Mine", 1),
        lambda: actions.set_organisation_active(actor, department.pk, False, 1),
        lambda: actions.set_roles(actor, victim.pk, department.pk, {Role.PLANNER}, 1),
        lambda: actions.deactivate(actor, victim.pk, 1),
        lambda: actions.reactivate(actor, victim.pk, 1),
        lambda: actions.sign_out_everywhere(actor, victim.pk),
        lambda: actions.reset_second_factor(actor, victim.pk, 1),
        lambda: invitations.invite(actor, "new@example.org", department.pk, {Role.PLANNER}),
    ):
        with pytest.raises(Denied):
            attempt()


def test_lists_cost_the_same_however_many(
    desk: Client, person: Callable[..., Person], django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        person(Role.PLANNER, Role.DATA_STEWARD, email=f"p{number}@example.org")
    for path in ("/people/", "/organisations/", "/people/invitations/"):
        with django_assert_max_num_queries(12):
            assert desk.get(path).status_code == 200


# Invitations


def invited(
    desk: Client, organisation: Organisation, roles: list[str], email: str = "new@example.org"
) -> None:
    form = {
        "email": email,
        "organisation": organisation.pk,
        "roles": roles,
        "language": "",
        "key": str(uuid4()),
    }
    answer = desk.post("/people/invite/", form)
    assert answer.status_code == 302, answer.content.decode()


@pytest.fixture
def link(desk: Client, department: Organisation, django_capture_on_commit_callbacks: Any) -> str:
    with django_capture_on_commit_callbacks(execute=True):
        invited(desk, department, ["planner"])
    return told_in(mail.outbox)


def answer_to(link: str, client: Client | None = None, **more: str) -> Any:
    form = {"name": "Test Person", "language": "en", "password": NEW} | more
    return (client or Client()).post(link, form)


def test_an_invited_person_comes_in(link: str, department: Organisation) -> None:
    client = Client()
    assert department.name in client.get(link).content.decode()
    answer = answer_to(link, client)
    assert answer["Location"] == "/"
    assert client.get("/profile/").status_code == 200
    person = Person.objects.get(email="new@example.org")
    assert roles_of(person) == {"planner"}
    assert enter(Client(), person, NEW).status_code == 302


def test_a_link_works_once(link: str) -> None:
    answer_to(link)
    assert Client().get(link).status_code == 410
    assert answer_to(link, name="Thief").status_code == 410


def test_the_database_holds_no_token(link: str) -> None:
    token = link.strip("/").rpartition("/")[2]
    kept = Invitation.objects.get()
    assert token not in "".join(str(value) for value in vars(kept).values())
    assert invitations.found_by(kept.token_hash) is None


def test_a_link_ends_in_time(link: str) -> None:
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert answer_to(link).status_code == 410
    assert not Person.objects.filter(email="new@example.org").exists()


def test_a_withdrawn_link_opens_nothing(desk: Client, link: str) -> None:
    desk.post(f"/people/invitations/{Invitation.objects.get().pk}/withdraw/")
    assert answer_to(link).status_code == 410


def test_sending_again_ends_the_old_link(
    desk: Client, link: str, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"/people/invitations/{Invitation.objects.get().pk}/resend/")
    assert Client().get(link).status_code == 410
    assert Client().get(told_in(mail.outbox)).status_code == 200


def test_the_same_form_twice_invites_once(
    desk: Client, department: Organisation, django_capture_on_commit_callbacks: Any
) -> None:
    form = {
        "email": "new@example.org",
        "organisation": department.pk,
        "roles": ["planner"],
        "key": str(uuid4()),
    }
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            assert desk.post("/people/invite/", form).status_code == 302
    assert len(mail.outbox) == Invitation.objects.count() == 1


def test_nobody_is_invited_twice(acting: Actor, desk: Client, link: str, department: Organisation) -> None:
    with pytest.raises(Denied, match="open invitation already"):
        invitations.invite(acting, "NEW@example.org", department.pk, {Role.PLANNER})
    answer_to(link)
    with pytest.raises(Denied, match="there already"):
        invitations.invite(acting, "new@example.org", department.pk, {Role.PLANNER})


def test_an_invitation_brings_only_its_roles(link: str) -> None:
    answer_to(
        link, roles="administrator", email="thief@example.org", is_active="0", organisation=str(uuid4())
    )
    assert roles_of(Person.objects.get(email="new@example.org")) == {"planner"}
    assert not Person.objects.filter(email="thief@example.org").exists()


def test_a_weak_password_is_refused_and_the_link_stays(link: str) -> None:
    weak = {"password": "password1234"}
    assert b"Too many people use this password" in answer_to(link, **weak).content
    assert answer_to(link).status_code == 302


def test_further_roles_need_ones_own_sign_in(
    desk: Client,
    department: Organisation,
    person: Callable[..., Person],
    django_capture_on_commit_callbacks: Any,
) -> None:
    elsewhere = Organisation.objects.create(name="Housing", kind="department")
    known = person(Role.PLANNER, email="known@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        invited(desk, elsewhere, ["caseworker"], "known@example.org")
    link = told_in(mail.outbox)
    # Whoever finds the link cannot set a password for an account there is.
    answer_to(link)
    known.refresh_from_db()
    assert not known.check_password(NEW)
    assert roles_of(known) == {"planner"}
    client = Client()
    client.force_login(known)
    client.post(link)
    assert roles_of(known) == {"planner", "caseworker"}


def test_mail_of_an_invitation_speaks_its_language_and_is_plain(
    acting: Actor, department: Organisation, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        invitations.invite(acting, "new@example.org", department.pk, {Role.PLANNER}, language="el")
    message = mail.outbox[0]
    assert message.content_subtype == "plain"
    assert message.to == ["new@example.org"]
    assert department.name in message.body


def test_the_first_administrator_is_invited_from_the_command_line(db: None) -> None:
    _invitation, path = invitations.invite_first_administrator("first@example.org")
    answer_to(path)
    assert roles_of(Person.objects.get(email="first@example.org")) == {"administrator"}


def test_no_name_and_no_address_go_to_the_trail(link: str, desk: Client) -> None:
    answer_to(link)
    person = Person.objects.get(email="new@example.org")
    desk.post(f"/people/{person.pk}/close/", {"version": person.version})
    kept = " ".join(
        f"{one.before} {one.after} {one.reason} {one.object_id}" for one in AuditEntry.objects.all()
    )
    assert "example.org" not in kept
    assert "Test Person" not in kept


# Demonstration


def test_demo_people_are_made_once_and_can_sign_in(db: None) -> None:
    first, second = actions.make_demo_people(), actions.make_demo_people()
    assert first == second
    # Two departments and two reviewers, as an agreement to link needs them.
    assert [role for role, _email, _password in first] == [*Role, Role.DATA_STEWARD, Role.REVIEWER]
    assert Person.objects.count() == len(first)
    for role, email, password in first:
        person = Person.objects.get(email=email)
        assert roles_of(person) == {role}
        assert enter(Client(), person, password)["Location"] == "/"
    assert queries.people_of(Organisation.objects.get(kind="partner").pk).count() == 1
