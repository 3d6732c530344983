"""The small directory that attacks are tried on."""

from tests.web.directory.conftest import records  # noqa: F401 (a fixture)
