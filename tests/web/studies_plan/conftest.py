"""A finished foresight study with plans at five budgets, for every test."""

import pytest
from tests.web.studies_foresight.made_study import foreseen
from tests.web.studies_plan.made_plans import plans
from tests.web.study_pages import own_place, planner

from philoxenia_web.accounts.models import Organisation
from philoxenia_web.studies.models import Study

# Fixtures are found by the names of this module.
__all__ = ["own_place", "planner"]


@pytest.fixture
def study(department: Organisation) -> Study:
    """A finished study whose main plan holds two actions."""
    return foreseen(department, plans())
