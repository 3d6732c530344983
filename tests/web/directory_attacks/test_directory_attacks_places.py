"""A place that must not be found: once erased, no table, page, interface or package says where it was."""

import io
import zipfile
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import polars as pl
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from philoxenia.exchange.hsds.records import Records
from philoxenia_web.accounts.access import SYSTEM, actor_for
from philoxenia_web.accounts.models import Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.directory import models as m
from philoxenia_web.directory.actions import import_records
from philoxenia_web.directory.editing.confidential import make_confidential
from philoxenia_web.directory.models.feedback import Feedback
from philoxenia_web.directory.search.near import read_near

pytestmark = pytest.mark.django_db
SECRETS = ("front st", "1-front", "m5j", "43.65", "79.38", "main branch")
WORDS, PAGE = "Come to 1 Front St.", "https://example.org/1-front-st"


def _everywhere(records: SimpleNamespace) -> m.Service:
    """Its address in every table that may hold words; the organisation's other service names it too."""
    service, body = records.lessons, records.body
    m.Organization.objects.filter(pk=body.pk).update(description=WORDS, website=PAGE)
    m.Service.objects.filter(pk=service.pk).update(url=PAGE, description=WORDS, source_url=PAGE)
    m.Phone.objects.filter(service=service).update(description=WORDS)
    m.Schedule.objects.create(service=service, notes=WORDS, schedule_link=PAGE)
    m.RequiredDocument.objects.update(document=WORDS)
    m.CostOption.objects.update(option=WORDS)
    m.Contact.objects.create(service=service, department=WORDS)
    m.ServiceArea.objects.create(service=service, name="Near", extent="POINT(-79.38 43.65)")
    m.Funding.objects.create(organization=body, source=WORDS)
    m.Language.objects.filter(service=service).update(note=WORDS)
    m.Url.objects.update(url=PAGE)
    m.ServiceCapacity.objects.update(description=WORDS)
    m.Attribute.objects.filter(link_id=service.pk).update(value=WORDS)
    m.Program.objects.create(organization=body, name="Evenings", description=WORDS)
    other = m.Service.objects.create(organization=body, name="Outreach, 1 Front St", text_language="en")
    phone = m.Phone.objects.get(service=service)
    for table, key in (("phone", phone.pk), ("organization", body.pk)):
        m.Translation.objects.create(
            table=table,
            record_id=key,
            field="description",
            language="fr",
            text="Au 1 Front St",
            status="human",
        )
        m.Metadata.objects.create(
            resource_id=key, resource_type=table, last_action_date=timezone.now(), last_action_type="update",
            field_name="x", previous_value=WORDS, replacement_value="", updated_by="x",
        )  # fmt: skip
    m.Proposal.objects.create(service=other, before={}, after={"description": WORDS})
    Feedback.objects.create(
        key=uuid4(), service=other, service_version=1, kind="other", words=WORDS, language="en",
        day=timezone.now().date(),
    )  # fmt: skip
    m.CheckedLink.objects.create(address_hash="a" * 64, address=PAGE)
    again = m.Location.objects.create(name="Annex", organization=body, latitude=43.65, longitude=-79.38)
    m.Address.objects.create(
        location=again, address_1="1 Front Street", city="Toronto", postal_code="M5J 2H7"
    )
    return other


