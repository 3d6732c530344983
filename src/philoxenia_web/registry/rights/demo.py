"""Rights in a demonstration: requests that wait, a list with somebody known, a slip to an own page."""

import csv
import io
from typing import Any, Protocol
from uuid import UUID

from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.registry.models import PeopleImport, RightsRequest, Slip
from philoxenia_web.registry.people import records
from philoxenia_web.registry.people.shapes import Draft
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.rights import import_taking, importing
from philoxenia_web.registry.rights.printing import print_slip
from philoxenia_web.registry.rights.requests import Wish, ask

_WISHES = (
    Wish("correct", words="SYNTHETIC: the telephone number is not mine any more."),
    Wish("see"),
    Wish("take_along"),
)
# Nobody's: whose page it opens does not exist.
_PIN = "4702"
_COLUMNS = ("record_id", "full_name", "birth_date", "district_id")


class Front(Protocol):
    """What the demonstration of the front door hands on."""

    worker: Actor
    supervisor: Actor
    organisation_id: UUID
    cases: list[Any]
    spare: list[Draft]
    own_page: dict[str, str]

    def key(self, *parts: object) -> UUID:
        """The same key for the same thing."""


def make_demo_rights(front: Front) -> None:
    """Requests of some, a list that was brought, a slip for one. Twice is once."""
    people = list(dict.fromkeys(one.resident_id for one in front.cases))
    for wish, resident_id in zip(_WISHES, people, strict=False):
        key = front.key("request", wish.kind)
        with visiting(front.worker):
            if not RightsRequest.objects.filter(key=key).exists():
                ask(front.worker, resident_id, wish, key)
    _list(front, people[-1])
    front.own_page.update(_slip(front, people[0]))


def _slip(front: Front, resident_id: UUID) -> dict[str, str]:
    """Code and number of an own page, at the first start; nothing after it, when nobody knows them."""
    key = front.key("slip")
    with visiting(SYSTEM):
        if Slip.objects.filter(key=key).exists():
            return {}
    with visiting(front.worker):
        _made, code = print_slip(front.worker, resident_id, _PIN, "en", key)
    return {"code": code, "number": _PIN}


def _list(front: Front, resident_id: UUID) -> None:
    """A list of the department: new people, and one who may be somebody known.

    The workers would do its jobs within a minute; whoever looks at once finds them done.
    """
    told = importing.Received(
        _written(front, resident_id), "synthetic.csv", front.organisation_id, front.key("import")
    )
    batch = importing.receive(front.supervisor, told)
    importing.check(batch.pk)
    with visiting(front.supervisor):
        batch = PeopleImport.objects.get(pk=batch.pk)
    if batch.state == PeopleImport.State.CHECKED:
        importing.take_in(front.supervisor, batch.pk, batch.version)
        import_taking.run(batch.pk)


def _written(front: Front, resident_id: UUID) -> bytes:
    with visiting(SYSTEM):
        known = records.open_record(SYSTEM, resident_id, "import")
    rows = [(one.names[-1].text, one.birth.date, one.district_id) for one in front.spare[1:]]
    # The same person in another office's hand: the order of the names turned round.
    turned = " ".join(reversed(known.name.split()))
    rows.append((turned, str(known.birth_year), known.district_id))
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(_COLUMNS)
    table.writerows((f"S-{number:04d}", *row) for number, row in enumerate(rows, 1))
    return file.getvalue().encode()
