"""The queue's job of the night."""

from procrastinate.contrib.django import app

from philoxenia_web.casework.queue.actions import close_days

TASK = "casework.close_days"


@app.periodic(cron="17 4 * * *")
@app.task(name=TASK, queue="checks", queueing_lock=TASK)
def close_days_of_queues(timestamp: int) -> int:
    """Numbers that still waited when their day ended have left."""
    return close_days()
