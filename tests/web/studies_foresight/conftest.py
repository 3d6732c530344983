"""A finished foresight study of a made city for every test."""

import pytest
from tests.engine.report.made_foresight import foresight
from tests.web.studies_foresight.made_study import foreseen
from tests.web.study_pages import own_place, planner

from philoxenia_web.accounts.models import Organisation
from philoxenia_web.studies.models import Study

# Fixtures are found by the names of this module.
__all__ = ["own_place", "planner"]


@pytest.fixture
def study(department: Organisation) -> Study:
    """A finished foresight study with four actions in forty futures."""
    return foreseen(department, foresight())
