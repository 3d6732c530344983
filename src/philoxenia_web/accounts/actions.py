"""Writes of organisations and people: permission, transaction and audit in one place."""

import base64
import hashlib
import hmac
from typing import TypeVar
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import SYSTEM, Actor, check_can
from philoxenia_web.accounts.audit import record
from philoxenia_web.accounts.models import Membership, Organisation, Person
from philoxenia_web.accounts.policies import (
    MANAGE_PEOPLE,
    check_administrator_remains,
    check_grantable,
    check_not_self,
    check_separate_duties,
)
from philoxenia_web.accounts.roles import Role

Kept = TypeVar("Kept", Organisation, Person)


class ChangedMeanwhile(Exception):  # noqa: N818 (a sentence, as the page says it)
    """Somebody else changed the object after the form was opened. `current` is what it is now."""

    def __init__(self, current: Organisation | Person) -> None:
        super().__init__(_("Somebody else changed this while you were editing. Nothing was saved."))
        self.current = current


def make_organisation(actor: Actor, name: str, kind: str, key: UUID | None = None) -> Organisation:
    """A new organisation; the same key again gives the one it made the first time."""
    check_can(actor, MANAGE_PEOPLE)
    with transaction.atomic():
        fields = {"name": name, "kind": Organisation.Kind(kind)}
        if key is None:
            made, new = Organisation.objects.create(**fields), True
        else:
            made, new = Organisation.objects.get_or_create(key=key, defaults=fields)
        if new:
            record(actor, "accounts.make_organisation", made, after=fields, organisation_id=made.pk)
    return made


def rename_organisation(actor: Actor, organisation_id: UUID, name: str, version: int) -> Organisation:
    """Another name."""
    check_can(actor, MANAGE_PEOPLE)
    with transaction.atomic():
        organisation = _locked(Organisation, organisation_id, version)
        before = {"name": organisation.name}
        organisation.name = name
        _save(organisation, "name")
        record(
            actor,
            "accounts.rename_organisation",
            organisation,
            before=before,
            after={"name": name},
            organisation_id=organisation.pk,
        )
    return organisation


def set_organisation_active(actor: Actor, organisation_id: UUID, active: bool, version: int) -> Organisation:
    """Close an organisation, so that roles in it count no more; or open it again."""
    check_can(actor, MANAGE_PEOPLE)
    with transaction.atomic():
        organisation = _locked(Organisation, organisation_id, version)
        before = {"active": organisation.active}
        if not active:
            _check_closing_leaves_an_administrator(organisation)
        organisation.active = active
        _save(organisation, "active")
        verb = "accounts.reopen_organisation" if active else "accounts.close_organisation"
        record(
            actor,
            verb,
            organisation,
            before=before,
            after={"active": active},
            organisation_id=organisation.pk,
        )
    return organisation


def set_roles(actor: Actor, person_id: UUID, organisation_id: UUID, roles: set[Role], version: int) -> Person:
    """Let somebody hold exactly these roles in an organisation."""
    check_can(actor, MANAGE_PEOPLE)
    with transaction.atomic():
        person = _locked(Person, person_id, version)
        organisation = Organisation.objects.get(pk=organisation_id)
        check_not_self(actor, person)
        held = _roles_of(person, organisation)
        if roles - held:
            check_grantable(organisation, roles)
        check_separate_duties(person, organisation, roles)
        if Role.ADMINISTRATOR in held - roles:
            check_administrator_remains(person)
        replace_roles(person, organisation, roles)
        _save(person)
        record(
            actor,
            "accounts.set_roles",
            person,
            before={"roles": sorted(held)},
            after={"roles": sorted(roles)},
            organisation_id=organisation.pk,
        )
    return person


def replace_roles(person: Person, organisation: Organisation, roles: set[Role]) -> None:
    """The rows of `set_roles`, without its checks."""
    held = Membership.objects.filter(person=person, organisation=organisation)
    held.exclude(role__in=roles).delete()
    missing = roles - _roles_of(person, organisation)
    Membership.objects.bulk_create(
        Membership(person=person, organisation=organisation, role=role) for role in missing
    )


def deactivate(actor: Actor, person_id: UUID, version: int) -> Person:
    """Close somebody's account: sessions and tokens end at once."""
    check_can(actor, MANAGE_PEOPLE)
    with transaction.atomic():
        person = _locked(Person, person_id, version)
        check_not_self(actor, person)
        if Membership.objects.filter(person=person, role=Role.ADMINISTRATOR).exists():
            check_administrator_remains(person)
        person.is_active = False
        end_access(person)
        _save(person, "is_active", "epoch")
        record(actor, "accounts.deactivate", person, before={"active": True}, after={"active": False})
    return person


def reactivate(actor: Actor, person_id: UUID, version: int) -> Person:
    """Open a closed account again; the person signs in anew."""
    check_can(actor, MANAGE_PEOPLE)
    with transaction.atomic():
        person = _locked(Person, person_id, version)
        check_not_self(actor, person)
        person.is_active = True
        _save(person, "is_active")
        record(actor, "accounts.reactivate", person, before={"active": False}, after={"active": True})
    return person


def sign_out_everywhere(actor: Actor, person_id: UUID) -> Person:
    """End every session and token of somebody."""
    check_can(actor, MANAGE_PEOPLE)
    with transaction.atomic():
        person = Person.objects.select_for_update(no_key=True).get(pk=person_id)
        end_access(person)
        person.save(update_fields=["epoch"])
        record(actor, "accounts.sign_out_everywhere", person)
    return person


