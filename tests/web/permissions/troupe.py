"""Who tries the lines of every app: the people of two organisations, signed in once for all of them."""

from collections.abc import Callable, Iterable
from typing import Any

from django.test import Client

from philoxenia_web.accounts.models import Membership, Organisation, Person
from philoxenia_web.accounts.roles import Role

Enter = Callable[[Person | None], Client]


def browser(person: Person | None) -> Client:
    """Signed in as this person, or nobody."""
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def _person(name: str, place: Organisation, *roles: Role) -> Person:
    made = Person.objects.create_user(
        f"{name}@{place.pk}.example.org", "correct horse battery", name="Test Person"
    )
    Membership.objects.bulk_create(Membership(person=made, organisation=place, role=role) for role in roles)
    return made


class People(dict[str, Person]):
    """One person a role; remembers whom an app's world named, who may own things in it."""

    def __init__(self, people: dict[str, Person]) -> None:
        super().__init__(people)
        self.named: set[str] = set()

    def __getitem__(self, role: str) -> Person:
        self.named.add(role)
        return super().__getitem__(role)


class House:
    """An organisation, one person a role, and one person who holds all of them."""

    def __init__(self, name: str) -> None:
        self.place = Organisation.objects.create(name=name, kind=Organisation.Kind.DEPARTMENT)
        self.people = {role.value: _person(role, self.place, role) for role in Role}
        self.all_rounder = _person("everything", self.place, *Role)

    def again(self) -> "House":
        """The same rows, read anew: what one app's world did to these objects is not kept."""
        same = object.__new__(House)
        same.place = Organisation.objects.get(pk=self.place.pk)
        found = Person.objects.in_bulk([self.all_rounder.pk, *(one.pk for one in self.people.values())])
        same.people = People({role: found[one.pk] for role, one in self.people.items()})
        same.all_rounder = found[self.all_rounder.pk]
        return same

    def everybody(self) -> list[Person]:
        """All its people."""
        return [*self.people.values(), self.all_rounder]


def narrow(person: Person, roles: Iterable[str]) -> None:
    """Leave the person no other roles than these."""
    Membership.objects.filter(person=person).exclude(role__in=roles).delete()


def widen(person: Person, place: Organisation) -> None:
    """Give the person every role there."""
    roles = [Membership(person=person, organisation=place, role=role) for role in Role]
    Membership.objects.bulk_create(roles, ignore_conflicts=True)


class Browsers:
    """One browser a person, each as it was when they had just signed in."""

    def __init__(self, people: Iterable[Person | None], enter: Enter = browser) -> None:
        self._kept: dict[Any, tuple[Client, str]] = {}
        for person in people:
            client = enter(person)
            if person is not None:
                _settle(client)
            self._kept[person and person.pk] = client, client.cookies.output(header="", sep=";")

    def of(self, person: Person | None) -> tuple[Client, str]:
        """The browser, and its cookies then."""
        return self._kept[person and person.pk]


def _settle(client: Client) -> None:
    """What a session writes down at its first page and then once a minute is written here, once."""
    client.get("/profile/")
    session = client.session
    session["seen"] += 3600
    session.save()


class Troupe:
    """The organisation to which an app's objects belong, another one, and everybody's browser."""

    def __init__(self) -> None:
        self.own, self.others = House("Shelter and Support"), House("Parks and Trees")
        self.browsers = Browsers([None, *self.own.everybody(), *self.others.everybody()])
