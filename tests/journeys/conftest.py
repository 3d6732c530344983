"""Applications that run as they do outside of tests: their folders, and one demonstration with a browser."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.journeys.browser import browser
from tests.journeys.demonstration import RUNNING, Demonstration
from tests.journeys.served import Served


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


@pytest.fixture(scope="session")
def demo() -> Iterator[Demonstration]:
    """The demonstration all journeys share."""
    with browser() as started:
        if RUNNING[1]:
            yield Demonstration(started, Path(RUNNING[0]), RUNNING[1])
            return
        with (
            tempfile.TemporaryDirectory(prefix="philoxenia-", ignore_cleanup_errors=True) as folder,
            Served(Path(folder) / "var", "demo") as served,
        ):
            served.until_said("Ctrl-C stops it")
            yield Demonstration(started, served.var, served.port, served)
