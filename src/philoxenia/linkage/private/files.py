"""Encodings as files: Parquet that holds tokens, bits and keyed blocks, and how they were hardened; nothing
else."""

import json
from pathlib import Path

import numpy as np
import polars as pl

from philoxenia.lake.files import write_whole
from philoxenia.linkage.private.encoding import Encoded, Hardening
from philoxenia.linkage.types import LinkageError

_FORMAT = "philoxenia-encoded/1"


def write_encoded(found: Encoded, path: Path) -> Path:
    """Write a list of encodings, whole or not at all. Rows are in the order of tokens, so that places tell
    nothing."""
    order = np.argsort(np.array(found.records, dtype=object), kind="stable")
    told = json.dumps(
        {
            "format": _FORMAT,
            "source": found.source,
            "salted": found.hardening.salted,
            "balanced": found.hardening.balanced,
        }
    )
    frame = pl.DataFrame(
        {
            "record": [found.records[row] for row in order],
            "bits": [found.words[row].tobytes() for row in order],
            "blocks": [found.blocks[:, row].tobytes() for row in order],
            "told": [told] * len(order),
        },
        schema={"record": pl.String, "bits": pl.Binary, "blocks": pl.Binary, "told": pl.String},
    )
    return write_whole(path, lambda place: frame.write_parquet(place, compression="zstd"))


def read_encoded(path: Path) -> Encoded:
    """A list of encodings. Raises `LinkageError` for a file that is none."""
    try:
        frame = pl.read_parquet(path)
        told = json.loads(frame["told"][0])
        if told["format"] != _FORMAT:
            raise KeyError(told["format"])
        words = np.frombuffer(b"".join(frame["bits"].to_list()), dtype=np.uint64).reshape(frame.height, -1)
        blocks = (
            np.frombuffer(b"".join(frame["blocks"].to_list()), dtype=np.uint64).reshape(frame.height, -1).T
        )
        hardening = Hardening(bool(told["salted"]), bool(told["balanced"]))
    except (OSError, pl.exceptions.PolarsError, ValueError, KeyError, IndexError, TypeError) as problem:
        raise LinkageError(
            f"{path.name} is no encoded list. Make one with: philoxenia encode FILE --key-file KEY."
        ) from problem
    return Encoded(
        str(told["source"]), tuple(frame["record"]), words, np.ascontiguousarray(blocks), hardening
    )
