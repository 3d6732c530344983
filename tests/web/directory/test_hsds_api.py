"""The interface of HSDS 3.1 and the UK profile, held against the published schemas."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator, FormatChecker

from philoxenia_web.directory import models as m
from philoxenia_web.directory.following import note
from philoxenia_web.directory.hsds import finding, limits

_LISTS = ("services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms")
_UK = ("services", "service_at_locations", "taxonomies", "taxonomy_terms")


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    """Nobody has asked yet, and nothing is remembered of other tests' directories."""
    limits.limiter._counts.clear()
    finding._counts.clear()
    finding._ends.clear()
    yield


@pytest.fixture(scope="module")
def schemas(shared_data: Path) -> dict[str, Any]:
    """Schemas of HSDS 3.0 by name, with the tables that 3.1 added."""
    with zipfile.ZipFile(shared_data / "hsds" / "hsds_3_schema_examples.zip") as archive:
        names = {
            "services": "compiled/service_list",
            "services/": "compiled/service",
            "organizations": "compiled/organization_list",
            "organizations/": "compiled/organization",
            "service_at_locations": "compiled/service_at_location_list",
            "service_at_locations/": "compiled/service_at_location",
            "taxonomies": "taxonomy",
            "taxonomy_terms": "taxonomy_term",
        }
        read = {key: json.loads(archive.read(f"schema/{name}.json")) for key, name in names.items()}
    for name in ("taxonomies", "taxonomy_terms"):
        for linked in ("metadata", "taxonomy_detail"):
            read[name]["properties"].pop(linked, None)
        read[f"{name}/"] = read[name]
    added = _added()
    service = read["services/"]["properties"]
    service["capacities"] = {"type": "array", "items": added["service_capacity"]}
    service["additional_urls"] = {"type": "array", "items": added["url"]}
    return read


def _added() -> dict[str, Any]:
    made: dict[str, Any] = {}
    with (Path(__file__).parent / "hsds_31.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            table = made.setdefault(row["table"], {"type": "object", "properties": {}, "required": []})
            table["properties"][row["field"]] = made.get(row["type"], {"type": row["type"]})
            if row["required"]:
                table["required"].append(row["field"])
    return made


def _get(address: str, **query: Any) -> Any:
    answer = Client().get(f"/{address}", query)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def _faults(schema: dict[str, Any], record: Any) -> list[str]:
    checker = Draft202012Validator(schema, format_checker=FormatChecker())
    return [f"{fault.json_path}: {fault.message}" for fault in checker.iter_errors(record)]


@pytest.mark.parametrize("kind", _LISTS)
@pytest.mark.parametrize("full", ["false", "true"])
def test_every_record_is_as_the_published_schemas_have_it(
    records: SimpleNamespace, schemas: dict[str, Any], kind: str, full: str
) -> None:
    page = _get(f"hsds/{kind}", full=full)
    assert page["total_items"] == len(page["contents"]) == page["size"] > 0
    for one in page["contents"]:
        assert _faults(schemas[f"{kind}/" if full == "true" else kind], one) == []
        assert _faults(schemas[f"{kind}/"], _get(f"hsds/{kind}/{one['id']}")) == []


def test_a_service_tells_all_that_hangs_on_it(records: SimpleNamespace) -> None:
    one = _get(f"hsds/services/{records.lessons.pk}")
    assert one["organization"]["name"] == "Harbour Library"
    assert one["phones"][0]["languages"][0]["code"] == "ar"
    there = one["service_at_locations"][0]
    assert there["location"]["addresses"][0]["postal_code"] == "M5J 2H7"
    assert there["schedules"][0]["byday"] == "MO"
    assert one["attributes"][0]["taxonomy_term"]["taxonomy_detail"]["name"] == "Needs"
    assert one["capacities"][0]["unit"]["name"] == "Seats"
    assert (one["needs"], one["safe_without_papers"], one["free"]) == (["language"], "yes", True)
    assert not {"held", "version", "asks_status", "confidential"} & set(one)
    m.Service.objects.update(free=False, minimum_age=0)
    told = _get(f"hsds/services/{records.lessons.pk}")
    assert (told["free"], told["minimum_age"]) == (False, 0)


@pytest.mark.parametrize("base", ["hsds", "oruk"])
def test_what_is_withheld_or_confidential_is_told_nowhere(records: SimpleNamespace, base: str) -> None:
    hidden = m.Location.objects.create(confidential=True, organization=records.body)
    kinds = _LISTS if base == "hsds" else _UK
    told = json.dumps([_get(f"{base}/{kind}", full="true", full_service="true") for kind in kinds])
    assert "Night shelter" in told
    for never in ("Held back", "Old service", str(hidden.pk), str(records.withheld.pk)):
        assert never not in told
    for key in (records.withheld.pk, records.closed.pk, "nothing"):
        assert Client().get(f"/{base}/services/{key}").status_code == 404


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, {"English lessons", "Night shelter"}),
        ({"taxonomy_term_id": "term"}, {"English lessons"}),
        ({"taxonomy_id": "taxonomy"}, {"English lessons"}),
        ({"taxonomy_id": "body"}, set()),
        ({"organization_id": "body"}, {"English lessons", "Night shelter"}),
        ({"organization_id": "not-an-id"}, set()),
        ({"modified_after": "2999-01-01T00:00:00Z"}, set()),
        ({"modified_after": "2000-01-01"}, {"English lessons", "Night shelter"}),
        ({"day": "Monday", "start_time": "08:00", "end_time": "17:00"}, {"English lessons"}),
        ({"day": "TU"}, set()),
        ({"per_page": "1", "page": "3"}, set()),
    ],
)
def test_services_are_narrowed_by_each_parameter(
    records: SimpleNamespace, query: dict[str, str], names: set[str]
) -> None:
    asked = {
        name: str(getattr(records, value).pk) if hasattr(records, value) else value
        for name, value in query.items()
    }
    assert {one["name"] for one in _get("hsds/services", **asked)["contents"]} == names
    body = Client().post("/hsds/services", json.dumps(asked), content_type="application/json")
    assert {one["name"] for one in body.json()["contents"]} == names
    assert body.headers["Cache-Control"] == "no-store"


