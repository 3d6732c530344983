"""Data sets through the interface: handed in piece by piece, published, compared, withdrawn, agreed."""

import base64
import hashlib
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from django.http import HttpResponse
from django.test import Client
from tests.web.api import worlds
from tests.web.api.programs import BASE, make, program, send, token_for

from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.datasets import checking
from philoxenia_web.datasets.models import Upload, Version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]
FLOW = Path(__file__).resolve().parents[2] / "spoiled" / "system_flow.csv"
TERMS = {"purposes": ["planning"], "licence": "Open", "valid_from": "2026-01-01", "everybody": True}


@pytest.fixture
def steward(caller: Callable[..., Client]) -> Client:
    return caller(Role.DATA_STEWARD)


@pytest.fixture
def stranger(person: Callable[..., Person]) -> Client:
    place = Organisation.objects.create(name="Parks and Trees", kind="department")
    someone = person(Role.DATA_STEWARD, organisation=place, email="other@example.org")
    return program(token_for(someone, place))


def begin(client: Client, department: Organisation, size: int, key: str = "") -> HttpResponse:
    told = {"organisation_id": department.pk, "name": "../flow.csv", "size": size, "contract": "shelter_flow"}
    return make(client, "/uploads", told, key=key)


def piece(client: Client, upload: str, offset: int, content: bytes, digest: bytes = b"") -> HttpResponse:
    told = base64.b64encode(digest or hashlib.sha256(content).digest()).decode()
    return client.generic(
        "PATCH",
        f"{BASE}/uploads/{upload}",
        content,
        "application/octet-stream",
        headers={"Upload-Offset": str(offset), "Content-Digest": f"sha-256=:{told}:"},
    )


def test_a_file_is_handed_in_checked_and_published(steward: Client, department: Organisation) -> None:
    content = FLOW.read_bytes()
    begun = begin(steward, department, len(content))
    assert (begun.status_code, begun.json()["offset"], begun.json()["name"]) == (201, 0, "flow.csv")
    upload, half = begun.json()["id"], len(content) // 2
    assert piece(steward, upload, 0, content[:half]).headers["Upload-Offset"] == str(half)
    # The same piece again, as after a lost answer, changes nothing.
    assert piece(steward, upload, 0, content[:half]).status_code == 204
    assert steward.get(f"{BASE}/uploads/{upload}").json()["offset"] == half
    assert send(steward, "POST", f"/uploads/{upload}/finish").status_code == 409
    assert piece(steward, upload, half, content[half:]).status_code == 204
    finished = send(steward, "POST", f"/uploads/{upload}/finish")
    assert finished.status_code == 202
    assert send(steward, "POST", f"/uploads/{upload}/finish").json() == finished.json()

    path = finished.headers["Location"].removeprefix(BASE)
    assert steward.get(BASE + path).json()["state"] == "checking"
    checking.run_check(finished.json()["version_id"], 1)
    checked = steward.get(BASE + path)
    assert (checked.json()["state"], checked.json()["outcome"]) == ("checked", "accepted with mends")
    assert steward.get(f"{BASE}{path}/report").json()["finished"] is True

    early = send(steward, "POST", f"{path}/publish", {"title": "Flow", "agreement": TERMS}, If_Match="*")
    assert (early.status_code, early.json()["type"]) == (409, "/api/v1/problems/conflict")
    accepted = send(steward, "POST", f"{path}/accept-mends", If_Match=checked.headers["ETag"])
    assert accepted.status_code == 200
    late = send(steward, "POST", f"{path}/accept-mends", If_Match=checked.headers["ETag"])
    assert late.status_code == 412
    published = send(
        steward,
        "POST",
        f"{path}/publish",
        {"title": "Flow", "agreement": TERMS},
        If_Match=accepted.headers["ETag"],
    )
    assert (published.status_code, published.json()["number"]) == (200, 1)
    rows = steward.get(f"{BASE}{path}/rows?limit=2").json()
    assert (rows["total"], len(rows["items"])) == (published.json()["rows"], 2)


def test_a_wrong_piece_is_refused(steward: Client, department: Organisation) -> None:
    upload = begin(steward, department, 10).json()["id"]
    gap = piece(steward, upload, 5, b"12345")
    assert (gap.status_code, gap.headers["Upload-Offset"]) == (409, "0")
    assert piece(steward, upload, 0, b"12345", hashlib.sha256(b"x").digest()).status_code == 422
    assert piece(steward, upload, 0, b"x" * 11).status_code == 409
    assert piece(steward, upload, 0, b"x" * (4 * 1024 * 1024 + 1)).status_code == 413
    assert steward.get(f"{BASE}/uploads/{upload}").json()["offset"] == 0


def test_an_upload_larger_than_allowed_is_refused(steward: Client, department: Organisation) -> None:
    assert begin(steward, department, 500 * 1024 * 1024 + 1).status_code == 422
    assert Upload.objects.count() == 0


def test_an_upload_begun_twice_with_one_key_is_one(steward: Client, department: Organisation) -> None:
    ids = {begin(steward, department, 10, key="one").json()["id"] for _ in range(2)}
    assert len(ids) == 1


