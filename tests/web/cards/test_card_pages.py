"""Pages of cards: of the desk, of partners, and the one for everybody."""

import json
import re
from collections.abc import Callable
from types import SimpleNamespace
from uuid import NAMESPACE_DNS, UUID, uuid4, uuid5

import jwt
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.web.cards.conftest import ENOUGH, picture, written_down

from philoxenia_web.accounts.access import SYSTEM, Actor, actor_for
from philoxenia_web.accounts.models import AuditEntry, Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.cards import issuing, lists
from philoxenia_web.cards.demo import make_demo_cards
from philoxenia_web.cards.models import Application, Card
from philoxenia_web.cards.refusals import NotPossible
from philoxenia_web.registry.mine.parts import filled
from philoxenia_web.registry.models import KeptFile
from philoxenia_web.registry.people.visits import resident_visit, visiting
from philoxenia_web.registry.rights import consents, parts


def browser(actor: Actor) -> Client:
    client = Client()
    person = Person.objects.get(pk=actor.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def desk(first: Actor) -> Client:
    """The first caseworker's browser."""
    return browser(first)


def test_a_card_from_begin_to_hand_over(desk: Client, second: Actor, first: Actor, resident: UUID) -> None:
    """As two people at two computers do it."""
    asked = {"kind": "first", "shows_birth": "on", "by": "self", "method": "spoken", "language": "ar"}
    # Nobody's name is shown to who did not say why they read it.
    record = reverse("front-person", args=[resident])
    assert desk.get(reverse("card-new", args=[resident]))["Location"] == record
    desk.get(record, {"why": "serving_now"})
    answer = desk.post(reverse("card-new", args=[resident]), asked)
    assert "has not agreed" in answer.content.decode() and 'dir="rtl"' in answer.content.decode()
    answer = desk.post(reverse("card-new", args=[resident]), {**asked, "agreed": "on"})
    with visiting(first):
        assert [one.language for one in consents.events(resident)] == ["ar"]
    place = answer["Location"]
    page = desk.get(place).content.decode()
    assert "Layan Zarour" in page and "<title>An application" in page
    photo = SimpleUploadedFile("Layan.jpg", picture(), "image/jpeg")
    desk.post(
        f"{place}photo/new/", {**asked, "file": photo, "agreed": "on", "x": "0.5", "y": "0.5", "share": "0.8"}
    )
    shown = desk.get(f"{place}photo/")
    assert shown.content.startswith(b"\xff\xd8") and "no-store" in shown["Cache-Control"]
    desk.post(f"{place}look/", {"version": "2", "says": "enough", "kinds": ENOUGH})
    page = desk.get(place).content.decode()
    # The first cannot be the second, and nobody is shown what the first chose.
    assert "You were the first" in page and "I have seen these" not in page
    other = browser(second)
    page = other.get(place).content.decode()
    assert "shown after the second look" in page and not re.search(r"checked", page)
    other.post(f"{place}look/", {"version": "3", "says": "enough", "kinds": ENOUGH})
    other.post(f"{place}step/", {"version": "4", "verb": "issue"})
    with visiting(first):
        card = Card.objects.get(resident=resident)
    sheet = desk.post(reverse("cards-print"), {"card": [str(card.pk)]})
    assert sheet.content.startswith(b"%PDF") and 'filename="cards.pdf"' in sheet["Content-Disposition"]
    # Printed once more, the page that is open goes on.
    desk.post(reverse("cards-print"), {"card": [str(card.pk)]})
    desk.post(reverse("card-step", args=[card.pk]), {"version": "2", "verb": "hand_over"})
    with visiting(first):
        card.refresh_from_db()
    assert card.state == "active"


def test_the_board_shows_what_waits(desk: Client, begun: Application) -> None:
    page = desk.get(reverse("cards")).content.decode()
    assert "Documents to be looked at" in page and "Layan Zarour" in page


def test_a_large_photo_never_lies_on_the_disk(
    desk: Client, begun: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("a file was made for an upload")

    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", refuse)
    noise = picture(2500, 3000, "PNG", compress_level=0)
    assert len(noise) > 3 * 2**20
    file = SimpleUploadedFile("x.png", noise[: 9 * 2**20], "image/png")
    answer = desk.post(reverse("card-photo-new", args=[begun.pk]), {"file": file, "agreed": "on"})
    assert answer.status_code == 302


def test_nothing_identifying_is_kept_of_documents(desk: Client, begun: Application) -> None:
    """Whatever a page may be made to send: a number, a file, words; nothing of it is anywhere afterwards."""
    number = "X99887766"
    desk.post(
        reverse("card-look", args=[begun.pk]),
        {"version": "2", "says": "enough", "kinds": [*ENOUGH, number], "number": number, "note": number,
         "file": SimpleUploadedFile("passport.jpg", picture(), "image/jpeg")},
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("set local role none")
        cursor.execute("select table_name from information_schema.tables where table_schema = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        for table in tables:
            held = f'select count(*) from "{table}" t where t::text like %s'  # noqa: S608 (tables of ours)
            cursor.execute(held, [f"%{number}%"])
            assert cursor.fetchone()[0] == 0, table
        cursor.execute("select count(*) from registry_keptfile")
        # The one is the photo for the card.
        assert cursor.fetchone()[0] == 1


def test_the_public_page_needs_nobody(client: Client, card: Card) -> None:
    for language, words in (("en", "Is this card good?"), ("ar", 'dir="rtl"')):
        answer = client.get(reverse("card-language", args=[language]))
        assert words in answer.content.decode()
        assert "Set-Cookie" not in answer and "camera=(self)" in answer["Permissions-Policy"]
        assert not answer.cookies and len(answer.content) < 50_000
    assert client.get("/card/", headers={"Accept-Language": "ar"})["Content-Language"] == "ar"
    assert client.get("/card/xx/").status_code == 404
    assert client.get("/card/lists/7/").status_code == 404


def test_keys_and_list_are_those_of_the_standards(client: Client, card: Card) -> None:
    told = json.loads(client.get(reverse("card-keys")).content)
    (key,) = [jwt.PyJWK(one) for one in told["keys"]]
    text = client.get(reverse("card-list", args=[0])).content.decode()
    read = jwt.decode(text, key, algorithms=["EdDSA"])
    assert read["credentialSubject"]["statusPurpose"] == "revocation"
    assert read["id"].endswith("/card/lists/0/") and told["list_bits"] == lists.bits()


def test_people_get_what_is_kept_and_are_forgotten(first: Actor, card: Card) -> None:
    (export,) = [one for one in parts.exports() if one.name == "cards"]
    with resident_visit(card.resident_id):
        (row,) = export.rows(card.resident_id)
        (shown,) = [one.html for one in filled(card.resident_id) if one.template == "cards/own.html"]
    assert reverse("card-language", args=["en"]) in shown
    assert row["card"]["state"] == "issued" and len(row["documents_seen"]) == 4
    json.dumps(row)
    with visiting(SYSTEM):
        issuing.forget(SYSTEM, card.resident_id)
        assert not Card.objects.exists() and not Application.objects.exists()
        assert not KeptFile.objects.filter(kind="card_photo").exists()
    assert lists.is_withdrawn(card.index)


def test_no_card_is_printed_without_its_sheet(
    desk: Client, card: Card, first: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: object) -> bytes:
        raise NotPossible("no")

    monkeypatch.setattr("philoxenia_web.cards.sheets.pdf", fails)
    desk.post(reverse("cards-print"), {"card": [str(card.pk)]})
    with visiting(first):
        card.refresh_from_db()
    assert card.state == "issued"
    # That the name was read for it is told even so.
    assert AuditEntry.objects.filter(action="registry.read_identity").count() > 3


def test_two_supervisors_give_a_key_up_on_its_page(
    boss: Actor, card: Card, person: Callable[..., Person]
) -> None:
    place, kid = reverse("card-keys-page"), card.signed_with.kid
    one, other = browser(boss), browser(actor_for(person(Role.SUPERVISOR, email="boss2@example.org")))
    one.post(place, {"verb": "doubt", "kid": kid})
    page = one.get(place).content.decode()
    assert "Another supervisor confirms it" in page and 'value="give_up"' not in page
    assert 'value="give_up"' in other.get(place).content.decode()
    other.post(place, {"verb": "give_up", "kid": kid})
    assert one.post(place, {"verb": "give_up", "kid": "ffffffff"}).status_code == 404
    page = one.get(place).content.decode()
    assert "given up" in page and page.count('value="doubt"') == 1
    assert "print anew" not in one.get(reverse("cards")).content.decode()


def test_the_record_shows_the_card(desk: Client, card: Card) -> None:
    record = reverse("front-person", args=[card.resident_id])
    page = desk.get(record, {"why": "serving_now"}).content.decode()
    assert "To be printed" in page and reverse("card-application", args=[card.application_id]) in page


def test_partners_see_their_benefits_alone(sign_in: Callable[..., Client]) -> None:
    page = sign_in(Role.PARTNER).get(reverse("card-benefits"))
    assert "No benefits yet" in page.content.decode() and "Add a benefit" not in page.content.decode()


def test_the_demonstration_has_cards_in_every_state(
    first: Actor, second: Actor, department: Organisation
) -> None:
    names = ["Adel", "Badr", "Celik", "Dari", "Erez", "Farah", "Gul", "Haidar", "Idris", "Jabr"]
    people = [SimpleNamespace(resident_id=written_down(first, f"Amal {one}")) for one in names]
    front = SimpleNamespace(
        worker=first, supervisor=second, organisation_id=department.pk, partner_id=uuid4(), cases=people,
        key=lambda *parts: uuid5(NAMESPACE_DNS, str(parts)),
    )  # fmt: skip
    assert make_demo_cards(front) == make_demo_cards(front) == 10
    with visiting(first):
        states = sorted(Card.objects.values_list("state", flat=True))
        assert states == [*["active"] * 4, "issued", "printed", "withdrawn"]
        assert sorted(Application.objects.values_list("state", flat=True))[0] == "accepted"
