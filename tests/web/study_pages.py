"""What tests of a study's pages share: a place of their own, and a planner's browser."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from philoxenia_web.accounts.roles import Role
from philoxenia_web.studies.report import keeping


@pytest.fixture(autouse=True)
def own_place(settings: Any, tmp_path: Path) -> None:
    """Results and pages of a test go where nobody else looks, and nothing made before is used."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, var=tmp_path)
    keeping.shelf.clear()


@pytest.fixture
def planner(sign_in: Callable[..., Client]) -> Client:
    """A planner's browser."""
    return sign_in(Role.PLANNER)
