"""The job that sends reminders."""

from procrastinate.contrib.django import app

from philoxenia_web.casework.appointments.sending import send_due

TASK = "casework.send_reminders"


@app.periodic(cron="* * * * *")
@app.task(name=TASK, queue="checks", queueing_lock=TASK, lock=TASK)
def send_reminders(timestamp: int) -> int:
    """Send the reminders that are due."""
    return send_due()
