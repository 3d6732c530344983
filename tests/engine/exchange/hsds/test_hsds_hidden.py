"""Sites that must not be found: whatever shape a directory has, no trace of where they are is left."""

import json
from typing import Any

import pytest
from engine_hsds import everything

from philoxenia.exchange.hsds import Records, package_files, stripped

STREET, POSTAL, POINT = "7 Lantern Crescent", "M9Z 9Z9", ("43.712345", "-79.412345")
SECRETS = ("Lantern", "M9Z", "43.712345", "79.412345", "Birchwood")
ORGANISATION = [{"id": "o1", "name": "Maple Women's Help", "description": "Help."}]
HIDDEN = {"id": "s1", "organization_id": "o1", "name": "Women's Shelter", "status": "active"}
PLACE = {
    "id": "l1",
    "location_type": "physical",
    "name": "Birchwood",
    "latitude": POINT[0],
    "longitude": POINT[1],
}
ADDRESS = {"id": "a1", "location_id": "l1", "address_1": STREET, "city": "Toronto", "postal_code": POSTAL}
LINK = {"id": "x1", "service_id": "s1", "location_id": "l1"}
PHONE = {"id": "p1", "service_id": "s1", "number": "416-555-0100"}


def tables(**changes: Any) -> dict[str, Any]:
    """A package with one hidden service and its place."""
    found = {
        "organizations": ORGANISATION,
        "services": [HIDDEN],
        "locations": [PLACE],
        "addresses": [ADDRESS],
        "service_at_location": [LINK],
        "phones": [PHONE],
    }
    return found | changes


def assert_gone(records: Records) -> None:
    text = everything(records)
    assert not [secret for secret in SECRETS if secret in text]


class TestWhatIsRecognised:
    @pytest.mark.parametrize(
        "name",
        [
            "Women's Shelter",
            "Shelter for people escaping violence",
            "Safe house",
            "Oak Transition House",
            "Domestic violence emergency shelter",
            "Maison d'hébergement pour femmes victimes de violence",
            "Refugio para mujeres víctimas de violencia",
            "دار إيواء للنساء المعنفات",
            "Ξενώνας για κακοποιημένες γυναίκες",
            "Притулок для постраждалих від насильства",
            "Frauenhaus",
            "Vio\u200blence against women: she\u202elter, safe\u00ad house",
        ],
    )
    def test_names_in_several_languages(self, package: Any, name: str) -> None:
        records = package(tables(services=[HIDDEN | {"name": name}]))
        assert records.tables["service"]["confidential"].to_list() == [True]
        assert_gone(records)

    @pytest.mark.parametrize(
        "name", ["Animal shelter", "Homeless shelter intake", "Violence prevention class"]
    )
    def test_other_services_keep_their_place(self, package: Any, name: str) -> None:
        records = package(tables(services=[HIDDEN | {"name": name}]))
        assert records.tables["service"]["confidential"].to_list() == [False]
        assert records.tables["address"]["address_1"].to_list() == [STREET]

    @pytest.mark.parametrize(
        ("table", "column", "value"),
        [
            ("services", "confidential", "yes"),
            ("services", "is_confidential", "TRUE"),
            ("locations", "hidden", "1"),
            ("locations", "visibility", "private"),
            ("addresses", "display_address", "false"),
            ("addresses", "address_is_confidential", "y"),
            ("service_at_location", "description", "The location is confidential"),
            ("organizations", "confidential", "x"),
        ],
    )
    def test_flags_of_the_source(self, package: Any, table: str, column: str, value: str) -> None:
        plain = tables(services=[HIDDEN | {"name": "Counselling"}])
        records = package(plain | {table: [dict(row) | {column: value} for row in plain[table]]})
        assert records.tables["service"]["confidential"].to_list() == [True]
        assert_gone(records)

    @pytest.mark.parametrize(
        "term", [{"name": "Domestic Violence Shelters"}, {"name": "Crisis", "code": "BH-1800.1500-100"}]
    )
    def test_terms_of_taxonomies(self, package: Any, term: dict[str, str]) -> None:
        found = tables(services=[HIDDEN | {"name": "Hope"}], taxonomy_terms=[{"id": "t1", **term}])
        found["attributes"] = [
            {"id": "at1", "link_id": "s1", "link_entity": "service", "taxonomy_term_id": "t1"}
        ]
        assert_gone(package(found))

    @pytest.mark.parametrize(
        "words",
        [
            "Crisis housing for women and children. The address is confidential.",
            "24-hour shelter for abused women and their children.",
            "Emergency shelter for women and children fleeing abusive relationships.",
            "Safe beds for people who are survivors of trafficking.",
            "Hébergement sécuritaire pour victimes de violence conjugale.",
        ],
    )
    def test_descriptions_that_say_so(self, package: Any, words: str) -> None:
        assert_gone(package(tables(services=[HIDDEN | {"name": "Hope", "description": words}])))

    def test_descriptions_that_only_speak_of_it(self, package: Any) -> None:
        words = "Counselling, help with forms, referral to shelters, workshops on preventing violence."
        records = package(tables(services=[HIDDEN | {"name": "Hope", "description": words}]))
        assert records.tables["service"]["confidential"].to_list() == [False]

    def test_an_address_left_out_beside_such_a_topic(self, package: Any) -> None:
        service = HIDDEN | {"name": "Support after sexual assault"}
        records = package(tables(services=[service], addresses=[ADDRESS | {"address_1": ""}]))
        assert_gone(records)


