"""What the exchange tests share: the districts of the example city, read once."""

from pathlib import Path

import pytest

from philoxenia.exchange.places import Places, read_places


@pytest.fixture(scope="session")
def city(toronto: Path) -> Places:
    """The districts of the example city."""
    return read_places(toronto)
