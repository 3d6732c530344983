"""What the rows of casework_desk.csv open: a person with a case of the organisation, and its contents."""

from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from philoxenia_web.accounts.access import actor_for
from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.casework.actions import cases, documents, needs, plans
from philoxenia_web.registry.people import finding, records, shapes
from philoxenia_web.registry.people.visits import visiting

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def world(organisation: Organisation, people: dict[str, Person]) -> dict[str, Any]:
    """A person written down at the organisation's desk, with a case, a task and a document."""
    actor = actor_for(people["caseworker"])
    with visiting(actor):
        found = finding.find(actor, finding.Question("Amal Haddad", "1987"), "serving_now")
        draft = shapes.Draft([shapes.NameForm("Amal Haddad")], birth=shapes.Birth(year=1987))
        resident = records.create(actor, draft, found.mark, uuid4()).pk
        twice = records.create(actor, draft, found.mark, uuid4()).pk
        case = cases.open_case(actor, resident, organisation.pk, uuid4())
        needs.note_need(actor, case.pk, "housing", 3, uuid4())
        task = plans.add_task(actor, case.pk, "call", timezone.localdate(), uuid4())
        document = documents.keep_document(actor, case.pk, "letter", PDF, uuid4())
    person, one = ({"resident_id": resident}, {}), {"case_id": case.pk}

    def upload() -> dict[str, Any]:
        file = SimpleUploadedFile("letter.pdf", PDF, "application/pdf")
        return {"kind": "letter", "file": file, "no_identity": "on", "key": str(uuid4())}

    return {
        "POST front-find": ({}, {"names": "Amal Haddad", "birth": "1987", "reason": "serving_now"}),
        "POST front-new": ({}, {"do": "begin", "names": "Amal Haddad"}),
        "front-person": person,
        "front-person-edit": person,
        "POST front-person-edit": ({"resident_id": resident}, _told),
        "front-member": person,
        "POST front-member": ({"resident_id": resident}, {"resident": str(resident)}),
        "front-member-leave": (person[0], {"resident": str(resident)}),
        "front-case-open": person,
        "front-same": person,
        "front-same-look": ({"resident_id": resident, "other_id": twice}, {}),
        "front-protect": ({"resident_id": resident}, {"restricted": "yes", "version": "1"}),
        "front-case-step": (one, {"verb": "pause", "version": "1"}),
        "front-document-add": (one, upload),
        "front-services": (one, {}),
        "front-add": ({"case_id": case.pk, "what": "note"}, {"kind": "other", "words": "A note."}),
        "front-step": ({"what": "task", "row_id": task.pk}, {"verb": "finish", "version": "1"}),
        "front-document": ({"document_id": document.pk}, {}),
        "front-document-delete": ({"document_id": document.pk}, {}),
    }


def _told() -> dict[str, str]:
    return {
        "name": "Amal Haddad",
        "order": "given",
        "certainty": "year_only",
        "born_in": "1987",
        "version": "1",
    }