def _stored() -> list[str]:
    """Rows of any table that say where it is."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name from information_schema.table_privileges where table_schema = 'public' "
            "and privilege_type = 'SELECT' and grantee in (select rolname from pg_roles "
            "where pg_has_role(current_user, oid, 'member'))"
        )
        for name in {one for (one,) in cursor.fetchall()}:
            cursor.execute(f'select to_jsonb(t)::text from "{name}" t')  # noqa: S608 (the catalogue's names)
            rows = (str(row).lower() for (row,) in cursor.fetchall())
            found += [f"{name}: {row}" for row in rows if any(one in row for one in SECRETS)]
    return found


def _answers(*paths: str) -> str:
    """What these addresses answer anybody, archives opened."""
    said = []
    for path in paths:
        answer: Any = Client().get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if path.endswith(".zip"):
            archive = zipfile.ZipFile(io.BytesIO(body))
            body = b"".join(archive.read(name) for name in archive.namelist())
        assert not answer.cookies
        said.append(body.decode())
    return "\n".join(said).lower()


def test_what_is_made_confidential_is_nowhere_any_more(
    records: SimpleNamespace, person: Callable[..., Person]
) -> None:
    other = _everywhere(records)
    key, body = records.lessons.pk, records.body.pk
    assert len(_stored()) > 20
    assert read_near("M5J 2H7") is not None
    version = m.Service.objects.get(pk=key).version
    make_confidential(actor_for(person(Role.EDITOR)), key, version, "1 Front St is a shelter")
    assert _stored() == []
    assert read_near("M5J 2H7") is None
    paths = [
        *("/hsds/services?full=true", f"/hsds/services/{key}", "/hsds/organizations", "/hsds/package.zip"),
        *(f"/hsds/organizations/{body}?full=true", "/hsds/service_at_locations", f"/oruk/services/{key}"),
        *(f"/help/en/service/{key}/", f"/help/en/service/{other.pk}/", f"/help/en/organisation/{body}/"),
        f"/help/en/service/{key}/poster/",
    ]
    told = _answers(*paths)
    assert not [one for one in SECRETS if one in told]
    # Its organisation and its public phone stay.
    assert "harbour library" in told
    assert "416 555 0100" in told


def test_what_shares_the_organisations_name_keeps_it(
    records: SimpleNamespace, person: Callable[..., Person]
) -> None:
    m.Location.objects.filter(pk=records.room.pk).update(name="Harbour Library")
    make_confidential(actor_for(person(Role.EDITOR)), records.lessons.pk, 1, "Threats")
    assert m.Organization.objects.get(pk=records.body.pk).name == "Harbour Library"


def test_phones_and_hours_of_a_remembered_place_do_not_come_back() -> None:
    tables = {
        "organization": [{"id": "o1", "name": "Maple"}],
        "service": [{"id": "s1", "organization_id": "o1", "name": "Maple House", "status": "active"}],
        "location": [{"id": "l1", "location_type": "physical", "organization_id": "o1"}],
        "service_at_location": [{"id": "x1", "service_id": "s1", "location_id": "l1"}],
        "phone": [{"id": "p1", "location_id": "l1", "number": "1", "description": "At 7 Lantern Crescent"}],
        "schedule": [{"id": "h1", "location_id": "l1", "notes": "7 Lantern Crescent"}],
        "contact": [{"id": "c1", "service_id": "s1", "name": "A", "department": "7 Lantern Crescent"}],
    }
    feed = Records({name: pl.DataFrame(rows) for name, rows in tables.items()})
    import_records(SYSTEM, feed, feed="maple")
    m.Service.objects.update(confidential=True, held=["confidential"])
    import_records(SYSTEM, feed, feed="maple")
    assert [m.Phone.objects.count(), m.Schedule.objects.count(), m.Contact.objects.count()] == [0, 0, 0]


def test_another_directory_does_not_tell_what_this_one_hides() -> None:
    def listed(feed: str) -> Records:
        tables = {
            "organization": [{"id": f"{feed}-o", "name": "The Redwood"}],
            "service": [
                {
                    "id": f"{feed}-s", "organization_id": f"{feed}-o", "name": "The Redwood",
                    "status": "active", "description": "Ring at 7 Lantern Crescent.", "alert": "Open today",
                }
            ],
            "location": [
                {"id": f"{feed}-l", "location_type": "physical", "latitude": 43.7, "longitude": -79.4}
            ],
            "address": [{"id": f"{feed}-a", "location_id": f"{feed}-l", "address_1": "7 Lantern Crescent"}],
            "service_at_location": [
                {"id": f"{feed}-x", "service_id": f"{feed}-s", "location_id": f"{feed}-l"}
            ],
        }  # fmt: skip
        return Records({name: pl.DataFrame(rows) for name, rows in tables.items()})

    import_records(SYSTEM, listed("first"), feed="first")
    assert m.Address.objects.exists()
    m.Service.objects.update(confidential=True)
    import_records(SYSTEM, listed("first"), feed="first")
    import_records(SYSTEM, listed("second"), feed="second")
    told = {(one.confidential, one.description, one.alert) for one in m.Service.objects.all()}
    assert told == {(True, "", "Open today")}
    assert not m.Address.objects.exists()
    assert not m.Location.objects.exclude(latitude=None).exists()
