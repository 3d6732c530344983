"""An organisation confirms its services by a link: signed, its own alone, once each, ending by itself."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from philoxenia_web.directory import models as m
from philoxenia_web.directory import queries
from philoxenia_web.directory.editing import asking


@pytest.fixture
def link(editor: Client, records: SimpleNamespace, django_capture_on_commit_callbacks: object) -> str:
    """The address in the message an editor had sent."""
    records.body.email = "library@example.org"
    records.body.save()
    m.Service.objects.filter(pk=records.lessons.pk).update(check_by=timezone.localdate() - timedelta(days=1))
    address = f"/directory/fresh/{records.body.pk}/"
    page = editor.get(address).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)[1]  # type: ignore[index]
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        for _again in range(2):
            editor.post(address, {"key": key, "email": "library@example.org", "language": "fr"})
    assert len(mail.outbox) == 1, "the same form sent twice sends one message"
    assert mail.outbox[0].to == ["library@example.org"]
    return re.search(r"http://\S+(/keep/\S+)", mail.outbox[0].body)[1]  # type: ignore[index]


def answered(link: str, service: m.Service, **said: str | int) -> tuple[int, str]:
    """What somebody without a cookie gets for an answer."""
    client = Client(enforce_csrf_checks=True)
    version = m.Service.objects.get(pk=service.pk).version
    answer = client.post(link, {"service": str(service.pk), "version": version, **said})
    assert not answer.cookies
    return answer.status_code, answer.content.decode()


def test_opening_the_link_needs_no_password_sets_no_cookie_and_changes_nothing(
    link: str, records: SimpleNamespace
) -> None:
    client = Client()
    answer = client.get(link)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert not answer.cookies
    assert 'lang="fr"' in page
    assert answer["Referrer-Policy"] == "same-origin"
    assert "English lessons" in page
    assert "Night shelter" in page
    assert "Old service" not in page
    assert "Held back" not in page
    assert queries.last_change() == m.Change.objects.order_by("-number").first().number  # type: ignore[union-attr]
    records.lessons.refresh_from_db()
    assert records.lessons.version == 1


def test_confirming_dates_the_record_once(link: str, records: SimpleNamespace) -> None:
    assert answered(link, records.lessons, do="confirm")[0] == 200
    records.lessons.refresh_from_db()
    assert records.lessons.checked_on == timezone.localdate()
    assert records.lessons.check_by > timezone.localdate()
    assert records.lessons.checked_by == "Harbour Library"
    assert answered(link, records.lessons, do="confirm")[0] == 422
    records.lessons.refresh_from_db()
    assert records.lessons.version == 2


def test_what_changed_since_the_page_was_opened_is_not_confirmed_unseen(
    link: str, records: SimpleNamespace
) -> None:
    m.Service.objects.filter(pk=records.lessons.pk).update(version=2, name="Chess")
    assert answered(link, records.lessons, do="confirm", version=1)[0] == 422
    assert m.Confirmation.objects.get(service=records.lessons).answer == ""


def test_what_is_proposed_waits_for_an_editor(link: str, editor: Client, records: SimpleNamespace) -> None:
    page = Client().get(link).content.decode()
    row = m.Confirmation.objects.get(service=records.lessons).pk
    shown = dict(re.findall(rf'name="(initial-[^"]+)" value="([^"]*)" id="initial-{row}_', page))
    said = shown | {
        "name": "Evening lessons",
        "phones": "+1 416 555 0100\n+1 416 555 0123",
        "note": "Closed on Friday",
    }
    status, _page = answered(link, records.lessons, do="propose", **said)
    assert status == 200
    found = queries.shown(records.lessons.pk, "en")
    assert found is not None
    assert found.name.text == "English lessons"
    proposal = m.Proposal.objects.get()
    assert proposal.after["name"] == "Evening lessons"
    assert proposal.note == "Closed on Friday"
    address = f"/directory/proposals/{proposal.pk}/"
    assert "Evening lessons" in editor.get(address).content.decode()
    editor.post(address, {"do": "accept", "version": 1})
    found = queries.shown(records.lessons.pk, "en")
    assert found is not None
    assert found.name.text == "Evening lessons"
    spoken = {one.number: one.languages for one in found.phones}
    # A number that stays keeps what is said of it.
    assert spoken == {"+1 416 555 0100": ["ar"], "+1 416 555 0123": []}
    proposal.refresh_from_db()
    assert proposal.state == "accepted"


def test_declining_leaves_the_record_and_needs_a_reason(
    link: str, editor: Client, records: SimpleNamespace
) -> None:
    answered(link, records.lessons, do="propose", name="Casino", **{"initial-name": "English lessons"})
    proposal = m.Proposal.objects.get()
    address = f"/directory/proposals/{proposal.pk}/"
    assert editor.post(address, {"version": 1, "reason": ""}).status_code == 422
    editor.post(address, {"version": 1, "reason": "Not what they do"})
    records.lessons.refresh_from_db()
    assert records.lessons.name == "English lessons"


def test_only_public_fields_can_be_proposed(link: str, records: SimpleNamespace) -> None:
    said = {"name": "More", "initial-name": "English lessons", "safe_without_papers": "no", "withheld": "on"}
    answered(link, records.lessons, do="propose", **said, status="inactive")
    assert set(m.Proposal.objects.get().after) == {"name"}


def test_a_link_opens_nothing_of_others(link: str, records: SimpleNamespace) -> None:
    stranger = m.Organization.objects.create(name="Other")
    other = m.Service.objects.create(organization=stranger, name="Elsewhere")
    assert answered(link, other, do="confirm")[0] == 422
    assert answered(link, records.withheld, do="confirm")[0] == 422
    other.refresh_from_db()
    assert other.version == 1


def test_a_forged_ended_or_late_link_opens_nothing(
    link: str, records: SimpleNamespace, editor: Client
) -> None:
    token = link.split("/")[2]
    row = m.ConfirmLink.objects.get()
    for wrong in (token[:-2] + "xx", row.pk.hex, "", "a:b:c", token.split(":")[0]):
        assert Client().get(f"/keep/{wrong}/").status_code == 404
    m.ConfirmLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(link).status_code == 404
    m.ConfirmLink.objects.update(expires_at=timezone.now() + timedelta(days=1))
    editor.post(f"/directory/fresh/links/{row.pk}/end/")
    assert answered(link, records.lessons, do="confirm")[0] == 404
    records.lessons.refresh_from_db()
    assert records.lessons.version == 1


def test_a_new_link_ends_the_one_before_and_goes_only_to_public_addresses(
    link: str, editor: Client, records: SimpleNamespace
) -> None:
    address = f"/directory/fresh/{records.body.pk}/"
    said = {"key": "7e4c3e1c-2f0e-4c57-9d36-0b4f0a5f8a11", "language": "en"}
    assert editor.post(address, said | {"email": "thief@example.org"}).status_code == 422
    assert editor.post(address, said | {"email": "library@example.org"}).status_code == 302
    assert Client().get(link).status_code == 404


def test_what_a_confidential_place_would_say_is_not_behind_the_link(
    link: str, records: SimpleNamespace
) -> None:
    row = m.Confirmation.objects.get(service=records.shelter)
    page = Client().get(link).content.decode()
    assert "Night shelter" in page
    assert asking.waiting(row.link).filter(service__confidential=True).exists()
    assert "M5J" not in page
    answered(link, records.shelter, do="propose", note="We are at 5 Secret St")
    assert not m.Proposal.objects.exists()
