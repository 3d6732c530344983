"""What tests of the pages share: files of their own and a finished run of the department."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from tests.journeys.made_city import write_city
from tests.web.needs.made_runs import finished_run

from philoxenia_web.accounts.models import Organisation
from philoxenia_web.accounts.roles import Role
from philoxenia_web.linkage.models import Run


@pytest.fixture(scope="session")
def small_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city of nine districts, of which the lists know four by other names."""
    return write_city(tmp_path_factory.mktemp("city") / "neapoli")


@pytest.fixture
def own_folder(settings: LazySettings, tmp_path: Path, small_city: Path) -> Path:
    """Files, keys and city of these tests lie in folders of their own."""
    var = tmp_path / "var"
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, var=var, keys=tmp_path / "keys", city=small_city)
    return var


@pytest.fixture
def run(own_folder: Path, department: Organisation) -> Run:
    """A linked picture the department takes part in."""
    return finished_run([department])


@pytest.fixture
def planner(sign_in: Callable[..., Client]) -> Client:
    """A planner of the department."""
    return sign_in(Role.PLANNER)
