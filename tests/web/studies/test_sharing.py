"""Who finds a study: its planners, those it is shared with until the last day; auditors, how it was made."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import Http404
from django.utils import timezone

from philoxenia_web.accounts.access import NOBODY, Actor
from philoxenia_web.accounts.models import AuditEntry, Organisation
from philoxenia_web.accounts.roles import Role
from philoxenia_web.studies import actions, queries
from philoxenia_web.studies.models import Share, Study
from philoxenia_web.studies.refusals import Refused

Acts = Callable[..., Actor]


def sees(actor: Actor, study: Study) -> bool:
    return queries.visible(actor).filter(pk=study.pk).exists()


@pytest.mark.parametrize(
    ("role", "reads", "sees_settings"),
    [
        (Role.PLANNER, True, True),
        (Role.DATA_STEWARD, False, False),
        (Role.CASEWORKER, False, False),
        (Role.PARTNER, False, False),
        (Role.AUDITOR, False, True),
        (Role.ADMINISTRATOR, False, False),
    ],
)
def test_inside_the_organisation_before_it_is_shared(
    acts: Acts, done: Study, planner: Actor, role: Role, reads: bool, sees_settings: bool
) -> None:
    actor = planner if role == Role.PLANNER else acts(role)
    assert sees(actor, done) is reads
    assert queries.settings_visible(actor).filter(pk=done.pk).exists() is sees_settings


@pytest.mark.parametrize("role", list(Role))
def test_nobody_elsewhere_finds_it(
    acts: Acts, done: Study, partner_organisation: Organisation, role: Role
) -> None:
    other = acts(role, partner_organisation)
    with pytest.raises(Http404):
        queries.study_for(other, done.pk)
    with pytest.raises(Http404):
        queries.settings_for(other, done.pk)


def test_nobody_who_is_not_signed_in_finds_anything(done: Study, planner: Actor) -> None:
    actions.share(planner, done.pk, key=uuid4())
    assert not queries.visible(NOBODY).exists()


@pytest.mark.parametrize(
    ("to_organisation", "to_role", "role", "finds"),
    [
        (True, "", Role.PARTNER, True),
        (True, "", Role.CASEWORKER, True),
        (True, "", Role.ADMINISTRATOR, False),
        (True, "", Role.AUDITOR, False),
        (True, Role.PARTNER, Role.PARTNER, True),
        (True, Role.CASEWORKER, Role.PARTNER, False),
        (False, Role.PARTNER, Role.PARTNER, True),
        (False, Role.CASEWORKER, Role.PARTNER, False),
        (False, "", Role.DATA_STEWARD, True),
        (False, "", Role.ADMINISTRATOR, False),
    ],
)
def test_a_share_reaches_the_organisation_and_role_it_names(
    acts: Acts,
    planner: Actor,
    done: Study,
    partner_organisation: Organisation,
    to_organisation: bool,
    to_role: str,
    role: Role,
    finds: bool,
) -> None:
    receiver = partner_organisation.pk if to_organisation else None
    actions.share(planner, done.pk, key=uuid4(), organisation_id=receiver, role=to_role)
    assert sees(acts(role, partner_organisation), done) is finds


def test_a_share_with_one_organisation_does_not_reach_another(
    acts: Acts, planner: Actor, done: Study, partner_organisation: Organisation
) -> None:
    actions.share(planner, done.pk, key=uuid4(), organisation_id=partner_organisation.pk)
    third = Organisation.objects.create(name="Third", kind=Organisation.Kind.PARTNER)
    assert not sees(acts(Role.PARTNER, third), done)


def test_a_role_counts_only_in_the_organisation_it_is_held_in(
    planner: Actor, done: Study, acts: Acts, partner_organisation: Organisation
) -> None:
    third = Organisation.objects.create(name="Third", kind=Organisation.Kind.PARTNER)
    both = acts(Role.CASEWORKER, third)
    both = replace(both, memberships=both.memberships | {(partner_organisation.pk, Role.ADMINISTRATOR)})
    actions.share(planner, done.pk, key=uuid4(), organisation_id=partner_organisation.pk)
    assert not sees(both, done)


def test_a_share_holds_on_its_last_day_and_not_after(
    acts: Acts, planner: Actor, done: Study, partner_organisation: Organisation
) -> None:
    reader = acts(Role.PARTNER, partner_organisation)
    today = timezone.localdate()
    made = actions.share(planner, done.pk, key=uuid4(), until=today)
    assert sees(reader, done)
    Share.objects.filter(pk=made.pk).update(until=today - timedelta(days=1))
    assert not sees(reader, done)


def test_an_ended_share_holds_no_longer(
    acts: Acts, planner: Actor, done: Study, partner_organisation: Organisation
) -> None:
    made = actions.share(planner, done.pk, key=uuid4())
    for _ in range(2):
        actions.unshare(planner, done.pk, made.pk)
    assert not sees(acts(Role.PARTNER, partner_organisation), done)
    trail = AuditEntry.objects.filter(object_id=str(done.pk), action="studies.unshare")
    assert trail.count() == 1


def test_sharing_again_with_the_same_receiver_changes_the_end(planner: Actor, done: Study) -> None:
    soon = timezone.localdate() + timedelta(days=7)
    first = actions.share(planner, done.pk, key=uuid4())
    second = actions.share(planner, done.pk, key=uuid4(), until=soon)
    assert first.pk == second.pk
    assert Share.objects.get().until == soon


def test_the_same_key_shares_once(planner: Actor, done: Study, partner_organisation: Organisation) -> None:
    key = uuid4()
    actions.share(planner, done.pk, key=key)
    actions.share(planner, done.pk, key=key, organisation_id=partner_organisation.pk)
    assert Share.objects.get().organisation_id is None


def test_what_cannot_be_shared(planner: Actor, draft: Study) -> None:
    with pytest.raises(Refused, match="Only a finished study"):
        actions.share(planner, draft.pk, key=uuid4())


@pytest.mark.parametrize(
    "change", [{"role": "administrator"}, {"role": "king"}, {"organisation_id": uuid4()}]
)
def test_receivers_that_cannot_be(planner: Actor, done: Study, change: dict[str, object]) -> None:
    with pytest.raises(Refused):
        actions.share(planner, done.pk, key=uuid4(), **change)  # type: ignore[arg-type]
    assert not Share.objects.exists()


def test_an_end_that_has_passed_is_refused(planner: Actor, done: Study) -> None:
    with pytest.raises(Refused, match="today or later"):
        actions.share(planner, done.pk, key=uuid4(), until=timezone.localdate() - timedelta(days=1))


def test_a_token_sees_no_more_than_its_scopes(planner: Actor, done: Study) -> None:
    assert not sees(replace(planner, scopes=frozenset({"datasets.see"})), done)
    assert sees(replace(planner, scopes=frozenset({"studies.read"})), done)
    with pytest.raises(Http404):
        actions.share(replace(planner, scopes=frozenset({"studies.read"})), done.pk, key=uuid4())


def test_auditors_do_not_see_drafts(acts: Acts, draft: Study) -> None:
    assert not queries.settings_visible(acts(Role.AUDITOR)).exists()


def test_what_to_show_first(
    acts: Acts, planner: Actor, done: Study, partner_organisation: Organisation
) -> None:
    reader = acts(Role.PARTNER, partner_organisation)
    assert queries.latest_shared(reader) is None
    assert queries.latest_shared(planner) == done
    actions.share(planner, done.pk, key=uuid4())
    assert queries.latest_shared(reader) == done
