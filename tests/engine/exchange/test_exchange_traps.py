"""Every trap of the raw extracts, met on the real files. Each name says the trap."""

import zipfile
from pathlib import Path

import polars as pl
import pytest

from philoxenia.exchange import CheckReport, Outcome, check_file
from philoxenia.exchange.places import Places


def _told(report: CheckReport, rule: str) -> str:
    entry = next((e for e in (*report.findings, *report.mends) if e.rule == rule), None)
    assert entry is not None, report.text()
    return entry.message


@pytest.fixture(scope="module")
def flow(shared_data: Path, city: Places) -> CheckReport:
    return check_file(shared_data / "toronto/shelter/system_flow_monthly_2018_2024.csv", city=city)


@pytest.fixture(scope="module", params=["2023Q1", "2024Q1"])
def nights(request: pytest.FixtureRequest, shared_data: Path, city: Places) -> CheckReport:
    return check_file(shared_data / f"toronto/shelter/daily_occupancy_{request.param}.csv", city=city)


@pytest.fixture(scope="module")
def directory(shared_data: Path, city: Places) -> CheckReport:
    return check_file(shared_data / "toronto/services/211_peel_york_toronto_2021.csv", city=city)


class TestShelterFlow:
    def test_population_groups_overlap_and_only_refugees_and_non_refugees_partition_the_total(
        self, flow: CheckReport
    ) -> None:
        assert flow.accepted
        assert "chronic, families, indigenous, single_adult and youth overlap" in _told(
            flow, "groups_overlap"
        )
        assert not any(finding.rule.startswith("partition") for finding in flow.findings)

    def test_the_stock_identity_holds_but_for_rows_worth_a_look(self, flow: CheckReport) -> None:
        odd = [finding for finding in flow.findings if finding.rule == "stock_flow_row"]
        assert 0 < len(odd) < 10
        assert {finding.severity for finding in odd} == {"warning"}

    def test_intake_held_down_by_capacity_since_2022_is_said_not_to_be_demand(
        self, flow: CheckReport
    ) -> None:
        assert "Since 2022-05" in _told(flow, "censored")
        assert "not demand" in _told(flow, "censored")

    def test_percentages_are_text_and_months_are_jan_18(self, flow: CheckReport) -> None:
        assert flow.table["share_of_population"].is_between(0, 1).all()
        assert flow.table["month"].min() == "2018-01"
        assert '"Jan-18" were read as "2018-01"' in _told(flow, "month_notation")


class TestNightlyOccupancy:
    def test_each_programme_counts_beds_or_rooms_and_leaves_the_other_columns_blank(
        self, nights: CheckReport
    ) -> None:
        assert nights.accepted
        beds = nights.table.filter(pl.col("capacity_type") == "beds")
        assert beds["rooms_capacity"].null_count() == beds.height > 0
        assert beds["beds_capacity"].null_count() == 0

    def test_rooms_are_not_persons(self, nights: CheckReport) -> None:
        assert nights.contract is not None
        assert "A room is not a person" in " ".join(nights.contract.notes)
        rooms = nights.table.filter(pl.col("capacity_type") == "rooms")
        assert rooms["service_users"].sum() > 1.5 * rooms["rooms_occupied"].sum()

    def test_two_winters_bear_no_seasonality(self, nights: CheckReport) -> None:
        assert "no seasonal pattern" in _told(nights, "short_history")

    def test_location_ids_with_a_stray_decimal_are_mended(self, shared_data: Path) -> None:
        report = check_file(shared_data / "toronto/shelter/daily_occupancy_2023Q1.csv")
        assert '"1320.0" were read as "1320"' in _told(report, "id_notation")

    def test_programme_area_labels_change_between_years(self, shared_data: Path, tmp_path: Path) -> None:
        frames = [
            pl.read_csv(shared_data / f"toronto/shelter/daily_occupancy_{q}.csv", infer_schema=False)
            for q in ("2023Q1", "2024Q1")
        ]
        pl.concat(frames).write_csv(tmp_path / "both.csv")
        report = check_file(tmp_path / "both.csv")
        assert "between 2023 and 2024" in _told(report, "labels_changed")
        assert "Base Program - Refugee new" in _told(report, "labels_changed")
        assert "2023-04-05 to 2023-12-31" in _told(report, "time_gap")
        assert "2023-01 to 2023-04 and 2024-01 to 2024-03" in _told(report, "short_history")


