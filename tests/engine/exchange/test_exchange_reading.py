"""Files in any usual encoding and delimiter; numbers and dates as people write them; rows as people count."""

import csv
import io
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spoil import each, packed, put, rename, rows_of, text_of, workbook, write

from philoxenia.exchange import check_file
from philoxenia.exchange.dates import order_of, read_day, read_period
from philoxenia.exchange.delimited import open_delimited
from philoxenia.exchange.encodings import by_letters
from philoxenia.exchange.files import open_file
from philoxenia.exchange.limits import limit
from philoxenia.exchange.numbers import read_numbers
from philoxenia.exchange.plain import plain_number, plain_rows
from philoxenia.exchange.spelling import key, nearest, ungarbled

FLOW = rows_of("system_flow")
CLEAN = check_file(Path(__file__).resolve().parents[2] / "spoiled" / "system_flow.csv").table


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
    def test_unicode_in_any_dress_gives_the_same_table(self, encoding: str, tmp_path: Path) -> None:
        assert check_file(write(tmp_path, FLOW, encoding=encoding)).table.equals(CLEAN)

    @pytest.mark.parametrize(
        ("encoding", "text"),
        [
            ("cp1252", "Établissement d'hébergement – l'été à Québec, façade côté sœur"),
            ("latin-1", "École élémentaire à côté de l'hôpital Sainte-Thérèse, garçons"),
            ("cp1250", "Łódź, Kraków, część mieszkańców dzielnicy, žena čeká, měsíc"),
            ("cp1254", "Sığınmacı öğrenciler için geçici barınma, İstanbul'da yaşayan çocuklar ağır"),
            ("cp1251", "Тимчасовий притулок для сімей, місто Київ, вулиця Хрещатик"),
            ("koi8-u", "Тимчасовий притулок для сімей, місто Київ, вулиця Хрещатик"),
            ("iso8859_5", "Временный приют для семей, город Москва, улица Тверская"),
            ("iso8859_7", "Προσωρινή στέγαση για οικογένειες, Δήμος Αθηναίων, οδός Αιόλου"),
            ("cp1253", "Προσωρινή στέγαση για οικογένειες, Δήμος Αθηναίων, οδός Άνδρου"),
            ("cp1256", "مأوى مؤقت للعائلات في مدينة عمان شارع الملك عبد الله"),
            ("iso8859_6", "مأوى مؤقت للعائلات في مدينة عمان شارع الملك عبد الله"),
            ("cp1255", "מחסה זמני למשפחות בעיר תל אביב רחוב אלנבי"),
        ],
    )
    def test_a_code_page_is_told_by_its_letters(self, encoding: str, text: str) -> None:
        assert text.encode(encoding).decode(by_letters(text.encode(encoding)).codec) == text

    def test_the_report_says_which_was_assumed(self, tmp_path: Path) -> None:
        path = write(tmp_path, put(FLOW, 4, "population_group", "Réfugiés"), encoding="cp1252")
        report = check_file(path)
        assert report.table.equals(CLEAN)
        note = next(finding for finding in report.findings if finding.rule == "encoding_assumed")
        assert "Windows-1252" in note.message
        assert "CSV UTF-8" in note.remedy

    def test_garbled_letters_are_restored(self) -> None:
        assert ungarbled("MontrÃ©al") == "Montréal"
        assert ungarbled("Montréal") == "Montréal"
        assert ungarbled("Ø§Ù„Ù„Ø§Ø¬Ø¦ÙˆÙ†") == "اللاجئون"


