"""The same organisation in two directories: what names say, and what they do not."""

import polars as pl
import pytest

from philoxenia.linkage import LinkageError
from philoxenia.linkage.organisations import link_organisations, read_organisation

LEFT = pl.DataFrame(
    [
        ("1", "THE GREEN HARBOUR SETTLEMENT CENTRE INC.", "12 Mill Street", "M1M 1M1"),
        ("2", "Fondation des Amis du Lac Tremblay / Friends of Lake Tremblay Foundation", None, "M2M 2M2"),
        ("3", "GRACE CHURCH", "1 Hill Rd", "M3M 3M3"),
        ("4", "Zephyr Youth Employment Network", "9 Lake Ave", "M4M 4M4"),
        ("5", "Willowdale Quilting Guild", "3 Oak St", "M5M 5M5"),
    ],
    schema=["record_id", "name", "address", "postal_code"],
    orient="row",
)
RIGHT = pl.DataFrame(
    [
        ("a", "Green Harbour Settlement Center", "12 Mill St", "M1M1M1"),
        ("b", "Friends of Lake Tremblay Foundation", None, "M2M2M2"),
        ("c", "Grace Church", "88 Far Blvd", "L9L 9L9"),
        ("d", "ZYEN - Training Office", "9 Lake Avenue", "M4M 4M4"),
        ("e", "Harbour Quilting Supplies", "5 Elm St", "M8M 8M8"),
    ],
    schema=["record_id", "name", "address", "postal_code"],
    orient="row",
)


@pytest.fixture(scope="module")
def pairs() -> dict[tuple[str, str], dict[str, object]]:
    found = link_organisations(LEFT, RIGHT)
    return {(row["left_record"], row["right_record"]): row for row in found.iter_rows(named=True)}


def test_legal_forms_articles_and_spelling_of_kinds_say_nothing():
    names = (
        "The Example Center for Families Inc.",
        "EXAMPLE CENTRE FOR FAMILIES",
        "Example Centre for Family",
    )
    assert len({read_organisation(name).words for name in names}) == 1


def test_french_forms_meet_english_ones():
    assert read_organisation("La Société Exemple Ltée").words == read_organisation("Society Exemple").words


@pytest.mark.parametrize("name", ["Exemplary Care Network (ECN)", "ECN - Exemplary Care Network"])
def test_an_acronym_is_read_where_it_is_written(name: str):
    read = read_organisation(name)
    assert "ecn" in read.written
    assert "ecn" in read_organisation("Exemplary Care Network").made


def test_a_name_all_in_capitals_holds_no_acronym():
    assert read_organisation("HOUSE OF HOPE FOR ALL").written == ()


def test_a_name_of_articles_only_is_kept():
    assert read_organisation("The The").words == ("the", "the")


def test_one_name_in_two_spellings_at_one_place_is_a_link(pairs):
    assert pairs["1", "a"]["decision"] == "link"
    assert pairs["1", "a"]["level_name"] == "same name of rare words"
    assert pairs["1", "a"]["level_place"] == "same address"


def test_one_half_of_a_name_in_two_languages_is_enough_to_look(pairs):
    assert pairs["2", "b"]["level_name"] in {
        "one name of rare words stands whole in the other",
        "one of the names of a double name is the same",
    }
    assert pairs["2", "b"]["decision"] == "link"


def test_a_common_name_elsewhere_is_no_link(pairs):
    assert ("3", "c") not in pairs or pairs["3", "c"]["decision"] != "link"


def test_an_acronym_at_the_same_address_is_found(pairs):
    assert pairs["4", "d"]["level_name"] == "the acronym of one stands in the other"
    assert pairs["4", "d"]["decision"] != "apart"


def test_one_shared_word_is_no_link(pairs):
    assert all(row["decision"] != "link" for pair, row in pairs.items() if pair[1] == "e")


def test_the_order_of_records_changes_nothing(pairs):
    turned = link_organisations(LEFT.reverse(), RIGHT.reverse())
    assert turned.to_dicts() == link_organisations(LEFT, RIGHT).to_dicts()


def test_left_and_right_may_be_exchanged(pairs):
    turned = link_organisations(RIGHT, LEFT)
    found = {(row["right_record"], row["left_record"]): row["match_weight"] for row in turned.to_dicts()}
    assert found == pytest.approx({pair: row["match_weight"] for pair, row in pairs.items()})


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (LEFT.drop("record_id"), "record_id"),
        (LEFT.drop("name"), "name"),
        (pl.concat([LEFT, LEFT]), "of its own"),
        (LEFT.clear(), "no record"),
    ],
)
def test_a_directory_that_cannot_be_linked_is_refused_in_a_sentence(table: pl.DataFrame, said: str):
    with pytest.raises(LinkageError, match=said):
        link_organisations(table, RIGHT)


def test_directories_with_nothing_in_common_give_no_pair():
    strange = pl.DataFrame({"record_id": ["x"], "name": ["Qqqqq"], "postal_code": ["K1K 1K1"]})
    assert link_organisations(LEFT, strange).is_empty()
