"""What a clerk is told about a file that went wrong: outcome, rule, row and the words of the remedy."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import spoil
from spoil import (
    column,
    cut,
    each,
    put,
    rename,
    rows_of,
    text_of,
    with_column,
    without,
    workbook,
    write,
)

from philoxenia.exchange import CheckReport, Outcome, check_file
from philoxenia.exchange.places import Places

FLOW = rows_of("system_flow")
NIGHTS = rows_of("occupancy")
LIST = rows_of("waitlist")
PHARMACIES = rows_of("pharmacies")
PIPELINE = rows_of("pipeline")
SCHOOLS = rows_of("schools")
BUDGET = rows_of("budget")
RENTAL = rows_of("rental")

BEDS = next(i for i, row in enumerate(NIGHTS, 1) if "Bed Based Capacity" in row)
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def _raw(data: bytes, name: str = "extract.csv") -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(data)
        return path

    return make


def _replaced(rows: list[list[str]], old: str, new: str, name: str = "extract.csv") -> Callable[[Path], Path]:
    text = text_of(rows)
    assert old in text
    return _raw(text.replace(old, new, 1).encode(), name)


@dataclass(frozen=True)
class Spoiled:
    """One spoiled file and what must be said of it."""

    make: Callable[[Path], Path]
    outcome: Outcome
    rule: str
    says: tuple[str, ...] = ()
    row: int | None = None
    options: dict[str, Any] = field(default_factory=dict)


def _excel_day(month: str) -> str:
    return f"2025-{MONTHS.index(month[:3]) + 1:02d}-{month[4:]}"


REFUSED, MENDED = Outcome.REFUSED, Outcome.MENDED
UNREADABLE, UNKNOWN = Outcome.UNREADABLE, Outcome.NOT_RECOGNISED

CASES: dict[str, Spoiled] = {
    # --- columns
    "a column is missing": Spoiled(
        lambda d: write(d, without(FLOW, "newly_identified")),
        REFUSED,
        "column_missing",
        ("no column for newly_identified", "Add the column", "nouvelles personnes"),
    ),
    "a header is misspelt": Spoiled(
        lambda d: write(d, rename(FLOW, "newly_identified", "newly_identifed")),
        REFUSED,
        "column_missing",
        ('Is it column "newly_identifed"? Then rename that column to newly_identified.',),
    ),
    "a column stands twice": Spoiled(
        lambda d: write(d, with_column(FLOW, "newly_identified", ["3"])),
        REFUSED,
        "column_twice",
        ("(column F)", "(column U)", "Keep one of them"),
    ),
    "the columns are of no known kind": Spoiled(
        lambda d: write(d, [["a", "b", "c"], ["1", "2", "3"]]),
        UNKNOWN,
        "not_recognised",
        ("--contract NAME",),
    ),
    "the header is missing": Spoiled(
        lambda d: write(d, FLOW[1:]),
        UNKNOWN,
        "not_recognised",
        ("the names of the columns seems to be missing",),
    ),
    "the header is missing and the kind is named": Spoiled(
        lambda d: write(d, FLOW[1:]),
        REFUSED,
        "header_absent",
        ('"Jan-18"', "Put a row with the names of the columns above the data: month, group"),
        options={"contract": "shelter_flow"},
    ),
    "a name is missing in the header": Spoiled(
        lambda d: write(d, [FLOW[0][1:], *FLOW[1:]]),
        REFUSED,
        "header_length",
        ("names 19 columns, but every row has 20 cells",),
    ),
    "another kind is handed in under a name": Spoiled(
        lambda d: write(d, SCHOOLS, "shelter_flow.csv"),
        REFUSED,
        "wrong_kind",
        ("does not look like shelter_flow", "The file fits schools"),
        options={"contract": "shelter_flow"},
    ),
    "a column is in thousands": Spoiled(
        lambda d: write(d, each(FLOW, "actively_homeless", lambda v: f"{v}000")),
        REFUSED,
        "parts_differ_mostly",
        ("168 of 168 rows", "another unit"),
    ),
    "two flows are exchanged": Spoiled(
        lambda d: write(
            d,
            rename(
                rename(rename(FLOW, "newly_identified", "x"), "moved_to_housing", "newly_identified"),
                "x",
                "moved_to_housing",
            ),
        ),
        REFUSED,
        "stock_flow_broken",
        ("mislabelled or shifted",),
    ),
    "persons stand in a table of counts": Spoiled(
        lambda d: write(d, with_column(with_column(FLOW, "First Name", ["Ann"]), "date de naissance", ["x"])),
        MENDED,
        "personal_columns",
        ('"First Name" and "date de naissance"', "Leave such columns out"),
    ),
    "the header stands again in the middle": Spoiled(
        lambda d: write(d, FLOW[:80] + FLOW[:1] + FLOW[80:]), MENDED, "repeated_header", ("row 81",), 81
    ),
    "titles stand above the header": Spoiled(
        lambda d: write(d, [["Shelter flow"], ["Printed 3 January"], [], *FLOW]),
        MENDED,
        "titles_skipped",
        ("3 rows above the header (row 4)", "Shelter flow"),
    ),
    # --- rows
    "there is no row under the header": Spoiled(
        lambda d: write(d, FLOW[:1]), REFUSED, "no_rows", ("no row under it", "Check the filter")
    ),
    "rows are doubled": Spoiled(
        lambda d: write(d, FLOW + FLOW[5:8]), MENDED, "repeated_row", ("rows 170, 171 and 172",), 170
    ),
    "two rows have one key": Spoiled(
        lambda d: write(d, [*FLOW, put(FLOW, 6, "newly_identified", "999")[5]]),
        REFUSED,
        "key_twice",
        ("2018-01, youth", "differ in newly_identified", "Rows 6 and 170"),
        6,
    ),
    "rows are out of order": Spoiled(
        lambda d: write(d, FLOW[:1] + FLOW[:0:-1]), MENDED, "out_of_order", ("sorted by date(mmm-yy)",)
    ),
    "empty rows stand between": Spoiled(
        lambda d: write(d, [*FLOW[:10], [""] * len(FLOW[0]), *FLOW[10:]]),
        MENDED,
        "blank_rows",
        ("row 11",),
        11,
    ),
    "a line of sums ends the table": Spoiled(
        lambda d: write(d, [*FLOW, ["", "Total", "", *["9"] * 17]]),
        MENDED,
        "total_row",
        ('"Total" in row 170',),
        170,
    ),
    "sources stand under the table": Spoiled(
        lambda d: write(d, [*FLOW, [], ["Source: shelter management system"]]),
        MENDED,
        "footnotes",
        ("row 171", "Source: shelter"),
        171,
    ),
    "a comma splits a number": Spoiled(
        _replaced(LIST, '"6,181"', "6,181"),
        REFUSED,
        "row_too_long",
        ("Row 2: more cells than the header's 27", "quotation marks"),
        2,
    ),
    "a line break splits a row": Spoiled(
        _replaced(FLOW, "7,Jan-18,Non-refugees,42", "7,Jan-18,Non-refu\ngees,42"),
        REFUSED,
        "row_too_short",
        ("Rows 8 and 9: fewer cells", "line break"),
        8,
    ),
    "the copy stopped in the middle of a row": Spoiled(
        lambda d: cut(write(d, FLOW), 0.703),
        REFUSED,
        "cut_off",
        ("stops in the middle", "Export the file again"),
    ),
    "a quotation mark is never closed": Spoiled(
        _replaced(FLOW, "7,Jan-18,Non-refugees", '7,Jan-18,"Non-refugees'),
        MENDED,
        "stray_quotes",
        ("row 8",),
        8,
    ),
    # --- cells
    "numbers are words": Spoiled(
        lambda d: write(
            d, put(put(FLOW, 14, "newly_identified", "12a"), 20, "newly_identified", "about 300")
        ),
        REFUSED,
        "not_integer",
        ('found "12a" (row 14) and "about 300" (row 20)', "Write a whole number"),
        14,
    ),
    "a count is negative": Spoiled(
        lambda d: write(d, put(FLOW, 14, "newly_identified", "-12")),
        REFUSED,
        "below_minimum",
        ("may not be below 0 people", '"-12" (row 14)'),
        14,
    ),
    "a percentage is above 100": Spoiled(
        lambda d: write(d, put(FLOW, 4, "population_group_percentage", "130%")),
        MENDED,
        "above_maximum",
        ("may not be above 100%", "That cell was left empty"),
        4,
    ),
    "a month does not exist": Spoiled(
        lambda d: write(d, put(put(FLOW, 9, "date(mmm-yy)", "Janvember-18"), 10, "date(mmm-yy)", "2018-13")),
        REFUSED,
        "not_month",
        ('"Janvember-18" (row 9)', '"2018-13" (row 10)', "Mar-24"),
        9,
    ),
    "a spreadsheet turned months into days": Spoiled(
        lambda d: write(d, each(FLOW, "date(mmm-yy)", _excel_day)),
        REFUSED,
        "month_became_day",
        ("Jan-18", "Go back to the export"),
    ),
    "a day does not exist": Spoiled(
        lambda d: write(d, put(NIGHTS, 4, "OCCUPANCY_DATE", "2023-02-30")),
        REFUSED,
        "not_date",
        ('"2023-02-30"',),
        4,
    ),
    "short dates can be read two ways": Spoiled(
        lambda d: write(d, each(NIGHTS, "OCCUPANCY_DATE", lambda v: f"{v[8:]}/{v[5:7]}/{v[:4]}")),
        REFUSED,
        "date_order_unclear",
        ("day first or month first", "--dates day-first"),
    ),
    "short dates contradict each other": Spoiled(
        lambda d: write(
            d, put(put(NIGHTS, 4, "OCCUPANCY_DATE", "13/01/2023"), 5, "OCCUPANCY_DATE", "01/14/2023")
        ),
        REFUSED,
        "date_order_mixed",
        ("13/01/2023", "01/14/2023"),
    ),
    "a formula failed": Spoiled(
        lambda d: write(
            d, put(put(NIGHTS, 4, "SERVICE_USER_COUNT", "#REF!"), 5, "SERVICE_USER_COUNT", "#####")
        ),
        REFUSED,
        "spreadsheet_error",
        ('"#REF!" (row 4)', "column too narrow"),
        4,
    ),
    "a formula failed in a workbook": Spoiled(
        lambda d: workbook(d, {"Data": put(FLOW, 7, "newly_identified", "#DIV/0!")}),
        REFUSED,
        "spreadsheet_error",
        ('"#DIV/0!" (row 7)',),
        7,
    ),
    "a text is a formula": Spoiled(
        lambda d: write(d, put(SCHOOLS, 4, "name", "=cmd|'/c calc'!A1")),
        MENDED,
        "formula_text",
        ("would run as a formula",),
        4,
    ),
    "required cells are empty": Spoiled(
        lambda d: write(d, put(put(NIGHTS, 4, "PROGRAM_ID", ""), 5, "PROGRAM_ID", "n/a")),
        REFUSED,
        "blank_cell",
        ("rows 4 and 5", "For example 16892"),
        4,
    ),
    "an identifier lost its digits": Spoiled(
        lambda d: write(d, put(NIGHTS, 4, "PROGRAM_ID", "1.69E+04")), REFUSED, "id_damaged", ("rounded",), 4
    ),
    "a name is misspelt": Spoiled(
        lambda d: write(d, put(FLOW, 4, "population_group", "Refugess")),
        REFUSED,
        "misspelt_category",
        ('"Refugess" (row 4)', 'Did you mean "refugees"?'),
        4,
    ),
    "a name is new": Spoiled(
        lambda d: write(d, put(FLOW, 9, "population_group", "Veterans")),
        MENDED,
        "new_category",
        ('"Veterans"',),
        9,
    ),
    "a name of a closed list is unknown": Spoiled(
        lambda d: write(d, put(NIGHTS, 4, "CAPACITY_TYPE", "Hammocks")),
        REFUSED,
        "unknown_category",
        ("Known names: Bed Based Capacity and Room Based Capacity",),
        4,
    ),
    "an amount is grouped wrongly": Spoiled(
        lambda d: write(d, put(BUDGET, 9, "Amount", "1,04,502.67")),
        REFUSED,
        "not_number",
        ('"1,04,502.67"',),
        9,
    ),
    "cells are withheld": Spoiled(
        lambda d: write(d, put(FLOW, 4, "gender_male", "<5")),
        MENDED,
        "suppressed",
        ("not known, not as zero",),
        4,
    ),
    "a geometry is a program": Spoiled(
        lambda d: write(d, put(PIPELINE, 4, "geometry", "__import__('os').system('true')")),
        MENDED,
        "not_geometry",
        ("POINT (longitude latitude)",),
        4,
    ),
    # --- rows together
    "a stock does not follow from the flows": Spoiled(
        lambda d: write(d, put(FLOW, 60, "actively_homeless", "9408")),
        REFUSED,
        "stock_flow_row",
        ("Row 60", "2018-09, refugees", "The month after shows the reverse, so actively_homeless itself"),
        60,
    ),
    "a flow does not explain the stock": Spoiled(
        lambda d: write(d, put(FLOW, 60, "newly_identified", "5000")),
        REFUSED,
        "stock_flow_row",
        ("Row 60", "One of the flows is probably wrong"),
        60,
    ),
    "columns of stock and flow are exchanged": Spoiled(
        lambda d: write(
            d,
            rename(
                rename(rename(FLOW, "actively_homeless", "x"), "returned_to_shelter", "actively_homeless"),
                "x",
                "returned_to_shelter",
            ),
        ),
        REFUSED,
        "stock_flow_broken",
        ("does not follow from the flows", "mislabelled or shifted"),
    ),
    "groups do not add up to everyone": Spoiled(
        lambda d: write(d, put(FLOW, 8, "actively_homeless", "5540")),
        REFUSED,
        "partition_broken",
        ("actively_homeless in 2018-01 (7,948 against 7,958)", "rows 2, 4 and 8"),
        2,
    ),
    "a month is missing": Spoiled(
        lambda d: write(d, [row for row in FLOW if row[1] != "Mar-18"]),
        MENDED,
        "time_gap",
        ("2018-03 is missing",),
    ),
    "a group misses a month": Spoiled(
        lambda d: write(d, [row for row in FLOW if row[1:3] != ["Mar-18", "Refugees"]]),
        MENDED,
        "time_gap",
        ("2018-03 is missing for refugees",),
    ),
    "a programme counts beds and rooms": Spoiled(
        lambda d: write(d, put(NIGHTS, BEDS, "OCCUPIED_ROOMS", "5")),
        REFUSED,
        "one_measure_only",
        ('"beds" is stated, but OCCUPIED_ROOMS is filled', "A room is not a person"),
        BEDS,
    ),
    "more beds are used than there are": Spoiled(
        lambda d: write(d, put(NIGHTS, BEDS, "OCCUPIED_BEDS", "5000")),
        MENDED,
        "larger_than",
        ("greater than",),
        BEDS,
    ),
    "quarters and years are mixed": Spoiled(
        lambda d: write(d, put(LIST, 9, "Quarter/Year", "2021")),
        REFUSED,
        "frequency_mixed",
        ("2019-Q1 and 2021",),
        2,
    ),
    "parts do not make the total": Spoiled(
        lambda d: write(d, put(LIST, 9, "Seniors", "5")), MENDED, "parts_differ", ("52,517", "81,664"), 9
    ),
    # --- places
    "places lie outside the city": Spoiled(
        lambda d: write(d, put(PHARMACIES, 5, "GC_LATITUDE", "44.9"), "pharmacies.csv"),
        MENDED,
        "outside_city",
        ("row 5", "outside the districts of Toronto"),
        5,
    ),
    "latitude and longitude are exchanged": Spoiled(
        lambda d: write(
            d,
            rename(
                rename(rename(PHARMACIES, "GC_LATITUDE", "x"), "GC_LONGITUDE", "GC_LATITUDE"),
                "x",
                "GC_LONGITUDE",
            ),
            "pharmacies.csv",
        ),
        REFUSED,
        "swapped_axes",
        ("Exchange the two headers",),
        2,
    ),
    "the minus sign is lost": Spoiled(
        lambda d: write(d, each(PHARMACIES, "GC_LONGITUDE", lambda v: v.lstrip("-")), "pharmacies.csv"),
        REFUSED,
        "sign_lost",
        ("longitude lost its minus sign", "Write -79."),
        2,
    ),
    "places lie in another city": Spoiled(
        lambda d: write(d, each(PHARMACIES, "GC_LATITUDE", lambda v: "51.5"), "pharmacies.csv"),
        REFUSED,
        "mostly_outside",
        ("59 of 59 places",),
        2,
    ),
    "coordinates are metres": Spoiled(
        lambda d: write(d, each(PHARMACIES, "GC_LATITUDE", lambda v: "4840707.2"), "pharmacies.csv"),
        REFUSED,
        "not_degrees",
        ("degrees from -90 to 90", "EPSG:4326"),
        2,
    ),
    "a neighbourhood is misspelt": Spoiled(
        lambda d: write(d, put(RENTAL, 5, "Neighbourhood", "Leside-Benington")),
        MENDED,
        "unknown_district",
        ('"Leside-Benington" (row 5)', 'is perhaps "Leaside-Bennington"'),
        5,
    ),
    "a district id does not exist": Spoiled(
        lambda d: write(d, with_column(PHARMACIES, "district_id", ["999"]), "pharmacies.csv"),
        REFUSED,
        "unknown_district",
        ('"999" (rows 2, 3, 4 and 56 more)', "not districts of Toronto"),
        2,
    ),
    # --- characters
    "letters are garbled": Spoiled(
        lambda d: write(d, put(SCHOOLS, 4, "name", "Ã‰cole MontrÃ©al")),
        MENDED,
        "letters_restored",
        ("École Montréal",),
        4,
    ),
    "letters are lost": Spoiled(
        lambda d: write(d, put(SCHOOLS, 4, "name", "\ufffdcole")),
        MENDED,
        "characters_lost",
        ("cannot be guessed",),
        4,
    ),
    "a few cells are in another encoding": Spoiled(
        _raw(
            text_of(put(put(SCHOOLS, 4, "name", "Zoë"), 5, "name", "QQQ"))
            .encode()
            .replace(b"QQQ", b"Andr\xe9")
        ),
        MENDED,
        "encoding_mixed",
        ("row 5", "André"),
        5,
    ),
    # --- files
    "the file is empty": Spoiled(_raw(b""), UNREADABLE, "unreadable", ("is empty", "Export the table again")),
    "the file holds only spaces": Spoiled(_raw(b" \n\n  "), UNREADABLE, "unreadable", ("is empty",)),
    "the file is not there": Spoiled(
        lambda d: d / "none.csv", UNREADABLE, "unreadable", ("There is no file",)
    ),
    "the file is a folder": Spoiled(lambda d: d, UNREADABLE, "unreadable", ("is a folder",)),
    "the file is binary": Spoiled(
        _raw(bytes(range(256)) * 40), UNREADABLE, "unreadable", ("not a text table",)
    ),
    "the file is a picture": Spoiled(
        _raw(b"\x89PNG\r\n\x1a\nabc"), UNREADABLE, "unreadable", ("is a picture",)
    ),
    "the file is a PDF": Spoiled(
        _raw(b"%PDF-1.7 abc"), UNREADABLE, "unreadable", ("PDF", "CSV (UTF-8) or XLSX")
    ),
    "the file is a web page": Spoiled(
        _raw(b"\n<!DOCTYPE html><html>Sign in</html>"),
        UNREADABLE,
        "unreadable",
        ("web page", "Sign in and download"),
    ),
    "the file was never downloaded": Spoiled(
        _raw(b"version https://git-lfs.github.com/spec/v1\n"), UNREADABLE, "unreadable", ("never downloaded",)
    ),
    "the workbook is cut off": Spoiled(
        lambda d: cut(workbook(d, {"Data": FLOW}), 0.6),
        UNREADABLE,
        "unreadable",
        ("cut off", "download it again"),
    ),
    "the workbook is a word document": Spoiled(
        lambda d: spoil.document(d), UNREADABLE, "unreadable", ("text document",)
    ),
    "the archive is a bomb": Spoiled(
        spoil.zip_bomb, UNREADABLE, "unreadable", ("zip bomb", "100,000,000 bytes")
    ),
    "the gzip file is a bomb": Spoiled(
        lambda d: spoil.packed(_raw(b"0" * 30_000_000)(d)), UNREADABLE, "unreadable", ("zip bomb",)
    ),
    "the workbook reaches to the last cell there is": Spoiled(
        spoil.far_corner, UNREADABLE, "unreadable", ("row 1,048,576 and column 16,384", "Delete the cells")
    ),
    "rows and columns are exchanged": Spoiled(
        _raw(",".join(map(str, range(6000))).encode()), UNREADABLE, "unreadable", ("more than 5,000 columns",)
    ),
    "the archive lies about its size": Spoiled(spoil.lying_zip, UNREADABLE, "unreadable", ("damaged",)),
    "the archive climbs out of its folder": Spoiled(
        spoil.climbing_zip, UNREADABLE, "unreadable", ("points outside the archive", "Nothing was unpacked")
    ),
    "the archive has a password": Spoiled(
        spoil.locked_zip, UNREADABLE, "unreadable", ("protected by a password",)
    ),
    "the parquet file is cut off": Spoiled(
        _raw(b"PAR1" + b"0" * 300, "x.parquet"), UNREADABLE, "unreadable", ("Parquet", "its end is missing")
    ),
    "the GeoJSON is cut off": Spoiled(
        lambda d: cut(spoil.points(d, [({"pharmacy_id": "1", "address": "a"}, [-79.4, 43.7])]), 0.7),
        UNREADABLE,
        "unreadable",
        ("not valid JSON", "Export it again"),
    ),
    "the GeoJSON is in metres": Spoiled(
        lambda d: spoil.points(d, [({"pharmacy_id": "1", "address": "a"}, [630000.0, 4833000.0])]),
        UNREADABLE,
        "unreadable",
        ("feature 1", "not degrees", "EPSG:4326"),
    ),
    "the JSON is no table": Spoiled(_raw(b'{"a": 1}', "x.json"), UNREADABLE, "unreadable", ("not GeoJSON",)),
    "the shapefile lacks a part": Spoiled(
        spoil.shapefile_without_dbf, UNREADABLE, "unreadable", ("lacks sites.dbf",)
    ),
}


@pytest.fixture(scope="module")
def report_of(tmp_path_factory: pytest.TempPathFactory, city: Places) -> Callable[[str], CheckReport]:
    """The report on a case, made once."""

    @cache
    def make(name: str) -> CheckReport:
        case = CASES[name]
        return check_file(case.make(tmp_path_factory.mktemp("case")), city=city, **case.options)

    return make


@pytest.mark.parametrize("name", CASES)
def test_a_clerk_is_told_what_to_change_when(name: str, report_of: Callable[[str], CheckReport]) -> None:
    case, report = CASES[name], report_of(name)
    assert report.outcome is case.outcome, report.text()
    told = {entry.rule: entry for entry in (*report.mends, *report.findings)}
    assert case.rule in told, report.text()
    entry = told[case.rule]
    sentence = f"{entry.message} {getattr(entry, 'remedy', '')}"
    for words in case.says:
        assert words in sentence, sentence
    if case.row is not None:
        assert entry.examples[0][0] == case.row, entry.examples


@pytest.mark.parametrize("name", CASES)
def test_no_report_shows_a_loose_brace_an_empty_value_or_a_traceback(
    name: str, report_of: Callable[[str], CheckReport]
) -> None:
    text = report_of(name).text()
    for flaw in ("Traceback", "None", '""', "{", "}", "()", "nan"):
        assert flaw not in text.replace("{'type'", ""), text


@pytest.mark.parametrize("name", CASES)
def test_a_refusal_names_what_to_do(name: str, report_of: Callable[[str], CheckReport]) -> None:
    for finding in report_of(name).findings:
        if finding.severity in ("refused", "warning") and finding.rule != "unreadable":
            assert finding.remedy.endswith("."), finding
            assert len(finding.remedy) > 10, finding


def test_one_fault_is_said_once(tmp_path: Path, city: Places) -> None:
    """A damaged row must not come back as empty cells, gaps and broken sums."""
    report = check_file(
        _replaced(FLOW, "7,Jan-18,Non-refugees,42", "7,Jan-18,Non-refu\ngees,42")(tmp_path), city=city
    )
    assert [finding.rule for finding in report.findings if finding.severity == "refused"] == ["row_too_short"]
    assert ("partition", "first the damaged rows must be mended") in report.not_checked


def test_counts_are_exact_though_examples_are_few(tmp_path: Path) -> None:
    report = check_file(write(tmp_path, each(FLOW, "newly_identified", lambda value: "many")))
    finding = report.findings[0]
    assert (finding.rule, finding.count, len(finding.examples)) == ("not_integer", 168, 20)
    assert '"many" (rows 2, 3, 4 and 165 more)' in finding.message


def test_the_row_of_a_workbook_is_the_row_of_the_sheet(tmp_path: Path) -> None:
    rows = put(FLOW, 9, "newly_identified", "x?")
    path = workbook(tmp_path, {"Data": [[], ["Shelter flow"], *rows]})
    finding = next(f for f in check_file(path).findings if f.rule == "not_integer")
    assert finding.examples == ((11, "x?"),)


def test_the_sheet_that_fits_is_found(tmp_path: Path) -> None:
    report = check_file(workbook(tmp_path, {"Read me": [["Notes"]], "Data": FLOW}))
    assert report.accepted
    assert report.file.sheet == "Data"
    assert any(finding.rule == "sheet_chosen" for finding in report.findings)


def test_without_a_city_the_rules_that_need_one_are_listed(tmp_path: Path) -> None:
    report = check_file(write(tmp_path, PHARMACIES, "pharmacies.csv"))
    assert report.not_checked == (("inside_city", "no city was named (use --city FOLDER)"),)


def test_header_positions_are_the_letters_of_a_spreadsheet() -> None:
    assert column(FLOW, "newly_identified") == 5
