"""What the rows of directory_staff.csv open: a service of the organisation, and what waits to be decided."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.directory import models as m
from philoxenia_web.directory.editing import asking, shapes
from philoxenia_web.directory.models.feedback import Feedback
from philoxenia_web.directory.staff.forms.records import FORMS


def _sent(record: Any) -> dict[str, Any]:
    """A record's form as it would be sent unchanged."""
    form = FORMS[shapes.shape_of(record).table](shapes.read(record), record.version)
    fields = {one.html_name: one.value() for one in form if one.value() not in (None, "")}
    rows = {
        f"{part}-{name}": value
        for part, made in form.parts.items()
        for name, value in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", made.initial_form_count()))
    }
    return fields | rows | {"do": "save"}


def _new(table: str) -> dict[str, Any]:
    form = FORMS[table](shapes.empty(shapes.SHAPES[table]), 0)
    fields = {one.html_name: one.value() for one in form if one.value() not in (None, "")}
    rows = {f"{part}-{name}": 0 for part in form.parts for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    return fields | rows | {"name": "New", "key": str(uuid4()), "do": "save"}


def world(organisation: Organisation, people: dict[str, Person]) -> dict[str, Any]:
    """An organisation with a service at a place, due to be checked, with an open link and a proposal."""
    body = m.Organization.objects.create(name="Library", email="a@example.org", member=organisation)
    other = m.Organization.objects.create(name="The Library")
    service = m.Service.objects.create(organization=body, name="Lessons", text_language="en")
    place = m.Location.objects.create(name="Branch", organization=body)
    m.ServiceAtLocation.objects.create(service=service, location=place)
    link = m.ConfirmLink.objects.create(
        organization=body, key=uuid4(), email="a@example.org", language="en",
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    m.Confirmation.objects.create(link=link, service=service, seen=1)
    proposal = m.Proposal.objects.create(service=service, before={"name": "Lessons"}, after={"name": "More"})
    left, right = sorted([body, other], key=lambda one: one.pk)
    pair = m.DuplicatePair.objects.create(left=left, right=right, weight=5, probability=0.9)
    staged = m.StagedImport.objects.create(
        key=uuid4(),
        file_name="x.csv",
        source="x",
        notes=[{"kind": "asked", "source": "x", "licence": "", "language": ""}],
    )
    said = Feedback.objects.create(service=service, kind="hours", language="en", day=timezone.localdate())
    its = {"service_id": service.pk}
    reason = {"version": 1, "reason": "Because it is so"}
    translate = {"language": "fr", **its}

    def handed() -> dict[str, Any]:
        file = SimpleUploadedFile("d.csv", b"id,organization_name,name\n1,Body,Help\n")
        return {"key": str(uuid4()), "feed": "test", "source": "Test", "licence": "CC0", "file": file}

    return {
        "directory-service": (its, {}),
        "directory-service-edit": (its, _sent(service)),
        "directory-service-withdraw": (its, reason),
        "directory-service-conceal": (its, reason),
        "directory-service-checked": (its, {"version": 1}),
        "directory-place-new": (its, _new("location")),
        "directory-place-edit": ({"location_id": place.pk}, _sent(place)),
        "directory-organization": ({"organization_id": body.pk}, {}),
        "directory-organization-edit": ({"organization_id": body.pk}, _sent(body)),
        "directory-organization-member": ({"organization_id": body.pk}, {"version": 1, "member": ""}),
        "directory-organization-new": ({}, _new("organization")),
        "directory-service-new": ({"organization_id": body.pk}, _new("service")),
        "directory-ask": (
            {"organization_id": body.pk},
            {"key": str(uuid4()), "email": "a@example.org", "language": "en"},
        ),
        "directory-link-end": ({"link_id": link.pk}, {}),
        "directory-proposal": ({"proposal_id": proposal.pk}, {"version": 1, "do": "accept"}),
        "directory-service-translate": (its, {}),
        "directory-language": ({"language": "fr"}, {}),
        "directory-translate": (translate, {}),
        "directory-translate-draft": (translate, {}),
        "directory-double": ({"pair_id": pair.pk}, {"said": "different"}),
        "directory-feedback-one": ({"feedback_id": said.pk}, {"state": "done"}),
        "POST directory-import": ({}, handed),
        "directory-import-report": ({"staged_id": staged.pk}, {"do": "discard"}),
        "directory-keep": (
            {"token": asking.token_of(link)},
            {"service": str(service.pk), "version": 1, "do": "confirm"},
        ),
    }