def reset_second_factor(actor: Actor, person_id: UUID, version: int) -> Person:
    """Take away the second factors of somebody who lost them; they set up new ones at the next sign-in."""
    check_can(actor, MANAGE_PEOPLE)
    with transaction.atomic():
        person = _locked(Person, person_id, version)
        check_not_self(actor, person)
        found = Authenticator.objects.filter(user=person)
        kinds = sorted(found.values_list("type", flat=True))
        found.delete()
        end_access(person)
        _save(person, "epoch")
        record(actor, "accounts.reset_second_factor", person, before={"kinds": kinds}, after={"kinds": []})
    return person


def change_own_profile(actor: Actor, name: str, language: str) -> Person:
    """One's own name and language."""
    with transaction.atomic():
        person = Person.objects.select_for_update(no_key=True).get(pk=actor.person_id)
        changed = [
            field
            for field, value in (("name", name), ("language", language))
            if getattr(person, field) != value
        ]
        person.name, person.language = name, language
        if changed:
            _save(person, "name", "language")
            # Which fields, not what they say: a name is personal.
            record(actor, "accounts.change_own_profile", person, after={"changed": changed})
    return person


def end_access(person: Person) -> None:
    """Make every session and token of a person worthless: they carry the epoch. The caller saves it."""
    person.epoch += 1
    end_sessions(person)


def end_sessions(person: Person, but: str | None = None) -> None:
    """End the sessions of a person, all of them or all but one."""
    ended = UserSession.objects.filter(user=person).exclude(session_key=but or "")
    Session.objects.filter(session_key__in=list(ended.values_list("session_key", flat=True))).delete()
    ended.delete()


def make_person(
    email: str, name: str, *, password: str | None, language: str = "", verified: bool = True
) -> Person:
    """A person with a known e-mail address. Roles are given separately."""
    person = get_user_model().objects.create_user(email, password, name=name, language=language)
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=verified)
    return person


# An agreement needs two departments and a decision two reviewers: these roles are there twice.
_TWICE = (Role.DATA_STEWARD, Role.REVIEWER)


def make_demo_people() -> list[tuple[Role, str, str]]:
    """People of each role, for trying things out: role, e-mail address, password. Again gives the same."""
    password = _demo_password()
    with transaction.atomic():
        city = _demo_organisation("Demo department", Organisation.Kind.DEPARTMENT)
        other = _demo_organisation("Demo second department", Organisation.Kind.DEPARTMENT)
        partner = _demo_organisation("Demo partner", Organisation.Kind.PARTNER)
        for role in Role:
            _make_demo_person(role, partner if role is Role.PARTNER else city, password)
        for role in _TWICE:
            _make_demo_person(role, other, password, 2)
    return [(role, email, password) for role, email in demo_accounts()]


def demo_accounts() -> list[tuple[Role, str]]:
    """Each role of a demonstration with the e-mail address to sign in with."""
    return [(role, _demo_email(role)) for role in Role] + [(role, _demo_email(role, 2)) for role in _TWICE]


def _make_demo_person(role: Role, organisation: Organisation, password: str, number: int = 1) -> None:
    email = _demo_email(role, number)
    person = Person.objects.filter(email=email).first()
    if person is None:
        name = f"Demo {role.label}" + (f" {number}" if number > 1 else "")
        person = make_person(email, name, password=password)
        record(SYSTEM, "accounts.make_demo_person", person, after={"roles": [role]})
    elif not person.check_password(password):
        person.set_password(password)
        person.save(update_fields=["password"])
    Membership.objects.get_or_create(person=person, organisation=organisation, role=role)


def _demo_organisation(name: str, kind: str) -> Organisation:
    return Organisation.objects.filter(name=name).first() or make_organisation(SYSTEM, name, kind)


def _demo_email(role: Role, number: int = 1) -> str:
    return f"{role.replace('_', '-')}{f'-{number}' if number > 1 else ''}@example.org"


def _demo_password() -> str:
    """Follows from the installation's secret, so that it is known to whoever runs it and to nobody else."""
    digest = hmac.new(settings.SECRET_KEY.encode(), b"demo people", hashlib.sha256).digest()
    letters = base64.b32encode(digest).decode().lower()
    return "-".join(letters[start : start + 4] for start in (0, 4, 8, 12))


def _roles_of(person: Person, organisation: Organisation) -> set[Role]:
    held = Membership.objects.filter(person=person, organisation=organisation)
    return {Role(name) for name in held.values_list("role", flat=True)}


def _check_closing_leaves_an_administrator(organisation: Organisation) -> None:
    inside = Person.objects.filter(
        memberships__organisation=organisation, memberships__role=Role.ADMINISTRATOR
    )
    for person in inside.distinct():
        check_administrator_remains(person)


def _locked(model: type[Kept], pk: UUID, version: int) -> Kept:
    """The row, held until the transaction ends; an exception where it is no longer the version edited."""
    found = model.objects.select_for_update(no_key=True).get(pk=pk)
    if found.version != version:
        raise ChangedMeanwhile(found)
    return found


def _save(changed: Organisation | Person, *fields: str) -> None:
    changed.version += 1
    changed.save(update_fields=[*fields, "version"])
