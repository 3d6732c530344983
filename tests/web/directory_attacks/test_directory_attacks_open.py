"""What anybody may send to open addresses: bodies, queries and records made to break or to mislead."""

import json
import time
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from philoxenia_web.directory import models as m
from philoxenia_web.directory.sms.receiving import signature
from philoxenia_web.outside.guard import Refused, target

pytestmark = pytest.mark.django_db
DEEP = "[" * 100_000


@pytest.mark.parametrize("path", ["/hsds/services", "/oruk/services", "/hsds/service_at_locations"])
@pytest.mark.parametrize(
    "body",
    [DEEP, '{"a":' * 50_000, '{"page":1e400}', '{"search":"\\ud800"}', "[]"],
    ids=["lists", "objects", "endless", "half", "list"],
)
def test_no_body_breaks_an_interface(records: SimpleNamespace, path: str, body: str) -> None:
    assert Client().post(path, data=body, content_type="application/json").status_code in (200, 400, 422)


@pytest.mark.parametrize(
    "extent",
    [
        {"geometry": "x"},
        {"geometry": [1]},
        {"type": "Polygon", "coordinates": [[1, 2]]},
        {"type": "Polygon", "coordinates": [[["a", "b"], ["c", "d"]]]},
        {"type": "MultiPolygon", "coordinates": 5},
        DEEP,
    ],
    ids=["word", "list", "point", "words", "number", "deep"],
)
def test_no_area_of_a_record_closes_the_list(records: SimpleNamespace, extent: object) -> None:
    text = extent if isinstance(extent, str) else json.dumps(extent)
    m.ServiceArea.objects.create(service=records.lessons, extent=text, extent_type="geojson")
    for path in ("/oruk/services", "/hsds/service_at_locations"):
        assert Client().get(path, {"postcode": "M5J 2H7"}).status_code == 200


def test_the_map_turns_no_text_round(records: SimpleNamespace) -> None:
    m.Service.objects.filter(pk=records.lessons.pk).update(
        name="Lessons\u202egnp.exe<script>alert(1)</script>"
    )
    page = Client().get("/help/en/find/", {"view": "map"}).content.decode()
    assert "<svg" in page
    assert "\u202e" not in page
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "words",
    ["a" * 10_000, "x " * 1000, "(((((", '*?~^"AND OR NOT', "\x00", "'; drop table", "a:b [c TO d}"],
    ids=["letters", "words", "brackets", "signs", "nothing", "query", "range"],
)
def test_no_words_break_a_search(records: SimpleNamespace, words: str) -> None:
    for path, name in (("/help/en/find/", "q"), ("/help/en/find/", "near"), ("/hsds/services", "search")):
        answer = Client().get(path, {name: words})
        assert answer.status_code in (200, 400, 422)
        assert not answer.cookies


@pytest.mark.parametrize(
    "host",
    ["192.0.0.192", "[fec0::1]", "[::ffff:192.0.0.192]", "[64:ff9b::7f00:1]", "0177.0.0.1", "①②⑦.0.0.1"],
)
def test_the_link_check_opens_nothing_inside(host: str) -> None:
    with pytest.raises(Refused):
        target(f"http://{host}/", lambda name: ["127.0.0.1"])


@pytest.mark.parametrize(
    ("body", "timestamp"),
    [(b"[" * 15_000, ""), (b'{"sender":"\\ud800","text":"food"}', ""), (b"{}", "9" * 400)],
    ids=["deep", "half", "late"],
)
def test_no_signed_message_breaks_the_webhook(
    records: SimpleNamespace, settings: Any, body: bytes, timestamp: str
) -> None:
    settings.SMS_SECRET = "a secret of the provider"  # noqa: S105 (of this test)
    told = timestamp or str(int(time.time()))
    headers = {
        "X-Philoxenia-Timestamp": told,
        "X-Philoxenia-Signature": signature(body, told, settings.SMS_SECRET),
    }
    answer = Client().post(reverse("sms"), data=body, content_type="application/json", headers=headers)
    assert answer.status_code in (200, 400, 401)
