"""Agreements bind: who, what for, until when; tokens die with the key."""

import stat
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from philoxenia.linkage import Linked, Purpose, destroy_key, link, read_purpose
from philoxenia.linkage.purpose import create_key
from philoxenia.linkage.types import LinkageRefusedError

TODAY = date(2026, 11, 1)
WORDS = "Plan winter beds and school places for families in shelters"


def agreement(folder: Path, purpose: str = WORDS, until: str = "2027-06-30", name: str = "one") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(f'departments = ["a", "b"]\npurpose = "{purpose}"\nuntil = {until}\n', encoding="utf-8")
    return path


def test_a_key_is_its_owners_alone_and_never_shown(tmp_path: Path) -> None:
    path = agreement(tmp_path)
    key = create_key(path)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    found = read_purpose(path, TODAY)
    assert found.key.hex() not in repr(found) and "key" not in repr(found)
    with pytest.raises(LinkageRefusedError, match="is there already"):
        create_key(path)
    key.chmod(0o644)
    with pytest.raises(LinkageRefusedError, match="chmod 600"):
        read_purpose(path, TODAY)


@pytest.mark.parametrize(
    ("purpose", "said"),
    [
        ("Find out the immigration status of families in shelters", "status"),
        ("Give the police the addresses of families in shelters", "police"),
        ("Prepare deportations of families who use the shelters", "deport"),
        ("Statistics", "vague"),
        ("Data sharing between departments for various things later on", "vague"),
    ],
)
def test_a_purpose_of_harm_or_without_content_is_refused(tmp_path: Path, purpose: str, said: str) -> None:
    path = agreement(tmp_path, purpose)
    create_key(path)
    with pytest.raises(LinkageRefusedError, match=said):
        read_purpose(path, TODAY)


def test_nothing_is_linked_after_the_end_or_for_a_stranger(tmp_path: Path) -> None:
    path = agreement(tmp_path, until="2026-10-31")
    create_key(path)
    with pytest.raises(LinkageRefusedError, match="ended on 2026-10-31"):
        read_purpose(path, TODAY)
    held = Purpose(("a", "b"), WORDS, date(2026, 10, 31), bytes(32))
    lists = {"a": pl.DataFrame({"record_id": ["1"], "given_name": ["x"]})}
    with pytest.raises(LinkageRefusedError, match="ended on"):
        link(lists, purpose=held, today=TODAY)
    with pytest.raises(LinkageRefusedError, match="'police' is not part"):
        held.check(["police"], date(2026, 10, 1))


def test_moving_the_end_changes_every_token() -> None:
    first = Purpose(("a", "b"), WORDS, date(2026, 12, 31), bytes(range(32)))
    later = Purpose(("a", "b"), WORDS, date(2027, 12, 31), bytes(range(32)))
    assert first.token("a", "1") != later.token("a", "1")
    assert first.token("a", "1") == Purpose(("b", "a"), WORDS, date(2026, 12, 31), bytes(range(32))).token(
        "a", "1"
    )
    # Parts are told apart: "a" + "b1" is not "ab" + "1".
    assert first.token("a", "b1") != first.token("ab", "1")


def under(febrl: dict[str, pl.DataFrame], purpose: Purpose | None) -> Linked:
    lists = {name: table.sort("record_id").head(300) for name, table in febrl.items()}
    return link(lists, within=False, purpose=purpose, today=TODAY)


def test_results_join_neither_lists_nor_another_agreements_results(
    febrl: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    first, second = agreement(tmp_path), agreement(tmp_path, WORDS + " this year", name="two")
    for path in (first, second):
        create_key(path)
    clear = under(febrl, None)
    one, two = under(febrl, read_purpose(first, TODAY)), under(febrl, read_purpose(second, TODAY))
    again = under(febrl, read_purpose(first, TODAY))
    # While the key lives the same run gives the same tokens, and the same people.
    assert one.links.equals(again.links)
    assert one.people["records"].sum() == clear.people["records"].sum()
    for frame in (one.links, one.people, one.pairs, one.records):
        texts = {str(v) for c in frame.select(pl.col(pl.String)).get_columns() for v in c.to_list()}
        assert not texts & set(clear.links["record"])
    for column in ("record", "person"):
        assert not set(one.links[column]) & set(two.links[column])
    # A row's place tells nothing: tokens in their order are not the records in theirs.
    order = clear.links.filter(pl.col("source") == "a").sort("record")["record"]
    held = read_purpose(first, TODAY)
    tokens = [held.token("a", record) for record in order]
    assert one.links.filter(pl.col("source") == "a")["record"].to_list() == sorted(tokens) != tokens
    destroy_key(first)
    with pytest.raises(LinkageRefusedError, match="destroyed or never made"):
        read_purpose(first, TODAY)
    # A new key under the same words makes other tokens: the old results stay apart for good.
    create_key(first)
    assert not set(under(febrl, read_purpose(first, TODAY)).links["record"]) & set(one.links["record"])


def test_a_destroyed_key_is_overwritten_before_it_is_removed(tmp_path: Path) -> None:
    path = agreement(tmp_path)
    key = create_key(path)
    kept = tmp_path / "a second name for the same bytes"
    kept.hardlink_to(key)
    before = kept.read_bytes()
    destroy_key(path)
    assert not key.exists()
    assert kept.read_bytes() != before
    with pytest.raises(LinkageRefusedError, match="no key"):
        destroy_key(path)