def test_uploads_are_their_own_persons(
    steward: Client, department: Organisation, caller: Callable[..., Client]
) -> None:
    upload = begin(steward, department, 10).json()["id"]
    colleague = caller(Role.DATA_STEWARD, email="colleague@example.org")
    assert colleague.get(f"{BASE}/uploads/{upload}").status_code == 404
    assert piece(colleague, upload, 0, b"12345").status_code == 404
    assert send(colleague, "DELETE", f"/uploads/{upload}").status_code == 404


def test_rows_are_for_those_agreed(
    steward: Client, stranger: Client, department: Organisation, caller: Callable[..., Client]
) -> None:
    version = worlds.make_dataset(department)
    path = f"{BASE}/versions/{version.pk}"
    assert steward.get(f"{path}/rows").status_code == 200
    # A steward elsewhere may know that it exists, but not what it holds.
    assert stranger.get(path).status_code == 200
    assert stranger.get(f"{path}/rows").status_code == 404
    assert stranger.get(f"{path}/report").status_code == 404
    assert caller(Role.AUDITOR).get(f"{path}/rows").status_code == 403
    assert caller(Role.ADMINISTRATOR).get(path).status_code == 403


def test_rows_come_in_three_types(steward: Client, department: Organisation) -> None:
    version = worlds.make_dataset(department)
    path = f"{BASE}/versions/{version.pk}/rows"
    assert steward.get(path).json()["items"][0] == {"time": "2026-01", "beds": 10, "note": "=1"}
    csv = b"".join(steward.get(path, headers={"Accept": "text/csv"})).decode().splitlines()
    # Nothing a spreadsheet would compute.
    assert csv[:2] == ["time,beds,note", "2026-01,10,'=1"]
    parquet = steward.get(path, headers={"Accept": "application/vnd.apache.parquet"})
    assert pl.read_parquet(b"".join(parquet)).equals(worlds.ROWS)


def test_only_the_owner_changes_a_version(stranger: Client, department: Organisation) -> None:
    version = worlds.make_dataset(department)
    path = f"/versions/{version.pk}"
    assert (
        send(stranger, "POST", f"{path}/withdraw", {"reason": "Not mine."}, If_Match="*").status_code == 404
    )
    assert send(stranger, "PUT", f"{path}/agreement", TERMS, If_Match="*").status_code == 404
    assert send(stranger, "DELETE", path, If_Match="*").status_code == 404
    change = send(stranger, "PATCH", f"/datasets/{version.dataset_id}", {"title": "Mine"}, If_Match="*")
    assert change.status_code == 404
    assert Version.objects.get(pk=version.pk).state == "published"


def test_an_agreement_is_renewed_and_a_version_withdrawn(steward: Client, department: Organisation) -> None:
    version = worlds.make_dataset(department)
    path = f"/versions/{version.pk}"
    held = steward.get(f"{BASE}{path}/agreement")
    renewed = send(steward, "PUT", f"{path}/agreement", TERMS, If_Match=held.headers["ETag"])
    assert (renewed.status_code, renewed.json()["number"], renewed.json()["everybody"]) == (200, 2, True)
    late = send(steward, "PUT", f"{path}/agreement", TERMS, If_Match=held.headers["ETag"])
    assert late.status_code == 412
    gone = send(steward, "POST", f"{path}/withdraw", {"reason": "A column was wrong."}, If_Match="*")
    assert (gone.status_code, gone.json()["state"]) == (200, "withdrawn")


def test_an_agreement_with_a_stranger_to_the_city_is_refused(
    steward: Client, department: Organisation
) -> None:
    version = worlds.make_dataset(department)
    nobody = "00000000-0000-4000-8000-000000000000"
    told = TERMS | {"organisation_ids": [nobody], "valid_until": "2025-01-01"}
    answer = send(steward, "PUT", f"/versions/{version.pk}/agreement", told, If_Match="*")
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/organisation_ids", "/valid_until"]


def test_two_versions_are_compared(steward: Client, department: Organisation) -> None:
    version = worlds.make_dataset(department)
    later = worlds.make_version(version.dataset, worlds.ROWS.head(2))
    answer = steward.get(f"{BASE}/versions/{later.pk}/differences/{version.pk}").json()
    assert answer["removed"] == 1
    assert [one["change"] for one in answer["cells"]] == ["removed"]
    other = worlds.make_dataset(department, title="Other")
    assert steward.get(f"{BASE}/versions/{other.pk}/differences/{version.pk}").status_code == 404


@pytest.mark.parametrize("count", [1, 12])
def test_lists_cost_the_same_however_long(
    steward: Client,
    department: Organisation,
    count: int,
    django_assert_num_queries: Callable[..., object],
) -> None:
    for number in range(count):
        worlds.make_dataset(department, title=f"Beds {number}")
    steward.get(f"{BASE}/me")
    with django_assert_num_queries(7):
        assert len(steward.get(f"{BASE}/datasets").json()["items"]) == count
    with django_assert_num_queries(6):
        assert len(steward.get(f"{BASE}/versions").json()["items"]) == count
