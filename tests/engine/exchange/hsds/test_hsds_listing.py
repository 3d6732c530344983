"""Directories in one table, a row a service at a place, in whatever columns their owner keeps."""

import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from philoxenia.exchange.hsds import About, Records, read_records
from philoxenia.exchange.hsds.listing_parts import read_phones, read_terms
from philoxenia.exchange.hsds.opening_times import read_opening_times

ROW = {
    "Resource ID": "17",
    "Agency Name": "Maple Help",
    "Program Name": "Settlement advice",
    "Street Address": "12 Oak St",
    "City": "Toronto",
    "Postal Code": "M5V 2T6",
    "Latitude": "43.65",
    "Longitude": "-79.38",
    "Phone": "416-555-0101 ext 5; TTY: 416-555-0102",
    "Hours": "Mon-Fri 9 am-5 pm; Sat 10:00-14:00",
    "Eligibility": "Refugee claimants, permanent residents",
    "Languages": "English; Arabic, Tigrinya",
    "Fees": "Free",
    "Accessibility": "yes",
    "What to bring": "Letter; photo",
    "TaxonomyTerms": "Basic Needs - Food - Food Banks * Newcomers; Education",
}


class TestColumns:
    def test_a_whole_row(self, listing: Any) -> None:
        records = listing([ROW])
        service = next(records.rows("service"))
        assert (service["name"], service["external_id"], service["free"]) == ("Settlement advice", "17", True)
        assert service["eligibility_description"] == "Refugee claimants, permanent residents"
        assert next(records.rows("organization"))["name"] == "Maple Help"
        assert next(records.rows("address"))["address_1"] == "12 Oak St"
        assert sorted(records.tables["language"]["code"].to_list()) == ["ar", "en", "ti"]
        assert sorted(records.tables["required_document"]["document"].to_list()) == ["Letter", "photo"]
        assert next(records.rows("location"))["wheelchair"] == "yes"
        assert records.tables["schedule"].select("byday", "opens_at", "closes_at").rows() == [
            ("MO,TU,WE,TH,FR", "09:00", "17:00"),
            ("SA", "10:00", "14:00"),
        ]

    @pytest.mark.parametrize(
        "headers",
        [
            ("Nom du service", "Organisme"),
            ("nombre del servicio", "Organización"),
            ("اسم الخدمة", "المنظمة"),
            ("service_name", "PARENT AGENCY"),
        ],
    )
    def test_headers_in_other_languages(self, listing: Any, headers: tuple[str, str]) -> None:
        records = listing([{headers[0]: "Advice", headers[1]: "Maple"}])
        assert records.tables["service"]["name"].to_list() == ["Advice"]
        assert records.tables["organization"]["name"].to_list() == ["Maple"]

    def test_latin_1(self, listing: Any) -> None:
        records = listing(
            [{"PublicName": "Café d'accueil à Montréal", "ParentAgency": "Société"}], encoding="latin-1"
        )
        assert records.tables["service"]["name"].to_list() == ["Café d'accueil à Montréal"]
        assert "encoding" in {one.kind for one in records.told}

    def test_no_name_at_all(self, listing: Any) -> None:
        records = listing([{"Street Address": "1 Main St", "Phone": "311"}])
        assert records.refused
        assert "There is no column for name" in " ".join(one.message for one in records.told)

    def test_a_column_of_immigration_status_is_not_read(self, listing: Any) -> None:
        records = listing([{"PublicName": "Advice", "Immigration status": "Refugee"}])
        assert "column_status" in {one.kind for one in records.told}
        assert "Refugee" not in str(list(records.rows("service")))

    def test_columns_that_a_person_names(self, tmp_path: Path) -> None:
        (tmp_path / "a.csv").write_text("Kurzname,Traeger\nBeratung,Verein\n", encoding="utf-8")
        records = read_records(tmp_path / "a.csv", About(columns={"name": "Kurzname", "agency": "Traeger"}))
        assert records.tables["service"]["name"].to_list() == ["Beratung"]


