"""A status in a single cell of a list of people goes, whatever column of the contract it stands in."""

import polars as pl
import pytest

from philoxenia.exchange.stray_status import without_status
from philoxenia.linkage.people import joined_people


@pytest.mark.parametrize(
    "word", ["refugee", "asylum seeker", "لاجئ", "беженец", "demandeur d'asile", "Réfugié"]
)
@pytest.mark.parametrize("column", ["locality", "language", "sex", "district_id", "address"])
def test_a_cell_that_names_a_status_is_emptied(word: str, column: str) -> None:
    table = pl.DataFrame({"record_id": ["1", "2"], column: [word, "Newtown"]})
    assert without_status(table)[column].to_list() == [None, "Newtown"]


def test_a_name_loses_what_is_written_behind_it() -> None:
    table = pl.DataFrame(
        {"full_name": ["Zora Quux (refugee)", "نور [لاجئ]", "Zora asylum seeker", "Ana (Anita)"]}
    )
    assert without_status(table)["full_name"].to_list() == ["Zora Quux", "نور", None, "Ana (Anita)"]


def test_what_is_no_status_stays() -> None:
    table = pl.DataFrame(
        {"record_id": ["refugee"], "given_name": ["Visa"], "region": ["PR"], "language": ["sp"]}
    )
    assert without_status(table).equals(table)


def test_needs_are_codes_of_needs_alone() -> None:
    table = pl.DataFrame({"needs": ["undocumented; housing", None, "refugee"]})
    assert without_status(table)["needs"].to_list() == ["housing", None, ""]
    said = {"person": [1, 1], "source": ["A", "B"], "needs": ["housing;claimant_seventeen", "food"]}
    empty = {name: ["", "x"] for name in ("district_id", "sex", "in_city_since", "language")}
    records = pl.DataFrame(said | empty)
    assert joined_people(records)["needs"].to_list() == ["food;housing"]
