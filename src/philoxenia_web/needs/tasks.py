"""Jobs of the worker for the needs app. A job only points at a row: the row says whether there is work."""

from uuid import UUID

from procrastinate.contrib.django import app

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.linkage.runs import queries as runs
from philoxenia_web.needs.keeping import KeyGone, protect
from philoxenia_web.needs.models import ReleasePlan
from philoxenia_web.needs.profiles.actions import QUEUE, TASK, make


@app.task(name=TASK, queue=QUEUE)
def make_profile(profile_id: str) -> None:
    """Make the profile of a survey that waits."""
    make(UUID(profile_id))


@app.periodic(cron="* * * * *")
@app.task(name="needs.protect", queue=QUEUE, queueing_lock="needs.protect")
def protect_new(timestamp: int) -> None:
    """The protected tables of runs that have finished since, so that the first reader does not wait."""
    done = set(ReleasePlan.objects.values_list("pk", flat=True))
    for run in runs.finished_runs(SYSTEM):
        if run.run_id not in done and not run.ended:
            try:
                protect(SYSTEM, run)
            except KeyGone:
                continue
