"""Every trap that the raw extracts of a real city hold, met on the real files."""

from pathlib import Path

import polars as pl
import pytest

from philoxenia.exchange import CheckReport, check_file, contracts
from philoxenia.exchange.layouts import LAYOUTS
from philoxenia.exchange.settings import read_settings
from philoxenia.workflows.build_city.addresses import normal_address, place_addresses
from philoxenia.workflows.build_city.build import _Build
from philoxenia.workflows.build_city.extracts import Extract, find_raw
from philoxenia.workflows.build_city.recipe import read_recipe


@pytest.fixture(scope="module")
def raw(shared_data: Path) -> Path:
    return shared_data / "toronto"


def accepted(path: Path, contract: str | None = None) -> CheckReport:
    report = check_file(path, contract)
    assert report.accepted, [finding.message for finding in report.findings]
    return report


class TestLibrarySheets:
    @pytest.mark.parametrize(
        ("file", "kind", "rows"),
        [
            ("Branch_General_Profile.csv", "libraries", 100),
            ("Hours_of_Operation.csv", "library_hours", 617),
            ("Workstations.csv", "library_workstations", 300),
            ("Programs_by_Type.csv", "library_programmes", 4084),
            ("Wireless_Sessions.csv", "library_wifi", 398),
        ],
    )
    def test_two_to_four_header_rows_are_read_as_what_they_are(
        self, raw: Path, file: str, kind: str, rows: int
    ) -> None:
        report = accepted(raw / "library" / file)
        assert report.contract is not None
        assert (report.contract.name, report.rows) == (kind, rows)

    def test_programmes_of_all_rows_add_up_to_the_sheets_grand_total(self, raw: Path) -> None:
        table = accepted(raw / "library" / "Programs_by_Type.csv").table
        cultural = table.filter(year="2019", programme_type="cultural")
        # The last row of the sheet, which the layout leaves out: 10,874 programmes, 220,901 visits.
        assert cultural["programmes"].sum() == 10_874
        assert cultural["attendance"].sum() == 220_901

    def test_totals_and_stray_rows_are_named(self, raw: Path) -> None:
        report = accepted(raw / "library" / "Wireless_Sessions.csv")
        said = " ".join(finding.message for finding in report.findings)
        assert "104 (Unknown*), 105 (Grand Total)" in said

    def test_the_2017_wireless_totals_are_called_a_fault(self, raw: Path) -> None:
        report = accepted(raw / "library" / "Wireless_Sessions.csv")
        (finding,) = [item for item in report.findings if item.rule == "total_unlikely"]
        assert "in 2017" in finding.message

    def test_a_sheet_squeezed_into_one_line_is_not_taken_for_anything(self, raw: Path) -> None:
        report = check_file(raw / "library" / "Public_Parking_Spaces.csv")
        assert not report.accepted
        assert report.outcome.exit_code == 6

    def test_placemarks_and_the_branch_list_name_the_same_branches(self, raw: Path) -> None:
        places = accepted(raw / "library" / "library-data.kml", "libraries").table
        branches = accepted(raw / "library" / "Branch_General_Profile.csv").table
        key = pl.col("name").str.to_lowercase().str.replace_all(r"[^\p{L}]", "")
        one, other = (set(table.select(key).to_series()) for table in (places, branches))
        assert (one - other, other - one) == ({"northyorkcentrallibrary"}, {"northyorkcentral"})

    def test_a_half_number_in_latin_1_is_read(self, raw: Path) -> None:
        table = accepted(raw / "library" / "Branch_General_Profile.csv").table
        assert table.filter(branch_id="TOD")["address"].to_list() == ["1081½ Pape Ave"]


