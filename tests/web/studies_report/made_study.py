"""Finished studies with findings on disk, for tests of their pages."""

from pathlib import Path

from django.conf import settings
from django.utils import timezone

from philoxenia.report import Findings, keep_findings, write_tables
from philoxenia_web.accounts.models import Organisation
from philoxenia_web.accounts.roles import Role
from philoxenia_web.studies.models import Share, Study
from philoxenia_web.studies.queries import study_folder


def finished(organisation: Organisation, findings: Findings, title: str = "Test study") -> Study:
    """A finished study of an organisation, with these findings."""
    study = Study.objects.create(
        organisation=organisation,
        title=title,
        state=Study.State.DONE,
        result="first",
        result_hash="ab" * 32,
        finished_at=timezone.now(),
    )
    folder = study_folder(study.pk) / study.result
    keep_findings(findings, folder / "findings")
    write_tables(findings, folder / "tables")
    return study


def share(study: Study, organisation: Organisation | None = None, role: Role | str = "") -> Share:
    """Share it with an organisation, a role, or everybody."""
    return Share.objects.create(study=study, organisation=organisation, role=role)


def place_of_pages() -> Path:
    """Where pages are kept on disk."""
    return Path(settings.ENVIRONMENT.var) / "pages"