class TestShapes:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_any_usual_delimiter(self, delimiter: str, tmp_path: Path) -> None:
        assert check_file(write(tmp_path, FLOW, delimiter=delimiter)).table.equals(CLEAN)

    def test_a_workbook_a_gzip_and_a_parquet_file_give_the_same_table(self, tmp_path: Path) -> None:
        frame = pl.read_csv(io.StringIO(text_of(FLOW)), infer_schema=False)
        frame.write_parquet(tmp_path / "extract.parquet")
        for path in (
            workbook(tmp_path, {"Data": FLOW}),
            packed(write(tmp_path, FLOW)),
            tmp_path / "extract.parquet",
        ):
            assert check_file(path).table.equals(CLEAN), path.name

    def test_other_line_ends_and_a_delimiter_directive(self, tmp_path: Path) -> None:
        path = tmp_path / "extract.csv"
        for data in (
            text_of(FLOW).replace("\n", "\r\n").encode(),
            text_of(FLOW).replace("\n", "\r").encode(),
            b"sep=;\n" + text_of(FLOW, ";").encode(),
        ):
            path.write_bytes(data)
            assert check_file(path).table.equals(CLEAN)

    def test_line_breaks_inside_quotes_do_not_shift_row_numbers(self, tmp_path: Path) -> None:
        rows = put(put(rows_of("schools"), 4, "address", "1 Main St\nUnit 2"), 9, "latitude", "north")
        report = check_file(write(tmp_path, rows))
        finding = next(finding for finding in report.findings if finding.rule == "not_number")
        assert finding.examples == ((9, "north"),)


class TestNumbers:
    @pytest.mark.parametrize(
        ("texts", "numbers"),
        [
            (["1,204", "12", "1,043,502.67"], [1204, 12, 1043502.67]),
            (["1.204,5", "1.204", "12,5"], [1204.5, 1204, 12.5]),
            (["1 204,5", "1\u00a0204,5", "1\u202f204,5", "1'204.5"], [1204.5] * 4),
            (["(960.58)", "960.58-", "−960.58", "-960.58"], [-960.58] * 4),
            (["$12", "12 €", "CA$12", "12 $"], [12] * 4),
            (["١٢٣", "۱۲۳", "١٬٢٣٤٫٥"], [123, 123, 1234.5]),
            (["1,04,502", "1 2", "12a", "", "nan", "inf", "--", "1.2.3"], [None] * 8),
        ],
    )
    def test_are_read_as_people_write_them(self, texts: list[str], numbers: list[float | None]) -> None:
        assert read_numbers(pl.Series(texts)).to_list() == numbers

    def test_a_lone_comma_is_settled_by_the_column(self) -> None:
        assert read_numbers(pl.Series(["1,204", "6,181"]), whole_numbers=True).to_list() == [1204, 6181]
        assert read_numbers(pl.Series(["43,653", "-79,381"]), degrees=True).to_list() == [43.653, -79.381]
        assert read_numbers(pl.Series(["1,204", "12,55"])).to_list() == [1.204, 12.55]

    @settings(max_examples=200, deadline=None)
    @given(
        st.floats(-1e9, 1e9, allow_nan=False), st.sampled_from([",", " ", "\u00a0", "'"]), st.integers(0, 4)
    )
    def test_any_number_survives_being_written_with_separators(
        self, number: float, separator: str, digits: int
    ) -> None:
        text = f"{number:,.{digits}f}".replace(",", separator)
        assert read_numbers(pl.Series([text])).to_list() == [plain_number(text)] == [round(number, digits)]

    @settings(max_examples=300, deadline=None)
    @given(st.text("0123456789.,-() '$%", max_size=12))
    def test_the_fast_reading_agrees_with_the_plain_one(self, text: str) -> None:
        assert read_numbers(pl.Series([text])).to_list() == [plain_number(text)]


