"""A desk with two caseworkers, a person who asks for a card, a folder of keys of its own."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from PIL import Image

from philoxenia_web.accounts.access import Actor, actor_for
from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.cards import applications, issuing
from philoxenia_web.cards.applications import Looked
from philoxenia_web.cards.models import Application, Card
from philoxenia_web.registry.people import finding, records
from philoxenia_web.registry.people.shapes import Birth, Draft, Language, NameForm
from philoxenia_web.registry.rights.consents import Said

ENOUGH = ("passport", "bill")


@pytest.fixture(autouse=True)
def own_folder(settings: LazySettings, tmp_path: Path) -> Path:
    """Files and keys of these tests lie in a folder of their own; the city is the example."""
    var = tmp_path / "var"
    city = Path(__file__).resolve().parents[3] / "cities" / "toronto"
    settings.ENVIRONMENT = replace(
        settings.ENVIRONMENT, var=var, keys=var / "keys", registry_keys=(), city=city
    )
    return var


@pytest.fixture
def first(person: Callable[..., Person]) -> Actor:
    """A caseworker."""
    return actor_for(person(Role.CASEWORKER, email="first@example.org"))


@pytest.fixture
def second(person: Callable[..., Person]) -> Actor:
    """Another of the same desk."""
    return actor_for(person(Role.CASEWORKER, email="second@example.org"))


@pytest.fixture
def boss(person: Callable[..., Person]) -> Actor:
    """A supervisor of the desk."""
    return actor_for(person(Role.SUPERVISOR, email="boss@example.org"))


@pytest.fixture
def stranger(person: Callable[..., Person]) -> Actor:
    """A caseworker of another department."""
    place = Organisation.objects.create(name="Public Health", kind=Organisation.Kind.DEPARTMENT)
    return actor_for(person(Role.CASEWORKER, organisation=place, email="other@example.org"))


def written_down(actor: Actor, *names: str) -> UUID:
    """Somebody new, as a desk writes them down."""
    told = Draft([NameForm(one) for one in names], birth=Birth("1987-03-05"), languages=[Language("ar")])
    mark = finding.find(actor, finding.Question(names[0], "1987"), "serving_now").mark
    return records.create(actor, told, mark, uuid4()).pk


@pytest.fixture
def resident(first: Actor) -> UUID:
    """Somebody with a name in two scripts."""
    return written_down(first, "Layan Zarour", "ليان زعرور")


@pytest.fixture
def begun(first: Actor, resident: UUID, department: Organisation) -> Application:
    """An application with a photo."""
    made = applications.begin(first, resident, department.pk, applications.Asked(said=Said()), uuid4())
    return applications.set_photo(first, made.pk, picture(), said=Said())


def accepted(first: Actor, second: Actor, one: Application) -> Application:
    """Two people saw enough."""
    one = applications.look(first, one.pk, one.version, Looked("enough", ENOUGH))
    return applications.look(second, one.pk, one.version, Looked("enough", ENOUGH))


@pytest.fixture
def card(first: Actor, second: Actor, begun: Application) -> Card:
    """A card that is to be printed."""
    one = accepted(first, second, begun)
    return issuing.issue(first, one.pk, one.version)


def picture(width: int = 900, height: int = 1200, form: str = "JPEG", **kept: object) -> bytes:
    """A photo, with whatever else is asked for in it."""
    stream = io.BytesIO()
    Image.radial_gradient("L").resize((width, height)).convert("RGB").save(stream, form, **kept)
    return stream.getvalue()
