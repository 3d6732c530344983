"""A list through pages: sealed from the first byte, checked, mended, handed in, replaced, withdrawn."""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client
from django.utils import timezone
from tests.web.linkage_agreements.conftest import CSV, MARKED

from philoxenia_web.accounts.access import Actor
from philoxenia_web.accounts.models import AuditEntry, Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.linkage.models import Agreement
from philoxenia_web.registry import checking
from philoxenia_web.registry.models import DataKey, PersonList

Enter = Callable[[Any], Client]


def send(client: Client, live: Agreement, department: Organisation, content: bytes = CSV) -> Any:
    """Hand a file in by the form, without a script."""
    file = SimpleUploadedFile("list.csv", content)
    data = {"key": str(uuid4()), "organisation": str(department.pk), "file": file}
    return client.post(f"/linkage/{live.pk}/lists/", data)


def checked(client: Client, live: Agreement, department: Organisation, content: bytes = CSV) -> str:
    """The address of a list whose check is done."""
    address: str = send(client, live, department, content)["Location"]
    one = PersonList.objects.get(state="checking")
    assert checking.run_check(one.pk, one.wanted)
    return address


@pytest.fixture
def client_(steward: Actor, enter: Enter) -> Client:
    """The first department's steward."""
    return enter(steward)


def plain(folder: Path) -> list[Path]:
    """Files in which a name can be read."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if MARKED.encode() in path.read_bytes()]


def test_a_form_is_sealed_as_it_comes(
    client_: Client,
    live: Agreement,
    department: Organisation,
    own_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def spooled(*_: Any, **__: Any) -> None:
        raise AssertionError("Django would have written the file to a folder of temporary files")

    monkeypatch.setattr(TemporaryFileUploadHandler, "new_file", spooled)
    large = CSV + b"".join(f"S-{i},Maryam,Testi,1990,\n".encode() for i in range(10, 200_000))
    assert len(large) > 4 * 2**20
    answer = send(client_, live, department, large)
    assert answer.status_code == 302
    assert plain(own_folder) == []
    one = PersonList.objects.get()
    assert (one.state, one.size) == ("checking", len(large))
    assert not list(own_folder.rglob("*.incoming"))


def test_a_form_without_its_token_is_refused_and_leaves_nothing(
    steward: Actor, live: Agreement, department: Organisation, own_folder: Path
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(
        Person.objects.get(pk=steward.person_id),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    assert send(client, live, department).status_code == 403
    assert not PersonList.objects.exists()
    assert [path for path in (own_folder / "registry").rglob("*") if path.is_file()] == []


def test_after_the_end_a_form_keeps_nothing(
    client_: Client, live: Agreement, department: Organisation, own_folder: Path
) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Agreement.objects.filter(pk=live.pk).update(valid_until=yesterday)
    answer = send(client_, live, department, CSV * 30_000)
    assert "nothing under it may be used" in answer.content.decode()
    assert not PersonList.objects.exists()
    assert plain(own_folder) == []


def test_pieces_of_a_script(client_: Client, live: Agreement, department: Organisation) -> None:
    begun = {"key": str(uuid4()), "organisation": str(department.pk), "name": "list.csv", "size": len(CSV)}
    told = client_.post(f"/linkage/{live.pk}/lists/uploads/", begun).json()
    assert told["offset"] == 0

    def patch(content: bytes, digest: str) -> Any:
        headers = {"Upload-Offset": "0", "Upload-Checksum": digest}
        return client_.patch(told["address"], content, "application/offset+octet-stream", headers=headers)

    assert patch(CSV, "0" * 64).status_code == 460
    assert client_.post(told["finish"]).status_code == 409
    assert patch(CSV, hashlib.sha256(CSV).hexdigest()).json()["offset"] == len(CSV)
    page = client_.post(told["finish"]).json()["page"]
    assert "being checked" in client_.get(page).content.decode()


def test_a_list_is_mended_handed_in_replaced_and_withdrawn(
    client_: Client, live: Agreement, department: Organisation, django_capture_on_commit_callbacks: Any
) -> None:
    address = checked(client_, live, department)
    page = client_.get(address).content.decode()
    assert re.search(r"Accept the mends and hand it in|Hand it in", page)
    assert MARKED not in page
    one = PersonList.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        client_.post(f"{address}accept/", {"version": one.version})
    assert "of 2 departments handed in" in client_.get(f"/linkage/{live.pk}/").content.decode()
    again = checked(client_, live, department, CSV.replace(b"S-1", b"S-8"))
    assert "takes the place of an earlier list" in client_.get(again).content.decode()
    client_.post(f"{again}accept/", {"version": PersonList.objects.get(state="checked").version})
    assert sorted(PersonList.objects.values_list("state", flat=True)) == ["handed_in", "replaced"]
    newest = PersonList.objects.get(state="handed_in")
    assert "deleted at once" in client_.get(f"{again}withdraw/").content.decode()
    client_.post(f"{again}withdraw/", {"version": newest.version})
    assert not PersonList.objects.filter(state="handed_in").exists()


def test_columns_and_dates_can_be_said(client_: Client, live: Agreement, department: Organisation) -> None:
    content = b"nr,first,kids name,dob\n1,Maryam,Testi,03/04/1990\n"
    address = checked(client_, live, department, content)
    one = PersonList.objects.get()
    form = {"version": one.version, "dates": "day-first"}
    client_.post(f"{address}choose/", form)
    one.refresh_from_db()
    assert (one.state, one.answers["dates"], one.wanted) == ("checking", "day-first", 2)
    stale = client_.post(f"{address}choose/", form, follow=True).content.decode()
    assert "Somebody else changed this list" in stale


def test_status_is_refused_until_it_is_said_to_be_something_else(
    client_: Client, live: Agreement, department: Organisation
) -> None:
    address = checked(client_, live, department, b"record_id,given_name,visa\n1,Maryam,card\n")
    page = client_.get(address).content.decode()
    one = PersonList.objects.get()
    if one.outcome == "refused":
        assert "looks like immigration status" in page
        said = {"version": one.version, "column": "visa", "reason": "The brand of a bank card."}
        client_.post(f"{address}not-status/", said)
        one.refresh_from_db()
        assert one.answers["not_status"] == {"visa": "The brand of a bank card."}


def test_another_departments_list_by_its_number_is_not_there(
    client_: Client, live: Agreement, department: Organisation, other_steward: Actor, enter: Enter
) -> None:
    address = checked(client_, live, department)
    other = enter(other_steward)
    assert other.get(address).status_code == 404
    for path in ("accept/", "choose/", "withdraw/", "give-up/"):
        assert other.post(f"{address}{path}", {"version": 1}).status_code == 404
    one = PersonList.objects.get()
    assert other.get(f"/linkage/{uuid4()}/lists/{one.pk}/").status_code == 404
    assert "list.csv" not in other.get(f"/linkage/{live.pk}/").content.decode()


@pytest.mark.parametrize("role", [Role.PLANNER, Role.AUDITOR, Role.REVIEWER, Role.ADMINISTRATOR])
def test_no_other_role_opens_a_list(
    role: Role, client_: Client, live: Agreement, department: Organisation, sign_in: Callable[..., Client]
) -> None:
    address = checked(client_, live, department)
    assert sign_in(role, email="other@example.org").get(address).status_code in (403, 404)


def test_after_the_end_a_list_says_so(
    client_: Client, live: Agreement, department: Organisation, own_folder: Path
) -> None:
    address = checked(client_, live, department)
    version = Agreement.objects.get().version
    end = {"version": version, "because": "The plan is made.", "sure": "on"}
    client_.post(f"/linkage/{live.pk}/unlink/", end)
    page = client_.get(address).content.decode()
    assert "its key was destroyed" in page
    assert "Deleted with the key" in page
    assert DataKey.objects.get().destroyed_at is not None
    assert AuditEntry.objects.filter(action="linkage.end").count() == 1
