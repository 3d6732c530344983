"""Finished foresight studies with a made result on disk, for tests of their pages."""

from django.utils import timezone

from philoxenia.report.foresight import Foresight, keep_foresight
from philoxenia_web.accounts.models import Organisation
from philoxenia_web.studies.kinds import Kind
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.queries import foresight_folder


def foreseen(organisation: Organisation, found: Foresight, title: str = "Which actions pay back") -> Study:
    """A finished foresight study of an organisation, with this result."""
    study = Study.objects.create(
        organisation=organisation,
        kind=Kind.FORESIGHT,
        title=title,
        state=Study.State.DONE,
        horizon=max(len(found.months), 1),
        result="first",
        result_hash="cd" * 32,
        finished_at=timezone.now(),
    )
    keep_foresight(found, foresight_folder(study))
    return study
