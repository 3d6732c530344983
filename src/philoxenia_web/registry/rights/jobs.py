"""What runs in the background for rights: lists that come in, what runs out, what is proposed to go."""

from uuid import UUID

from django.db import InterfaceError, OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.registry.checking import QUEUE
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.rights import consents, forgetting, retention, slips

# A database that starts again holds no list up: the job goes on where it was.
_AGAIN = RetryStrategy(max_attempts=5, wait=5, retry_exceptions={OperationalError, InterfaceError})


@app.task(name="registry.check_people", queue=QUEUE, retry=_AGAIN)
def check_people(batch_id: str) -> bool:
    """Read a list of people; see `importing`."""
    from philoxenia_web.registry.rights.importing import check  # noqa: PLC0415 (tables load late)

    return check(UUID(batch_id))


@app.task(name="registry.take_people_in", queue=QUEUE, retry=_AGAIN)
def take_people_in(batch_id: str) -> int:
    """Take a list of people in."""
    from philoxenia_web.registry.rights.import_taking import run  # noqa: PLC0415

    return run(UUID(batch_id))


@app.periodic(cron="*/10 * * * *")
@app.task(name="registry.people_go_on", queue=QUEUE, queueing_lock="registry.people_go_on")
def people_go_on(timestamp: int) -> int:
    """Lists whose process was killed go on."""
    from philoxenia_web.registry.rights.importing import defer, going_on  # noqa: PLC0415

    found = going_on()
    for what, batch_id in found:
        defer(what, batch_id)
    return len(found)


def forget_again() -> int:
    """Who was erased after a backup was made is erased again, with all that hangs on them; how many."""
    return len(forgetting.forget_again())


@app.periodic(cron="41 3 * * *")
@app.task(name="registry.rights_nightly", queue=QUEUE, queueing_lock="registry.rights_nightly")
def nightly(timestamp: int) -> int:
    """Agreements and slips run out; the rules propose what may go."""
    with visiting(SYSTEM):
        ended = consents.run_out() + slips.run_out()
    return ended + sum(retention.propose().values())
