"""The generated pages say what the engine computes with, and the site builds without a warning."""

import importlib.util
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MADE = generator()


@pytest.mark.parametrize("name", sorted(MADE.PAGES))
def test_a_reference_page_is_as_the_tables_are(name: str) -> None:
    written = (DOCS / "reference" / name).read_text(encoding="utf-8")
    assert written == MADE.NOTE + MADE.PAGES[name](), f"{name} is stale: run python docs/generate.py"


def test_the_reference_holds_no_page_that_nothing_writes() -> None:
    assert {page.name for page in (DOCS / "reference").glob("*.md")} == set(MADE.PAGES)


@pytest.mark.parametrize("capability", MADE.CAPABILITIES)
def test_every_public_name_says_what_it_is(capability: str) -> None:
    module = import_module(f"philoxenia.{capability}")
    silent = [name for name in module.__all__ if not MADE._told(module, name)]
    assert silent == [], f"philoxenia.{capability}: no docstring"


def test_the_glossary_has_each_word_once_and_in_order() -> None:
    text = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    words = [word.lower() for word in re.findall(r"^\| (.+?) \|", text, re.MULTILINE)][1:]
    assert words == sorted(set(words))


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("sphinx", reason="the documentation tools are not installed")
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-W",
        "--keep-going",
        "-q",
        "-b",
        "html",
        DOCS,
        tmp_path / "site",
    ]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
