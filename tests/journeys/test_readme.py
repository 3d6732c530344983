"""Every command and every link of the README and the tutorial works."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "docs" / "tutorials" / "first-report.md"]
# These set up an environment of their own; CI runs them as they are.
SET_UP = {"make demo", "make test", "make check", "make bench", "make docs"}


def blocks(language: str) -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        for block in re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
            found.append((page.name, block))
    return found


def commands() -> list[tuple[str, str]]:
    return [
        (page, line.split("#")[0].strip())
        for page, block in blocks("sh")
        for line in block.replace("\\\n", " ").splitlines()
        if line.split("#")[0].strip()
    ]


def test_there_are_commands_to_test() -> None:
    assert len(commands()) >= 6


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)|src=\"([^\"]+)\"", text):
        name = target[0] or target[1]
        if not name.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / name).exists(), f"{page.name} links to {name}"


@pytest.mark.xdist_group("example")
def test_every_command_runs_in_order(tmp_path: Path) -> None:
    """In one folder, as a reader would: the first commands make what the later ones use."""
    for name in ("cities", "docs", "README.md", "Makefile"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "out").mkdir()
    for _, block in blocks("python"):
        script = tmp_path / "block.py"
        script.write_text(block, encoding="utf-8")
        subprocess.run([sys.executable, script], cwd=tmp_path, check=True, capture_output=True)
    for page, command in commands():
        if command in SET_UP:
            target = command.split()[1]
            shown = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
            assert shown.returncode == 0, f"{page}: there is no {command}"
            continue
        arguments = shlex.split(command)
        assert arguments[0] == "philoxenia", f"{page}: {command}"
        done = subprocess.run(
            [sys.executable, "-m", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        expected = {0, 10, 3} if arguments[1] == "check" else {0}
        assert done.returncode in expected, f"{page}: {command}\n{done.stderr}"
