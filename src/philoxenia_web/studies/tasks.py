"""Jobs of the worker. A job only points at a study: the study itself says whether there is work to do."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

from philoxenia_web.studies import running


@app.task(name="studies.run", queue="studies", pass_context=True)
def run_study(context: JobContext, study_id: str) -> None:
    """Run a study that waits, or that another worker left behind."""
    running.run(study_id, stopping=context.should_abort)


@app.periodic(cron="* * * * *")
@app.task(name="studies.take_up_again", queue="studies", pass_context=False)
def take_up_again(timestamp: int) -> None:
    """Find studies whose worker died and hand them to the workers again."""
    for study_id in running.left_behind():
        run_study.defer(study_id=str(study_id))
