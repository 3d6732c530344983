"""Jobs of the worker for the office's figures."""

from procrastinate.contrib.django import app

from philoxenia_web.casework.office import making


@app.periodic(cron="17 4 * * *")
@app.task(name=making.TASK, queue=making.QUEUE, queueing_lock=making.TASK)
def make_office_months(timestamp: int) -> int:
    """Make the figures of months that are over."""
    return len(making.make_missing())
