"""A department with a supervisor and a caseworker, and a folder of keys of their own."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import LazySettings
from tests.web.casework.desk_world import Desk, desk_of

from philoxenia_web.accounts.roles import Role


@pytest.fixture(autouse=True)
def own_folder(settings: LazySettings, tmp_path: Path) -> Path:
    """Keys of these tests lie in a folder of their own."""
    var = tmp_path / "var"
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, var=var, keys=var / "keys", registry_keys=())
    return var


@pytest.fixture
def desk(db: None) -> Desk:
    """A caseworker of a department."""
    return desk_of("Newcomers")


@pytest.fixture
def supervisor(desk: Desk) -> Desk:
    """A supervisor of the same department."""
    return desk_of("Newcomers", Role.SUPERVISOR, desk.department)
