"""One small set of test people for all tests of this folder."""

from pathlib import Path

import pytest

from philoxenia.exchange import City, read_city
from philoxenia.synth import TestPeople, synthesise

NUMBER = 40_000


@pytest.fixture(scope="session")
def synth_city(toronto: Path) -> City:
    return read_city(toronto)


@pytest.fixture(scope="session")
def made(synth_city: City) -> TestPeople:
    return synthesise(synth_city, NUMBER, seed=7)
