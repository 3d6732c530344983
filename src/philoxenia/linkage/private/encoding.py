"""People as keyed bit strings: a department encodes, the linker compares and sees no name.

Cryptographic longterm keys (Schnell, Bachteler and Reiher 2009): the q-grams of all fields set bits of one
Bloom filter, at places that HMAC-SHA256 under the shared key gives by double hashing. Without the key nobody
can encode a guess. Hardening: a salt of the record (its year of birth) makes equal names differ between
years (Niedermeyer and others 2014); a balanced filter (its complement beside it, bits shuffled under the
key) has the same number of ones for everybody (Schnell and Borgs 2016). Owns encoding; ignores comparing.
"""

import hashlib
import hmac
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from philoxenia.linkage.comparisons import BLOCKS, prepared
from philoxenia.linkage.private.dice import set_bits
from philoxenia.linkage.stacking import stacked
from philoxenia.linkage.types import LinkageError
from philoxenia.reference import reference_table

KEY_BYTES = 32
Words = NDArray[np.uint64]


@dataclass(frozen=True)
class Hardening:
    """What is done against frequency attacks. `salted`: by year of birth; a wrong year then hides a pair."""

    salted: bool = False
    balanced: bool = True


@dataclass(frozen=True)
class Encoded:
    """A list as the linker gets it: `records` tokens, `words` (record x 64-bit words), `blocks` keyed
    blocking keys (rule x record, 0 where there is none)."""

    source: str
    records: tuple[str, ...] = field(repr=False)
    words: Words = field(repr=False)
    blocks: Words = field(repr=False)
    hardening: Hardening = Hardening()


def encode(table: pl.DataFrame, source: str, key: bytes, hardening: Hardening | None = None) -> Encoded:
    """A list of the people contract as encodings under `key` (32 bytes, the same for all departments)."""
    if len(key) < KEY_BYTES:
        raise LinkageError(f"The shared key is shorter than {KEY_BYTES} bytes. Make one with --create-key.")
    chosen = hardening or Hardening()
    frame = prepared(stacked({source: table}))
    tokens = tuple(token(key, source, record) for record in frame["record"])
    words = np.hstack([_field(frame, one, key, chosen) for one in fields()])
    return Encoded(source, tokens, words, _blocks(frame, key), chosen)


@dataclass(frozen=True)
class Field:
    """One filter of a record: the columns it holds, bits, hashes a q-gram, and q (0: whole values)."""

    name: str
    columns: tuple[str, ...]
    bits: int
    hashes: int
    q: int


def fields() -> tuple[Field, ...]:
    """The filters of a record, in their order; rows of `private_fields`."""
    return tuple(
        Field(
            row["field"],
            tuple(row["columns"].split(";")),
            int(row["bits"]),
            int(row["hashes"]),
            int(row["q"]),
        )
        for row in reference_table("private_fields").iter_rows(named=True)
    )


def slices(hardening: Hardening) -> dict[str, slice]:
    """Which words of a record belong to which filter."""
    found, start = {}, 0
    for one in fields():
        wide = one.bits // 64 * (2 if hardening.balanced else 1)
        found[one.name] = slice(start, start + wide)
        start += wide
    return found


