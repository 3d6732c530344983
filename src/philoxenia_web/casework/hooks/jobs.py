"""Jobs of the worker for hooks."""

from procrastinate.contrib.django import app

from philoxenia_web.casework.hooks import sending


@app.periodic(cron="* * * * *")
@app.task(name=sending.TASK, queue=sending.QUEUE, queueing_lock=sending.TASK, lock=sending.TASK)
def send_hooks(timestamp: int) -> int:
    """Send the messages to hooks that are due."""
    return sending.send_due()


@app.periodic(cron="41 3 * * *")
@app.task(name="casework.forget_hook_messages", queue=sending.QUEUE)
def forget_hook_messages(timestamp: int) -> int:
    """Delete what was sent to hooks long ago."""
    return sending.forget_old()
