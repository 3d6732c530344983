"""Editors, translators and a small directory."""

from collections.abc import Callable

import pytest
from django.test import Client
from tests.web.directory.conftest import records  # noqa: F401 (a fixture)

from philoxenia_web.accounts.roles import Role


@pytest.fixture
def editor(sign_in: Callable[..., Client]) -> Client:
    """Looks after the whole directory."""
    return sign_in(Role.EDITOR)


@pytest.fixture
def translator(sign_in: Callable[..., Client]) -> Client:
    """Translates, and does nothing else."""
    return sign_in(Role.TRANSLATOR)