def _field(frame: pl.DataFrame, one: Field, key: bytes, hardening: Hardening) -> Words:
    said = pl.concat([_of_column(frame, one, column) for column in one.columns])
    if hardening.salted:
        salt = frame.select("row", salt=pl.col("birth_year").cast(pl.String).fill_null(""))
        said = said.join(salt, on="row").with_columns(
            pl.concat_str("said", "salt", separator="\x1e").alias("said")
        )
    distinct = said["said"].unique().sort()
    places = np.array([positions(text, one.hashes, one.bits, key) for text in distinct], dtype=np.int64)
    number = dict(zip(distinct, range(distinct.len()), strict=True))
    gram = said["said"].replace_strict(number, default=0, return_dtype=pl.Int64).to_numpy()
    filled = np.zeros((frame.height, one.bits // 64), dtype=np.uint64)
    if gram.size:
        set_bits(filled, said["row"].to_numpy().astype(np.int64), gram, places)
    return _balanced(filled, one, key) if hardening.balanced else filled


def token(key: bytes, source: str, record: str) -> str:
    """What stands for a record; its department finds it again with the key."""
    said = b"record\x00" + len(source.encode()).to_bytes(4, "big") + source.encode() + record.encode()
    return hmac.new(key, said, hashlib.sha256).hexdigest()[:24]


def grams(text: str, q: int) -> list[str]:
    """The q-grams of a text with its ends marked; the whole text where q is 0."""
    if q == 0:
        return [text]
    wide = "_" * (q - 1) + text + "_" * (q - 1)
    return [wide[place : place + q] for place in range(len(wide) - q + 1)]


def _of_column(frame: pl.DataFrame, one: Field, column: str) -> pl.DataFrame:
    """One row a q-gram of a column: row, said."""
    values = frame.select("row", value=pl.col(column))
    if isinstance(values.schema["value"], pl.List):
        values = values.explode("value")
    values = values.with_columns(pl.col("value").cast(pl.String)).drop_nulls()
    distinct = values["value"].unique()
    known = pl.DataFrame(
        {"value": distinct, "gram": [grams(text, one.q) for text in distinct]},
        schema={"value": pl.String, "gram": pl.List(pl.String)},
    )
    # Columns of one filter are told apart; words of a name are not, so that their order does not count.
    found = values.join(known, on="value").explode("gram").unique(["row", "gram"])
    return found.select(
        "row", said=pl.concat_str(pl.lit(f"{one.name}:{column}"), pl.col("gram"), separator="\x1f")
    )


def positions(said: str, hashes: int, bits: int, key: bytes) -> list[int]:
    """The bits one q-gram sets: (h1 + i h2) mod bits, with h2 odd so that it walks through all of them."""
    digest = hmac.new(key, b"gram\x00" + said.encode(), hashlib.sha256).digest()
    first, step = int.from_bytes(digest[:16], "big"), int.from_bytes(digest[16:], "big") | 1
    return [(first + turn * step) % bits for turn in range(hashes)]


def _balanced(filled: Words, one: Field, key: bytes) -> Words:
    """Each filter with its complement beside it, bits in an order only the key tells; an empty one stays
    empty."""
    both = np.hstack([filled, ~filled])
    seed = int.from_bytes(hmac.new(key, b"order\x00" + one.name.encode(), hashlib.sha256).digest()[:8], "big")
    order = np.random.default_rng(seed).permutation(2 * one.bits)
    out = np.empty_like(both)
    step = 65_536
    for start in range(0, both.shape[0], step):
        loose = np.unpackbits(both[start : start + step].view(np.uint8), axis=1, bitorder="little")
        packed = np.packbits(loose[:, order], axis=1, bitorder="little")
        out[start : start + step] = np.ascontiguousarray(packed).view(np.uint64)
    out[~filled.any(axis=1)] = 0
    return out


def _blocks(frame: pl.DataFrame, key: bytes) -> Words:
    """Blocking keys of the clear mode, each under the shared key: the linker sees only whether two are the
    same."""
    found = np.zeros((len(BLOCKS), frame.height), dtype=np.uint64)
    for place, rule in enumerate(BLOCKS):
        said = frame.select(
            pl.concat_str([pl.col(name).cast(pl.String) for name in rule], separator="\x1f")
        ).to_series()
        distinct = said.drop_nulls().unique()
        hidden = {text: _short(key, place, text) for text in distinct}
        found[place] = said.replace_strict(hidden, default=0, return_dtype=pl.UInt64).to_numpy()
    return found


def _short(key: bytes, place: int, text: str) -> int:
    digest = hmac.new(key, b"block\x00" + bytes([place]) + text.encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big") | 1
