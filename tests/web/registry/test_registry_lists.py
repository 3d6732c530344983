"""A list is handed in, checked and read: by a named reviewer alone, and each read is in the trail."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from django.http import Http404
from tests.web.registry.conftest import MARKED

from philoxenia_web.accounts.access import SYSTEM, Actor, Denied, actor_for
from philoxenia_web.accounts.models import AuditEntry, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.registry import actions, queries
from philoxenia_web.registry.models import PersonList
from philoxenia_web.registry.refusals import KeyGone, NotPossible

Send = Callable[..., PersonList]


@pytest.fixture
def handed_in(send: Send, steward: Actor, agreement_id: UUID) -> PersonList:
    """A list that is checked and accepted."""
    one = send()
    return actions.accept(steward, agreement_id, one.pk, one.version)


def test_a_run_reads_the_whole_list(handed_in: PersonList) -> None:
    table = queries.read_list(SYSTEM, handed_in.pk, "run 1")
    assert table["record_id"].to_list() == ["S-1", "S-2", "S-3"]
    assert table["given_name"].to_list() == ["Maryam", MARKED, "Farid"]


def test_needs_the_agreement_does_not_name_are_not_kept(handed_in: PersonList) -> None:
    table = queries.read_list(SYSTEM, handed_in.pk, "run 1")
    assert table["needs"].to_list() == ["housing", "housing;food", ""]


def test_a_named_reviewer_reads_the_records_asked_for(
    handed_in: PersonList, reviewer: Actor, agreement_id: UUID
) -> None:
    wanted = [(handed_in.pk, "S-3"), (handed_in.pk, "S-2"), (handed_in.pk, "S-9")]
    found = queries.read_records(reviewer, agreement_id, wanted, "pair 7")
    assert [one["record_id"] for one in found] == ["S-3", "S-2"]
    assert found[1]["given_name"] == MARKED


def test_each_read_is_in_the_trail_without_a_name(
    handed_in: PersonList, reviewer: Actor, agreement_id: UUID
) -> None:
    queries.read_records(reviewer, agreement_id, [(handed_in.pk, "S-2")], "pair 7")
    queries.read_list(SYSTEM, handed_in.pk, "run 1")
    person, run = AuditEntry.objects.filter(action__startswith="registry.read").order_by("id")
    assert (person.person_id, person.reason) == (reviewer.person_id, "pair 7")
    # Not the number: it would tell auditors, and backups after the end, whom reviewers compared.
    mark = queries.mark_of(queries.live_key(agreement_id), handed_in.pk, "S-2")
    assert person.after["lists"] == {str(handed_in.pk): [mark]} and "S-2" not in str(person.after)
    assert (run.reason, run.object_id) == ("run 1", str(handed_in.pk))
    assert MARKED not in " ".join(
        f"{one.before} {one.after} {one.reason}" for one in AuditEntry.objects.all()
    )


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.REVIEWER])
def test_no_other_role_reads_a_person(
    role: Role, handed_in: PersonList, person: Callable[..., Person], agreement_id: UUID
) -> None:
    actor = actor_for(person(role, email="other@example.org"))
    with pytest.raises(Denied):
        queries.read_records(actor, agreement_id, [(handed_in.pk, "S-1")], "curious")
    with pytest.raises(Denied):
        queries.read_list(actor, handed_in.pk, "curious")


def test_a_reviewer_the_agreement_does_not_name_finds_nothing(
    handed_in: PersonList, person: Callable[..., Person], agreement_id: UUID
) -> None:
    other = actor_for(person(Role.REVIEWER, email="other@example.org"))
    with pytest.raises(Http404):
        queries.read_records(other, agreement_id, [(handed_in.pk, "S-1")], "curious")


def test_a_reviewer_reads_no_whole_list_and_no_crowd(
    handed_in: PersonList, reviewer: Actor, agreement_id: UUID
) -> None:
    with pytest.raises(Denied):
        queries.read_list(reviewer, handed_in.pk, "all")
    with pytest.raises(NotPossible):
        queries.read_records(reviewer, agreement_id, [(handed_in.pk, f"S-{i}") for i in range(201)], "all")


def test_nothing_lies_in_plain_anywhere(
    send: Send, steward: Actor, agreement_id: UUID, own_folder: Path, reviewer: Actor
) -> None:
    one = send()
    before = [path for path in own_folder.rglob("*") if path.is_file()]
    actions.accept(steward, agreement_id, one.pk, one.version)
    queries.read_records(reviewer, agreement_id, [(one.pk, "S-2")], "pair 7")
    assert any(path.suffix == ".original" for path in before)
    for path in [*before, *own_folder.rglob("*")]:
        if path.is_file():
            assert MARKED.encode() not in path.read_bytes()
            assert path.stat().st_mode & 0o077 == 0
    assert MARKED not in str(PersonList.objects.values().get(pk=one.pk))


def test_after_the_key_is_destroyed_nothing_opens(
    handed_in: PersonList, reviewer: Actor, agreement_id: UUID, django_capture_on_commit_callbacks: Callable
) -> None:
    kept = actions.seal(agreement_id, b"links", "run/1")
    assert actions.unseal(agreement_id, kept, "run/1") == b"links"
    with django_capture_on_commit_callbacks(execute=True):
        actions.destroy_key(SYSTEM, agreement_id, "Its date had come.")
    for read in (
        lambda: queries.read_list(SYSTEM, handed_in.pk, "run 1"),
        lambda: queries.read_records(reviewer, agreement_id, [(handed_in.pk, "S-1")], "pair"),
        lambda: actions.unseal(agreement_id, kept, "run/1"),
        lambda: actions.derive(agreement_id, "tokens"),
    ):
        with pytest.raises(KeyGone, match="destroyed"):
            read()
