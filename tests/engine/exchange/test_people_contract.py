"""Lists of people: read under the headers departments use, dates of birth as written, never a status."""

from pathlib import Path

import polars as pl
import pytest

from philoxenia.exchange import CheckReport, Outcome, check_file

HEADER = "record_id,given_name,family_name,birth_date,sex,in_city_since,needs\n"
BIRTHS = ("1987-03-05", "05/03/1987", "1987", "19870305", "1366/12/14", "1407", "00.00.1990")


def _checked(folder: Path, text: str, name: str = "clients.csv") -> CheckReport:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return check_file(path)


def test_dates_of_birth_stay_as_written_in_any_notation_and_calendar(tmp_path: Path) -> None:
    rows = "".join(f"R{i},Ana,Ruiz,{birth},f,2023-09,\n" for i, birth in enumerate(BIRTHS))
    report = _checked(tmp_path, HEADER + rows)
    assert report.contract is not None
    assert report.contract.name == "people"
    assert report.table["birth_date"].to_list() == list(BIRTHS)
    assert report.table["sex"].unique().to_list() == ["female"]


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("rec_id, given_name, surname, street_number, suburb, postcode, date_of_birth, soc_sec_id", 8),
        ("unique_id,first_name,surname,dob,city,email", 6),
        ("رقم,الاسم الأول,اسم الأب,اسم العائلة,تاريخ الميلاد,record number", 5),
        ("case number,прізвище,ім'я,по батькові,дата народження", 5),
    ],
)
def test_headers_of_departments_and_of_public_test_sets_are_known(
    header: str, columns: int, tmp_path: Path
) -> None:
    row = ",".join(str(i) for i in range(len(header.split(","))))
    report = _checked(tmp_path, f"{header}\n{row}\n", "list.csv")
    assert report.contract is not None
    assert report.contract.name == "people"
    assert len(report.table.columns) == columns


def test_two_records_with_one_number_are_refused(tmp_path: Path) -> None:
    report = _checked(tmp_path, HEADER + "1,Ana,Ruiz,1987,f,,\n1,Eva,Ruiz,1990,f,,\n")
    assert report.outcome is Outcome.REFUSED


def test_a_column_of_status_is_refused(tmp_path: Path) -> None:
    report = _checked(tmp_path, "record_id,full_name,immigration status\n1,Ana Ruiz,x\n")
    assert report.outcome is Outcome.REFUSED
    assert "status" in report.text()


def test_needs_that_are_no_codes_are_told(tmp_path: Path) -> None:
    rows = "1,Ana,Ruiz,1987,f,,housing;language\n2,Eva,Ruiz,1990,f,,Wohnung!\n"
    report = _checked(tmp_path, HEADER + rows)
    assert [(found.rule, found.column) for found in report.findings] == [("wrong_pattern", "needs")]


def test_a_table_of_places_is_not_taken_for_people(tmp_path: Path) -> None:
    text = "id,name,address,postal_code,city\n1,Albion,1515 Albion Rd,M9V 1B2,York\n"
    report = _checked(tmp_path, text, "places.csv")
    assert report.contract is None or report.contract.name != "people"


def test_the_public_test_sets_are_read_without_loss(shared_data: Path) -> None:
    left = check_file(shared_data / "linkage" / "febrl_dataset4a.csv").table
    assert left.height == 5000
    assert left.select(pl.col("birth_date").is_not_null().mean()).item() > 0.9
    assert {"record_id", "house_number", "address", "id_social"} <= set(left.columns)
