"""Importing in two steps: a report in sentences that writes nothing, then all or nothing."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from philoxenia_web.directory import models as m
from philoxenia_web.directory import queries
from philoxenia_web.directory.models.feedback import Feedback

LAW_CENTRE = {"id": "b3a0c8d2-0001-4000-8000-0000000000aa", "name": "Law Centre", "description": ""}
SERVICES = [
    {
        "id": "b3a0c8d2-0001-4000-8000-000000000001",
        "name": "Legal advice",
        "status": "active",
        "organization": {
            "id": "b3a0c8d2-0001-4000-8000-0000000000aa",
            "name": "Law Centre",
            "description": "",
        },
        "languages": [{"id": "b3a0c8d2-0001-4000-8000-0000000000bb", "code": "ar", "name": "Arabic"}],
    },
    {
        "id": "b3a0c8d2-0001-4000-8000-000000000002",
        "name": "Shelter for women who flee violence",
        "status": "active",
        "description": "Women's shelter, domestic violence",
        "organization": {
            "id": "b3a0c8d2-0001-4000-8000-0000000000aa",
            "name": "Law Centre",
            "description": "",
        },
        "service_at_locations": [
            {
                "id": "b3a0c8d2-0001-4000-8000-0000000000cc",
                "location": {
                    "id": "b3a0c8d2-0001-4000-8000-0000000000dd",
                    "location_type": "physical",
                    "latitude": 43.7011,
                    "longitude": -79.4163,
                    "addresses": [
                        {
                            "id": "b3a0c8d2-0001-4000-8000-0000000000ee",
                            "address_1": "77 Hidden Lane",
                            "city": "Toronto",
                            "state_province": "ON",
                            "postal_code": "M4R 1K8",
                            "country": "CA",
                            "address_type": "physical",
                        }
                    ],
                },
            }
        ],
    },
]


@pytest.fixture(autouse=True)
def own_var(settings: LazySettings, tmp_path: Path) -> Iterator[Path]:
    """Staged files lie in a folder of the test's own."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, var=tmp_path)
    yield tmp_path


def hand_in(editor: Client, content: bytes, name: str = "services.json", **said: str) -> HttpResponse:
    told = {"key": str(uuid4()), "feed": "law", "source": "Law Centre", "licence": "CC0", "language": "en"}
    return editor.post("/directory/import/", told | said | {"file": SimpleUploadedFile(name, content)})


def test_the_report_comes_first_and_writes_nothing(editor: Client, own_var: Path, db: None) -> None:
    answer = hand_in(editor, json.dumps(SERVICES).encode())
    assert answer.status_code == 302
    page = editor.get(answer["Location"]).content.decode()
    assert "2 services read; 2 are new" in page
    assert not m.Service.objects.exists()
    editor.post(answer["Location"], {"do": "accept"})
    assert {one.name.text for one in queries.each_shown("en")} >= {"Legal advice"}
    editor.post(answer["Location"], {"do": "accept"})
    assert m.Import.objects.count() == 1
    assert not list((own_var / "directory" / "staged").iterdir())


def test_no_confidential_site_lies_on_the_disk_between_the_steps(
    editor: Client, own_var: Path, db: None
) -> None:
    answer = hand_in(editor, json.dumps(SERVICES).encode())
    import polars as pl  # noqa: PLC0415

    staged = list(own_var.rglob("*.parquet"))
    assert staged
    written = "".join(pl.read_parquet(one).write_csv() for one in staged)
    written += "".join(one.read_text() for one in own_var.rglob("*.json"))
    page = editor.get(answer["Location"]).content.decode()
    for telling in ("Hidden Lane", "M4R", "43.7011"):
        assert telling not in written
        assert telling not in page
    editor.post(answer["Location"], {"do": "accept"})
    assert not m.Address.objects.exists()
    shelter = m.Service.objects.get(name__startswith="Shelter")
    assert shelter.confidential


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("nothing.json", b""),
        ("broken.json", b'{"id": '),
        ("picture.png", b"\x89PNG"),
        ("words.csv", b"\xff\xfe\x00\x01 no table"),
        ("other.csv", b"colour,size\nred,3\n"),
        ("bomb.zip", b"PK\x03\x04 not a zip"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(
    editor: Client, db: None, name: str, content: bytes
) -> None:
    answer = hand_in(editor, content, name)
    if answer.status_code == 302:
        # It can be read, and holds nothing that is a service: the report says so.
        assert "0 services read" in editor.get(answer["Location"]).content.decode()
    else:
        assert answer.status_code == 422
        assert "notice-problem" in answer.content.decode()
    assert not m.Service.objects.exists()


def test_a_discarded_import_leaves_nothing(editor: Client, own_var: Path, db: None) -> None:
    answer = hand_in(editor, json.dumps(SERVICES).encode())
    editor.post(answer["Location"], {"do": "discard"})
    editor.post(answer["Location"], {"do": "accept"})
    assert not m.Service.objects.exists()
    assert not list(own_var.rglob("*.parquet"))


def test_what_people_wrote_survives_the_next_import(editor: Client, db: None) -> None:
    editor.post(hand_in(editor, json.dumps(SERVICES).encode())["Location"], {"do": "accept"})
    advice = m.Service.objects.get(name="Legal advice")
    editor.post(
        f"/directory/services/{advice.pk}/withdraw/", {"version": advice.version, "reason": "Closed down"}
    )
    editor.post(hand_in(editor, json.dumps(SERVICES).encode())["Location"], {"do": "accept"})
    advice.refresh_from_db()
    assert advice.status == "inactive"


def test_a_place_made_confidential_by_hand_stays_so_when_its_source_names_it_again(
    editor: Client, own_var: Path, db: None
) -> None:
    named = json.loads(json.dumps(SERVICES))[1] | {"name": "Sewing circle", "description": "We sew."}
    content = json.dumps([named]).encode()
    editor.post(hand_in(editor, content)["Location"], {"do": "accept"})
    circle = m.Service.objects.get()
    assert m.Address.objects.exists()
    hand_in(editor, content)
    said = {"version": circle.version, "reason": "Somebody is looked for"}
    assert editor.post(f"/directory/services/{circle.pk}/confidential/", said).status_code == 302
    assert not list(own_var.rglob("*.parquet")), "what waits may name the place"
    editor.post(hand_in(editor, content)["Location"], {"do": "accept"})
    found = queries.shown(circle.pk, "en")
    assert found is not None
    assert (found.places, found.confidential) == ([], True)
    assert not m.Address.objects.exists()
    assert not m.Location.objects.exclude(latitude=None).exists()


def test_a_reader_s_message_is_answered_once_it_is_handled(editor: Client, records: SimpleNamespace) -> None:
    made = Feedback.objects.create(
        service=records.lessons, kind="hours", words="<b>Closed</b> on Mondays", language="en",
        day=timezone.localdate(),
    )  # fmt: skip
    assert "1 message is open" in editor.get("/directory/feedback/").content.decode()
    address = f"/directory/feedback/{made.pk}/"
    assert "<b>Closed" not in editor.get(address).content.decode()
    assert editor.post(address, {"state": "set_aside", "note": ""}).status_code == 422
    assert editor.post(address, {"state": "done", "note": ""}).status_code == 302
    made.refresh_from_db()
    assert made.state == "done"
