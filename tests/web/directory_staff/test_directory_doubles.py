"""Organisations listed twice are found by linkage, decided by a person, joined without losing a record."""

from types import SimpleNamespace

import pytest
from django.test import Client

from philoxenia_web.directory import models as m
from philoxenia_web.directory import queries
from philoxenia_web.directory.doubles import finding


@pytest.fixture
def twin(records: SimpleNamespace) -> m.Organization:
    """The same library once more, from another source, with a service of its own."""
    made = m.Organization.objects.create(
        name="Harbour Library Inc.",
        source="other",
        feed="other",
        external_id="77",
        website="https://hl.example.org",
    )
    m.Service.objects.create(organization=made, name="Story time", feed="other")
    return made


def pair_of(left: m.Organization, right: m.Organization) -> m.DuplicatePair:
    first, second = sorted([left, right], key=lambda one: one.pk)
    return m.DuplicatePair.objects.create(left=first, right=second, weight=4, probability=0.8)


def test_linkage_finds_the_twin_and_remembers_what_was_decided(
    editor: Client, records: SimpleNamespace, twin: m.Organization
) -> None:
    for one in (records.body, twin):
        m.Phone.objects.create(organization=one, number="+1 416 555 0142")
        m.Organization.objects.filter(pk=one.pk).update(website="https://harbourlibrary.example.org")
    m.Organization.objects.create(name="Chess Federation of the North")
    assert finding.find() == 1
    pair = m.DuplicatePair.objects.get()
    assert {pair.left_id, pair.right_id} == {records.body.pk, twin.pk}
    assert pair.levels
    assert "Harbour Library Inc." in editor.get(f"/directory/doubles/{pair.pk}/").content.decode()
    editor.post(f"/directory/doubles/{pair.pk}/", {"said": "different"})
    assert finding.find() == 0


def test_joining_moves_everything_to_the_one_that_is_kept(
    editor: Client, records: SimpleNamespace, twin: m.Organization
) -> None:
    pair = pair_of(records.body, twin)
    side = "left" if pair.left_id == records.body.pk else "right"
    editor.post(f"/directory/doubles/{pair.pk}/", {"said": side})
    found = queries.organisation(records.body.pk, "en")
    assert found is not None
    names = {one.name.text for one in queries.shown_many(found.service_ids, "en")}
    assert names == {"English lessons", "Night shelter", "Story time"}
    assert found.website == "https://hl.example.org"
    assert found.alternate_name is not None
    assert "Harbour Library Inc." in found.alternate_name.text
    twin.refresh_from_db()
    assert twin.withheld
    moved = m.Service.objects.get(name="Story time")
    assert "organization" in moved.held
    assert m.OrganizationIdentifier.objects.get(organization=records.body).identifier == "77"


def test_a_pair_is_decided_once(editor: Client, records: SimpleNamespace, twin: m.Organization) -> None:
    pair = pair_of(records.body, twin)
    editor.post(f"/directory/doubles/{pair.pk}/", {"said": "different"})
    editor.post(f"/directory/doubles/{pair.pk}/", {"said": "left"})
    twin.refresh_from_db()
    assert not twin.withheld
