"""JSON of HSDS: one record, lists, pages, one record a line, organisations with services inside, maps,
translations."""

import json
from pathlib import Path
from typing import Any

import pytest

from philoxenia.exchange.hsds import About, read_records, source_hash
from philoxenia.exchange.problems import DeclarationError, UnreadableFileError

ORGANISATION = {"id": "o1", "name": "Maple", "description": "Help."}
SERVICE = {"id": "s1", "name": "Advice", "status": "active", "organization": ORGANISATION}
OTHER = SERVICE | {"id": "s2", "name": "Lunch"}


class TestForms:
    @pytest.mark.parametrize(
        "value",
        [
            [SERVICE, OTHER],
            {"total_items": 2, "total_pages": 1, "page_number": 1, "size": 2, "contents": [SERVICE, OTHER]},
            [{"page_number": 1, "contents": [SERVICE]}, {"page_number": 2, "contents": [OTHER]}],
            {"content": [SERVICE, OTHER], "totalPages": 1, "number": 1},
            {"services": [SERVICE, OTHER]},
            ORGANISATION
            | {
                "services": [
                    {k: v for k, v in one.items() if k != "organization"} for one in (SERVICE, OTHER)
                ]
            },
            f"{json.dumps(SERVICE)}\n\n{json.dumps(OTHER)}\n",
        ],
    )
    def test_two_services_of_one_organisation(self, as_json: Any, value: Any) -> None:
        records = as_json(value)
        assert sorted(records.tables["service"]["name"].to_list()) == ["Advice", "Lunch"]
        assert records.tables["organization"]["name"].to_list() == ["Maple"]
        assert records.tables["service"]["organization_id"].n_unique() == 1

    def test_a_page_out_of_several_is_said(self, as_json: Any) -> None:
        records = as_json(
            {"total_items": 9, "total_pages": 5, "page_number": 2, "contents": [SERVICE, OTHER]}
        )
        assert "page 2 of 5" in next(one.message for one in records.told if one.kind == "page_missing")

    def test_a_damaged_line_leaves_the_others(self, as_json: Any) -> None:
        records = as_json(f"{json.dumps(SERVICE)}\n{{cut off\n{json.dumps(OTHER)}\n", "export.ndjson")
        assert records.count("service") == 2
        assert "line 2" in next(one.message for one in records.told if one.kind == "line_damaged")

    def test_a_service_at_a_location(self, as_json: Any) -> None:
        place = {
            "id": "l1",
            "location_type": "physical",
            "name": "Hall",
            "addresses": [{"address_1": "1 Main St", "city": "Toronto"}],
            "phones": [{"number": "311"}],
        }
        records = as_json({"id": "x1", "service": SERVICE, "location": place})
        link = next(records.rows("service_at_location"))
        assert link["service_id"] == next(records.rows("service"))["id"]
        assert link["location_id"] == next(records.rows("location"))["id"]
        assert next(records.rows("address"))["location_id"] == link["location_id"]

    def test_a_folder_of_pages(self, tmp_path: Path) -> None:
        for number, one in enumerate((SERVICE, OTHER), start=1):
            (tmp_path / f"page-{number}.json").write_text(json.dumps({"contents": [one]}), encoding="utf-8")
        assert read_records(tmp_path, About(source="Test")).count("service") == 2

    def test_new_tables_of_version_3_1(self, as_json: Any) -> None:
        more = {
            "capacities": [
                {
                    "id": "c1",
                    "available": 3,
                    "maximum": 9,
                    "updated": "2026-01-01T10:00:00Z",
                    "unit": {"id": "u1", "name": "Beds"},
                }
            ],
            "additional_urls": [{"id": "w1", "label": "Map", "url": "https://example.org/map"}],
        }
        records = as_json(SERVICE | more)
        assert next(records.rows("service_capacity"))["unit_id"] == next(records.rows("unit"))["id"]
        assert next(records.rows("url"))["service_id"] == next(records.rows("service"))["id"]

    def test_flat_records_are_a_listing(self, as_json: Any) -> None:
        records = as_json(
            [{"PublicName": "Advice", "ParentAgency": "Maple", "Phone": ["311", "416-555-0101"]}]
        )
        assert next(records.rows("organization"))["name"] == "Maple"
        assert sorted(records.tables["phone"]["number"].to_list()) == ["311", "416-555-0101"]


class TestTroubles:
    @pytest.mark.parametrize("text", ["", "   ", "{", "[1, 2", "not json"])
    def test_what_is_no_json(self, as_json: Any, text: str) -> None:
        with pytest.raises(UnreadableFileError):
            as_json(text)

    @pytest.mark.parametrize(
        "value", [[], {}, [1, None, "x"], {"contents": []}, {"error": "sign in"}, [[[[]]]]]
    )
    def test_nothing_in_it_is_refused_in_a_sentence(self, as_json: Any, value: Any) -> None:
        records = as_json(value)
        assert records.refused
        assert "No organisation and no service" in " ".join(one.message for one in records.told)

    def test_endless_nesting(self, as_json: Any) -> None:
        with pytest.raises(UnreadableFileError, match="nested too deeply"):
            as_json("[" * 100_000 + "]" * 100_000)

    def test_values_of_odd_types(self, as_json: Any) -> None:
        odd = SERVICE | {
            "description": {"en": "Help"},
            "minimum_age": "twelve",
            "maximum_age": 18,
            "phones": "311",
            "url": ["https://a.example", "b"],
        }
        service = next(as_json(odd).rows("service"))
        assert (service["minimum_age"], service["maximum_age"]) == (None, 18)


