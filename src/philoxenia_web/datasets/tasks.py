"""What runs in the background for data sets."""

from uuid import UUID

from procrastinate.contrib.django import app

from philoxenia_web.datasets.checking import CHECK, QUEUE, resume_checks, run_check
from philoxenia_web.datasets.receiving import clean_up


@app.task(name=CHECK, queue=QUEUE)
def check_version(version_id: str, wanted: int) -> bool:
    """Check one hand-in; see `checking`."""
    return run_check(UUID(version_id), wanted)


@app.periodic(cron="* * * * *")
@app.task(name="datasets.resume_checks", queue="checks", queueing_lock="datasets.resume_checks")
def resume(timestamp: int) -> int:
    """Checks whose worker was killed run again."""
    return resume_checks()


@app.periodic(cron="17 3 * * *")
@app.task(name="datasets.clean_up", queue="checks", queueing_lock="datasets.clean_up")
def clean(timestamp: int) -> int:
    """Uploads left behind and files of discarded hand-ins are deleted."""
    return clean_up()
