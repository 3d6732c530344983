"""What runs every night: cards expire, and marks of past periods are destroyed."""

from procrastinate.contrib.django import app

from philoxenia_web.cards import benefits, issuing
from philoxenia_web.registry.checking import QUEUE


@app.periodic(cron="7 2 * * *")
@app.task(name="cards.nightly", queue=QUEUE, queueing_lock="cards.nightly")
def nightly(timestamp: int) -> int:
    """Until nothing is left that is due."""
    done = benefits.close_past()
    while found := issuing.expire_due():
        done += found
    return done
