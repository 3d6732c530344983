"""Starting, stopping and starting again. The work itself is in `philoxenia_web.linkage.runs.running`."""

from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor
from philoxenia_web.linkage import policies
from philoxenia_web.linkage.models.agreements import Agreement
from philoxenia_web.linkage.models.runs import Run
from philoxenia_web.linkage.refusals import NotPossible
from philoxenia_web.linkage.runs import queries, results
from philoxenia_web.linkage.runs.policies import RUN
from philoxenia_web.registry import queries as registry

State = Run.State
# With studies, apart from the quick jobs: a run takes a core for as long.
JOB, QUEUE = "linkage.run", "studies"


def start(actor: Actor, agreement_id: UUID, *, key: UUID) -> Run:
    """Ask for the lists of an agreement to be linked. One run at a time: where one is under way, that one.

    The same key again gives the run it asked for the first time.
    """
    with transaction.atomic():
        agreement = _locked(actor, agreement_id)
        known = Run.objects.filter(key=key).first()
        if known is not None and known.agreement_id != agreement.pk:
            raise NotPossible(_("This form was sent before for another agreement. Open a new one."))
        known = known or agreement.runs.filter(state__in=[State.WAITING, State.RUNNING]).first()
        if known is not None:
            return known
        policies.check_live(agreement)
        number = (agreement.runs.aggregate(last=Max("number"))["last"] or 0) + 1
        run = Run.objects.create(
            agreement=agreement,
            number=number,
            key=key,
            lists=_lists(agreement),
            asked_by_id=actor.person_id,
        )
        _hand_over(actor, run, "linkage.run_start")
    return run


def retry(actor: Actor, agreement_id: UUID, run_id: UUID) -> Run:
    """Run a failed or cancelled one again, with the lists as they are now."""
    with transaction.atomic():
        agreement = _locked(actor, agreement_id)
        run = _locked_run(actor, agreement_id, run_id)
        if run.is_under_way or run.is_done:
            return run
        policies.check_live(agreement)
        if agreement.runs.filter(state__in=[State.WAITING, State.RUNNING]).exists():
            raise NotPossible(
                _("Another run of this agreement is under way. Wait for its end, or cancel it.")
            )
        Run.objects.filter(pk=run.pk).update(
            state=State.WAITING,
            lists=_lists(agreement),
            asked_at=Now(),
            asked_by=actor.person_id,
            started_at=None,
            finished_at=None,
            attempt=0,
            step=0,
            step_share=0,
            found=[],
            fault="",
            version=run.version + 1,
        )
        _hand_over(actor, run, "linkage.run_retry")
    run.refresh_from_db()
    return run


def cancel(actor: Actor, agreement_id: UUID, run_id: UUID) -> Run:
    """Stop a run that waits or is computed; whoever computes it notices within a second. Twice is once."""
    with transaction.atomic():
        run = _locked_run(actor, agreement_id, run_id)
        if run.state == State.CANCELLED:
            return run
        if not run.is_under_way:
            raise NotPossible(
                _(
                    "There is nothing to cancel: this run is not waiting and not running. Its state is "
                    "“%(state)s”."
                )
                % {"state": run.get_state_display()}
            )
        before = run.state
        Run.objects.filter(pk=run.pk).update(
            state=State.CANCELLED, lease=None, heartbeat=None, finished_at=Now(), version=run.version + 1
        )
        audit.record(
            actor, "linkage.run_cancel", run, before={"state": before}, after={"state": State.CANCELLED}
        )
        transaction.on_commit(lambda: results.discard_all(run.pk))
    run.refresh_from_db()
    return run


def _locked(actor: Actor, agreement_id: UUID) -> Agreement:
    found = queries.agreement_for(actor, agreement_id, RUN)
    return Agreement.objects.select_for_update(no_key=True).get(pk=found.pk)


def _locked_run(actor: Actor, agreement_id: UUID, run_id: UUID) -> Run:
    found = queries.run_for(actor, agreement_id, run_id, RUN)
    return Run.objects.select_for_update(no_key=True).get(pk=found.pk)


def _lists(agreement: Agreement) -> list[dict[str, object]]:
    """The lists in use now, as the run will find them."""
    found = list(registry.lists_of(agreement.pk))
    if not found:
        raise NotPossible(
            _("There is no list yet. Each department hands in its list, then they can be linked.")
        )
    return [
        {
            "id": str(one.pk),
            "organisation": str(one.organisation_id),
            "name": one.organisation.name,
            "rows": one.rows,
        }
        for one in found
    ]


def _hand_over(actor: Actor, run: Run, verb: str) -> None:
    # In the same transaction: a run that waits has a job, and a job has a run that waits.
    app.configure_task(JOB, queue=QUEUE).defer(run_id=str(run.pk))
    run.refresh_from_db()
    lists = [{name: one[name] for name in ("id", "rows")} for one in run.lists]
    audit.record(actor, verb, run, after={"number": run.number, "lists": lists})