def test_services_are_found_by_words(records: SimpleNamespace, tmp_path: Path, settings: Any) -> None:
    settings.ENVIRONMENT = SimpleNamespace(
        var=tmp_path, api_requests_per_minute=10, city=settings.ENVIRONMENT.city
    )
    page = _get("hsds/services", search="lessons", organization_id=str(records.body.pk))
    assert [one["name"] for one in page["contents"]] == ["English lessons"]
    assert _get("hsds/service_at_locations", search="lessons")["total_items"] == 1
    assert _get("hsds/services", search="nothing that is here")["empty"]


def test_pages_tell_how_many_there_are(records: SimpleNamespace) -> None:
    first, last = (_get("hsds/services", per_page=1, page=number) for number in (1, 2))
    assert [first[name] for name in ("total_items", "total_pages", "size", "first_page", "last_page")] == [
        *(2, 2, 1, True, False)
    ]
    assert (last["last_page"], last["empty"]) == (True, False)
    assert first["contents"][0]["id"] != last["contents"][0]["id"]
    assert _get("hsds/services", per_page=1, page=2) == last, "counted off or not, a page is the same"
    m.Service.objects.create(organization=records.body, name="One more")
    note([records.lessons.pk])
    assert _get("hsds/services")["total_items"] == 3, "the count is remembered for too long"


def test_lines_hold_every_record(records: SimpleNamespace) -> None:
    answer = Client().get("/hsds/services", {"format": "ndjson", "per_page": 1, "minimal": "true"})
    lines = [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]
    assert {one["id"] for one in lines} == {str(records.lessons.pk), str(records.shelter.pk)}
    assert set(lines[0]) == {"id", "modified_date"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"postcode": "M5J2H7", "proximity": "10"}, 1),
        ({"postcode": "m5j 9z9", "proximity": "10"}, 1),
        ({"postcode": "ZZ1 1ZZ", "proximity": "10000"}, 0),
        ({"postcode": "M5J 2H7"}, 1),
    ],
)
def test_places_are_found_near_a_postal_code(
    records: SimpleNamespace, query: dict[str, str], found: int
) -> None:
    assert _get("hsds/service_at_locations", **query)["total_items"] == found


