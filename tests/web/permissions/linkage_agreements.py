"""What the rows of linkage_agreements.csv open: an agreement in force, one to sign, lists under the first."""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.models import Membership, Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.linkage.models import Agreement, Party
from philoxenia_web.registry import actions
from philoxenia_web.registry.models import PersonList


def _agreement(departments: list[Organisation], reviewers: list[Person], **fields: Any) -> Agreement:
    made = Agreement.objects.create(
        title="Test agreement",
        purpose="To see who may open what.",
        needs=["housing"],
        valid_until=timezone.localdate() + timedelta(days=30),
        reviewer_ids=[one.pk for one in reviewers],
        **fields,
    )
    Party.objects.bulk_create(Party(agreement=made, organisation=one) for one in departments)
    return made


def world(organisation: Organisation, people: dict[str, Person]) -> dict[str, Any]:
    """Agreements in which the organisation takes part."""
    other = Organisation.objects.create(name="Public Health", kind=Organisation.Kind.DEPARTMENT)
    second = Person.objects.create_user("second@example.org", None, name="Test Person")
    Membership.objects.create(person=second, organisation=other, role=Role.REVIEWER)
    reviewers = [people["reviewer"], second]
    live = _agreement([organisation, other], reviewers, state="in_force", began_at=timezone.now())
    proposed = _agreement([organisation, other], reviewers)
    key = actions.make_key(
        SYSTEM,
        live.pk,
        organisation_ids=[organisation.pk, other.pk],
        reviewer_ids=live.reviewer_ids,
        needs=live.needs,
        valid_until=live.valid_until,
    )

    def a_list(state: str, **fields: Any) -> PersonList:
        return PersonList.objects.create(
            key=key,
            organisation=organisation,
            person_id=people["data_steward"].pk,
            request=uuid4(),
            file_name="list.csv",
            size=10,
            state=state,
            **fields,
        )

    checked = a_list("checked", checked=1, outcome="accepted", report={"columns": []})
    receiving = a_list("receiving")
    here = {"agreement_id": live.pk}
    one, begun = {**here, "list_id": checked.pk}, {**here, "list_id": receiving.pk}
    later = (timezone.localdate() + timedelta(days=60)).isoformat()
    terms = {
        "title": "Another agreement",
        "purpose": "To see who may propose.",
        "organisations": [str(organisation.pk), str(other.pk)],
        "needs": ["housing"],
        "reviewers": [str(one.pk) for one in reviewers],
        "until": later,
    }
    place = {"organisation": str(organisation.pk)}
    answers = ("choose", "columns", "not-status", "accept", "withdraw")
    nothing = hashlib.sha256(b"").hexdigest()

    def file() -> dict[str, Any]:
        return {**place, "key": str(uuid4()), "file": SimpleUploadedFile("list.csv", b"record_id\n1\n")}

    return {
        "POST linkage-new": ({}, lambda: {**terms, "request": str(uuid4())}),
        "linkage-agreement": (here, {}),
        "linkage-sign": ({"agreement_id": proposed.pk}, {**place, "signed_round": 1, "read": "on"}),
        "linkage-extend": (here, {"version": 1, "until": later}),
        "linkage-unlink": (here, {"version": 1, "because": "It is a test.", "sure": "on"}),
        "linkage-lists": (here, {}),
        "POST linkage-lists": (here, file),
        "linkage-list-begin": (here, lambda: {**place, "key": str(uuid4()), "name": "list.csv", "size": 10}),
        "linkage-list": (one, {}),
        "linkage-list-piece": (begun, {}, {"Upload-Offset": "0", "Upload-Checksum": nothing}),
        "linkage-list-finish": (one, {}),
        "linkage-list-give-up": (begun, {}),
        **{f"linkage-list-{name}": (one, {"version": 1}) for name in answers},
    }
