"""What tests of the desk begin with: a department, its people, a person who came."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.test import Client

from philoxenia_web.accounts.access import Actor, actor_for
from philoxenia_web.accounts.models import Membership, Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.casework.actions.cases import open_case
from philoxenia_web.casework.models import Case
from philoxenia_web.registry.people import finding, records, shapes
from philoxenia_web.registry.people.visits import visiting


@dataclass
class Desk:
    """A department with a caseworker, as tests speak of it."""

    department: Organisation
    person: Person

    @property
    def actor(self) -> Actor:
        return actor_for(self.person)

    def browser(self) -> Client:
        client = Client()
        client.force_login(self.person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    def write_down(self, name: str = "Amal Haddad", year: int = 1987, **more: Any) -> Any:
        """Search, then a new record, as the pages do it."""
        actor = self.actor
        with visiting(actor):
            found = finding.find(actor, finding.Question(name, str(year)), "serving_now")
            draft = shapes.Draft(
                [shapes.NameForm(name)], birth=shapes.Birth(year=year, certainty="year_only"), **more
            )
            return records.create(actor, draft, found.mark, uuid4()).pk

    def open_case(self, resident_id: Any, **more: Any) -> Case:
        return open_case(self.actor, resident_id, self.department.pk, uuid4(), **more)


def desk_of(name: str, role: Role = Role.CASEWORKER, organisation: Organisation | None = None) -> Desk:
    """A new department (or a colleague in one), with one person who works there."""
    place = organisation or Organisation.objects.create(name=name, kind=Organisation.Kind.DEPARTMENT)
    person = Person.objects.create_user(
        f"{uuid4().hex[:12]}@example.org", "correct horse battery", name=f"Worker of {name}"
    )
    Membership.objects.create(person=person, organisation=place, role=role)
    return Desk(place, person)