def test_a_service_for_another_area_is_not_for_this_postal_code(records: SimpleNamespace) -> None:
    ring = [[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]
    area = json.dumps({"type": "Polygon", "coordinates": [ring]})
    m.ServiceArea.objects.create(service=records.lessons, extent=area, extent_type="geojson")
    assert _get("hsds/service_at_locations", postcode="M5J 2H7")["total_items"] == 0


@pytest.mark.parametrize(
    "query",
    [{"page": "0"}, {"page": "x"}, {"per_page": "-1"}, {"full": "maybe"}, {"format": "xml"}, {"day": "x"},
     {"modified_after": "2026-13-45"}, {"start_time": "25:00"}, {"search": "x" * 400}, {"proximity": "near"}],
)  # fmt: skip
def test_a_parameter_that_cannot_be_read_is_named(db: None, query: dict[str, str]) -> None:
    answer = Client().get("/hsds/services", query)
    assert answer.status_code == 400
    assert next(iter(query)) in answer.json()["detail"]
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_what_the_client_has_is_not_sent_again(records: SimpleNamespace) -> None:
    address = f"/hsds/services/{records.lessons.pk}"
    tag = Client().get(address).headers["ETag"]
    again = Client().get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    m.Phone.objects.update(number="+1 416 555 0333")
    assert Client().get(address, headers={"If-None-Match": tag}).status_code == 200


def test_a_page_takes_as_many_queries_whatever_its_length(records: SimpleNamespace) -> None:
    def queries(**query: Any) -> int:
        with CaptureQueriesContext(connection) as caught:
            _get("hsds/services", **query)
        return len(caught)

    _get("hsds/services")
    few = {full: queries(full=full) for full in ("true", "false")}
    for number in range(8):
        made = m.Service.objects.create(organization=records.body, name=f"More {number}")
        m.ServiceAtLocation.objects.create(service=made, location=records.room)
    assert {full: queries(full=full) for full in ("true", "false")} == few
    assert few["false"] < 8


def test_anybody_may_ask_from_any_page_but_not_endlessly(db: None, monkeypatch: Any) -> None:
    answer = Client().get("/oruk/services", headers={"Origin": "https://elsewhere.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not answer.cookies
    assert Client().options("/oruk/services").status_code == 204
    assert Client().delete("/hsds/services").status_code == 405
    monkeypatch.setattr(limits, "limit", lambda: 2)
    codes = [Client().get("/hsds/services").status_code for _ in range(2)]
    assert codes[-1] == 429


def test_the_uk_profile_has_what_it_requires(records: SimpleNamespace) -> None:
    about = _get("oruk/")
    assert about["version"] == "HSDS-UK-3.0"
    assert _get("oruk/openapi.json")["paths"].keys() >= {"/services", "/taxonomies/{id}"}
    for one in _get("oruk/services", full="true")["contents"]:
        assert one["url"].startswith("http")
        assert {"id", "name", "status", "url"} <= set(one)
    term = _get(f"oruk/taxonomy_terms/{records.term.pk}")
    assert (term["term"], term["taxonomy"]) == ("Learning", "Needs")
    there = _get(f"oruk/service_at_locations/{records.there.pk}")
    assert there["service"]["url"].startswith("http")
    assert there["location"]["accessibility"][0]["accessibility"] == "Ramp at the door"


def test_the_interface_tells_what_it_is(records: SimpleNamespace) -> None:
    about = _get("hsds/")
    assert about["version"] == "3.1"
    described = _get("hsds/openapi.json")
    assert {f"/{kind}" for kind in _LISTS} <= set(described["paths"])
    fields = {(one["table"], one["field"]) for one in _get("hsds/profile")["fields"]}
    assert {("service", "safe_without_papers"), ("service", "needs")} <= fields


def test_the_package_holds_what_is_shown_and_nothing_else(
    records: SimpleNamespace, tmp_path: Path, settings: Any
) -> None:
    settings.ENVIRONMENT = SimpleNamespace(var=tmp_path, api_requests_per_minute=10)
    m.Address.objects.create(location=records.room, address_1="2 Front St")
    m.Location.objects.create(confidential=True)
    m.Phone.objects.create(service=records.withheld, number="+1 416 555 0666")
    answer = Client().get("/hsds/package.zip")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        described = json.loads(archive.read("datapackage.json"))
        read = {
            one["name"]: list(csv.DictReader(io.StringIO(archive.read(one["path"]).decode())))
            for one in described["resources"]
        }
    assert {one["name"] for one in read["service"]} == {"English lessons", "Night shelter"}
    assert len(read["location"]) == 1
    assert len(read["address"]) == 2
    assert len(read["attribute"]) == 1
    assert "+1 416 555 0666" not in {one["number"] for one in read["phone"]}
    for one in described["resources"]:
        names = [field["name"] for field in one["schema"]["fields"]]
        assert "held" not in names
        assert not read[one["name"]] or list(read[one["name"]][0]) == names
    again = Client().get("/hsds/package.zip", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
