"""Jobs of the worker for referrals: what time does, and messages to teams."""

from procrastinate.contrib.django import app

from philoxenia_web.casework.referrals import emergencies, following, mails

QUEUE, LAPSE = "casework", "casework.lapse_referrals"


@app.periodic(cron="*/15 * * * *")
@app.task(name=LAPSE, queue=QUEUE, queueing_lock=LAPSE)
def lapse(timestamp: int) -> dict[str, int]:
    """Note what is lost on the way, what rests on an ended agreement, and emergencies that are over."""
    return {
        "closed": following.close_what_ended(),
        "lost": following.lapse_due(),
        "emergencies": emergencies.lapse_due(),
    }


@app.task(name=mails.TASK, queue=mails.QUEUE)
def tell_team(kind: str, people: list[str]) -> int:
    """Write to people of a team that something waits for them."""
    return mails.send(kind, people)
