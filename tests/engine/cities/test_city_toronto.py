"""What is known of the Toronto package: published totals, maps that fit, nothing that must not be shown."""

import re
import tomllib
from pathlib import Path

import polars as pl
import pytest
import shapely

from philoxenia.exchange import City, read_city
from philoxenia.reference import reference_table

PUBLISHED_POPULATION = 2_794_356  # Statistics Canada, Census of Population 2021
PUBLISHED_AREA_KM2 = 631.1  # Statistics Canada, land area of the census subdivision


@pytest.fixture(scope="module")
def city(toronto: Path) -> City:
    return read_city(toronto)


def characteristic(city: City, code: str, year: str = "2021") -> pl.Series:
    profile = city.tables["census_profile"]
    return profile.filter((pl.col("characteristic") == code) & (pl.col("year") == year)).sort("district_id")[
        "value"
    ]


class TestDistricts:
    def test_there_are_158_with_the_citys_own_ids(self, city: City) -> None:
        ids = city.districts["district_id"].to_list()
        assert len(set(ids)) == 158
        assert all(re.fullmatch(r"\d{3}", id_) for id_ in ids)

    def test_shared_borders_stay_shared(self, city: City) -> None:
        outlines = shapely.from_wkb(city.districts["geometry"].to_list())
        assert shapely.is_valid(outlines).all()
        overlap = sum(
            shapely.intersection(outlines[a], outlines[b]).area
            for a, b in shapely.STRtree(outlines).query(outlines, predicate="overlaps").T
        )
        assert overlap < 1e-4 * shapely.area(outlines).sum()

    def test_the_area_is_that_of_the_city(self, city: City) -> None:
        assert city.districts["area_km2"].sum() == pytest.approx(PUBLISHED_AREA_KM2, rel=0.025)


class TestCensus:
    def test_the_full_count_adds_up_to_the_published_total_exactly(self, city: City) -> None:
        counted = characteristic(city, "population_counted")
        assert len(counted) == 158
        assert counted.sum() == PUBLISHED_POPULATION

    def test_persons_in_private_households_are_one_percent_fewer(self, city: City) -> None:
        assert characteristic(city, "population").sum() == pytest.approx(PUBLISHED_POPULATION, rel=0.015)

    def test_recent_immigrants_are_about_195000(self, city: City) -> None:
        assert characteristic(city, "recent_immigrants").sum() == pytest.approx(195_000, rel=0.02)

    @pytest.mark.parametrize(
        ("whole", "parts"),
        [
            ("households", ["households_owner", "households_renter"]),
            ("labour_force", ["employed", "unemployed"]),
            ("population_15_over", ["education_none", "education_high_school", "education_postsecondary"]),
            ("households", [f"household_size_{n}" for n in ("1", "2", "3", "4", "5_over")]),
        ],
    )
    def test_parts_add_up_but_for_rounding_to_5(self, city: City, whole: str, parts: list[str]) -> None:
        sums = sum(characteristic(city, part).to_numpy() for part in parts)
        # Each figure is rounded to 5 on its own, and suppressed where it is very small.
        assert abs(sums - characteristic(city, whole).to_numpy()).max() <= 10 + 5 * len(parts)

    def test_repeated_labels_were_told_apart(self, city: City) -> None:
        # "% in core housing need" stands under owners and under tenants.
        owners, tenants = (
            characteristic(city, "owner_core_need_share"),
            characteristic(city, "tenant_core_need_share"),
        )
        assert (tenants > owners).mean() > 0.95

    def test_every_code_is_declared_and_every_2021_code_covers_every_district(self, city: City) -> None:
        declared = set(reference_table("characteristics")["code"])
        profile = city.tables["census_profile"]
        assert set(profile["characteristic"]) == declared
        counts = profile.filter(year="2021").group_by("characteristic").len()
        assert set(counts["len"]) == {158}

    def test_counts_are_rounded_to_5_at_the_source(self, city: City) -> None:
        assert (characteristic(city, "recent_immigrants") % 5 == 0).all()


