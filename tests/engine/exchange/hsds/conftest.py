"""Small made-up directories, written to files as their owners would hand them in."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from philoxenia.exchange.hsds import About, Records, read_records

Rows = Sequence[Mapping[str, Any]]
Read = Callable[..., Records]


def as_csv(rows: Rows) -> str:
    """Rows as CSV under every name that occurs."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@pytest.fixture(scope="session")
def extract_of_211(shared_data: Path) -> Records:
    """The raw extract of 211, read once."""
    path = shared_data / "toronto/services/211_peel_york_toronto_2021.csv"
    return read_records(path, About(source="211"))


@pytest.fixture
def package(tmp_path: Path) -> Read:
    """Reads tables, given by name, as a zip of CSV files."""

    def read(tables: Mapping[str, Rows], **about: Any) -> Records:
        path = tmp_path / "package.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, rows in tables.items():
                archive.writestr(f"{name}.csv", as_csv(rows))
        return read_records(path, About(source="Test", **about))

    return read


@pytest.fixture
def listing(tmp_path: Path) -> Read:
    """Reads rows as one CSV table."""

    def read(rows: Rows, encoding: str = "utf-8", **about: Any) -> Records:
        path = tmp_path / "listing.csv"
        path.write_text(as_csv(rows), encoding=encoding)
        return read_records(path, About(source="Test", **about))

    return read


@pytest.fixture
def as_json(tmp_path: Path) -> Read:
    """Reads a value, or text as it is, as a JSON file."""

    def read(value: Any, name: str = "export.json", **about: Any) -> Records:
        path = tmp_path / name
        path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
        return read_records(path, About(source="Test", **about))

    return read
