"""Commands of a process of its own, for the test that kills it: make a run that waits, and work."""

import os
import sys
from uuid import uuid4

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "philoxenia_web.config.settings"
django.setup()

from tests.web.linkage_runs.made_lists import agreement_of, hand_in, people  # noqa: E402

from philoxenia_web.accounts.access import SYSTEM  # noqa: E402
from philoxenia_web.accounts.models import Organisation  # noqa: E402
from philoxenia_web.linkage.runs import actions, running  # noqa: E402


def make() -> str:
    """A run that waits, of two lists."""
    places = [Organisation.objects.create(name=name, kind="department") for name in ("Shelter", "Health")]
    agreement = agreement_of(*places)
    for start, spoil, place in zip("AB", (0, 5), places, strict=True):
        hand_in(agreement, place, people(150, start=start, spoil=spoil))
    return str(actions.start(SYSTEM, agreement.pk, key=uuid4()).pk)


def work(run_id: str) -> str:
    """Do what a worker does with the run's job."""
    running.run(run_id)
    return ""


if __name__ == "__main__":
    print(globals()[sys.argv[1]](*sys.argv[2:]))  # noqa: T201 (read by the test)
