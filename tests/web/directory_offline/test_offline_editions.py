"""Editions: what they hold and never hold, how one follows another, when one may not be read."""

import hashlib
import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from philoxenia_web.directory import models as m
from philoxenia_web.directory.following import note
from philoxenia_web.directory.offline import edition, making
from philoxenia_web.directory.offline.rows import Rows


def lines_of(manifest: dict[str, Any]) -> list[str]:
    """All lines, read as a phone reads them."""
    shelf = making.shelf(manifest["language"])
    texts = []
    for name, *_ in manifest["parts"]:
        content, _packing = shelf.read(name, "") or (b"", "")
        assert hashlib.sha256(content).hexdigest().startswith(name)
        texts.append(content.decode())
    return [line for text in texts for line in edition.lines_of(text)]


def follow(old: list[str], difference: str) -> list[str]:
    """The same steps as `changed` in edition.js."""
    first, *given = difference.split("\n")
    head = json.loads(first)

    def places(steps: list[int]) -> list[int]:
        return [sum(steps[: count + 1]) for count in range(len(steps))]

    out = set(places(head["out"]))
    stay = iter([line for place, line in enumerate(old) if place not in out])
    put = dict(zip(places(head["at"]), given, strict=True))
    return [put[place] if place in put else next(stay) for place in range(head["rows"])]


def add(records: SimpleNamespace, count: int) -> list[m.Service]:
    """More services of the same organisation."""
    made = [
        m.Service.objects.create(
            organization=records.body, name=f"Course {number}", text_language="en", source="test"
        )
        for number in range(count)
    ]
    note([one.pk for one in made])
    return made


def test_an_edition_holds_what_is_shown_and_its_digest_is_that_of_its_lines(
    records: SimpleNamespace,
) -> None:
    manifest = making.make("ar")
    lines = lines_of(manifest)
    assert {edition.row_of(line)["i"] for line in lines} == {str(records.lessons.pk), str(records.shelter.pk)}
    assert hashlib.sha256("\n".join(lines).encode()).hexdigest() == manifest["digest"]
    assert manifest["direction"] == "rtl"
    row = next(edition.row_of(line) for line in lines if str(records.lessons.pk) in line)
    # The page is Arabic and the text English: it says so, so that a phone reads it in its own direction.
    assert row["n"] == ["English lessons", "en"]
    assert row["pl"][0]["h"] == [{"f": "WEEKLY", "d": [0], "o": 540, "c": 1020}]
    assert row["sp"] == 1


def test_a_confidential_service_has_no_place_whatever_it_is_handed_over_with() -> None:
    place = {"id": "p", "name": None, "address": ["9 Hidden St"], "latitude": 43.12345, "longitude": -79.7}
    shown = {
        "id": "s",
        "organisation_id": "o",
        "name": {"text": "Night shelter", "language": "en", "status": "original"},
        "organisation": {"text": "House", "language": "en", "status": "original"},
        "places": [place],
        "schedules": [
            {"freq": "DAILY", "opens_at": "09:00", "closes_at": "17:00", "description": "9 Hidden St"}
        ],
    }
    rows = Rows("en", 700, "UTC")
    assert "9 Hidden St" in json.dumps(rows.service(shown))
    told = json.dumps(rows.service(shown | {"confidential": True}))
    assert "Hidden" not in told and "43.1" not in told and "Night shelter" in told


def test_a_difference_makes_the_new_edition_of_the_old_one(records: SimpleNamespace) -> None:
    made = add(records, 30)
    first = making.make("en")
    before = lines_of(first)
    m.Service.objects.filter(pk=made[3].pk).update(name="Another course")
    m.Service.objects.filter(pk=made[7].pk).update(withheld=True)
    note([made[3].pk, made[7].pk])
    add(records, 2)
    second = making.make("en")
    assert second["number"] == first["number"] + 1
    name, size = second["differences"][str(first["number"])]
    content, _packing = making.shelf("en").read(name, "") or (b"", "")
    assert follow(before, content.decode()) == lines_of(second)
    assert size < second["bytes"]
    # Neither the difference nor anything else the server keeps names what was taken out.
    kept = b"".join(place.read_bytes() for place in making.shelf("en")._folder.iterdir())
    assert b"Course 7" not in content and str(made[7].pk).encode() not in content
    assert str(made[7].pk).encode() not in kept


def test_only_what_changed_is_packed_again(records: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    made, packed = add(records, 30), []
    first, pack = making.make("en"), edition.brotli.compress
    monkeypatch.setattr(
        edition,
        "brotli",
        SimpleNamespace(compress=lambda *what, **how: packed.append(what) or pack(*what, **how)),
    )
    making.make("en")
    assert packed == []
    m.Service.objects.filter(pk=made[3].pk).update(name="Another course")
    note([made[3].pk])
    second = making.make("en")
    assert any(b"Another course" in content for (content,) in packed)
    # One part that holds the row, and what leads to it from the edition before.
    assert len(packed) == 2
    assert first["words"] == second["words"]
    assert len(lines_of(second)) == second["rows"]


def test_the_same_directory_keeps_its_number(records: SimpleNamespace) -> None:
    assert making.make("fr")["number"] == making.make("fr")["number"]


def test_numbers_go_on_where_the_manifest_was_lost(records: SimpleNamespace) -> None:
    first = making.make("en")
    (making.shelf("en")._folder / "manifest.json").write_text("{ half of")
    assert making.shelf("en").manifest() is None
    assert making.make("en")["number"] > first["number"]


def test_an_edition_with_something_withheld_is_not_handed_out(records: SimpleNamespace) -> None:
    manifest = making.make("en")
    part = manifest["parts"][0][0]
    assert Client().get(f"/help/en/edition/{part}/").status_code == 200
    m.Service.objects.filter(pk=records.lessons.pk).update(withheld=True)
    note([records.lessons.pk])
    for address in ("/help/en/edition/", f"/help/en/edition/{part}/"):
        answer = Client().get(address)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
    assert "en" in making.renew()
    assert Client().get("/help/en/edition/").json()["rows"] == 1
    assert Client().get(f"/help/en/edition/{part}/").status_code == 404


def test_a_site_that_became_confidential_is_not_handed_out(records: SimpleNamespace) -> None:
    making.make("en")
    records.there.delete()
    m.Service.objects.filter(pk=records.lessons.pk).update(confidential=True)
    note([records.lessons.pk])
    assert Client().get("/help/en/edition/").status_code == 503


def test_a_harmless_change_does_not_stop_anybody(records: SimpleNamespace) -> None:
    making.make("en")
    m.Service.objects.filter(pk=records.lessons.pk).update(name="Lessons")
    note([records.lessons.pk])
    assert Client().get("/help/en/edition/").status_code == 200


@pytest.mark.parametrize("name", ["../manifest", "0" * 19, "G" * 20, "manifest.json", "1.marks"])
def test_only_files_of_the_edition_can_be_asked_for(records: SimpleNamespace, name: str) -> None:
    making.make("en")
    assert Client().get(f"/help/en/edition/{name}/").status_code == 404


def test_a_city_without_services_has_an_edition(db: None) -> None:
    manifest = making.make("uk")
    assert manifest["rows"] == 0 and lines_of(manifest) == []