FEATURES = [
    {
        "type": "Feature",
        "id": 1,
        "properties": {"who": "Maple", "what": "Lessons", "for.whom": {"All": True, "None": False}},
        "geometry": {"type": "Point", "coordinates": [35.7, 32.0]},
    }
]


class TestMapping:
    TEXT = """
    [about]
    source = "Test"
    language = "en"
    [columns]
    record_id = "id"
    agency = "properties.who"
    name = "properties.what"
    eligibility = "keys:properties.for.whom"
    longitude = "geometry.coordinates.0"
    latitude = "geometry.coordinates.1"
    [fixed]
    country = "JO"
    [[translation]]
    language = "ar"
    file = "ar.json"
    """

    @pytest.fixture
    def mapped(self, tmp_path: Path) -> Any:
        def read(arabic: Any, text: str = self.TEXT) -> Any:
            (tmp_path / "mapping.toml").write_text(text, encoding="utf-8")
            (tmp_path / "en.json").write_text(json.dumps(FEATURES), encoding="utf-8")
            (tmp_path / "ar.json").write_text(json.dumps(arabic), encoding="utf-8")
            return read_records(tmp_path / "en.json", About(mapping=tmp_path / "mapping.toml"))

        return read

    def test_translations_are_of_the_same_record(self, mapped: Any) -> None:
        arabic = [FEATURES[0] | {"properties": {"who": "Maple", "what": "دروس", "for.whom": {"الكل": True}}}]
        records = mapped(arabic)
        service, told = (
            next(records.rows("service")),
            {row["field"]: row for row in records.rows("translation")},
        )
        assert (service["name"], service["eligibility_description"]) == ("Lessons", "All")
        assert told["name"]["text"] == "دروس"
        assert told["name"]["object_id"] == service["id"]
        assert told["name"]["source_hash"] == source_hash("Lessons")
        assert told["eligibility_description"]["text"] == "الكل"

    def test_a_record_without_counterpart(self, mapped: Any) -> None:
        records = mapped([FEATURES[0] | {"id": 99}])
        assert records.count("translation") == 0
        assert "translation_unmatched" in {one.kind for one in records.told}

    @pytest.mark.parametrize(
        ("text", "says"),
        [("[colums]", "colums"), ("[columns]\nnonsense = 'x'", "nonsense"), ("= x", "not valid TOML")],
    )
    def test_mappings_that_are_wrong(self, mapped: Any, text: str, says: str) -> None:
        with pytest.raises(DeclarationError, match=says):
            mapped([], text)

    def test_the_services_of_jordan_in_two_languages(self, shared_data: Path) -> None:
        mapping = Path(__file__).parent / "jordan.toml"
        records = read_records(
            shared_data / "services_multilingual/jordan_services_en.json", About(mapping=mapping)
        )
        translations = records.tables["translation"]
        named = translations.filter(
            (translations["object_table"] == "service") & (translations["field"] == "name")
        )
        assert named.height == records.count("service")
        assert named["text"].str.contains(r"\p{Arabic}").all()
        assert translations["source_hash"].null_count() == 0
        assert records.count("service_at_location") > 400


class TestUnitedKingdom:
    def test_a_service_of_the_first_profile(self, as_json: Any) -> None:
        """Version 1 of Open Referral UK: other names, addresses and hours inside, pages called content."""
        place = {
            "id": "l1",
            "name": "Hall",
            "physical_addresses": [
                {"id": "a1", "address_1": "1 High St", "city": "Bristol", "country": "GB"}
            ],
            "accessibility_for_disabilities": [{"id": "w1", "accessibility": "Wheelchair access"}],
        }
        monday = {"id": "r1", "opens_at": "10:00", "closes_at": "12:00", "freq": "WEEKLY", "byday": "MO"}
        service = SERVICE | {
            "fees": "Free",
            "service_at_locations": [{"id": "x1", "location": place, "regular_schedule": [monday]}],
            "eligibilitys": [{"id": "e1", "eligibility": "Parents", "minimum_age": 0, "maximum_age": 5}],
            "regular_schedules": [
                {"id": "r2", "weekday": "Tuesday", "opens_at": "9:00", "closes_at": "11:30"}
            ],
            "languages": [{"id": "g1", "language": "en"}],
            "service_areas": [{"id": "z1", "service_area": "Bristol"}],
            "service_taxonomys": [
                {"id": "b1", "taxonomy": {"id": "t1", "name": "Childcare", "vocabulary": "x"}}
            ],
        }
        records = as_json({"totalPages": 1, "number": 1, "content": [service]})
        found = next(records.rows("service"))
        assert (found["minimum_age"], found["maximum_age"], found["free"]) == (0, 5, True)
        assert found["needs"] == "childcare"
        days = records.tables["schedule"].sort("byday").select("byday", "opens_at").rows()
        assert days == [("MO", "10:00"), ("TU", "09:00")]
        assert next(records.rows("address"))["address_1"] == "1 High St"
        assert next(records.rows("location"))["wheelchair"] == "yes"
        assert next(records.rows("service_area"))["name"] == "Bristol"
        assert next(records.rows("language"))["name"] == "English"
