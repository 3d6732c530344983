"""Where tests find data: the city package in this repository, and optional test-only extracts beside it."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

# The loop of the browser that journeys share lives on in their process: Django would refuse its database
# to the tests that follow there, though none of them runs in that loop.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# Hundreds of processes are started here: none may compile anew what another has compiled.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Processes of tests share the processors: threads of one sum would only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# A process starts one Java machine for all its tests of Spark: what linkage needs must be in it at once.
if splink := find_spec("splink"):
    jars = Path(str(splink.origin)).parent / "internals" / "files" / "spark_jars"
    os.environ["PYSPARK_SUBMIT_ARGS"] = f"--jars {','.join(map(str, jars.glob('*4.x.jar')))} pyspark-shell"

# Machines are noisy: no example may fail for being slow.
settings.register_profile("philoxenia", deadline=None)
settings.load_profile("philoxenia")


# Groups of pytest-xdist that take minutes in one process: begun last, they would be waited for. The first one
# compiles the kernel of futures, which demonstrations then find ready.
LONGEST_FIRST = (
    "futures",
    "kills",
    "journeys",
    "backup",
    "reader",
    # With a copy of the demonstration that journeys have made by then.
    "looks",
    "serve",
    "spark",
    "rebuilt",
    "example",
    "design",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long groups first; all else stays in its order."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    mark = item.get_closest_marker("xdist_group")
    group = mark.args[0] if mark else ""
    return LONGEST_FIRST.index(group) if group in LONGEST_FIRST else len(LONGEST_FIRST)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Raw extracts that may not be committed. Tests that need them skip where they are missing."""
    folder = Path(os.environ.get("PHILOXENIA_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("test-only extracts are not here: name their folder in PHILOXENIA_SHARED_DATA")
    return folder


@pytest.fixture(scope="session")
def toronto() -> Path:
    """The Toronto city package."""
    return ROOT / "cities" / "toronto"