class TestOldMap:
    def test_the_shares_of_each_of_140_old_areas_sum_to_one(self, city: City) -> None:
        sums = city.tables["district_crosswalk"].group_by("from_id").agg(pl.col("weight").sum())
        assert sums.height == 140
        assert sums["weight"].to_numpy() == pytest.approx(1.0, abs=1e-12)

    def test_every_district_of_today_comes_from_somewhere(self, city: City) -> None:
        assert set(city.tables["district_crosswalk"]["district_id"]) == set(city.districts["district_id"])

    def test_123_areas_are_unchanged_and_17_were_divided(self, city: City) -> None:
        parts = city.tables["district_crosswalk"].group_by("from_id").len()["len"]
        assert (int((parts == 1).sum()), int((parts > 1).sum())) == (123, 17)

    def test_2016_figures_keep_their_city_total(self, city: City) -> None:
        assert characteristic(city, "population", "2016").sum() == pytest.approx(2_731_571, abs=10)

    @pytest.mark.parametrize(
        ("spelling", "district"),
        [
            ("Cabbagetown-South St. James Town", "071"),
            ("North St. James Town", "074"),
            ("Danforth-East York", "059"),
            ("East End Danforth", "062"),
            ("O`Connor Parkview", "054"),
            ("Taylor Massey", "061"),
            ("Yonge-St. Clair", "097"),
            ("Weston-Pelham Park", "091"),
            ("Weston-Pellam Park", "091"),
        ],
    )
    def test_spellings_that_differ_between_sources_are_known(
        self, city: City, spelling: str, district: str
    ) -> None:
        names = dict(city.tables["district_names"].select("name", "district_id").iter_rows())
        assert names[spelling] == district


class TestShelter:
    def test_only_refugees_and_the_others_make_the_whole(self, city: City) -> None:
        flow = city.tables["shelter_flow"].pivot("group", index="month", values="newly_identified")
        whole = flow["refugees"] + flow["non_refugees"]
        assert (whole == flow["all"]).mean() > 0.9
        assert (flow["chronic"] + flow["families"] + flow["youth"] + flow["single_adult"] > flow["all"]).any()

    def test_shares_lie_between_0_and_1_and_months_are_iso(self, city: City) -> None:
        flow = city.tables["shelter_flow"]
        assert flow["share_of_population"].is_between(0, 1).all()
        assert flow["month"].min() == "2018-01"
        assert flow["month"].max() == "2024-12"

    def test_beds_and_rooms_stand_apart_and_rooms_hold_several_persons(self, city: City) -> None:
        sums = (
            city.tables["shelter_occupancy"]
            .group_by("capacity_type")
            .agg(pl.col("occupied", "persons").sum())
        )
        ratio = dict(sums.select("capacity_type", pl.col("persons") / pl.col("occupied")).iter_rows())
        assert set(ratio) == {"beds", "rooms"}
        assert ratio["beds"] == pytest.approx(1.0, abs=0.02)
        assert ratio["rooms"] > 1.5

    def test_no_address_or_name_of_a_shelter_is_shipped(self, city: City) -> None:
        assert city.tables["shelter_occupancy"].columns == [
            "month", "sector", "service_type", "capacity_type", "district_id",
            "nights", "programmes", "capacity", "occupied", "persons",
        ]  # fmt: skip

    def test_programmes_without_an_address_stay_with_the_city_as_a_whole(self, city: City) -> None:
        occupancy = city.tables["shelter_occupancy"]
        whole = occupancy.filter(pl.col("district_id") == "")["persons"].sum()
        assert 0.01 < whole / occupancy["persons"].sum() < 0.05


