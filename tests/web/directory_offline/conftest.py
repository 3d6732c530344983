"""A small directory and the folder its editions lie in."""

from pathlib import Path

import pytest
from tests.web.directory.conftest import records  # noqa: F401 (the same small directory)

from philoxenia_web.directory.offline import gathering, making
from philoxenia_web.directory.offline.edition import Shelf


@pytest.fixture(autouse=True)
def shelves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Editions of a test lie in a folder of its own, and hold no guides but its own."""
    monkeypatch.setattr(making, "shelf", lambda language: Shelf(tmp_path / language))
    making._tells_too_much.cache_clear()
    monkeypatch.setattr(gathering, "all_guides", lambda language: [])
    return tmp_path
