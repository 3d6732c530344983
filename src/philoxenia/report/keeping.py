"""Findings on disk: frames as Parquet, the rest as JSON, read back exactly as they were.

Owns the folder's format and that it is whole: each file is held against its hash before it is decoded.
Ignores what findings mean and who may read them.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, fields
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl

from philoxenia.lake.files import flush_folder, flush_to_disk
from philoxenia.reference import Parameter, Parameters
from philoxenia.report.types import CityFacts, Findings, ReportError, TableQuality

FORMAT = 1
_INDEX = "findings.json"
_FRAMES = tuple(field.name for field in fields(Findings) if field.type in (pl.DataFrame, "pl.DataFrame"))


def keep_findings(findings: Findings, folder: Path) -> None:
    """Write everything findings say into `folder`, which appears whole or not at all.

    What was kept there before is replaced. Raises `ReportError` where nothing can be written.
    """
    keep_whole(Path(folder), lambda unfinished: _write(findings, unfinished))


def keep_whole(folder: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a folder that takes its place whole or not at all. Raises `ReportError`."""
    unfinished = folder.with_name(f".unfinished-{uuid4().hex}-{folder.name}")
    try:
        unfinished.mkdir(parents=True)
        write(unfinished)
        flush_folder(unfinished)
        _take_place(unfinished, folder)
    except OSError as error:
        raise ReportError(
            f"{folder} cannot be written ({error.strerror}). Choose a folder you may write to."
        ) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def read_findings(folder: Path) -> Findings:
    """The findings kept in `folder`. Raises `ReportError` that names the file that is missing or damaged."""
    folder = Path(folder)
    index = index_of(folder / _INDEX)
    try:
        return _findings(index, folder)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ReportError(
            f"{folder / _INDEX} is damaged: {error!r} while it was read. Run the study again."
        ) from error


def _write(findings: Findings, folder: Path) -> None:
    frames = {name: frame for name in _FRAMES if (frame := getattr(findings, name)).width}
    hashes = {name: keep_frame(frame, folder / f"{name}.parquet") for name, frame in frames.items()}
    said = {
        "format": FORMAT,
        "city": asdict(findings.city),
        "seed": findings.seed,
        "version": findings.version,
        "weights": dict(findings.weights),
        "quality": [asdict(one) for one in findings.quality],
        "parameters": [asdict(findings.parameters.row(name)) for name in findings.parameters],
        "labels": dict(findings.labels),
        "notes": findings.notes,
        "missing": dict(findings.missing),
        "remarks": dict(findings.remarks),
        "frames": hashes,
    }
    put(folder / _INDEX, json.dumps(said, ensure_ascii=False, indent=1).encode())


def keep_frame(frame: pl.DataFrame, path: Path) -> str:
    """Write one frame as Parquet; the hash of the file."""
    return put(path, _parquet(frame))


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    frame.rechunk().write_parquet(buffer, compression="zstd", compression_level=7)
    return buffer.getvalue()


def put(path: Path, content: bytes) -> str:
    """Write a file to the disk; its hash."""
    path.write_bytes(content)
    flush_to_disk(path)
    return hashlib.sha256(content).hexdigest()


def _take_place(unfinished: Path, folder: Path) -> None:
    """Rename into place; what stood there goes aside first, since a folder with files is never replaced."""
    aside = folder.with_name(f".replaced-{uuid4().hex}-{folder.name}")
    with suppress(FileNotFoundError):
        folder.rename(aside)
    unfinished.rename(folder)
    flush_folder(folder.parent)
    shutil.rmtree(aside, ignore_errors=True)


def index_of(path: Path) -> dict[str, Any]:
    """What an index file says. Raises `ReportError` where it is missing, damaged or of another format."""
    try:
        index = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ReportError(f"There are no findings in {path.parent}: {path.name} is missing.") from error
    except (OSError, ValueError) as error:
        raise ReportError(f"{path} is damaged ({error}). Run the study again.") from error
    found = index.get("format") if isinstance(index, dict) else None
    if found != FORMAT:
        raise ReportError(
            f"{path} is of format {found!r}; this version of Philoxenia reads format {FORMAT}. "
            "Run the study again with this version."
        )
    return dict(index)


def _findings(index: Mapping[str, Any], folder: Path) -> Findings:
    hashes = index["frames"]
    unknown = set(hashes) - set(_FRAMES)
    if unknown:
        raise ValueError(f"unknown frames {sorted(unknown)}")
    frames = {name: kept_frame(folder / f"{name}.parquet", digest) for name, digest in hashes.items()}
    rows = [Parameter(**row) for row in index["parameters"]]
    return Findings(
        city=CityFacts(**with_tuples(index["city"])),
        seed=index["seed"],
        version=index["version"],
        weights=index["weights"],
        quality=tuple(TableQuality(**with_tuples(one)) for one in index["quality"]),
        parameters=Parameters({row.name: row for row in rows}),
        labels=index["labels"],
        notes=tuple(index["notes"]),
        missing=_each(index["missing"], tuple),
        remarks=_each(index["remarks"], tuple),
        **({"districts": pl.DataFrame()} | frames),
    )


def kept_frame(path: Path, digest: str) -> pl.DataFrame:
    """A frame as it was kept. Raises `ReportError` where the file is missing or not what was kept."""
    # A damaged Parquet file can end the process that decodes it: its hash is asked first.
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ReportError(f"{path} cannot be read ({error.strerror}). Run the study again.") from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise ReportError(f"{path} is damaged: it is not what was kept. Run the study again.")
    return pl.read_parquet(BytesIO(content))


def with_tuples(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of JSON with its lists as tuples."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}


def _each(said: Mapping[str, list[str]], kind: Callable[[list[str]], tuple[str, ...]]) -> dict[str, Any]:
    return {name: kind(value) for name, value in said.items()}
