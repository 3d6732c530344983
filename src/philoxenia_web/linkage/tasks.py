"""Jobs of the worker. A job only points at a run: the run itself says whether there is work to do."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

from philoxenia_web.linkage import actions
from philoxenia_web.linkage.runs import running
from philoxenia_web.linkage.runs.actions import JOB, QUEUE


@app.task(name=JOB, queue=QUEUE, pass_context=True)
def run_linkage(context: JobContext, run_id: str) -> None:
    """Compute a run that waits, or that another worker left behind."""
    running.run(run_id, stopping=context.should_abort)


@app.periodic(cron="* * * * *")
@app.task(name="linkage.take_up_again", queue=QUEUE, pass_context=False)
def take_up_again(timestamp: int) -> None:
    """Find runs whose worker died and hand them to the workers again."""
    for run_id in running.left_behind():
        run_linkage.defer(run_id=str(run_id))


@app.periodic(cron="*/10 * * * *")
@app.task(name="linkage.end_due", queue="checks", queueing_lock="linkage.end_due", pass_context=False)
def end_due(timestamp: int) -> int:
    """End the agreements whose last day has passed, and destroy their keys."""
    return actions.end_due()
