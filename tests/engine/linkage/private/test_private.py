"""Linking without names: fast kernels equal the definition, keys decide, and what an attacker can count."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from philoxenia.linkage import LinkageError
from philoxenia.linkage.private import (
    Encoded,
    Hardening,
    encode,
    link_encoded,
    plain,
    read_encoded,
    write_encoded,
)
from philoxenia.linkage.private.dice import dice_of, similar_counts
from philoxenia.linkage.private.encoding import fields, positions, slices

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
WORDS = arrays.arrays(np.uint64, (4, 3), elements=st.integers(0, 2**64 - 1))


@given(WORDS, WORDS)
def test_dice_is_what_its_definition_says(left: np.ndarray, right: np.ndarray) -> None:
    rows, others = np.divmod(np.arange(16), 4)
    fast = dice_of(left, right, rows, others)
    slow = [plain.dice(left[a], right[b]) for a, b in zip(rows, others, strict=True)]
    assert fast.tolist() == pytest.approx(slow)
    counts = similar_counts(left, right, 0.5)
    by_row = np.array(slow).reshape(4, 4)
    ones = np.array([[plain.dice(a, a) + plain.dice(b, b) > 0 for b in right] for a in left])
    assert counts.tolist() == ((by_row >= 0.5) | ~ones).sum(axis=1).tolist()


def test_a_gram_sets_its_bits_under_its_key_only() -> None:
    assert positions("name:x", 12, 512, KEY) == positions("name:x", 12, 512, KEY)
    assert positions("name:x", 12, 512, KEY) != positions("name:x", 12, 512, OTHER)
    assert len(set(positions("name:x", 12, 512, KEY))) == 12


def lists(febrl: dict[str, pl.DataFrame], count: int = 400) -> dict[str, pl.DataFrame]:
    number = pl.col("record_id").str.extract(r"rec-(\d+)").cast(pl.Int64)
    return {name: table.filter(number < count) for name, table in febrl.items()}


def test_the_linker_finds_people_it_cannot_name(febrl: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    found = []
    for name, table in lists(febrl).items():
        write_encoded(encode(table, name, KEY), tmp_path / f"{name}.parquet")
        raw = (tmp_path / f"{name}.parquet").read_bytes()
        frame = pl.read_parquet(tmp_path / f"{name}.parquet")
        assert frame.columns == ["record", "bits", "blocks", "told"]
        assert not any(
            str(v).encode() in raw for v in table["family_name"].drop_nulls().head(50) if len(v) > 4
        )
        found.append(read_encoded(tmp_path / f"{name}.parquet"))
    linked = link_encoded(found, within=False)
    links = linked.pairs.filter(pl.col("decision") == "link")
    tokens = {}
    for name, table in lists(febrl).items():
        for record in table["record_id"]:
            one = encode(pl.DataFrame({"record_id": [record], "given_name": ["x"]}), name, KEY)
            tokens[name, one.records[0]] = record.split("-")[1]
            if len(tokens) > 120:
                break
    known = [
        tokens[a, b] == tokens[c, d]
        for a, b, c, d in links.select(links.columns[:4]).iter_rows()
        if (a, b) in tokens and (c, d) in tokens
    ]
    assert links.height > 370
    assert all(known)


def test_lists_under_other_keys_or_options_do_not_meet(febrl: dict[str, pl.DataFrame]) -> None:
    a, b = (table.head(100) for table in lists(febrl).values())
    apart = link_encoded([encode(a, "a", KEY), encode(b, "b", OTHER)], within=False)
    assert apart.pairs.filter(pl.col("decision") == "link").is_empty()
    with pytest.raises(LinkageError, match="different ways"):
        link_encoded([encode(a, "a", KEY), encode(b, "b", KEY, Hardening(balanced=False))])


def test_balanced_filters_have_the_same_number_of_ones(febrl: dict[str, pl.DataFrame]) -> None:
    found = encode(febrl["a"].head(50), "a", KEY)
    name = np.ascontiguousarray(found.words[:, slices(Hardening())["name"]])
    ones = np.unpackbits(name.view(np.uint8), axis=1).sum(axis=1)
    assert set(ones.tolist()) <= {0, next(one.bits for one in fields() if one.name == "name")}


def attacked(found: Encoded, truth: list[str], ranking: list[str]) -> float:
    """Share of records named by matching the commonest filter to the commonest name, and so on."""
    part = slices(found.hardening)["name"]
    filters = [row.tobytes() for row in np.ascontiguousarray(found.words[:, part])]
    counts: dict[bytes, int] = {}
    for one in filters:
        counts[one] = counts.get(one, 0) + 1
    guess = dict(zip(sorted(counts, key=lambda one: -counts[one]), ranking, strict=False))
    return float(np.mean([guess.get(one) == name for one, name in zip(filters, truth, strict=True)]))


def test_counting_names_equal_names_until_they_are_salted() -> None:
    names = ["maria", "ahmad", "olena", "tesfaye", "nikos", "ivan", "fatima", "peter"]
    written = [name for place, name in enumerate(names) for _ in range(80 // (place + 1))]
    draw = np.random.default_rng(3)
    table = pl.DataFrame(
        {
            "record_id": [f"r{n:04d}" for n in range(len(written))],
            "given_name": written,
            "birth_date": [f"{year}-03-05" for year in draw.integers(1950, 2015, len(written))],
        }
    )
    bare = attacked(encode(table, "a", KEY, Hardening(balanced=False)), written, names)
    salted = attacked(encode(table, "a", KEY, Hardening(salted=True)), written, names)
    assert bare > 0.9
    assert salted < 0.1
    # Balancing alone hides length, not equality: it does not stop counting.
    assert attacked(encode(table, "a", KEY, Hardening()), written, names) > 0.9


def test_a_file_that_is_no_encoding_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "list.parquet"
    pl.DataFrame({"record": ["1"]}).write_parquet(place)
    with pytest.raises(LinkageError, match="is no encoded list"):
        read_encoded(place)
    with pytest.raises(LinkageError, match="shorter than 32 bytes"):
        encode(pl.DataFrame({"record_id": ["1"]}), "a", b"short")
