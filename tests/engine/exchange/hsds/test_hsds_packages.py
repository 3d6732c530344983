"""Tabular packages of HSDS 1, 2 and 3, as folder or archive, with and without a datapackage.json."""

import json
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from engine_hsds import everything

from philoxenia.exchange.hsds import About, model, package_files, read_records, write_package
from philoxenia.exchange.problems import UnreadableFileError

ORGANISATION = [{"id": "o1", "name": "Maple", "description": "Help.", "url": "maple.example.org"}]
SERVICE = [{"id": "s1", "organization_id": "o1", "name": "Advice", "status": "Active"}]


@pytest.fixture(scope="module")
def examples(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hsds")
    with zipfile.ZipFile(shared_data / "hsds/hsds_3_schema_examples.zip") as archive:
        archive.extractall(folder)
    return folder


class TestVersion3:
    def test_every_table_of_the_published_example_is_read(self, examples: Path) -> None:
        records = read_records(examples / "examples/csv", About(source="Example"))
        absent = {"service_capacity", "unit", "url", "translation", "metadata", "attribute"}
        assert {name for name in model() if records.count(name)} == set(model()) - absent

    def test_nested_and_tabular_examples_say_the_same(self, examples: Path) -> None:
        flat = read_records(examples / "examples/csv", About(source="Example"))
        nested = read_records(examples / "examples/service_full.json", About(source="Example"))
        for table, column in (
            ("service", "description"),
            ("phone", "number"),
            ("schedule", "opens_at"),
            ("language", "name"),
        ):
            assert flat.tables[table][column].to_list() == nested.tables[table][column].to_list()
        assert nested.count("attribute") == 1

    def test_what_is_written_fits_the_published_description(self, examples: Path) -> None:
        records = read_records(examples / "examples/service_full.json", About(source="Example"))
        files = package_files(records, profile=False)
        described = json_of(examples / "datapackage.json")
        columns = {
            one["path"]: [field["name"] for field in one["schema"]["fields"]]
            for one in described["resources"]
        }
        assert "services.csv" in files
        for name, content in files.items():
            if name in columns:
                header = content.decode().splitlines()[0].split(",")
                assert [column for column in header if column in columns[name]] == [
                    c for c in columns[name] if c in header
                ]

    def test_a_row_satisfies_the_published_schema(self, examples: Path) -> None:
        records = read_records(examples / "examples/service_full.json", About(source="Example"))
        schema = json_of(examples / "schema/service.json")
        flat = {name: value for name, value in next(records.rows("service")).items() if value is not None}
        plain = {
            **schema,
            "properties": {n: p for n, p in schema["properties"].items() if "$ref" not in str(p)},
        }
        jsonschema.validate(flat, plain)


class TestOlderVersions:
    def test_version_2(self, package: Any) -> None:
        records = package(
            {
                "organizations": ORGANISATION,
                "services": SERVICE,
                "locations": [
                    {
                        "id": "l1",
                        "organization_id": "o1",
                        "name": "Office",
                        "latitude": "43.65",
                        "longitude": "-79.38",
                    }
                ],
                "services_at_location": [{"id": "x1", "service_id": "s1", "location_id": "l1"}],
                "physical_addresses": [
                    {
                        "id": "a1",
                        "location_id": "l1",
                        "address_1": "1 Main St",
                        "city": "Toronto",
                        "country": "CA",
                    }
                ],
                "regular_schedules": [
                    {
                        "id": "h1",
                        "service_id": "s1",
                        "weekday": "Monday",
                        "opens_at": "9:00",
                        "closes_at": "17:00",
                    },
                    {"id": "h2", "service_id": "s1", "weekday": "2", "opens_at": "9 am", "closes_at": "5 pm"},
                ],
                "holiday_schedules": [
                    {
                        "id": "h1",
                        "service_id": "s1",
                        "closed": "true",
                        "start_date": "2026-12-25",
                        "end_date": "2026-12-26",
                    }
                ],
                "eligibility": [
                    {"id": "e1", "service_id": "s1", "eligibility": "Newcomers"},
                    {"id": "e2", "service_id": "s1", "eligibility": "Seniors"},
                ],
                "payments_accepted": [{"id": "y1", "service_id": "s1", "payment": "Cash"}],
                "languages": [{"id": "g1", "service_id": "s1", "language": "Arabic"}],
                "phones": [{"id": "p1", "service_id": "s1", "number": "311", "language": "en,fr"}],
                "accessibility_for_disabilities": [
                    {"id": "w1", "location_id": "l1", "accessibility": "Wheelchair ramp"}
                ],
                "taxonomy_terms": [{"id": "t1", "term": "Housing help", "taxonomy": "own"}],
                "service_attributes": [{"id": "b1", "service_id": "s1", "taxonomy_term_id": "t1"}],
            }
        )
        schedules = (
            records.tables["schedule"]
            .sort("valid_from", "byday")
            .select("byday", "opens_at", "closes_at", "valid_from", "notes")
            .rows()
        )
        assert schedules == [
            ("MO", "09:00", "17:00", None, None),
            ("TU", "09:00", "17:00", None, None),
            (None, None, None, "2026-12-25", "closed"),
        ]
        service = next(records.rows("service"))
        assert service["eligibility_description"] == "Newcomers; Seniors"
        assert service["fees_description"] == "Payment: Cash"
        assert service["needs"] == "housing"
        assert sorted(records.tables["language"]["code"].to_list()) == ["ar", "en", "fr"]
        assert records.tables["location"]["wheelchair"].to_list() == ["yes"]
        assert records.tables["address"]["address_type"].to_list() == ["physical"]
        assert records.tables["organization"]["website"].to_list() == ["https://maple.example.org"]
        assert records.tables["attribute"]["link_entity"].to_list() == ["service"]

    def test_version_1_names_its_terms_otherwise(self, package: Any) -> None:
        records = package(
            {
                "organization": ORGANISATION,
                "service": SERVICE,
                "taxonomy": [{"id": "t1", "name": "Food", "parent_id": "", "vocabulary": "own"}],
                "service_taxonomy": [{"id": "b1", "service_id": "s1", "taxonomy_id": "t1"}],
            }
        )
        assert records.tables["taxonomy_term"]["name"].to_list() == ["Food"]
        assert records.tables["service"]["needs"].to_list() == ["food"]


class TestHowItComes:
    def test_a_datapackage_names_files_its_own_way(self, tmp_path: Path) -> None:
        (tmp_path / "data").mkdir()
        (tmp_path / "data/list-a.csv").write_text("id,name,description\no1,Maple,Help\n")
        (tmp_path / "data/list-b.csv").write_text("id,organization_id,name,status\ns1,o1,Advice,active\n")
        resources = [
            {"name": "organization", "path": "data/list-a.csv"},
            {"name": "service", "path": "data/list-b.csv"},
            {"name": "phone", "path": "gone.csv"},
        ]
        (tmp_path / "datapackage.json").write_text(json.dumps({"resources": resources}))
        records = read_records(tmp_path, About(source="Test"))
        assert (records.count("organization"), records.count("service")) == (1, 1)
        assert "package_missing_file" in {one.kind for one in records.told}

    def test_the_same_file_gives_the_same_ids(self, package: Any) -> None:
        first, again = (package({"organizations": ORGANISATION, "services": SERVICE}) for _ in range(2))
        assert first.tables["service"]["id"].to_list() == again.tables["service"]["id"].to_list()
        assert first.tables["service"]["external_id"].to_list() == ["s1"]

    def test_what_is_written_is_read_again_as_it_was(self, package: Any, tmp_path: Path) -> None:
        first = package(
            {
                "organizations": ORGANISATION,
                "services": SERVICE,
                "phones": [{"id": "p1", "service_id": "s1", "number": "311", "extension": "7"}],
            }
        )
        write_package(first, tmp_path / "again.zip")
        again = read_records(tmp_path / "again.zip", About(source="Other"))
        assert all(again.tables[name].equals(first.tables[name]) for name in first.tables)

    def test_links_that_lead_nowhere(self, package: Any) -> None:
        stray = [{"id": "s2", "organization_id": "gone", "name": "Lost", "status": "active"}]
        phones = [
            {"id": "p1", "service_id": "gone", "number": "1"},
            {"id": "p2", "service_id": "s1", "location_id": "gone", "number": "2"},
        ]
        records = package({"organizations": ORGANISATION, "services": [*SERVICE, *stray], "phones": phones})
        assert records.tables["service"]["name"].to_list() == ["Advice"]
        assert records.tables["phone"]["number"].to_list() == ["2"]
        assert {"parent_missing", "link_missing", "belongs_nowhere"} <= {one.kind for one in records.told}

    def test_rows_and_ids_that_come_again(self, package: Any) -> None:
        records = package(
            {"organizations": ORGANISATION, "services": [*SERVICE, *SERVICE, SERVICE[0] | {"name": "Other"}]}
        )
        assert records.tables["service"]["name"].to_list() == ["Advice"]
        assert {one.kind: one.count for one in records.told if one.kind.endswith("_again")} == {
            "rows_again": 1,
            "id_again": 1,
        }

    def test_files_without_a_directory(self, tmp_path: Path) -> None:
        (tmp_path / "a.csv").write_text("x,y\n1,2\n")
        (tmp_path / "b.csv").write_text("x,y\n1,2\n")
        with pytest.raises(UnreadableFileError, match="which of them is the directory"):
            read_records(tmp_path)
        with pytest.raises(UnreadableFileError, match="no file or folder"):
            read_records(tmp_path / "gone.zip")

    def test_our_own_words_are_not_in_hsds_alone(self, package: Any) -> None:
        records = package(
            {"organizations": ORGANISATION, "services": [SERVICE[0] | {"needs": "food", "asks_status": "no"}]}
        )
        assert b"asks_status" in package_files(records)["services.csv"]
        assert b"asks_status" not in package_files(records, profile=False)["services.csv"]
        assert "food" in everything(records)


def json_of(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
