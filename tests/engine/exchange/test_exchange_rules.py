"""Rules over rows, on small made tables: what each finds, and that it finds nothing where all is well."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from philoxenia.exchange import CheckReport, check_file
from philoxenia.exchange.contract import Contract, parse_contract
from philoxenia.exchange.places import Places

HEAD = 'name="made"\nversion="1"\ntitle="Made"\nowner="Nobody"\ngrain="aggregate"\n'


def contract(columns: dict[str, str], rules: str, extra: str = "") -> Contract:
    """A contract of the given columns (name to type) and rules."""
    listed = "".join(
        f'[[column]]\nname="{name}"\ntype="{kind.rstrip("?")}"\nmeaning="The {name}."\n'
        f"required={str(kind[-1] != '?').lower()}\n"
        for name, kind in columns.items()
    )
    return parse_contract(HEAD + extra + listed + rules, "made.toml")


def checked(
    tmp_path: Path, made: Contract, rows: list[dict[str, object]], city: Places | None = None
) -> CheckReport:
    """The report on rows written as CSV."""
    path = tmp_path / "made.csv"
    pl.DataFrame(rows, infer_schema_length=None).write_csv(path)
    return check_file(path, made, city)


def rules_of(report: CheckReport) -> list[str]:
    """Rules of all findings but the notes."""
    return [finding.rule for finding in report.findings if finding.severity != "note"]


STOCK = contract(
    {"month": "month", "group": "text", "stock": "integer", "came": "integer", "left": "integer"},
    '[[rule]]\nkind="stock_flow"\nstock="stock"\ninflows=["came"]\noutflows=["left"]\nby=["group"]\ntime="month"\n',
)


@dataclass(frozen=True)
class System:
    """A made shelter system of two groups whose stock follows from its flows but for small corrections."""

    rows: list[dict[str, object]]


def system(seed: int, months: int = 36) -> System:
    """Two groups over some months; corrections of a few people each month, as in real registers."""
    rng = np.random.default_rng(seed)
    rows: list[dict[str, object]] = []
    for group, start in (("one", 4000), ("two", 1500)):
        stock = start
        for month in range(months):
            came, left = int(rng.poisson(start / 10)), int(rng.poisson(start / 10))
            stock += came - left + int(rng.normal(0, 6)) if month else 0
            when = f"{2020 + month // 12}-{month % 12 + 1:02d}"
            rows.append({"month": when, "group": group, "stock": stock, "came": came, "left": left})
    return System(rows)


class TestStockAndFlow:
    def test_small_corrections_are_normal(self, tmp_path: Path) -> None:
        assert rules_of(checked(tmp_path, STOCK, system(1).rows)) == []

    @settings(max_examples=15, deadline=None)
    @given(
        seed=st.integers(0, 1000), row=st.integers(1, 34), column=st.sampled_from(["stock", "came", "left"])
    )
    def test_a_planted_error_is_found_at_its_row_and_nowhere_else(
        self, seed: int, row: int, column: str
    ) -> None:
        made = system(seed)
        made.rows[row][column] = int(str(made.rows[row][column])) + 1000
        with pytest.MonkeyPatch.context():
            folder = Path(_scratch)
            report = checked(folder, STOCK, made.rows)
        found = [f for f in report.findings if f.rule == "stock_flow_row"]
        assert [finding.examples[0][0] for finding in found] == [row + 2]
        blamed = "stock itself" if column == "stock" else "One of the flows"
        assert blamed in found[0].message

    def test_flows_with_exchanged_headers_refuse_the_file(self, tmp_path: Path) -> None:
        rows = [{**row, "stock": row["came"], "came": row["stock"]} for row in system(2).rows]
        assert rules_of(checked(tmp_path, STOCK, rows)) == ["stock_flow_broken"]

    def test_a_gap_is_not_bridged(self, tmp_path: Path) -> None:
        rows = [row for row in system(3).rows if str(row["month"])[:4] != "2021"]
        assert rules_of(checked(tmp_path, STOCK, rows)) == []


@pytest.fixture(autouse=True, scope="module")
def _scratch_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    global _scratch  # noqa: PLW0603 - Hypothesis cannot take a function-scoped folder
    _scratch = str(tmp_path_factory.mktemp("rules"))


_scratch = ""

PARTS = contract(
    {"month": "month", "group": "text", "people": "integer"},
    '[[rule]]\nkind="partition"\ncolumn="group"\ntime="month"\nwhole="all"\nparts=["a","b"]\nmeasures=["people"]\n',
)


class TestPartition:
    rows: ClassVar[list[dict[str, object]]] = [
        {"month": f"2024-{m:02d}", "group": g, "people": n}
        for m in (1, 2)
        for g, n in (("all", 10), ("a", 4), ("b", 6), ("young", 3))
    ]

    def test_holds_where_parts_make_the_whole_and_overlapping_groups_are_only_named(
        self, tmp_path: Path
    ) -> None:
        report = checked(tmp_path, PARTS, self.rows)
        assert rules_of(report) == []
        assert "young overlap" in report.findings[0].message

    def test_names_the_three_rows_that_do_not_fit(self, tmp_path: Path) -> None:
        rows = [dict(row) for row in self.rows]
        rows[5]["people"] = 5
        report = checked(tmp_path, PARTS, rows)
        assert [cell for cell, _ in report.findings[0].examples] == [6, 7, 8]
        assert "people in 2024-02 (11 against 10)" in report.findings[0].message

    def test_a_missing_part_is_said_not_guessed(self, tmp_path: Path) -> None:
        report = checked(tmp_path, PARTS, self.rows[:1] + self.rows[2:])
        assert rules_of(report) == ["partition_incomplete"]


def test_parts_of_a_row_may_differ_within_the_stated_tolerance(tmp_path: Path) -> None:
    made = contract(
        {"total": "integer", "x": "integer", "y": "integer"},
        '[[rule]]\nkind="parts_sum"\ntotal="total"\nparts=["x","y"]\ntolerance=0.1\nslack=2\n',
    )
    rows = [{"total": 100, "x": 50, "y": 42}, {"total": 10, "x": 5, "y": 3}, {"total": 100, "x": 50, "y": 30}]
    report = checked(tmp_path, made, rows)
    assert [row for row, _ in report.findings[0].examples] == [4]


@pytest.mark.parametrize(
    ("times", "missing"),
    [
        (["2024-01", "2024-02", "2024-04"], "2024-03"),
        (["2024-Q1", "2024-Q4"], "2024-Q2 and 2024-Q3"),
        (["2020", "2023"], "2021 and 2022"),
        (["2024-01", "2024-02", "2024-03"], ""),
    ],
)
def test_gaps_in_time_are_named(times: list[str], missing: str, tmp_path: Path) -> None:
    made = contract({"time": "period"}, '[[rule]]\nkind="continuous"\ncolumn="time"\n')
    report = checked(tmp_path, made, [{"time": time} for time in times])
    gaps = [finding.message for finding in report.findings if finding.rule == "time_gap"]
    assert (missing in gaps[0]) if missing else gaps == []


NAMED = contract({"area": "text"}, '[[rule]]\nkind="known_district"\ncolumn="area"\nfill="district_id"\n')


class TestDistrictNames:
    def test_are_matched_in_any_known_spelling_and_by_id(self, tmp_path: Path, city: Places) -> None:
        names = ["Agincourt North", "agincourt  NORTH", city.ids[0], city.ids[0].lstrip("0")]
        report = checked(tmp_path, NAMED, [{"area": name} for name in names], city)
        assert report.accepted, report.text()
        assert report.table["district_id"].to_list() == ["129", "129", city.ids[0], city.ids[0]]

    def test_an_unknown_one_gets_the_nearest_proposed(self, tmp_path: Path, city: Places) -> None:
        report = checked(tmp_path, NAMED, [{"area": "Agincort Nort"}, {"area": "Weston"}], city)
        finding = report.findings[0]
        assert finding.rule == "unknown_district"
        assert finding.examples == ((2, "Agincort Nort"),)
        assert '"Agincort Nort" is perhaps "Agincourt North"' in finding.remedy

    def test_are_not_checked_without_a_city(self, tmp_path: Path) -> None:
        report = checked(tmp_path, NAMED, [{"area": "Nowhere"}])
        assert report.not_checked[0][0] == "known_district"


def test_a_point_on_a_row_without_address_is_a_placeholder(tmp_path: Path) -> None:
    made = contract(
        {"name": "text", "address": "text?", "lat": "latitude", "lon": "longitude"},
        '[[rule]]\nkind="placeholder_points"\naddress="address"\nlatitude="lat"\nlongitude="lon"\nat_least=3\n',
    )
    rows: list[dict[str, object]] = [{"name": "lone", "address": None, "lat": 43.7, "lon": -79.4}]
    rows += [{"name": f"site {i}", "address": None, "lat": 43.65, "lon": -79.38} for i in range(3)]
    rows += [{"name": "hall", "address": "1 Main St", "lat": 43.65, "lon": -79.38}]
    report = checked(tmp_path, made, rows)
    counts = {finding.rule: finding.count for finding in report.findings}
    assert counts == {"placeholder_point": 3, "placeholder_points": 4}
    assert report.table["lat"].to_list()[:1] == [None]
    # The lone point may be a hidden site: it is emptied, and not printed.
    assert "43.7, " not in report.text()


def test_a_confidential_site_keeps_its_name_and_loses_its_place_everywhere(tmp_path: Path) -> None:
    made = contract(
        {"name": "text", "address": "text?", "lat": "latitude?"},
        '[[rule]]\nkind="confidential"\ncolumns=["name"]\npatterns=["safe house"]\n'
        'withhold=["address","lat"]\n',
    )
    rows = [
        {"name": "Safe House", "address": " 9 Secret St ", "lat": 43.6},
        {"name": "Library", "address": "1 A St", "lat": 43.7},
    ]
    report = checked(tmp_path, made, rows)
    assert report.table.rows() == [("Safe House", None, None, True), ("Library", "1 A St", 43.7, False)]
    assert "Secret" not in report.json() + report.text() + report.mend_log.write_csv()


@pytest.mark.parametrize(
    ("policy", "rule"),
    [("drop", "repeated_row"), ("keep", "repeated_row_kept"), ("refuse", "repeated_row_refused")],
)
def test_identical_rows_are_treated_as_the_contract_says(policy: str, rule: str, tmp_path: Path) -> None:
    made = contract({"a": "text", "b": "integer"}, "", f'repeats="{policy}"\n')
    report = checked(tmp_path, made, [{"a": "x", "b": 1}, {"a": "y", "b": 2}, {"a": "x", "b": 1}])
    entries = {entry.rule: entry for entry in (*report.mends, *report.findings)}
    assert entries[rule].count == 1
    assert entries[rule].examples[0][0] == 4
    assert report.table.height == (2 if policy == "drop" else 3)


def test_identifiers_made_from_text_do_not_depend_on_the_order_of_rows(tmp_path: Path) -> None:
    made = contract(
        {"a": "text"}, '[[mend]]\nkind="stable_id"\ncolumn="id"\nfrom=["a"]\nprefix="B"\n', 'repeats="keep"\n'
    )
    one = checked(tmp_path, made, [{"a": "x"}, {"a": "y"}, {"a": "x"}]).table
    two = checked(tmp_path, made, [{"a": "y"}, {"a": "x"}, {"a": "x"}]).table
    assert sorted(one["id"]) == sorted(two["id"])
    assert one["id"].is_unique().all()
    assert one["id"][2] == one["id"][0] + "-2"
