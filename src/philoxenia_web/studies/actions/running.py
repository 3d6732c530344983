"""Starting, stopping and starting again. The job itself is in `philoxenia_web.studies.running`."""

from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor
from philoxenia_web.studies import foresight_plan, inputs, parameters, tasks
from philoxenia_web.studies.actions.settings import locked, told_of
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.refusals import Conflict, Refused

State = Study.State


def start(actor: Actor, study_id: UUID, version: int | None = None) -> Study:
    """Ask for a draft to be run. A study that was asked for already is answered as it is."""
    with transaction.atomic():
        study = locked(actor, study_id)
        if study.is_under_way or study.is_done:
            return study
        if not study.is_draft:
            raise Refused(_("This study was started before. Choose “Try again” to run it once more."))
        if version is not None and version != study.version:
            raise Conflict(
                _("Somebody changed this study after you opened it. Look at it again, then start it."),
                study.version,
            )
        return _ask(actor, study, "studies.start")


def retry(actor: Actor, study_id: UUID) -> Study:
    """Run a failed or cancelled study again, with the same settings; finished steps are used again."""
    with transaction.atomic():
        study = locked(actor, study_id)
        if study.is_under_way or study.is_done:
            return study
        if study.is_draft:
            raise Refused(_("This study was never started. Start it instead."))
        return _ask(actor, study, "studies.retry")


def cancel(actor: Actor, study_id: UUID) -> Study:
    """Stop a study that waits or runs; whoever runs it notices within a second. Twice is once."""
    with transaction.atomic():
        study = locked(actor, study_id)
        if study.state == State.CANCELLED:
            return study
        if not study.is_under_way:
            raise Refused(
                _(
                    "There is nothing to cancel: this study is not waiting and not running. Its state is "
                    "“%(state)s”."
                )
                % {"state": study.get_state_display()}
            )
        before = study.state
        Study.objects.filter(pk=study.pk).update(
            state=State.CANCELLED, lease=None, heartbeat=None, finished_at=Now(), version=study.version + 1
        )
        audit.record(
            actor,
            "studies.cancel",
            study,
            before={"state": before},
            after={"state": State.CANCELLED},
            organisation_id=study.organisation_id,
        )
    study.refresh_from_db()
    return study


def _ask(actor: Actor, study: Study, verb: str) -> Study:
    """Check once more what may have changed since it was written down, then hand it to the workers."""
    parameters.check_changes(parameters.changes_of(study), study.kind)
    inputs.check_usable(actor, study)
    if study.is_foresight:
        foresight_plan.check(actor, study)
    before = study.state
    Study.objects.filter(pk=study.pk).update(
        state=State.WAITING,
        asked_at=Now(),
        asked_by=actor.person_id,
        started_at=None,
        finished_at=None,
        attempt=0,
        step=0,
        step_share=0,
        found=[],
        fault="",
        version=study.version + 1,
    )
    # In the same transaction: a study that waits has a job, and a job has a study that waits.
    tasks.run_study.defer(study_id=str(study.pk))
    study.refresh_from_db()
    audit.record(
        actor,
        verb,
        study,
        before={"state": before},
        after=told_of(study),
        organisation_id=study.organisation_id,
    )
    return study
