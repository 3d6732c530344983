"""What the rows of registry_rights.csv open: a person with a request, a slip, a proposal and a list."""

from datetime import date
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from philoxenia_web.accounts.access import SYSTEM, Actor, actor_for
from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.registry import keys, sealing
from philoxenia_web.registry.models import ImportRow, PeopleImport, Resident, RetentionItem
from philoxenia_web.registry.people import finding, records
from philoxenia_web.registry.people.shapes import Birth, Draft, NameForm
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.rights import printing, requests


def written_down(actor: Actor) -> Resident:
    """Somebody with a record."""
    draft = Draft([NameForm("Zoreta Quillimand")], birth=Birth("1987-03-05"))
    asked = finding.Question("Zoreta Quillimand", "1987")
    return records.create(actor, draft, finding.find(actor, asked, "serving_now").mark, uuid4())


def world(organisation: Organisation, people: dict[str, Person]) -> dict[str, Any]:
    """Of one department; other desks serve the person too, but decide nothing."""
    actor = actor_for(people["caseworker"])
    resident, without_slip = written_down(actor), written_down(actor)
    with visiting(actor):
        asked = requests.ask(actor, resident.pk, requests.Wish("take_along"), uuid4())
        requests.ask(actor, resident.pk, requests.Wish("erase"), uuid4())
        slip, _code = printing.print_slip(actor, resident.pk, "4702", "en", uuid4())
        number = records.number_of(resident.pk)
    batch, row, item = _waiting(organisation, people["supervisor"], resident)
    its = {"resident_id": resident.pk}
    said = {"key": str(uuid4()), "language": "en", "by": "self", "method": "spoken", "do": "give"}

    def handed() -> dict[str, Any]:
        return {"key": str(uuid4()), "file": SimpleUploadedFile("p.csv", b"record_id,given_name\nS,Ann\n")}

    return {
        **{f"rights-{name}": (its, {}) for name in ("person", "readings", "take-along")},
        "rights-agree": (its | {"code": "reminders"}, said),
        # A second one within a day is a supervisor's.
        "rights-slip": (
            {"resident_id": without_slip.pk},
            {"key": str(uuid4()), "language": "en", "pin": "4702"},
        ),
        "rights-speakers": (
            its,
            {"key": str(uuid4()), "version": 1, "kind": "representative", "whom": "", "name": "Bexiro"},
        ),
        "rights-slip-end": ({"slip_id": slip.pk}, {}),
        "rights-ask": (its, {"key": str(uuid4()), "kind": "see"}),
        "rights-erase": (its, {"number": number}),
        "rights-request": ({"request_id": asked.pk}, {"do": "take up", "version": 1}),
        "rights-retention": ({}, {"item": [str(item.pk)]}),
        "POST rights-imports": ({}, handed),
        "rights-import": ({"batch_id": batch.pk}, {"do": "give up"}),
        "rights-import-row": ({"row_id": row.pk}, {"do": "skip"}),
    }


def _waiting(
    organisation: Organisation, person: Person, resident: Resident
) -> tuple[PeopleImport, ImportRow, RetentionItem]:
    """A list with a doubtful row, and a proposal."""
    with visiting(SYSTEM):
        batch = PeopleImport.objects.create(
            organisation=organisation, person_id=person.pk, state="deciding", rows=1, key=uuid4()
        )
        content = sealing.sealed(keys.make(batch.pk), b'{"record_id": "S", "full_name": "Zoreta"}', "row/1")
        row = ImportRow.objects.create(
            batch=batch,
            organisation=organisation,
            number=1,
            mark=b"m",
            content=content,
            state="doubtful",
            candidates=[resident.pk],
        )
        item = RetentionItem.objects.create(
            rule="slip_ended",
            object_id=uuid4(),
            organisation=organisation,
            last_used_on=date(2020, 1, 1),
        )
    return batch, row, item
