"""Folders for applications that run as they do outside of tests."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder of our own: pytest's are closed again to other users, as which a database of root's runs."""
    with tempfile.TemporaryDirectory(prefix="philoxenia-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def shared_place() -> Iterator[Path]:
    """The same for a whole module."""
    with tempfile.TemporaryDirectory(prefix="philoxenia-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
