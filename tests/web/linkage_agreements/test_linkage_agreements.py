"""An agreement begins when all have signed, holds until its day, and its end is for ever."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import Http404
from django.test import Client
from django.utils import timezone

from philoxenia_web.accounts.access import SYSTEM, Actor, Denied, actor_for
from philoxenia_web.accounts.models import AuditEntry, Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.linkage import actions, queries
from philoxenia_web.linkage.actions import Terms
from philoxenia_web.linkage.models import Agreement
from philoxenia_web.linkage.refusals import Conflict, KeyGone, NotPossible
from philoxenia_web.registry import actions as registry
from philoxenia_web.registry import keys
from philoxenia_web.registry.models import DataKey

Enter = Callable[[Any], Client]


# Proposing


def test_the_same_request_again_gives_the_same_agreement(steward: Actor, terms: Terms) -> None:
    request = uuid4()
    assert actions.propose(steward, terms, request).pk == actions.propose(steward, terms, request).pk
    assert Agreement.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"organisation_ids": 1}, "at least two departments"),
        ({"reviewer_ids": 1}, "at least two reviewers"),
        ({"valid_until": timedelta(days=-1)}, "has passed"),
        ({"valid_until": timedelta(days=800)}, "two years"),
    ],
)
def test_terms_that_cannot_be(steward: Actor, terms: Terms, change: dict[str, Any], said: str) -> None:
    ((name, value),) = change.items()
    until = timezone.localdate()
    changed = until + value if isinstance(value, timedelta) else getattr(terms, name)[:value]
    with pytest.raises(NotPossible, match=said):
        actions.propose(steward, replace(terms, **{name: changed}))


def test_a_reviewer_must_hold_the_role(
    steward: Actor, terms: Terms, person: Callable[..., Person], reviewers: list[Person]
) -> None:
    planner = person(Role.PLANNER)
    with pytest.raises(NotPossible, match="not a link reviewer"):
        actions.propose(steward, replace(terms, reviewer_ids=(reviewers[0].pk, planner.pk)))


def test_a_steward_of_neither_department_proposes_nothing(
    terms: Terms, person: Callable[..., Person], other_steward: Actor
) -> None:
    third = Organisation.objects.create(name="Libraries", kind=Organisation.Kind.DEPARTMENT)
    stranger = actor_for(person(Role.DATA_STEWARD, organisation=third, email="third@example.org"))
    with pytest.raises(NotPossible, match="Your own department"):
        actions.propose(stranger, terms)
    with pytest.raises(Denied):
        actions.propose(actor_for(person(Role.PLANNER)), terms)


# Signing


def test_it_begins_with_the_last_signature(
    proposed: Agreement, steward: Actor, other_steward: Actor, department: Organisation, health: Organisation
) -> None:
    once = actions.sign(steward, proposed.pk, department.pk, 1)
    again = actions.sign(steward, proposed.pk, department.pk, 1)
    assert once.state == again.state == Agreement.State.PROPOSED
    assert not DataKey.objects.exists()
    signed = actions.sign(other_steward, proposed.pk, health.pk, 1)
    assert signed.is_live
    assert keys.is_there(signed.pk)
    assert signed.signatures.count() == 2
    assert {one.terms["purpose"] for one in signed.signatures.all()} == {proposed.purpose}


def test_nobody_signs_for_another_department(
    proposed: Agreement, steward: Actor, health: Organisation
) -> None:
    with pytest.raises(Denied):
        actions.sign(steward, proposed.pk, health.pk, 1)


def test_extending_needs_every_signature_again(
    live: Agreement, steward: Actor, other_steward: Actor, department: Organisation, health: Organisation
) -> None:
    before, later = live.valid_until, live.valid_until + timedelta(days=60)
    actions.propose_extension(steward, live.pk, live.version, later)
    assert actions.sign(steward, live.pk, department.pk, 2).valid_until == before
    with pytest.raises(Conflict):
        actions.sign(other_steward, live.pk, health.pk, 1)
    assert actions.sign(other_steward, live.pk, health.pk, 2).valid_until == later
    assert DataKey.objects.get(pk=live.pk).valid_until == later


def test_who_changed_first_is_not_overwritten(live: Agreement, steward: Actor, other_steward: Actor) -> None:
    later = live.valid_until + timedelta(days=5)
    actions.propose_extension(steward, live.pk, live.version, later)
    with pytest.raises(Conflict):
        actions.propose_extension(other_steward, live.pk, live.version, later + timedelta(days=1))


# The end


def test_one_department_ends_it_for_all(
    live: Agreement, other_steward: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    kept = registry.seal(live.pk, b"links", "run")
    with django_capture_on_commit_callbacks(execute=True):
        ended = actions.end(other_steward, live.pk, "The plan is made.", live.version)
    assert not ended.is_live
    assert not keys.path_of(live.pk).exists()
    with pytest.raises(KeyGone, match="destroyed"):
        registry.unseal(live.pk, kept, "run")
    entry = AuditEntry.objects.get(action="registry.destroy_key")
    assert (entry.person_id, entry.reason) == (other_steward.person_id, "The plan is made.")


def test_it_ends_by_itself_the_day_after_the_last(
    live: Agreement, django_capture_on_commit_callbacks: Any
) -> None:
    assert actions.end_due() == 0
    yesterday = timezone.localdate() - timedelta(days=1)
    Agreement.objects.filter(pk=live.pk).update(valid_until=yesterday)
    DataKey.objects.filter(pk=live.pk).update(valid_until=yesterday)
    with pytest.raises(KeyGone, match="ended on"):
        # Even before the job has come.
        registry.derive(live.pk, "tokens")
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.end_due() == 1
    live.refresh_from_db()
    assert (live.state, live.ended_how) == (Agreement.State.ENDED, Agreement.End.DATE)
    assert not keys.path_of(live.pk).exists()
    assert actions.end_due() == 0


def test_an_older_database_beside_newer_keys_ends_what_had_ended(live: Agreement) -> None:
    keys.destroy(live.pk)
    assert registry.note_destroyed(SYSTEM) == 1
    assert actions.end_due() == 1
    live.refresh_from_db()
    assert (live.state, live.ended_how) == (Agreement.State.ENDED, Agreement.End.NOW)


def test_after_the_end_nothing_is_signed_or_extended(live: Agreement, steward: Actor) -> None:
    ended = actions.end(steward, live.pk, "The plan is made.")
    with pytest.raises(NotPossible, match="ended"):
        actions.propose_extension(steward, live.pk, ended.version, live.valid_until + timedelta(days=5))
    with pytest.raises(NotPossible, match="has ended"):
        actions.sign(steward, live.pk, next(iter(steward.organisations)), 1)


def test_an_end_needs_a_reason(live: Agreement, steward: Actor) -> None:
    with pytest.raises(NotPossible, match="Say why"):
        actions.end(steward, live.pk, "  ")


# Who sees it


def test_others_do_not_learn_that_it_exists(live: Agreement, person: Callable[..., Person]) -> None:
    third = Organisation.objects.create(name="Libraries", kind=Organisation.Kind.DEPARTMENT)
    for role in (Role.DATA_STEWARD, Role.PLANNER, Role.AUDITOR):
        stranger = actor_for(person(role, organisation=third, email=f"{role}@example.net"))
        with pytest.raises(Http404):
            queries.agreement_for(stranger, live.pk)
    unnamed = actor_for(person(Role.REVIEWER, email="unnamed@example.net"))
    with pytest.raises(Http404):
        queries.agreement_for(unnamed, live.pk)


def test_a_named_reviewer_sees_it_and_changes_nothing(live: Agreement, reviewers: list[Person]) -> None:
    reviewer = actor_for(reviewers[0])
    assert queries.agreement_for(reviewer, live.pk) == live
    with pytest.raises(Denied):
        actions.end(reviewer, live.pk, "I do not like it.")


# Pages


def test_pages_say_how_it_stands(live: Agreement, steward: Actor, enter: Enter) -> None:
    client = enter(steward)
    page = client.get(f"/linkage/{live.pk}/").content.decode()
    assert "31 days are left" in page
    assert "Public Health" in page
    actions.end(steward, live.pk, "The plan is made.")
    for path in ("", "lists/", "extend/"):
        told = client.get(f"/linkage/{live.pk}/{path}").content.decode()
        assert "its key was destroyed" in told
        assert "can no longer be read by anybody" in told


def test_an_agreement_from_proposal_to_end_through_pages(
    steward: Actor, other_steward: Actor, terms: Terms, enter: Enter
) -> None:
    one, two = enter(steward), enter(other_steward)
    form = {
        "request": str(uuid4()),
        "title": terms.title,
        "purpose": terms.purpose,
        "organisations": [str(each) for each in terms.organisation_ids],
        "needs": list(terms.needs),
        "reviewers": [str(each) for each in terms.reviewer_ids],
        "until": terms.valid_until.isoformat(),
    }
    address = one.post("/linkage/new/", form)["Location"]
    assert "Your signature is missing" in one.get("/linkage/").content.decode()
    for client, place in ((one, terms.organisation_ids[0]), (two, terms.organisation_ids[1])):
        signed = {"organisation": str(place), "signed_round": 1, "read": "on"}
        assert client.post(f"{address}sign/", signed)["Location"] == address
    assert "days are left" in two.get(address).content.decode()
    end = {"version": Agreement.objects.get().version, "because": "The plan is made.", "sure": "on"}
    assert two.post(f"{address}unlink/", end)["Location"] == address
    assert "The plan is made." in one.get(address).content.decode()
