"""What a city accepts, and whether it is enough."""

from pathlib import Path

import pytest

from philoxenia.cards.points import read_card_rules
from philoxenia.exchange.settings import CityError

TORONTO = Path(__file__).resolve().parents[3] / "cities" / "toronto"
RULES = read_card_rules(TORONTO)
HEAD = "code,identity,residence,photo,birth_date,en,source,date\n"


@pytest.mark.parametrize(
    ("seen", "missing"),
    [
        ([], ["identity", "residence", "photo", "birth_date"]),
        (["passport"], ["residence"]),
        (["passport", "bill"], []),
        (["ontario_licence"], []),
        (["passport_other", "birth_certificate", "shelter_letter"], []),
        (["passport_other", "lease"], ["identity"]),
        (["birth_certificate", "agency_letter", "hospital_record"], ["photo"]),
        # The same document twice is one document.
        (["licence_other", "licence_other", "licence_other", "lease"], ["identity"]),
        (["forged", "bill"], ["identity", "photo", "birth_date"]),
    ],
)
def test_points_are_counted(seen: list[str], missing: list[str]) -> None:
    assert RULES.missing(seen) == missing


def test_a_child_with_a_guardian_needs_no_photo_document() -> None:
    assert RULES.missing(["birth_certificate", "agency_letter", "hospital_record"], accompanied=True) == []


def test_every_kind_has_its_source_and_names() -> None:
    for kind in RULES.kinds.values():
        assert kind.source and kind.date and kind.name("en") and kind.name("ar") != kind.name("en")


def test_no_kind_tells_of_a_stay() -> None:
    told = (TORONTO / "card" / "points.csv").read_text(encoding="utf-8").lower()
    words = (
        "permit",
        "visa",
        "refugee",
        "asylum",
        "citizen",
        "permanent",
        "immigra",
        "status",
        "claimant",
        "titre de séjour",
        "إقامة دائمة",
        "لاجئ",
        "جنسية",
    )
    assert [word for word in words if word in told] == []


def spoiled(folder: Path, **files: str) -> Path:
    (folder / "card").mkdir()
    for name, ending in (("points", "csv"), ("card", "toml")):
        told = files.get(name, (TORONTO / "card" / f"{name}.{ending}").read_text(encoding="utf-8"))
        (folder / "card" / f"{name}.{ending}").write_text(told, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"card": "[points"}, "not TOML"),
        ({"card": "[points]\nidentity = 'x'"}, "points.identity must be a whole number"),
        ({"points": "code,identity\nx,1"}, "no column"),
        ({"points": HEAD + "p,9,0,no,no,P,s,d"}, "from 0 to 4"),
        ({"points": HEAD + "p,1,0,no,no,P,s,d\np,1,0,no,no,P,s,d"}, "twice"),
        ({"points": HEAD + "<b>,1,0,no,no,P,s,d"}, "row 2"),
    ],
)  # fmt: skip
def test_spoiled_files_are_named(tmp_path: Path, files: dict[str, str], said: str) -> None:
    with pytest.raises(CityError, match=said):
        read_card_rules(spoiled(tmp_path, **files))


def test_a_city_without_a_card_says_so(tmp_path: Path) -> None:
    with pytest.raises(CityError, match="issues no card"):
        read_card_rules(tmp_path)
