"""A table's content as bytes that do not depend on how it is stored, and the hash over them.

Chunks, compression, dictionary encoding and the writing library do not matter; column names, types, values
and the order of rows and columns do.
"""

import hashlib
import struct
from collections.abc import Iterator

import numpy as np
import polars as pl
import pyarrow as pa

from philoxenia.lake.types import LakeError


def content_hash(frame: pl.DataFrame) -> str:
    """SHA-256 over the canonical bytes of a frame, as hexadecimal text.

    Raises `LakeError` for nested columns, which no contract has.
    """
    digest = hashlib.sha256(struct.pack("<QQ", frame.height, frame.width))
    for column in frame.iter_columns():
        for part in _column_bytes(column):
            digest.update(struct.pack("<Q", len(part)))
            digest.update(part)
    return digest.hexdigest()


def _column_bytes(column: pl.Series) -> Iterator[bytes]:
    if column.dtype.is_nested():
        raise LakeError(
            f"Column {column.name!r} holds lists or records ({column.dtype}). "
            "The lake keeps flat tables: give each part a column or a table of its own."
        )
    if isinstance(column.dtype, pl.Categorical | pl.Enum):
        column = column.cast(pl.String)
    yield column.name.encode()
    yield str(column.dtype).encode()
    yield np.packbits(column.is_null().to_numpy()).tobytes()
    yield from _value_bytes(column)


def _value_bytes(column: pl.Series) -> Iterator[bytes]:
    if column.dtype == pl.Binary:
        texts = [value or b"" for value in column.to_list()]
        yield np.array([len(text) for text in texts], dtype="<u8").tobytes()
        yield b"".join(texts)
    elif column.dtype == pl.String or column.dtype.is_decimal():
        text = column.cast(pl.String).fill_null("")
        yield text.str.len_bytes().cast(pl.UInt64).to_numpy().astype("<u8").tobytes()
        yield _joined(text)
    elif column.dtype.is_float():
        # Minus zero and the many forms of NaN are one value each.
        floats = column.fill_null(0.0).to_numpy() + 0.0
        yield np.where(np.isnan(floats), np.nan, floats).astype("<f8").tobytes()
    elif column.dtype == pl.Null:
        yield b""
    else:
        wide = pl.UInt64 if column.dtype == pl.UInt64 else pl.Int64
        yield column.to_physical().cast(wide).fill_null(0).to_numpy().tobytes()


def _joined(text: pl.Series) -> bytes:
    """All texts one after the other: what Arrow holds of a column, without making a Python text of each."""
    array = text.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest()).cast(pa.large_string())
    if not len(array):
        return b""
    offsets = np.frombuffer(array.buffers()[1], dtype="<i8")[array.offset : array.offset + len(array) + 1]
    return array.buffers()[2].to_pybytes()[offsets[0] : offsets[-1]] if offsets[-1] > offsets[0] else b""
