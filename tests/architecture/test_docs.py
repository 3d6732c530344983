"""The generated pages say what the engine computes with."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", sorted(generator().PAGES))
def test_a_reference_page_is_as_the_tables_are(name: str) -> None:
    made = generator()
    written = (DOCS / "reference" / name).read_text(encoding="utf-8")
    assert written == made.NOTE + made.PAGES[name](), f"{name} is stale: run python docs/generate.py"
