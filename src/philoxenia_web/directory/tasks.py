"""Jobs of the worker for the directory."""

from procrastinate.contrib.django import app

from philoxenia_web.directory.doubles import actions as doubles
from philoxenia_web.directory.doubles.finding import find
from philoxenia_web.directory.links.actions import QUEUE, TASK, check_due
from philoxenia_web.directory.offline import making as editions
from philoxenia_web.directory.search import jobs


@app.periodic(cron="23 2 * * *")
@app.task(name=TASK, queue=QUEUE, queueing_lock=TASK)
def check_links(timestamp: int) -> int:
    """Ask web addresses that are due whether they still answer."""
    return check_due()


@app.task(name=doubles.TASK, queue=doubles.QUEUE, queueing_lock=doubles.TASK)
def find_doubles() -> int:
    """Look for organisations that are listed twice."""
    return find()


@app.periodic(cron="* * * * *")
@app.task(name=jobs.TASK, queue=jobs.QUEUE, queueing_lock=jobs.TASK)
def follow_index(timestamp: int) -> str:
    """Bring the search index up to what changed in the last minute."""
    return jobs.follow_index()


@app.periodic(cron="* * * * *")
@app.task(name=editions.TASK, queue=editions.QUEUE, queueing_lock=editions.TASK, lock=editions.TASK)
def make_editions(timestamp: int) -> list[str]:
    """Make the offline editions that what changed asks for."""
    return editions.renew()