class TestServiceDirectory:
    def test_is_latin_1(self, directory: CheckReport) -> None:
        assert directory.accepted
        assert "Latin-1" in directory.file.encoding
        assert directory.table["name"].str.contains("é").any()

    def test_semicolon_and_star_nest_terms(self, directory: CheckReport) -> None:
        assert "24,849 terms" in _told(directory, "nested_terms")
        assert "10,840 name whom they are for" in _told(directory, "nested_terms")

    def test_sixteen_duplicates_three_of_them_exact(self, directory: CheckReport) -> None:
        exact = next(mend for mend in directory.mends if mend.rule == "repeated_row")
        near = next(finding for finding in directory.findings if finding.rule == "near_repeats")
        assert (exact.count, near.count) == (3, 13)

    def test_362_rows_without_a_street_address_are_placeholders_197_of_them_on_one_point(
        self, directory: CheckReport
    ) -> None:
        counts = {finding.rule: finding.count for finding in directory.findings}
        assert (counts["placeholder_points"], counts["placeholder_point"]) == (362, 197)
        assert "43.653226, -79.383184" in _told(directory, "placeholder_point")
        without = directory.table.filter(pl.col("address").is_null())
        assert without["latitude"].null_count() == without.height

    def test_violence_shelters_are_never_placed_whatever_coordinates_they_carry(
        self, directory: CheckReport
    ) -> None:
        hidden = directory.table.filter("confidential")
        assert hidden.height >= 30
        for column in ("address", "address_2", "postal_code", "latitude", "longitude"):
            assert hidden[column].null_count() == hidden.height
        assert hidden["name"].str.contains("Women's Shelter").any()

    def test_the_report_never_says_where_a_confidential_site_is(
        self, directory: CheckReport, shared_data: Path
    ) -> None:
        raw = (shared_data / "toronto/services/211_peel_york_toronto_2021.csv").read_bytes().decode("latin-1")
        source = pl.read_csv(raw.encode(), infer_schema=False)
        names = directory.table.filter("confidential")["name"].to_list()
        addresses = (
            source.filter(pl.col("PublicName").is_in(names))["Address1"].drop_nulls().unique().to_list()
        )
        assert addresses
        told = directory.json() + directory.mend_log.write_csv()
        open_sites = set(directory.table["address"].drop_nulls())
        for address in addresses:
            assert address in open_sites or address not in told


class TestHousing:
    def test_pipeline_geometry_is_a_python_dict_as_text(self, shared_data: Path, city: Places) -> None:
        report = check_file(shared_data / "toronto/housing/affordable_housing_pipeline_2024.csv", city=city)
        assert report.accepted
        assert report.table["latitude"].null_count() == 1
        assert "geometry" not in report.table.columns
        assert report.table["district_id"].null_count() == 1

    def test_the_confidential_home_of_the_pipeline_has_no_place(
        self, shared_data: Path, city: Places
    ) -> None:
        report = check_file(shared_data / "toronto/housing/affordable_housing_pipeline_2024.csv", city=city)
        hidden = report.table.filter("confidential")
        assert hidden.select("address", "latitude", "longitude").row(0) == (None, None, None)

    def test_rental_buildings_lie_in_districts_and_get_stable_ids(
        self, shared_data: Path, city: Places
    ) -> None:
        path = shared_data / "toronto/housing/rental_buildings_rentsafe_2021.csv"
        first, second = check_file(path, city=city).table, check_file(path, city=city).table
        assert first["building_id"].is_unique().all()
        assert first.equals(second)
        assert first["district_id"].null_count() == 0

    def test_the_waiting_list_writes_thousands_with_commas(self, shared_data: Path) -> None:
        report = check_file(shared_data / "toronto/housing/social_housing_waitlist_quarterly_2019_2023.csv")
        assert report.table["active_list"][0] == 102049
        assert report.table["quarter"][0] == "2019-Q1"


def test_budget_amounts_are_text_with_signs(shared_data: Path) -> None:
    report = check_file(shared_data / "toronto/finance/operating_budget_2024.csv")
    assert report.accepted
    assert report.table["amount"].null_count() == 0
    assert (report.table.filter(pl.col("flow") == "revenue")["amount"] < 0).mean() > 0.99
    assert "78 rows repeat" in _told(report, "repeated_row_kept")


