"""A finished study of a made city for every test; one of Toronto, computed once and kept."""

from pathlib import Path

import pytest
from tests.engine.report.made_city import full
from tests.web.studies_report.made_study import finished
from tests.web.study_pages import own_place, planner

from philoxenia.lake.source import engine_fingerprint
from philoxenia.report import Findings, ReportError, keep_findings, read_findings
from philoxenia.workflows import run_city
from philoxenia_web.accounts.models import Organisation
from philoxenia_web.studies.models import Study

# Fixtures are found by the names of this module.
__all__ = ["own_place", "planner"]


ROOT = Path(__file__).parents[3]


@pytest.fixture
def study(department: Organisation) -> Study:
    """A finished study of twelve squares, most with hostile names."""
    return finished(department, full())


@pytest.fixture(scope="session")
def toronto_findings() -> Findings:
    """What one run finds about Toronto; kept from an earlier run of the same engine."""
    place = ROOT / "var" / "tests" / f"toronto-{engine_fingerprint()[:16]}"
    try:
        return read_findings(place)
    except ReportError:
        findings = run_city(ROOT / "cities" / "toronto", out=place.with_name(f"{place.name}-run")).findings
        keep_findings(findings, place)
        return findings


@pytest.fixture
def toronto(department: Organisation, toronto_findings: Findings) -> Study:
    """A finished study of Toronto."""
    return finished(department, toronto_findings, "Toronto")
