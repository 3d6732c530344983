"""What runs in the background: what time ends for cards, and what a restored database has to be told."""

from procrastinate.contrib.django import app

from philoxenia_web.cards import benefits, following
from philoxenia_web.registry.checking import QUEUE


@app.periodic(cron="7 2 * * *")
@app.task(name="cards.nightly", queue=QUEUE, queueing_lock="cards.nightly")
def nightly(timestamp: int) -> int:
    """Until nothing is left that is due."""
    return benefits.close_past() + following.nightly()


@app.periodic(cron="*/5 * * * *")
@app.task(name="cards.agree", queue=QUEUE, queueing_lock="cards.agree")
def agree(timestamp: int) -> int:
    """What was withdrawn stays so after a restore; see `following`."""
    return following.agree()
