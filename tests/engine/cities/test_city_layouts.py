"""Sheets that are no plain tables become long ones: merged headings, areas as columns, written-out hours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from philoxenia.exchange.grids import text_grid
from philoxenia.exchange.layouts import (
    areas_across,
    headings_across,
    parse_hours,
    titled_table,
    weekdays_across,
)


class TestOpeningHours:
    """Three notations stand side by side in one library sheet."""

    @pytest.mark.parametrize(
        ("written", "openings"),
        [
            ("9-8:30", [("09:00", "20:30")]),
            ("9:00 - 5:00", [("09:00", "17:00")]),
            ("1:30-5", [("13:30", "17:00")]),
            ("12:30-8:30", [("12:30", "20:30")]),
            ("9-12/1-5", [("09:00", "12:00"), ("13:00", "17:00")]),
            ("12:30-5/6-8:30", [("12:30", "17:00"), ("18:00", "20:30")]),
            ("09:00–17:30", [("09:00", "17:30")]),
            ("9am - 5pm", [("09:00", "17:00")]),
            ("10h-18h", [("10:00", "18:00")]),
            ("6:00-14:00", [("06:00", "14:00")]),
            ("Closed", []),
            ("", []),
        ],
    )
    def test_every_notation_becomes_24_hour_times(
        self, written: str, openings: list[tuple[str, str]]
    ) -> None:
        assert parse_hours(written) == openings

    @pytest.mark.parametrize("written", ["by appointment", "9", "9-", "17:00-9:00"])
    def test_what_cannot_be_read_is_not_guessed(self, written: str) -> None:
        assert parse_hours(written) is None

    @given(st.integers(7, 12), st.integers(0, 59), st.integers(1, 8), st.integers(0, 59))
    def test_a_day_opening_ends_after_it_began(
        self, hour: int, minute: int, end: int, end_minute: int
    ) -> None:
        for opens, closes in parse_hours(f"{hour}:{minute:02d}-{end}:{end_minute:02d}") or []:
            assert "00:00" <= opens < closes <= "24:00"

    def test_one_line_an_opening_and_the_second_block_is_not_read(self) -> None:
        days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
        sheet = text_grid(
            [
                ["Branch Schedules by Hour"],
                ["", "", "Operating Hours", *[""] * 6, "Daily Hours"],
                ["ID", "Branch", *days, *days],
                [
                    "AG",
                    "Agincourt",
                    "9-12/1-5",
                    "Closed",
                    "",
                    "",
                    "",
                    "9-5",
                    "",
                    "7",
                    "",
                    "",
                    "",
                    "",
                    "8",
                    "",
                ],
                ["XX", "Odd", "by appointment", "", "", "", "", "", ""],
            ]
        )
        table = weekdays_across(sheet)
        assert table.frame.select("ID", "weekday", "opens", "closes", "hours").rows() == [
            ("AG", "1", "09:00", "12:00", "3"),
            ("AG", "1", "13:00", "17:00", "4"),
            ("AG", "6", "09:00", "17:00", "8"),
            ("XX", "1", "by appointment", "by appointment", ""),
        ]
        assert table.rows.to_list() == [4, 4, 4, 5]


class TestMergedHeadings:
    SHEET = text_grid(
        [
            ["Total by Program Type"],
            ["", "", "2019", "", "", "", "2018", "", "", ""],
            ["", "", "Cultural", "Cultural", "ESL", "", "Cultural", "", "ESL", ""],
            ["ID", "Branches", *["Pro", "Att"] * 4],
            ["AG", "Agincourt", "56", "2,519", "26", "739", "105", "2,977", "", ""],
            ["", "Grand Total", "56", "2,519", "26", "739", "105", "2,977", "0", "0"],
            ["HSC", "Grand Total", "1", "", "", "", "", "", "", ""],
            [*[""] * 9, "Bookmobile"],
        ]
    )

    def test_years_and_kinds_are_filled_under_merged_cells(self) -> None:
        table = headings_across(self.SHEET)
        assert table.frame.columns == ["ID", "Branches", "year", "heading", "Pro", "Att"]
        assert table.frame.rows() == [
            ("AG", "Agincourt", "2019", "Cultural", "56", "2,519"),
            ("AG", "Agincourt", "2019", "ESL", "26", "739"),
            ("AG", "Agincourt", "2018", "Cultural", "105", "2,977"),
        ]

    def test_totals_and_rows_without_an_id_are_left_out_and_named(self) -> None:
        (note,) = headings_across(self.SHEET).notes
        assert note == (
            "Left out totals and rows without an id: rows 6 (Grand Total), 7 (HSC), 8 (Bookmobile)."
        )

    def test_a_merge_ends_where_the_heading_above_changes(self) -> None:
        sheet = text_grid(
            [
                ["Title"],
                ["", "", "2019", "", "2018", ""],
                ["", "", "Cultural", "", "", ""],
                ["ID", "Name", "Pro", "Att", "Pro", "Att"],
                ["A", "Alpha", "1", "2", "3", "4"],
            ]
        )
        assert headings_across(sheet).frame["heading"].to_list() == ["Cultural", ""]

    def test_years_in_the_last_header_row_are_years_too(self) -> None:
        sheet = text_grid([["Workstations"], ["ID", "Name", "2019", "2018"], ["A", "Alpha", "42", "38"]])
        assert headings_across(sheet).frame.rows() == [
            ("A", "Alpha", "2019", "42"),
            ("A", "Alpha", "2018", "38"),
        ]


class TestAreasAcross:
    def test_a_nested_label_is_read_with_the_labels_above_it(self) -> None:
        sheet = text_grid(
            [
                ["Neighbourhood Name", "North", "South"],
                ["Neighbourhood Number", "1", "2"],
                ["Designation", "none", "priority"],
                ["Total - Owners", "10", "20"],
                ["  % in core housing need", "9.3", "16"],
                ["Total - Tenants", "30", "..."],
                ["  % in core housing need", "26.9", "35.2"],
            ]
        )
        table = areas_across(sheet)
        paths = table.frame["characteristic"].unique(maintain_order=True).to_list()
        assert paths == [
            "Total - Owners",
            "Total - Owners > % in core housing need",
            "Total - Tenants",
            "Total - Tenants > % in core housing need",
        ]
        assert table.frame.filter(characteristic="Total - Tenants")["value"].to_list() == ["30", "..."]
        assert table.frame["area_id"].to_list()[:2] == ["1", "2"]
        assert table.notes == ("Left out rows without numbers: row 3 (Designation).",)

    def test_a_path_that_still_repeats_is_numbered(self) -> None:
        sheet = text_grid([["Label", "North", "South"], ["Families", "1", "2"], ["Families", "3", "4"]])
        assert areas_across(sheet).frame["characteristic"].to_list() == ["Families"] * 2 + ["Families #2"] * 2

    def test_a_row_counter_is_no_area(self) -> None:
        sheet = text_grid(
            [["_id", "Topic", "Label", "North"], ["1", "People", "All", "9"], ["2", "People", "  Old", "4"]]
        )
        assert areas_across(sheet).frame["area_name"].unique().to_list() == ["North"]


def test_a_titled_table_begins_under_its_titles_and_ends_before_its_totals() -> None:
    sheet = text_grid(
        [["Branches", "", ""], ["ID", "Name", "Size"], ["A", "Alpha\u00a0 Hall ", "3"], ["", "Total", "3"]]
    )
    table = titled_table(sheet)
    assert table.frame.rows() == [("A", "Alpha Hall", "3")]
    assert table.rows.to_list() == [3]
    assert table.notes == ("Left out totals: row 4 (Total).",)
