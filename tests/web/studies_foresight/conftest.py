"""A finished foresight study of a made city for every test."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.engine.report.made_foresight import foresight
from tests.web.studies_foresight.made_study import foreseen

from philoxenia_web.accounts.models import Organisation
from philoxenia_web.accounts.roles import Role
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.report import keeping


@pytest.fixture(autouse=True)
def own_place(settings: Any, tmp_path: Path) -> None:
    """Results and pages of a test go where nobody else looks, and nothing made before is used."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, var=tmp_path)
    keeping.shelf.clear()


@pytest.fixture
def study(department: Organisation) -> Study:
    """A finished foresight study with four actions in forty futures."""
    return foreseen(department, foresight())


@pytest.fixture
def planner(sign_in: Callable[..., Client]) -> Client:
    """A planner's browser."""
    return sign_in(Role.PLANNER)
