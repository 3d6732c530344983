"""A city package is read whole, or every fault in it is said in one go."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import shapefile
import shapely

from philoxenia.exchange import CityError, check_file, read_city
from philoxenia.vocabulary import PhiloxeniaError


def table(city: Path, name: str, text: str) -> None:
    (city / "tables" / name).write_text(text, encoding="utf-8")


class TestTheLeast:
    def test_districts_a_population_and_one_series_are_enough(self, second_city: Path) -> None:
        city = read_city(second_city)
        assert (city.name, city.id, city.languages) == ("Second City", "second", ("ar", "en"))
        assert city.districts.columns == [
            "district_id",
            "name",
            "longitude",
            "latitude",
            "area_km2",
            "geometry",
        ]
        assert city.districts["name"].to_list() == ["Harbour", "Old Town"]
        assert sorted(city.tables) == ["census_profile", "series"]
        assert city.tables["census_profile"]["value"].sum() == 1300
        assert city.remarks == ()

    def test_the_area_is_measured_on_the_globe(self, second_city: Path) -> None:
        # 0.02 degrees squared at 31.91 north: 111.2 km x 111.2 km x cos(31.91) x 0.0004, within 1 %.
        assert read_city(second_city).districts["area_km2"][0] == pytest.approx(4.198, rel=0.01)

    def test_property_names_may_be_the_citys_own(
        self, tmp_path: Path, city_writer: Callable[..., Path]
    ) -> None:
        city = read_city(city_writer(tmp_path / "c", id_property="KOD", name_property="NAZWA"))
        assert city.districts["district_id"].to_list() == ["A1", "B2"]

    def test_districts_may_come_as_a_zipped_shapefile(self, second_city: Path) -> None:
        document = json.loads((second_city / "districts.geojson").read_text(encoding="utf-8"))
        (second_city / "districts.geojson").unlink()
        parts = {ending: io.BytesIO() for ending in ("shp", "shx", "dbf")}
        with shapefile.Writer(**parts) as writer:
            writer.field("code", "C", size=10)
            writer.field("name", "C", size=40)
            for feature in document["features"]:
                writer.record(*feature["properties"].values())
                writer.shape(feature["geometry"])
        with zipfile.ZipFile(second_city / "districts.zip", "w") as archive:
            for ending, content in parts.items():
                archive.writestr(f"districts.{ending}", content.getvalue())
        assert read_city(second_city).districts["district_id"].to_list() == ["A1", "B2"]

    def test_tables_may_be_parquet(self, second_city: Path) -> None:
        profile = second_city / "tables" / "census_profile.csv"
        pl.read_csv(profile, schema_overrides={"year": pl.String}).write_parquet(
            profile.with_suffix(".parquet")
        )
        profile.unlink()
        assert read_city(second_city).tables["census_profile"].height == 2

    def test_districts_may_be_named_instead_of_numbered(self, second_city: Path) -> None:
        rows = "Harbour,2021,population,800\nold town,2021,population,500\n"
        table(second_city, "census_profile.csv", "district_id,year,characteristic,value\n" + rows)
        assert sorted(read_city(second_city).tables["census_profile"]["district_id"]) == ["A1", "B2"]

    def test_an_empty_optional_column_is_there(self, second_city: Path) -> None:
        text = "clinic_id,name,address,latitude,longitude\n1,Dar,Main St,31.91,35.91\n"
        table(second_city, "clinics.csv", text)
        clinics = read_city(second_city).tables["clinics"]
        assert clinics["postal_code"].to_list() == [None]
        assert clinics["district_id"].to_list() == ["A1"]


class TestWhatIsNotUsed:
    def test_unknown_files_are_named_and_never_fatal(self, second_city: Path) -> None:
        (second_city / "notes.docx").write_bytes(b"PK")
        table(second_city, "dragons.csv", "a,b\n1,2\n")
        (second_city / "tables" / "readme.txt").write_text("hello", encoding="utf-8")
        assert read_city(second_city).remarks == (
            "notes.docx is not part of a city package and was not read.",
            "tables/dragons.csv was not read: no contract has that name (CSV or Parquet).",
            "tables/readme.txt was not read: no contract has that name (CSV or Parquet).",
        )

    def test_an_entry_nobody_reads_is_named(self, second_city: Path) -> None:
        settings = second_city / "city.toml"
        settings.write_text(
            settings.read_text(encoding="utf-8") + "\n[sevices]\nshown = []\n", encoding="utf-8"
        )
        assert read_city(second_city).remarks == ("city.toml: [sevices] is not an entry this version reads.",)


def no_settings(city: Path) -> None:
    (city / "city.toml").unlink()


def no_name(city: Path) -> None:
    (city / "city.toml").write_text("[city]\nid = 'x'\n", encoding="utf-8")


def broken_settings(city: Path) -> None:
    (city / "city.toml").write_text("[city\nname = 3", encoding="utf-8")


def unknown_parameter(city: Path) -> None:
    settings = city / "city.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8") + '\n[parameters]\n"needs.magic" = 3\n', encoding="utf-8"
    )


def no_districts(city: Path) -> None:
    (city / "districts.geojson").unlink()


def edit_features(city: Path, edit: Callable[[list[dict[str, object]]], object]) -> None:
    path = city / "districts.geojson"
    document = json.loads(path.read_text(encoding="utf-8"))
    edit(document["features"])
    path.write_text(json.dumps(document), encoding="utf-8")


def twice_the_same_id(city: Path) -> None:
    edit_features(city, lambda features: features[1]["properties"].update(district_id="A1"))


def crossed_outline(city: Path) -> None:
    ring = [[35.9, 31.9], [35.92, 31.92], [35.92, 31.9], [35.9, 31.92], [35.9, 31.9]]
    edit_features(
        city, lambda features: features[0].update(geometry={"type": "Polygon", "coordinates": [ring]})
    )


def a_point_for_an_outline(city: Path) -> None:
    point = {"type": "Point", "coordinates": [35.9, 31.9]}
    edit_features(city, lambda features: features[0].update(geometry=point))


def no_profile(city: Path) -> None:
    (city / "tables" / "census_profile.csv").unlink()


def one_district_without_population(city: Path) -> None:
    table(city, "census_profile.csv", "district_id,year,characteristic,value\nA1,2021,population,800\n")


def a_column_gone(city: Path) -> None:
    table(city, "census_profile.csv", "district_id,year,value\nA1,2021,800\n")


def a_stranger_among_districts(city: Path) -> None:
    rows = "A1,2021,population,800\nB2,2021,population,500\nZ9,2021,population,5\n"
    table(city, "census_profile.csv", "district_id,year,characteristic,value\n" + rows)


def shares_that_lose_people(city: Path) -> None:
    table(city, "district_crosswalk.csv", "from_map,from_id,from_name,district_id,weight\nold,1,One,A1,0.7\n")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (no_settings, "has no city.toml, so it is not a city package. Start one with: philoxenia city new"),
        (no_name, "[city] has no name. Add a line such as"),
        (broken_settings, "is not valid TOML"),
        (unknown_parameter, "There is no parameter 'needs.magic'"),
        (no_districts, "has no districts: put the outlines there as districts.geojson"),
        (twice_the_same_id, "district_id"),
        (crossed_outline, "The outline of district A1 crosses itself"),
        (a_point_for_an_outline, "District A1 is a Point; its outline must be a polygon."),
        (no_profile, "tables/census_profile.csv is missing: it must give 'population' for every district."),
        (one_district_without_population, "there is no 'population' for district B2"),
        (a_column_gone, "tables/census_profile.csv: There is no column for characteristic"),
        (a_stranger_among_districts, "Z9"),
        (shares_that_lose_people, "add up to 0.7000, not to 1."),
    ],
)
def test_a_spoiled_package_is_refused_with_a_sentence(
    second_city: Path, spoil: Callable[[Path], None], said: str
) -> None:
    spoil(second_city)
    with pytest.raises(PhiloxeniaError) as refusal:
        read_city(second_city)
    assert said in str(refusal.value)
    assert refusal.value.exit_code in {3, 5}


def test_all_faults_are_named_at_once(second_city: Path) -> None:
    a_column_gone(second_city)
    shares_that_lose_people(second_city)
    with pytest.raises(CityError) as refusal:
        read_city(second_city)
    assert "tables/census_profile.csv" in str(refusal.value)
    assert "tables/district_crosswalk.csv" in str(refusal.value)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CityError, match="There is no folder"):
        read_city(tmp_path / "nowhere")


def test_outlines_with_a_hole_and_islands_are_districts(second_city: Path) -> None:
    ring = shapely.box(35.90, 31.90, 35.92, 31.92).difference(shapely.box(35.905, 31.905, 35.91, 31.91))
    both = shapely.MultiPolygon([ring, shapely.box(35.8, 31.8, 35.81, 31.81)])
    edit_features(second_city, lambda features: features[0].update(geometry=shapely.geometry.mapping(both)))
    inside = read_city(second_city).districts.row(0, named=True)
    assert shapely.from_wkb(inside["geometry"]).contains(
        shapely.Point(inside["longitude"], inside["latitude"])
    )


def test_a_year_whose_total_stands_out_is_named(tmp_path: Path) -> None:
    rows = "".join(
        f"{b},{y},{n}\n" for b in "AB" for y, n in ((2016, 100), (2017, 20), (2018, 110), (2019, 105))
    )
    (tmp_path / "library_wifi.csv").write_text("branch_id,year,sessions\n" + rows, encoding="utf-8")
    (finding,) = check_file(tmp_path / "library_wifi.csv").findings
    assert "adds up to 40 in 2017, at other times to about 210" in finding.message