def test_asylum_claims_hold_both_year_month_and_month_and_totals_without_a_region(shared_data: Path) -> None:
    report = check_file(shared_data / "arrivals/ircc_asylum_claimants_monthly_2015_2024.csv")
    assert report.accepted
    assert report.table["month"].min() == "2015-01"
    assert report.table.filter(pl.col("office") == "all")["region"].unique().to_list() == ["(all regions)"]
    assert "rounded to 5" in _told(report, "rounded")


def test_the_schools_type_pr_is_private_not_permanent_resident(shared_data: Path, city: Places) -> None:
    report = check_file(shared_data / "toronto/services/schools_2018.csv", city=city)
    assert report.accepted
    assert report.table.filter(pl.col("type") == "private").height == 440


def test_clinics_are_a_zipped_shapefile_in_another_datum(shared_data: Path, city: Places) -> None:
    report = check_file(shared_data / "toronto/services/walk_in_clinics_2017_shp.zip", city=city)
    assert report.accepted
    assert report.file.coordinates.startswith("NAD83")
    assert (report.rows, report.table["district_id"].null_count()) == (97, 0)


def test_lists_of_other_places_are_not_taken_for_clinics_or_pharmacies(
    shared_data: Path, city: Places
) -> None:
    for name in ("disability_centres_2018", "senior_facilities_2018", "refugee_services_211_2018"):
        report = check_file(shared_data / f"toronto/services/{name}.csv", city=city)
        assert report.contract is None or report.contract.name not in ("clinics", "pharmacies"), name


def test_immigrant_percent_of_tracts_means_recent_immigrants(shared_data: Path) -> None:
    report = check_file(shared_data / "toronto/geo/census_tracts_2021_equity.geojson")
    assert report.accepted
    mean = report.table["recent_immigrants_percent"].mean()
    assert isinstance(mean, float)
    assert 6 < mean < 6.6
    assert not any(finding.rule.startswith("status") for finding in report.findings)


def test_only_manual_and_rejected_pairs_are_fair_tests_of_linkage(shared_data: Path) -> None:
    matches = check_file(shared_data / "linkage/orgs_211_cra_matches.csv")
    failed = check_file(shared_data / "linkage/orgs_211_cra_failed_pairs.csv")
    assert (int(matches.table["fair_test"].sum()), int(failed.table["fair_test"].sum())) == (148, 144)
    assert "no fair test" in _told(matches, "rows_not_usable")


@pytest.fixture(scope="module")
def archive(shared_data: Path) -> CheckReport:
    return check_file(shared_data / "arrivals/flee_conflict_input_validation.zip")


class TestConflictSeries:
    def test_headerless_two_column_files_are_read(self, archive: CheckReport) -> None:
        series = [part for part in archive.parts if part.contract and part.contract.name == "conflict_series"]
        assert len(series) > 60
        nyarugusu = next(part for part in series if part.file.name.endswith("tan-nyarugusu.csv"))
        assert nyarugusu.accepted
        assert nyarugusu.table.row(0) == ("2015-05-01", 210)

    def test_dummy_files_are_refused_as_observations(self, archive: CheckReport) -> None:
        dummies = [part for part in archive.parts if "dummy_" in part.file.name]
        assert len(dummies) == 5
        assert {part.outcome for part in dummies} == {Outcome.REFUSED}
        assert all("made up" in _told(part, "not_observations") for part in dummies)

    def test_remarks_inside_the_files_are_no_rows(self, shared_data: Path, tmp_path: Path) -> None:
        inner = "conflict_validation/car2013/dcon-mole.csv"
        report = check_file(shared_data / "arrivals/flee_conflict_input_validation.zip", member=inner)
        with zipfile.ZipFile(shared_data / "arrivals/flee_conflict_input_validation.zip") as archive:
            lines = [line for line in archive.read(inner).decode().splitlines() if line[:2] == "20"]
        assert report.accepted, report.text()
        assert report.table.height == len(lines)


def test_occupations_are_esco_1_1_1_in_english_only(shared_data: Path) -> None:
    report = check_file(shared_data / "codes/esco_occupations.csv")
    assert report.accepted
    assert report.contract is not None
    assert "Version 1.1.1, in English only" in report.contract.notes[0]
    assert report.table["isco_group"].str.len_chars().unique().to_list() == [4]
