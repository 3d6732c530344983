"""Applications that run as they do outside of tests: their folders, and one demonstration with a browser."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.journeys.browser import browser
from tests.journeys.demonstration import RUNNING, Demonstration, demonstrating
from tests.journeys.test_steward import TABLE, agree, hand_in


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
    """The demonstration that the journeys of a process share."""
    with browser() as started:
        if RUNNING[1]:
            yield Demonstration(started, Path(RUNNING[0]), RUNNING[1])
            return
        with (
            tempfile.TemporaryDirectory(prefix="philoxenia-", ignore_cleanup_errors=True) as folder,
            demonstrating(Path(folder)) as served,
        ):
            yield Demonstration(started, served.var, served.port, served)


@pytest.fixture(scope="session")
def published(demo: Demonstration, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Two versions of a table that the steward published for everybody."""
    rows = TABLE.read_text(encoding="utf-8").splitlines(keepends=True)
    older = tmp_path_factory.mktemp("older") / TABLE.name
    older.write_text("".join(rows[:-7]), encoding="utf-8")
    found = []
    with demo.window("data_steward") as page:
        page.goto("/data/hand-in/")
        for file, title in ((older, "Shelter flow, handed in"), (TABLE, "")):
            hand_in(page, file)
            page.click("button:has-text('Accept the mends and go on'), a.button:has-text('Publish')")
            found.append(agree(page, title).split("/")[-2])
            page.click(".crumbs a >> nth=-1")
            page.click("a.button:has-text('Hand in the next version')")
    return found