class TestCensusProfiles:
    def test_labels_repeat_and_only_their_path_tells_them_apart(self, raw: Path) -> None:
        table = accepted(raw / "census" / "neighbourhood_profiles_2021.xlsx").table
        paths = table["characteristic"].unique()
        need = paths.filter(paths.str.ends_with("% in core housing need")).sort().to_list()
        assert [path.split(" households")[0] for path in need] == ["Total - Owner", "Total - Tenant"]
        assert table.select("area_name", "characteristic").is_duplicated().sum() == 0

    def test_dots_are_not_known_and_not_zero(self, raw: Path) -> None:
        table = accepted(raw / "census" / "neighbourhood_profiles_2021.xlsx").table
        assert table["value"].null_count() > 0
        assert table["value"].min() is not None

    def test_numbers_with_commas_are_numbers(self, raw: Path) -> None:
        table = accepted(raw / "census" / "neighbourhood_profiles_2016.csv").table
        city = table.filter(area_name="City of Toronto", characteristic="Population, 2016")
        assert city["value"].to_list() == [2_731_571]

    def test_refugees_of_the_census_are_not_used(self, toronto: Path) -> None:
        for year in ("2016", "2021"):
            picked = pl.read_csv(toronto / "recipe" / f"census_{year}.csv", infer_schema=False)["path"]
            assert not picked.str.contains("(?i)refugee|admission category|asylum").any()


class TestMaps:
    def test_old_and_new_map_have_their_own_ids(self, raw: Path) -> None:
        new = accepted(raw / "geo" / "neighbourhoods_158_2021.geojson").table
        old = accepted(raw / "geo" / "neighbourhoods_140_lemr.geojson").table
        assert (new.height, old.height) == (158, 140)
        assert "001" in set(new["district_id"])
        assert "1" in set(old["district_id"])

    def test_names_differ_in_7_and_3_cases_between_sources(self, raw: Path) -> None:
        def names(file: str, column: str) -> set[str]:
            return set(accepted(raw / file).table[column].unique())

        new, old = (
            names(f"geo/{file}.geojson", "name")
            for file in ("neighbourhoods_158_2021", "neighbourhoods_140_lemr")
        )
        assert len(names("census/neighbourhood_profiles_2021.xlsx", "area_name") - new) == 7
        assert (
            len(names("census/neighbourhood_profiles_2016.csv", "area_name") - old - {"City of Toronto"}) == 3
        )


def test_a_geometry_written_as_python_text_is_a_point(raw: Path) -> None:
    table = accepted(raw / "housing" / "affordable_housing_pipeline_2024.csv").table
    assert table["latitude"].drop_nulls().is_between(43.5, 43.9).all()
    assert table["longitude"].drop_nulls().is_between(-79.7, -79.1).all()


def test_hidden_addresses_are_found_again_in_their_district(toronto: Path, shared_data: Path) -> None:
    """The placing of shelters, tried on a fifth of the known addresses as if their place were not known."""
    recipe = read_recipe(toronto / "recipe.toml")
    extracts = {
        name: Extract(item, find_raw(shared_data, item.file), toronto) for name, item in recipe.raws.items()
    }
    build = _Build(toronto, read_settings(toronto), recipe, extracts)
    needed = recipe.behind("known_places")
    for make in recipe.makes:
        if make.name in needed:
            build.make(make)
    step = next(step for make in recipe.makes for step in make.steps if step["do"] == "place_addresses")
    short = step["abbreviations"]
    known = build.made["known_places"].select("address", "postal_code", "district_id").drop_nulls()
    known = known.filter(pl.col("postal_code") != "").with_columns(spelt=normal_address("address", short))
    known = known.unique("spelt", maintain_order=True).with_row_index()
    hidden, seen = known.filter(pl.col("index") % 5 == 0), known.filter(pl.col("index") % 5 > 0)
    placed = place_addresses(hidden, seen, short, street_numbers=step["street_numbers"])
    truth = placed.join(hidden.select("address", truth="district_id").unique("address"), on="address")
    right = truth.with_columns(right=(pl.col("district_id") == pl.col("truth")) * pl.col("weight"))
    share = dict(right.group_by("way").agg(pl.col("right").sum() / pl.col("weight").sum()).iter_rows())
    assert share["postal_code"] > 0.95
    assert share["street"] > 0.85
    assert share["postal_area"] > 0.45


def test_every_layout_a_contract_names_is_there() -> None:
    assert {contract.layout for contract in contracts().values()} - {""} <= set(LAYOUTS)
