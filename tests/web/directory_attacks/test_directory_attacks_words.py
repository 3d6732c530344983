"""Whoever may write about a confidential service cannot write down where it is."""

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from philoxenia_web.accounts.access import Actor, actor_for
from philoxenia_web.accounts.models import Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.directory import models as m
from philoxenia_web.directory.editing import actions, asking, shapes, translations
from philoxenia_web.directory.editing.refusals import NotPossible
from philoxenia_web.directory.models.feedback import Feedback

pytestmark = pytest.mark.django_db
WHERE = "We are at 7 Lantern Crescent, M9Z 9Z9."


@pytest.fixture
def editor(person: Callable[..., Person]) -> Actor:
    """Looks after the directory."""
    return actor_for(person(Role.EDITOR))


def test_a_reader_tells_no_address_of_a_hidden_place(records: SimpleNamespace) -> None:
    reader = Client(enforce_csrf_checks=True)
    for service, kept in ((records.shelter, ""), (records.lessons, WHERE)):
        page = f"/help/en/service/{service.pk}/wrong/"
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)', reader.get(page).content.decode())
        assert found is not None
        sent = {"csrfmiddlewaretoken": found[1], "kind": "address", "words": WHERE}
        assert reader.post(page, sent).status_code == 302
        assert Feedback.objects.get(service=service).words == kept
    assert not reader.cookies


def test_an_organisation_proposes_no_address_of_a_hidden_place(records: SimpleNamespace) -> None:
    link = m.ConfirmLink.objects.create(
        organization=records.body, key=uuid4(), email="a@example.org", language="en",
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    m.Confirmation.objects.create(link=link, service=records.shelter, seen=1)
    page = f"/keep/{asking.token_of(link)}/"
    sent = {"service": str(records.shelter.pk), "name": "Night shelter", "description": WHERE}
    assert Client().post(page, sent).status_code == 422
    assert not m.Proposal.objects.exists()
    assert Client().post(page, sent | {"description": "Ring first."}).status_code == 200
    assert m.Proposal.objects.get().after == {"description": "Ring first."}


@pytest.mark.parametrize(
    "changes", [{"description": WHERE}, {"phones": [{"id": "", "number": "1", "description": WHERE}]}]
)
def test_an_editor_writes_no_address_of_a_hidden_place(
    records: SimpleNamespace, editor: Actor, changes: dict[str, object]
) -> None:
    key = records.shelter.pk
    draft = shapes.read(m.Service.objects.get(pk=key)) | changes
    with pytest.raises(NotPossible, match="confidential"):
        actions.save(editor, "service", key, 1, draft)
    assert m.Service.objects.get(pk=key).version == 1


def test_a_translator_writes_no_address_of_a_hidden_place(records: SimpleNamespace, editor: Actor) -> None:
    key = records.shelter.pk
    line = translations.lines(m.Service.objects.get(pk=key), "fr")[0]
    with pytest.raises(NotPossible, match="confidential"):
        translations.translate(editor, key, "fr", {line.key: ("7 Lantern Crescent", line.version, line.hash)})
    assert not m.Translation.objects.exists()
