"""Clean-up once an hour."""

from procrastinate.contrib.django import app

from philoxenia_web.api import actions


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="api.forget_old_answers", pass_context=False)
def forget_old_answers(timestamp: int) -> None:
    """Answers kept for repeated requests go after 48 hours."""
    del timestamp
    actions.forget_old_answers()