class TestRows:
    def test_rows_of_one_service_are_its_places(self, listing: Any) -> None:
        records = listing(
            [ROW, ROW | {"Resource ID": "18", "Street Address": "3 Elm St", "Phone": "416-555-0177"}]
        )
        assert (records.count("service"), records.count("location")) == (1, 2)
        assert records.tables["phone"]["service_at_location_id"].n_unique() == 2

    def test_rows_that_say_other_things_are_other_services(self, listing: Any) -> None:
        records = listing([ROW, ROW | {"Resource ID": "18", "Eligibility": "Seniors"}])
        assert records.count("service") == 2

    def test_rows_again(self, listing: Any) -> None:
        assert listing([ROW, ROW]).count("service") == 1

    def test_the_agency_is_not_said_twice(self, listing: Any) -> None:
        records = listing([{"PublicName": "Maple Help - Tax clinic - East", "ParentAgency": "Maple Help"}])
        assert records.tables["service"]["name"].to_list() == ["Tax clinic - East"]

    def test_points_that_stand_in_for_an_address(self, listing: Any) -> None:
        city_hall = {"Street Address": "", "Postal Code": "", "Latitude": "43.6532", "Longitude": "-79.3831"}
        rows = [ROW | {"Agency Name": f"Agency {n}", "Resource ID": str(n), **city_hall} for n in range(6)]
        records = listing([ROW, *rows])
        kept = records.tables["location"].filter(records.tables["location"]["latitude"].is_not_null())
        assert kept["latitude"].to_list() == [43.65]
        assert "placeholder_point" in {one.kind for one in records.told}

    def test_tenants_of_one_house_keep_its_point(self, listing: Any) -> None:
        rows = [
            ROW
            | {"Agency Name": f"Agency {n}", "Resource ID": str(n), "Street Address": f"12 Oak St, Unit {n}"}
            for n in range(8)
        ]
        assert listing(rows).tables["location"]["latitude"].null_count() == 0

    def test_the_extract_of_211(self, extract_of_211: Records) -> None:
        records = extract_of_211
        points = records.tables["location"].drop_nulls("latitude")
        assert points.filter(points["latitude"].is_between(43.65322, 43.65323)).height == 0
        depth = records.tables["taxonomy_term"]
        assert depth["parent_id"].null_count() < depth.height / 2
        kinds = dict(records.tables["attribute"].group_by("link_type").len().iter_rows())
        assert kinds["eligibility"] > 3000

    def test_other_exports_of_the_city(self, shared_data: Path) -> None:
        united = read_records(shared_data / "toronto/services/united_way_program_locations_2024_25.csv")
        assert united.count("service") > 400
        centres = read_records(shared_data / "toronto/services/recreation_centres_gta.geojson")
        assert centres.tables["location"]["latitude"].null_count() == 0


class TestCells:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("416-555-0101", [("416-555-0101", "", "")]),
            ("(416) 555-0101 x 22", [("(416) 555-0101", "22", "")]),
            (
                "Office: 416-555-0101; Crisis: 1-888-555-0102",
                [("416-555-0101", "", "Office"), ("1-888-555-0102", "", "Crisis")],
            ),
            ("+962 6 555 0101", [("+962 6 555 0101", "", "")]),
            ("call the front desk", []),
        ],
    )
    def test_phones(self, text: str, found: list[tuple[str, str, str]]) -> None:
        assert read_phones(text) == found

    def test_terms(self) -> None:
        assert read_terms("A - B * Women * Youth; C") == [(("A", "B"), ("Women", "Youth")), (("C",), ())]

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("Mon-Fri 9-5", [("MO,TU,WE,TH,FR", "09:00", "17:00")]),
            ("Mon, Wed 9 am - noon", [("MO,WE", "09:00", "12:00")]),
            ("lundi au vendredi 9h-17h", [("MO,TU,WE,TH,FR", "09:00", "17:00")]),
            ("الأحد - الخميس 08:30-16:00", [("SU,MO,TU,WE,TH", "08:30", "16:00")]),
            ("Mon 9-12, 13-17; Sun closed", [("MO", "09:00", "12:00"), ("MO", "13:00", "17:00")]),
            ("Fri 10pm-2am", [("FR", "22:00", "02:00")]),
            ("24/7", [("MO,TU,WE,TH,FR,SA,SU", "00:00", "24:00")]),
            ("by appointment", []),
            ("Mon-Fri 9-5 except holidays", []),
            ("Mon 3:30-7:00", []),
            ("Mon-Fri", []),
            ("", []),
        ],
    )
    def test_opening_times(self, text: str, found: list[tuple[str, str, str]]) -> None:
        assert [(one.byday, one.opens_at, one.closes_at) for one in read_opening_times(text)] == found


def test_hours_that_stay_in_words_are_counted_and_not_shown(listing: Any) -> None:
    records = listing([ROW | {"Hours": "by appointment at the back door"}])
    told = next(one for one in records.told if one.kind == "hours_as_text")
    assert (told.count, told.examples) == (1, ())
    assert next(records.rows("schedule"))["description"] == "by appointment at the back door"


def test_a_workbook_with_a_title_above_its_header(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": ["Directory 2026", "Service name", "Advice"], "b": ["", "Agency", "Maple"]})
    frame.write_csv(tmp_path / "listing.tsv", separator="\t", include_header=False)
    records = read_records(tmp_path / "listing.tsv", About(source="Test"))
    assert records.tables["service"]["name"].to_list() == ["Advice"]


def test_an_archive_with_one_listing(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("__MACOSX/._list.csv", "x")
        archive.writestr("export/list.csv", "PublicName,ParentAgency\nAdvice,Maple\n")
    records = read_records(tmp_path / "export.zip", About(source="Test"))
    assert records.tables["organization"]["name"].to_list() == ["Maple"]
