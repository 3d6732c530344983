"""What the rows of cards.csv open: an application with a photo, a card, a benefit of the organisation."""

import io
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from philoxenia.cards.payload import written
from philoxenia_web.accounts.access import actor_for
from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.cards import applications, benefits, issuing
from philoxenia_web.cards.applications import Looked
from philoxenia_web.directory.models import Organization, Service
from philoxenia_web.registry.people import finding, records, shapes
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.rights.consents import Said

ENOUGH = ("passport", "bill")


def photo() -> bytes:
    """A grey picture."""
    stream = io.BytesIO()
    Image.new("RGB", (600, 800), "grey").save(stream, "JPEG")
    return stream.getvalue()


def world(organisation: Organisation, people: dict[str, Person]) -> dict[str, Any]:
    """An application that waits for the first look, a card that is to be printed, and a benefit."""
    first, second = (actor_for(people[role]) for role in ("caseworker", "supervisor"))
    with visiting(first):
        residents = []
        for name in ("Amal Haddad", "Ilir Kola", "Olha Koval"):
            found = finding.find(first, finding.Question(name, "1987"), "serving_now")
            draft = shapes.Draft([shapes.NameForm(name)], birth=shapes.Birth(year=1987))
            residents.append(records.create(first, draft, found.mark, uuid4()).pk)
        asked = applications.Asked(said=Said())
        opened = applications.begin(first, residents[0], organisation.pk, asked, uuid4())
        opened = applications.set_photo(first, opened.pk, photo(), said=Said())
        done = applications.begin(first, residents[1], organisation.pk, asked, uuid4())
        done = applications.look(first, done.pk, done.version, Looked("enough", ENOUGH))
        done = applications.look(second, done.pk, done.version, Looked("enough", ENOUGH))
        card = issuing.issue(first, done.pk, done.version)
        token = issuing.printed(first, card.pk)[2]
    body = Organization.objects.create(name="Museum", member=organisation)
    service = Service.objects.create(organization=body, name="Entrance", text_language="en")
    other = Service.objects.create(organization=body, name="Concert", text_language="en")
    benefit = benefits.add_benefit(second, organisation.pk, service.pk, "month", uuid4())
    one, its = {"application_id": opened.pk}, {"benefit_id": benefit.pk}

    def upload() -> dict[str, Any]:
        return {"file": SimpleUploadedFile("x.jpg", photo(), "image/jpeg"), "agreed": "on"}

    return {
        "card-language": ({"language": "ar"}, {}),
        "card-list": ({"number": 0}, {}),
        "cards-print": ({}, {"card": str(card.pk)}),
        "card-new": ({"resident_id": residents[2]}, {}),
        "POST card-new": ({"resident_id": residents[2]}, {"kind": "first", "agreed": "on"}),
        "card-application": (one, {}),
        "card-photo": (one, {}),
        "card-photo-new": (one, upload),
        "card-look": (one, {"version": "2", "says": "enough", "kinds": list(ENOUGH)}),
        "card-application-step": (one, {"version": "2", "verb": "withdraw"}),
        "card-step": ({"card_id": card.pk}, {"version": "2", "verb": "withdraw", "reason": "lost"}),
        "POST card-benefit-new": ({}, {"service": f"{organisation.pk} {other.pk}", "often": "day"}),
        "card-benefit": (its, {}),
        "POST card-benefit": (its, {"code": written(token)}),
        "card-benefit-active": (its, {"active": "no"}),
        "POST card-keys-page": ({}, {"verb": "rotate"}),
    }