class TestDates:
    @pytest.mark.parametrize(
        "text",
        ["2018-01-31", "2018-01-31T00:00:00", "2018/1/31", "20180131", "31 January 2018", "Jan 31, 2018",
         "31 janv. 2018", "31 de enero de 2018", "31/01/2018", "31.01.18", "43131", "31 січень 2018",
         "31 يناير 2018"],
    )  # fmt: skip
    def test_one_day_in_many_notations(self, text: str) -> None:
        day = read_day(text, "day")
        assert day is not None
        assert day.value == date(2018, 1, 31)

    @pytest.mark.parametrize(
        ("text", "period"),
        [("Jan-18", "2018-01"), ("18-Jan", "2018-01"), ("janvier 2018", "2018-01"), ("août 2018", "2018-08"),
         ("Ιανουάριος 2019", "2019-01"), ("كانون الثاني 2020", "2020-01"), ("201801", "2018-01"),
         ("1/2018", "2018-01"),
         ("Q1 2019", "2019-Q1"), ("T3 2019", "2019-Q3"), ("2019Q2", "2019-Q2"), ("2019", "2019")],
    )  # fmt: skip
    def test_months_quarters_and_years(self, text: str, period: str) -> None:
        found = read_period(text, "day")
        assert found is not None
        assert found[0] == period

    @pytest.mark.parametrize(
        "text", ["2018-13", "2018-02-30", "Janvember-18", "Q5 2019", "soon", "18", "", "99999"]
    )
    def test_what_is_no_date_is_not_guessed(self, text: str) -> None:
        assert read_period(text, "day") is None

    def test_one_certain_date_settles_the_order_of_all(self) -> None:
        assert order_of(["03/04/2024", "13/04/2024"])[0] == "day"
        assert order_of(["03/04/2024", "04/13/2024"])[0] == "month"
        assert order_of(["13/04/2024", "04/13/2024"])[0] == "both"

    def test_the_order_may_be_given(self, tmp_path: Path) -> None:
        nights = each(rows_of("occupancy"), "OCCUPANCY_DATE", lambda v: f"{v[8:]}/{v[5:7]}/{v[:4]}")
        report = check_file(write(tmp_path, nights), dates="day-first")
        assert report.accepted
        assert set(report.table["date"]) == {"2023-01-01", "2023-01-02", "2023-01-03", "2023-01-04"}


CELL = st.text(st.sampled_from('ab1é,;"\n \t'), max_size=6)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=12), st.sampled_from(",;\t"))
def test_blocks_of_any_size_give_the_rows_of_the_plain_reader(rows: list[list[str]], delimiter: str) -> None:
    """Agreement: the block reader, cut at every few bytes, with Python's own reader."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(
        [["x", "y", "z"], *rows]
    )
    data = out.getvalue().encode()
    file = open_delimited("made.csv", lambda: io.BytesIO(data))
    file.delimiter = delimiter
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "philoxenia.exchange.delimited.limit",
            lambda topic, name: 7 if name == "block_bytes" else limit(topic, name),
        )
        grids = list(file.batches(3, 1))
    found = [["" if cell is None else cell for cell in row] for grid in grids for row in grid.cells.rows()]
    assert found == plain_rows(out.getvalue(), delimiter)
    assert [grid.first_row for grid in grids] == [
        1 + sum(grid.cells.height for grid in grids[:i]) for i in range(len(grids))
    ]


def test_a_large_file_is_read_in_blocks_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    rows = [FLOW[0], *(FLOW[1:] * 200)]
    rows = put(rows, 30_001, "newly_identified", "oops")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "philoxenia.exchange.delimited.limit",
            lambda topic, name: 200_000 if name == "block_bytes" else limit(topic, name),
        )
        report = check_file(write(tmp_path, rows))
    finding = next(finding for finding in report.findings if finding.rule == "not_integer")
    assert finding.examples == ((30_001, "oops"),)
    assert report.rows == 33_600


def test_headers_are_compared_by_their_letters(tmp_path: Path) -> None:
    assert key("Affordable.Homes.Approved..2020...Present.") == key(
        "Affordable Homes Approved (2020 - Present)"
    )
    rows = rename(FLOW, "newly_identified", "  Newly Identified ")
    assert check_file(write(tmp_path, rows)).table.equals(CLEAN)


def test_the_nearest_name_is_offered_and_ties_go_to_the_first() -> None:
    assert nearest("Refugess", ["all", "refugees", "Réfugiés"]) == "refugees"
    assert nearest("quite other", ["all", "refugees"]) == ""


def test_a_parquet_file_is_counted_in_records_and_geojson_in_features(tmp_path: Path) -> None:
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "a.parquet")
    assert open_file(tmp_path / "a.parquet").facts.row_word == "record"