class TestWhatIsDropped:
    def test_the_service_and_its_public_phone_stay(self, package: Any) -> None:
        records = package(tables())
        assert records.tables["service"]["name"].to_list() == ["Women's Shelter"]
        assert records.tables["phone"]["number"].to_list() == ["416-555-0100"]
        assert (
            records.count("location") == records.count("address") == records.count("service_at_location") == 0
        )

    def test_all_that_hangs_on_the_place_goes(self, package: Any) -> None:
        records = package(
            tables(
                phones=[PHONE, {"id": "p2", "location_id": "l1", "number": "416-555-0199"}],
                contacts=[{"id": "c1", "service_id": "s1", "name": "A person"}],
                schedules=[{"id": "h1", "service_at_location_id": "x1", "opens_at": "09:00"}],
                accessibility=[{"id": "w1", "location_id": "l1", "description": "Ramp at Lantern"}],
                service_areas=[{"id": "r1", "service_id": "s1", "name": "Two streets round Birchwood"}],
                metadata=[_change("s1", "service"), _change("a1", "address")],
            )
        )
        assert_gone(records)
        empty = ("contact", "schedule", "accessibility", "service_area", "metadata")
        assert [records.count(table) for table in empty] == [0] * len(empty)
        assert records.tables["phone"]["number"].to_list() == ["416-555-0100"]

    def test_texts_that_name_the_place_go(self, package: Any) -> None:
        words = {
            "name": f"Women's Shelter, {STREET}",
            "description": "Safe beds. Ring the bell at 7 Lantern Crescent.",
            "application_process": "Postal code M9Z 9Z9, near the station.",
            "url": "https://example.org/birchwood/map?at=Lantern",
        }
        records = package(tables(services=[HIDDEN | words]))
        assert_gone(records)
        assert records.tables["service"]["name"].to_list() == ["Women's Shelter"]

    def test_others_do_not_tell(self, package: Any) -> None:
        other = {"id": "s2", "organization_id": "o2", "name": "Lunch", "status": "active"}
        same = [
            PLACE | {"id": "l2", "name": "Hall"},
            PLACE | {"id": "l3", "name": "Hall 2", "latitude": "43.1"},
        ]
        records = package(
            tables(
                organizations=[
                    *ORGANISATION,
                    {"id": "o2", "name": "Neighbours", "description": f"Beside {STREET}."},
                ],
                services=[
                    HIDDEN,
                    other
                    | {
                        "name": "Lunch, 7 Lantern Crescent",
                        "description": "On Mondays, 7 lantern crescent, back door.",
                    },
                ],
                locations=[PLACE, *same],
                addresses=[
                    ADDRESS,
                    ADDRESS | {"id": "a3", "location_id": "l3", "address_1": "7 LANTERN  Crescent"},
                ],
                service_at_location=[
                    LINK,
                    {"id": "x2", "service_id": "s2", "location_id": "l2"},
                    {"id": "x3", "service_id": "s2", "location_id": "l3"},
                ],
            )
        )
        text = everything(records).lower()
        assert "lantern" not in text
        assert "43.712345" not in text
        assert records.tables["service"]["confidential"].to_list() == [True, False]
        assert records.tables["service"]["name"].to_list() == ["Women's Shelter", "Lunch"]

    def test_nothing_is_said_but_numbers(self, package: Any) -> None:
        records = package(tables())
        told = json.dumps([one.as_dict() for one in records.told])
        assert not [secret for secret in (*SECRETS, "Women's Shelter") if secret in told]
        assert {one.kind: one.count for one in records.told}["confidential"] == 1

    def test_stripping_again_changes_nothing(self, package: Any) -> None:
        once = package(tables())
        again = stripped(once)
        assert all(again.tables[name].equals(once.tables[name]) for name in once.tables)

    def test_a_package_written_from_it_says_nothing(self, package: Any) -> None:
        files = package_files(package(tables()))
        text = b"".join(files.values()).decode()
        assert not [secret for secret in SECRETS if secret in text]


