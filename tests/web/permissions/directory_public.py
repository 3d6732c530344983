"""What the rows of directory_public.csv open: one service at one place, which belongs to nobody here."""

from typing import Any

from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.directory import models as m
from philoxenia_web.directory.following import note


def world(_organisation: Organisation, _people: dict[str, Person]) -> dict[str, Any]:
    """Anybody may read it."""
    body = m.Organization.objects.create(name="Harbour Library", source="test", text_language="en")
    lessons = m.Service.objects.create(
        organization=body, name="English lessons", text_language="en", source="test"
    )
    room = m.Location.objects.create(name="Main branch", organization=body, text_language="en")
    m.ServiceAtLocation.objects.create(service=lessons, location=room)
    note([lessons.pk])
    service = {"language": "en", "service_id": lessons.pk}
    return {
        **{
            name: ({"language": "en"}, {})
            for name in ("help-first", "help-about", "help-person", "help-find")
        },
        **{f"help-{name}": (service, {}) for name in ("service", "poster", "wrong", "thanks")},
        "POST help-wrong": (service, {"kind": "hours", "words": "Closed on Mondays"}),
        "help-place": ({"language": "en", "place_id": room.pk}, {}),
        "help-organisation": ({"language": "en", "organisation_id": body.pk}, {}),
        "help-nothing": ({"rest": "en/nothing/"}, {}),
    }
