"""Programs of people with roles."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from tests.web.api.programs import program, token_for

from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.accounts.roles import Role


@pytest.fixture
def caller(person: Callable[..., Person], department: Organisation) -> Callable[..., Client]:
    """A program of a new person with these roles."""

    def make(*roles: Role, organisation: Organisation | None = None, email: str = "") -> Client:
        place = organisation or department
        return program(token_for(person(*roles, organisation=place, email=email), place))

    return make


@pytest.fixture
def unlimited(settings: LazySettings, tmp_path: Path) -> None:
    """Files in a folder of the test's own, and as many requests a minute as one likes."""
    settings.ENVIRONMENT = replace(
        settings.ENVIRONMENT, var=tmp_path / "var", api_requests_per_minute=1_000_000
    )
