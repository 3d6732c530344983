"""Lists of people with known truth, read once."""

from pathlib import Path

import polars as pl
import pytest

NAMES = {
    "rec_id": "record_id",
    "unique_id": "record_id",
    "first_name": "given_name",
    "surname": "family_name",
    "date_of_birth": "birth_date",
    "dob": "birth_date",
    "soc_sec_id": "id_social",
    "suburb": "locality",
    "city": "locality",
    "postcode": "postal_code",
    "address_1": "address",
    "street_number": "house_number",
    "state": "region",
}


def people_list(path: Path) -> pl.DataFrame:
    """A test list under the names of the people contract."""
    table = pl.read_csv(path, infer_schema=False)
    table = table.rename({name: name.strip() for name in table.columns})
    return table.with_columns(pl.all().str.strip_chars()).rename(NAMES, strict=False)


@pytest.fixture(scope="session")
def febrl(shared_data: Path) -> dict[str, pl.DataFrame]:
    """FEBRL 4: 5,000 people in each of two lists; the number in record_id is the person."""
    return {side: people_list(shared_data / "linkage" / f"febrl_dataset4{side}.csv") for side in "ab"}
