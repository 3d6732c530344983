"""What runs in the background for lists of people and their keys."""

from uuid import UUID

from procrastinate.contrib.django import app

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.registry.actions import finish_destroying, note_destroyed
from philoxenia_web.registry.checking import CHECK, QUEUE, resume_checks, run_check
from philoxenia_web.registry.receiving import clean_up
from philoxenia_web.registry.rights import jobs

__all__ = ["check_list", "clean", "jobs", "resume"]


@app.task(name=CHECK, queue=QUEUE)
def check_list(list_id: str, wanted: int) -> bool:
    """Check one list; see `checking`."""
    return run_check(UUID(list_id), wanted)


@app.periodic(cron="*/2 * * * *")
@app.task(name="registry.resume", queue=QUEUE, queueing_lock="registry.resume")
def resume(timestamp: int) -> int:
    """Checks and destructions whose process was killed go on; who was erased stays so after a restore."""
    return resume_checks() + note_destroyed(SYSTEM) + finish_destroying() + jobs.forget_again()


@app.periodic(cron="23 3 * * *")
@app.task(name="registry.clean_up", queue=QUEUE, queueing_lock="registry.clean_up")
def clean(timestamp: int) -> int:
    """Sealed files that belong to nobody are deleted."""
    return clean_up()
