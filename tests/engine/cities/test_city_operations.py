"""The steps a recipe may name, one paragraph each."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from philoxenia.workflows.build_city import addresses, columns, places, rows
from philoxenia.workflows.build_city.operations import OPERATIONS, apply_step, check_step
from philoxenia.workflows.build_city.problems import RecipeError


def frame(**data: list[object]) -> pl.DataFrame:
    return pl.DataFrame(data)


class TestColumns:
    def test_codes_become_words_and_strangers_are_kept_or_replaced(self) -> None:
        schools = frame(type=["EP", "X", None])
        assert columns.recode(schools, "type", {"EP": "public"})["type"].to_list() == ["public", "X", None]
        other = columns.recode(schools, "type", {"EP": "public"}, otherwise="other")
        assert other["type"].to_list() == ["public", "other", "other"]

    def test_the_first_pattern_found_gives_the_class(self) -> None:
        names = frame(name=["NORTH HIGH SCHOOL", "Junior public", "?", None])
        patterns = [["high|collegiate", "secondary"], ["junior|public", "elementary"]]
        levels = columns.classify(names, "name", "level", patterns, "unknown")["level"].to_list()
        assert levels == ["secondary", "elementary", "unknown", "unknown"]

    def test_renaming_over_a_column_replaces_it(self) -> None:
        assert columns.rename(frame(a=[1], b=[2]), {"b": "a"}).to_dict(as_series=False) == {"b": [1]}

    def test_a_column_that_is_not_there_is_named_with_those_that_are(self) -> None:
        with pytest.raises(RecipeError, match="there is no column 'x'; there are a, b"):
            columns.pad(frame(a=["1"], b=["2"]), "x", 3)


class TestRows:
    def test_keep_and_drop_divide_the_rows(self) -> None:
        table = frame(status=["Occupied", "CONFIDENTIAL site", None])
        kept = rows.keep_rows(table, "status", pattern="confidential")
        dropped = rows.drop_rows(table, "status", pattern="confidential")
        assert kept["status"].to_list() == ["CONFIDENTIAL site"]
        assert dropped["status"].to_list() == ["Occupied", None]

    def test_a_join_may_ignore_case_accents_and_signs(self) -> None:
        left, right = (
            frame(name=["St.James Town", "L’Île"]),
            frame(label=["st james town", "Lile"], id=["74", "1"]),
        )
        assert rows.join(left, right, {"name": "label"}, ["id"], loosely=True)["id"].to_list() == ["74", "1"]

    def test_a_row_without_partner_is_kept_dropped_or_refused(self) -> None:
        left, right = frame(k=["a", "b"]), frame(k=["a"], v=[1])
        assert rows.join(left, right, {"k": "k"}, ["v"])["v"].to_list() == [1, None]
        assert rows.join(left, right, {"k": "k"}, ["v"], unmatched="drop")["v"].to_list() == [1]
        with pytest.raises(RecipeError, match="1 rows find no partner, the first is 'b'"):
            rows.join(left, right, {"k": "k"}, ["v"], unmatched="refuse")

    def test_a_sum_of_nothing_is_empty_not_zero(self) -> None:
        table = frame(g=["a", "a", "b"], v=[None, None, 2])
        assert rows.add_up(table, ["g"], sums=["v"]).sort("g")["v"].to_list() == [None, 2]

    def test_means_over_days_count_a_night_without_a_row_as_zero(self) -> None:
        nights = frame(
            date=["2023-01-01", "2023-01-01", "2023-01-02"],
            month=["2023-01"] * 3,
            sector=["men", "women", "men"],
            beds=[10.0, 4.0, 20.0],
        )
        means = rows.mean_over_days(nights, "date", "month", ["sector"], ["beds"], "nights", "programmes")
        assert means.sort("sector").select("sector", "beds", "programmes", "nights").rows() == [
            ("men", 15.0, 1.0, 2),
            ("women", 2.0, 0.5, 2),
        ]

    def test_a_code_list_must_name_each_line_once(self) -> None:
        profile = frame(path=["a", "a", "b", "b"], area=["1", "2", "1", "2"], value=[1, 2, 3, 4])
        found = rows.pick(profile, frame(path=["b"], code=["B"]), ["path"], "code", "area")
        assert found["value"].to_list() == [3, 4]
        for path in ("c", "a"):
            twice = pl.concat([profile, profile.head(1)])
            with pytest.raises(RecipeError, match=r"is found [03] times for 2 areas"):
                rows.pick(twice, frame(path=[path], code=["X"]), ["path"], "code", "area")

    @given(
        st.dictionaries(
            st.sampled_from("abcd"), st.lists(st.floats(0.01, 1), min_size=1, max_size=3), min_size=4
        ),
        st.lists(st.floats(0, 1e6), min_size=4, max_size=4),
    )
    def test_spreading_over_shares_loses_and_adds_nothing(
        self, raw: dict[str, list[float]], values: list[float]
    ) -> None:
        weights = pl.DataFrame(
            [
                (key, f"{key}{i}", share / sum(shares))
                for key, shares in raw.items()
                for i, share in enumerate(shares)
            ],
            schema=["old", "district_id", "weight"],
            orient="row",
        )
        table = pl.DataFrame({"area": list("abcd"), "value": values})
        spread = rows.weigh(table, weights, {"area": "old"}, ["value"], ["district_id"])
        assert spread["value"].sum() == pytest.approx(sum(values), rel=1e-9, abs=1e-9)


def square(x: float, y: float, side: float = 1.0) -> bytes:
    return shapely.to_wkb(shapely.box(x, y, x + side, y + side))


def areas(*boxes: tuple[str, float, float, float]) -> pl.DataFrame:
    return pl.DataFrame(
        [(name, name.upper(), square(x, y, side)) for name, x, y, side in boxes],
        schema={"district_id": pl.String, "name": pl.String, "geometry": pl.Binary},
        orient="row",
    )


TWO = areas(("a", 0, 0, 1), ("b", 1, 0, 1))


class TestPlaces:
    def test_a_point_on_a_border_takes_the_first_district_and_one_outside_the_nearest(self) -> None:
        points = frame(longitude=[0.5, 1.0, 2.0005, 5.0, None], latitude=[0.5, 0.5, 0.5, 0.5, None])
        placed = places.district_by_point(points, TWO, within_km=0.2)
        assert placed["district_id"].to_list() == ["a", "a", "b", None, None]

    @given(st.lists(st.tuples(st.integers(-50, 250), st.integers(-50, 150)), max_size=30))
    def test_the_tree_finds_what_looking_at_every_district_finds(self, spots: list[tuple[int, int]]) -> None:
        points = shapely.points(np.array(spots) / 100) if spots else np.array([], dtype=object)
        outlines = shapely.from_wkb(TWO["geometry"].to_list())
        plain = [next((i for i, area in enumerate(outlines) if area.intersects(p)), -1) for p in points]
        assert places.places_in(points, outlines, 0.0).tolist() == plain

    def test_old_shares_follow_people_not_surface(self) -> None:
        old = areas(("x", 0, 0, 2))
        people = pl.DataFrame(
            {
                "population": [90, 10],
                "geometry": [
                    shapely.to_wkb(shapely.box(0, 0, 1, 1)),
                    shapely.to_wkb(shapely.box(1, 0, 2, 1)),
                ],
            }
        )
        shares = places.crosswalk(old, TWO, people)
        assert shares.select("from_id", "district_id", "weight").rows() == [("x", "a", 0.9), ("x", "b", 0.1)]

    def test_slivers_between_two_drawings_of_one_map_are_no_shares(self) -> None:
        old = areas(("x", 0.001, 0, 1), ("y", 1.001, 0, 1))
        people = pl.DataFrame({"population": [50, 60], "geometry": [square(0, 0), square(1, 0)]})
        shares = places.crosswalk(old, TWO, people)
        assert shares.select("from_id", "district_id", "weight").rows() == [("x", "a", 1.0), ("y", "b", 1.0)]

    @given(st.lists(st.floats(0.001, 1e5), min_size=1, max_size=40), st.integers(0, 10_000_000))
    def test_whole_shares_add_up_to_the_total_and_stay_within_one_of_the_exact_share(
        self, amounts: list[float], total: int
    ) -> None:
        exact = np.array(amounts) * (total / np.sum(amounts))
        whole = places.whole_shares(np.array(amounts), total)
        assert whole.sum() == total
        assert np.abs(whole - exact).max() < 1 + 1e-6

    def test_people_of_small_areas_are_counted_whole(self) -> None:
        tracts = pl.DataFrame(
            {"population": [3, 4], "geometry": [square(0.5, 0), square(0, 0)]},
        )
        counted = places.count_in_districts(tracts, TWO)
        assert counted["value"].sum() == 7
        assert counted["district_id"].to_list() == ["a", "b"]

    def test_simplified_outlines_keep_their_shared_border(self) -> None:
        wiggle = [(1 + 0.00002 * (i % 2), i / 100) for i in range(101)]
        left = shapely.Polygon([(0, 1), (0, 0), *wiggle])
        right = shapely.Polygon([(2, 0), (2, 1), *reversed(wiggle)])
        table = pl.DataFrame({"geometry": [shapely.to_wkb(left), shapely.to_wkb(right)]})
        simple = shapely.from_wkb(places.simplify_outlines(table, 1e-3, 5)["geometry"].to_list())
        assert shapely.coverage_is_valid(simple)
        assert sum(shapely.get_num_coordinates(simple)) < 30


class TestAddresses:
    KNOWN = pl.DataFrame(
        [
            ("155 Bonis Ave", "M1T 3W6", "118"),
            ("10 Long Street", "M1T 1A1", "118"),
            ("30 Long St.", "M1T 1A2", "118"),
            ("90 Long St", "M1T 1A3", "119"),
            ("5 Far Rd", "M1T 9Z9", "119"),
        ],
        schema=["address", "postal_code", "district_id"],
        orient="row",
    )
    SHORT = {"street": "st", "avenue": "ave", "road": "rd"}  # noqa: RUF012

    def way(self, address: str | None, postal_code: str | None) -> list[tuple[str | None, float, str]]:
        wanted = pl.DataFrame(
            {"address": [address], "postal_code": [postal_code]},
            schema=dict.fromkeys(["address", "postal_code"], pl.String),
        )
        placed = addresses.place_addresses(wanted, self.KNOWN, self.SHORT)
        return placed.select("district_id", "weight", "way").rows()

    def test_the_same_address_in_another_spelling_comes_first(self) -> None:
        assert self.way("155 Bonis Avenue, Unit 4", None) == [("118", 1.0, "address")]

    def test_then_the_full_postal_code(self) -> None:
        assert self.way("1 Unheard Lane", "m1t3w6") == [("118", 1.0, "postal_code")]

    def test_then_the_nearest_number_on_the_street(self) -> None:
        assert self.way("34 Long Street", "M1T 8X8") == [("118", 1.0, "street")]

    def test_then_the_shares_of_the_postal_area(self) -> None:
        assert self.way("1 Unheard Lane", "M1T 8X8") == [
            ("118", 0.6, "postal_area"),
            ("119", 0.4, "postal_area"),
        ]

    def test_else_the_city_as_a_whole(self) -> None:
        assert self.way(None, None) == [(None, 1.0, "city")]
        assert self.way("3600 Steeles Ave", "L4L 8P5") == [(None, 1.0, "city")]

    @given(
        st.lists(
            st.tuples(
                st.one_of(
                    st.none(), st.sampled_from(["155 Bonis Ave", "12 Long St", "60 Long St", "9 Nowhere", ""])
                ),
                st.one_of(st.none(), st.sampled_from(["M1T 3W6", "M1T", "M1T 1A3", "X", ""])),
            ),
            min_size=1,
            max_size=8,
        )
    )
    def test_the_shares_of_every_address_sum_to_one(
        self, wanted: list[tuple[str | None, str | None]]
    ) -> None:
        table = pl.DataFrame(wanted, schema={"address": pl.String, "postal_code": pl.String}, orient="row")
        placed = addresses.place_addresses(table, self.KNOWN, self.SHORT)
        sums = placed.group_by("address", "postal_code").agg(pl.col("weight").sum())
        assert sums.height == table.unique().height
        assert sums["weight"].to_numpy() == pytest.approx(1.0)


class TestNamingSteps:
    def test_an_unknown_step_lists_the_steps(self) -> None:
        with pytest.raises(RecipeError, match="there is no step 'fly'; the steps are add_up, "):
            check_step({"do": "fly"})

    def test_an_unknown_entry_lists_the_entries(self) -> None:
        with pytest.raises(RecipeError, match="'widht' is not an entry of pad; it has column, width"):
            check_step({"do": "pad", "column": "a", "widht": 3})

    def test_a_lacking_entry_is_named(self) -> None:
        with pytest.raises(RecipeError, match="pad needs the entry 'width'"):
            check_step({"do": "pad", "column": "a"})

    def test_tables_are_looked_up_by_name(self) -> None:
        step = {"do": "join", "other": "sizes", "on": {"k": "k"}, "take": ["v"]}
        joined = apply_step(frame(k=["a"]), step, {"sizes": frame(k=["a"], v=[3])}.__getitem__)
        assert joined["v"].to_list() == [3]

    @pytest.mark.parametrize("name", sorted(OPERATIONS))
    def test_every_step_says_what_it_does(self, name: str) -> None:
        assert OPERATIONS[name].__doc__


def test_every_step_is_explained_in_the_how_to() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "how-to" / "add-a-city.md").read_text(
        encoding="utf-8"
    )
    assert [name for name in OPERATIONS if f"`{name}`" not in page] == []
