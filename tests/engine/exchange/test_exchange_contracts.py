"""The declarations: every one loads, is complete, and accepts both the raw extract and the cleaned table."""

from pathlib import Path

import pytest

from philoxenia.exchange import Outcome, check_file, contracts, load_contract
from philoxenia.exchange.contract import parse_contract
from philoxenia.exchange.hxl import TAG
from philoxenia.exchange.layouts import LAYOUTS
from philoxenia.exchange.ledger import SEVERITIES, catalogue
from philoxenia.exchange.places import Places
from philoxenia.exchange.problems import DeclarationError
from philoxenia.exchange.rules import MENDS, RULES
from philoxenia.exchange.spelling import key
from philoxenia.exchange.writing import write_table

RAW = Path(__file__).resolve().parents[2] / "spoiled"

BROKEN = {
    "name is missing": ('version = "1"', "'name'|'column'|missing"),
    "no TOML": ("name = ", "not valid TOML"),
    "unknown entry": (
        'name="a"\nversion="1"\ntitle="t"\nowner="o"\ngrain="event"\ncolour=1\n[[column]]',
        "colour",
    ),
    "unknown type": (
        'name="a"\nversion="1"\ntitle="t"\nowner="o"\ngrain="event"\n'
        '[[column]]\nname="b"\ntype="colour"\nmeaning="m"',
        "'colour' is not one of text, id",
    ),
    "key is no column": (
        'name="a"\nversion="1"\ntitle="t"\nowner="o"\ngrain="event"\nkey=["z"]\n'
        '[[column]]\nname="b"\ntype="text"\nmeaning="m"',
        "the key names 'z'",
    ),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_wrong_declaration_is_refused_with_the_entry_that_is_wrong(fault: str) -> None:
    text, words = BROKEN[fault]
    with pytest.raises(DeclarationError, match=words):
        parse_contract(text, "made.toml")


def test_a_contract_that_is_not_there_lists_those_that_are() -> None:
    with pytest.raises(DeclarationError, match="shelter_flow"):
        load_contract("shelter_flows")


@pytest.mark.parametrize("name", sorted(contracts()))
def test_a_declaration_is_whole(name: str) -> None:
    contract = contracts()[name]
    assert contract.name == name
    assert contract.layout in ("", *LAYOUTS)
    for rule in contract.rules:
        assert rule.kind in RULES, f"{name}: {rule.kind}"
    for mend in contract.mends:
        assert mend.kind in MENDS, f"{name}: {mend.kind}"
    for column in contract.columns:
        assert column.meaning.endswith("."), f"{name}.{column.name}"
        assert not column.hxl or TAG.match(column.hxl), column.hxl
    tags = [column.hxl for column in contract.columns if column.hxl]
    assert len(tags) == len(set(tags)), f"{name}: two columns with one tag"


@pytest.mark.parametrize("name", sorted(contracts()))
def test_no_header_belongs_to_two_columns(name: str) -> None:
    seen: dict[str, str] = {}
    for column in contracts()[name].columns:
        for header in {key(column.name), *(key(alias) for alias in column.aliases)}:
            assert seen.setdefault(header, column.name) == column.name, f"{name}: {header}"


def test_the_catalogue_words_every_rule_and_every_severity_is_known() -> None:
    for rule, entry in catalogue().items():
        assert set(entry) == {"severity", "says", "remedy"}, rule
        assert entry["severity"] in SEVERITIES, rule
        assert entry["remedy"], rule


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("system_flow", "shelter_flow"),
        ("occupancy", "shelter_nights"),
        ("waitlist", "housing_waitlist"),
        ("pharmacies", "pharmacies"),
        ("pipeline", "housing_pipeline"),
        ("schools", "schools"),
        ("budget", "budget"),
    ],
)
def test_a_mended_table_passes_its_own_contract_unchanged(
    file: str, name: str, tmp_path: Path, city: Places
) -> None:
    raw = check_file(RAW / f"{file}.csv", city=city)
    assert raw.contract is not None
    assert raw.contract.name == name
    write_table(raw, tmp_path / "table.csv")
    again = check_file(tmp_path / "table.csv", city=city)
    assert again.contract is not None
    assert again.contract.name == name
    assert again.mends == ()
    assert again.table.equals(raw.table)


def test_every_table_of_the_example_city_is_recognised_as_its_own_kind(toronto: Path, city: Places) -> None:
    tables = sorted((toronto / "tables").iterdir())
    assert len(tables) > 10
    for path in tables:
        report = check_file(path, city=city)
        assert report.contract is not None, path.name
        assert report.contract.name == path.stem
        assert report.outcome in (Outcome.ACCEPTED, Outcome.MENDED), report.text()


def test_a_city_may_bring_contracts_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "contracts").mkdir()
    text = 'name="bicycles"\nversion="1"\ntitle="Bicycles"\nowner="o"\ngrain="event"\n'
    text += '[[column]]\nname="wheels"\ntype="integer"\nmeaning="Wheels."\nrequired=true\n'
    (tmp_path / "contracts" / "bicycles.toml").write_text(text, encoding="utf-8")
    assert set(contracts(tmp_path)) - set(contracts()) == {"bicycles"}