class TestOtherShapes:
    def test_nested_json(self, as_json: Any) -> None:
        place = PLACE | {"addresses": [ADDRESS], "phones": [{"id": "p9", "number": "416-555-0155"}]}
        service = HIDDEN | {
            "organization": ORGANISATION[0],
            "service_at_locations": [{"id": "x1", "location": place}],
        }
        assert_gone(as_json(service))

    def test_a_listing(self, listing: Any) -> None:
        row = {
            "PublicName": "Safe House",
            "ParentAgency": "Maple",
            "Address1": STREET,
            "PostalCode": POSTAL,
            "Latitude": POINT[0],
            "Longitude": POINT[1],
            "Hours": "24 hours",
            "Phone": "416-555-0100",
        }
        records = listing(
            [
                row,
                row
                | {
                    "PublicName": "Office",
                    "ParentAgency": "Oak",
                    "Address1": "1 Main St",
                    "PostalCode": "M1M 1M1",
                    "Latitude": "43.2",
                    "Longitude": "-79.2",
                },
            ]
        )
        assert_gone(records)
        assert "1 Main St" in everything(records)

    def test_a_reason_given_for_a_blank_address(self, listing: Any) -> None:
        reason = (
            "7b. If there are any in-person program locations you did not enter above, "
            "indicate the reason(s) below:"
        )
        row = {
            "Program Name": "Beds",
            "Agency Name": "Maple",
            "City": "Toronto",
            "PostalCode": POSTAL,
            reason: "Confidential location",
        }
        assert_gone(listing([row]))

    def test_the_real_extract_shows_no_shelter_from_violence(self, extract_of_211: Records) -> None:
        records = extract_of_211
        services = records.tables["service"]
        hidden = services.filter("confidential")
        assert hidden.height >= 45
        ids = hidden["id"].implode()
        assert not records.tables["service_at_location"]["service_id"].is_in(ids).any()
        terms = records.tables["taxonomy_term"]
        marked = terms.filter(terms["name"].str.contains("(?i)(violence|trafficking|abuse).*shelter"))["id"]
        linked = records.tables["attribute"].filter(
            records.tables["attribute"]["taxonomy_term_id"].is_in(marked.implode())
        )
        assert linked.height
        assert linked["link_id"].is_in(ids).all()


def _change(resource: str, kind: str) -> dict[str, str]:
    return {
        "id": f"m-{resource}",
        "resource_id": resource,
        "resource_type": kind,
        "last_action_date": "2024-01-01",
        "last_action_type": "update",
        "field_name": "address_1",
        "previous_value": STREET,
        "replacement_value": POSTAL,
        "updated_by": "somebody",
    }
