"""A finished study of a made city for every test; one of Toronto, computed once and kept."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.engine.report.made_city import full
from tests.web.studies_report.made_study import finished

from philoxenia.report import Findings, ReportError, keep_findings, read_findings
from philoxenia.workflows import run_city
from philoxenia.workflows.steps import engine_fingerprint
from philoxenia_web.accounts.models import Organisation
from philoxenia_web.accounts.roles import Role
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.report import keeping

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def own_place(settings: Any, tmp_path: Path) -> None:
    """Findings and pages of a test go where nobody else looks, and nothing made before is used."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, var=tmp_path)
    keeping.shelf.clear()


@pytest.fixture
def study(department: Organisation) -> Study:
    """A finished study of twelve squares, most with hostile names."""
    return finished(department, full())


@pytest.fixture
def planner(sign_in: Callable[..., Client]) -> Client:
    """A planner's browser."""
    return sign_in(Role.PLANNER)


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
