"""Every command, every script and every link that a reader meets works; frames are as they are told."""

import contextlib
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from philoxenia.cli import main
from philoxenia.workflows import run as runs
from philoxenia.workflows.run import city_fingerprint

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
# In the order of reading: earlier pages make what later ones use.
PAGES = [
    ROOT / "README.md",
    DOCS / "tutorials" / "first-report.md",
    DOCS / "how-to" / "check-an-extract.md",
    DOCS / "how-to" / "use-from-a-notebook.md",
    DOCS / "explanation" / "how-a-run-works.md",
]
WRITTEN = sorted(
    page
    for folder in (
        "*.md",
        "docs/**/*.md",
        "src/**/*.md",
        "cities/**/*.md",
        "benchmarks/*.md",
        "tests/**/*.md",
    )
    for page in ROOT.glob(folder)
    if "_build" not in page.parts
)
# These set up an environment of their own; CI runs them as they are.
SET_UP = {"make demo", "make test", "make check", "make bench", "make docs", "source .venv/bin/activate"}
# Tables of the report that pass between no capabilities.
TOLD_APART = {"districts", "parameters", "quality"}


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


def commands(page: Path) -> list[str]:
    lines = "".join(blocks(page, "sh")).replace("\\\n", " ").splitlines()
    return [command for line in lines if (command := line.split(" #")[0].strip())]


def run_command(command: str, folder: Path) -> None:
    if command.startswith("make "):
        shown = subprocess.run(["make", "-n", command.split()[1]], cwd=ROOT, capture_output=True, check=False)
        assert shown.returncode == 0, f"there is no {command}"
    if command in SET_UP:
        return
    arguments = shlex.split(command)
    assert arguments[0] == "philoxenia", command
    usual = {0, 10} if arguments[1] == "check" else {0}
    expected = {3} if "spoiled" in command else usual
    assert _exit_code(arguments[1:], folder) in expected, command


def _exit_code(arguments: list[str], folder: Path) -> int:
    # A run starts a process as a reader does; for the others, starting one would take longer than they do.
    if arguments[0] == "run":
        command = [sys.executable, "-m", "philoxenia", *arguments]
        return subprocess.run(command, cwd=folder, check=False).returncode
    with contextlib.chdir(folder):
        return main(arguments)


def run_script(text: str, page: Path, folder: Path) -> None:
    with contextlib.chdir(folder):
        exec(compile(text, page.name, "exec"), {"__name__": "__main__"})  # noqa: S102  (the page's own code)


@contextlib.contextmanager
def computed_once() -> Iterator[None]:
    """Scripts that ask for the same city, seed and months compute it once; all else runs each time."""
    compute, known = runs._outcomes, dict[tuple[Any, ...], Any]()

    def remembered(city: Any, kept: Any, seed: int, horizon: int, progress: Any) -> Any:
        key = (city_fingerprint(city), seed, horizon)
        if key not in known:
            known[key] = compute(city, kept, seed, horizon, progress)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "_outcomes", remembered)
        yield


@pytest.fixture(scope="module")
def read_through(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a reader who did everything the pages say, once and in their order."""
    folder = tmp_path_factory.mktemp("reader")
    (folder / "cities").mkdir()
    for name in ("cities/toronto", "cities/_template"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "out").mkdir()
    done: set[str] = set()
    with computed_once():
        for page in PAGES:
            # The blocks of a page belong together; what an earlier page ran is not run again.
            if fresh := [block for block in blocks(page, "python") if block not in done]:
                run_script("\n".join(fresh), page, folder)
            for command in commands(page):
                if command not in done:
                    run_command(command, folder)
            done.update(blocks(page, "python"), commands(page))
    return folder


def test_there_are_commands_to_test() -> None:
    assert len({command for page in PAGES for command in commands(page)}) >= 12


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for name in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if not name.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / name).exists(), f"{page.name} links to {name}"


@pytest.mark.xdist_group("reader")
def test_every_command_and_every_script_runs(read_through: Path) -> None:
    for made in ("out/toronto/report.html", "out/toronto/report.pdf", "out/athens/city.toml"):
        assert (read_through / made).is_file(), made


@pytest.mark.xdist_group("reader")
def test_the_same_from_python_is_the_same(read_through: Path) -> None:
    command, script = (read_through / "out" / name / "report.html" for name in ("toronto", "from-python"))
    assert command.read_bytes() == script.read_bytes()


@pytest.mark.xdist_group("reader")
def test_frames_have_the_columns_that_the_architecture_tells(read_through: Path) -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)`[^|]* \| (.*) \|$", text, re.MULTILINE)
    told = {name: re.sub(r" \([^)]*\)", "", columns).split(", ") for name, columns in rows}
    tables = (read_through / "out" / "toronto" / "tables").glob("*.parquet")
    made = {
        table.stem: list(pl.read_parquet_schema(table)) for table in tables if table.stem not in TOLD_APART
    }
    assert told == made