class TestLibraries:
    def test_100_branches_stand_in_districts(self, city: City) -> None:
        libraries = city.tables["libraries"]
        assert libraries.height == 100
        assert libraries["district_id"].null_count() == 0

    def test_a_branch_called_nd_is_a_branch(self, city: City) -> None:
        assert city.tables["libraries"].filter(branch_id="ND")["name"].to_list() == ["Northern District"]

    def test_hours_add_up_to_the_weekly_hours(self, city: City) -> None:
        hours = city.tables["library_hours"].with_columns(
            length=sum(
                sign
                * (
                    pl.col(name).str.slice(0, 2).cast(pl.Float64)
                    + pl.col(name).str.slice(3).cast(pl.Float64) / 60
                )
                for name, sign in (("closes", 1), ("opens", -1))
            )
        )
        weekly = hours.group_by("branch_id").agg(pl.col("length").sum())
        both = city.tables["libraries"].join(weekly, on="branch_id")
        assert both.height == 100
        assert both["length"].to_numpy() == pytest.approx(both["weekly_hours"].to_numpy())

    def test_departments_and_grand_totals_are_no_branches(self, city: City) -> None:
        branches = set(city.tables["libraries"]["branch_id"])
        for name in ("library_programmes", "library_hours", "library_wifi"):
            assert set(city.tables[name]["branch_id"]) <= branches

    def test_the_faulty_wireless_year_is_left_out_and_said(self, city: City) -> None:
        assert set(city.tables["library_wifi"]["year"]) == {"2016", "2018", "2019"}
        assert "2017 is left out" in city.sources["library_wifi"].note


class TestHousingAndMoney:
    def test_a_site_marked_confidential_is_not_in_the_pipeline(self, city: City) -> None:
        pipeline = city.tables["housing_pipeline"]
        assert pipeline.height == 235
        assert "ARH0235" not in set(pipeline["project_id"])

    def test_waiting_households_add_up(self, city: City) -> None:
        waiting = city.tables["housing_waitlist"]
        parts = waiting.select(
            pl.sum_horizontal("households_no_dependents", "households_with_dependents", "seniors")
        ).to_series()
        assert (parts - waiting["active_list"]).abs().max() <= 2
        assert waiting["quarter"].to_list()[0] == "2019-Q1"

    def test_amounts_carry_their_sign(self, city: City) -> None:
        budget = city.tables["budget"]
        sums = dict(budget.group_by("flow").agg(pl.col("amount").sum()).iter_rows())
        assert sums["expense"] > 10e9
        assert sums["revenue"] < -10e9

    def test_buildings_are_private_social_or_the_citys(self, city: City) -> None:
        counts = dict(city.tables["rental_buildings"]["property_type"].value_counts().iter_rows())
        assert counts == {"private": 2908, "community_housing": 328, "social": 238}

    def test_no_group_by_visible_minority_is_kept(self, city: City) -> None:
        assert not city.tables["housing_indicators"]["variable"].str.contains("(?i)minority").any()


class TestClaims:
    def test_claims_of_the_province_are_the_sum_of_its_offices(self, city: City) -> None:
        claims = (
            city.tables["asylum_claims"]
            .filter(region="Ontario")
            .pivot("office", index="month", values="claims")
        )
        offices = claims.select(pl.sum_horizontal(pl.exclude("month", "all"))).to_series()
        assert (offices == claims["all"]).all()
        assert claims.height == 120


class TestThePackage:
    def test_it_is_small_complete_and_checked_in_under_three_seconds_of_reading(
        self, city: City, toronto: Path
    ) -> None:
        assert sum(path.stat().st_size for path in toronto.rglob("*") if path.is_file()) < 3_000_000
        assert len(city.tables) == 26
        assert city.remarks == ()

    def test_every_table_names_owner_licence_date_and_hash(self, city: City) -> None:
        assert set(city.sources) == {*city.tables, "districts"}
        for source in city.sources.values():
            assert all((source.title, source.owner, source.licence, source.date, source.raw_file))
            assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in source.sha256.split("; "))
            assert "open" in source.licence.lower()

    def test_only_openly_licensed_extracts_are_behind_it(self, toronto: Path) -> None:
        named = tomllib.loads((toronto / "recipe.toml").read_text(encoding="utf-8"))["raw"]
        closed = re.compile(r"211|united_way|cra_|_gta\.geojson|linkage", re.IGNORECASE)
        assert [raw["file"] for raw in named if closed.search(raw["file"])] == []

    def test_confidential_sites_are_nowhere(self, toronto: Path) -> None:
        words = re.compile(r"confidential|violence|trafficking|safe house|transition house", re.IGNORECASE)
        for path in sorted(toronto.glob("tables/*.csv")):
            assert not words.search(path.read_text(encoding="utf-8")), path.name
