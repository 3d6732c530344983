"""Commands of a process of its own, for tests that kill it: answer (make, cancel, told) and work."""

import json
import os
import sys
from pathlib import Path
from uuid import UUID, uuid4

import django
from django.db import connection

os.environ["DJANGO_SETTINGS_MODULE"] = "philoxenia_web.config.settings"
django.setup()

from philoxenia_web.accounts.access import SYSTEM, Actor, actor_for  # noqa: E402
from philoxenia_web.accounts.models import AuditEntry, Membership, Organisation, Person  # noqa: E402
from philoxenia_web.accounts.roles import Role  # noqa: E402
from philoxenia_web.datasets import actions as datasets  # noqa: E402
from philoxenia_web.datasets.models import Use  # noqa: E402
from philoxenia_web.studies import actions, queries, running  # noqa: E402
from philoxenia_web.studies.actions import Settings  # noqa: E402
from philoxenia_web.studies.models import Study  # noqa: E402


def planner() -> Actor:
    """The one planner there is."""
    place, _ = Organisation.objects.get_or_create(name="Department", kind="department")
    person = Person.objects.filter(email="planner@example.org").first()
    if person is None:
        person = Person.objects.create_user("planner@example.org", None, name="Test Person")
        Membership.objects.create(person=person, organisation=place, role=Role.PLANNER)
    return actor_for(person)


def make() -> str:
    """A study that waits."""
    datasets.load_city(SYSTEM)
    actor = planner()
    study = actions.create(actor, min(actor.organisations), key=uuid4(), wanted=Settings(title="Test"))
    return str(actions.start(actor, study.pk).pk)


def work(study_id: str) -> str:
    """Do what a worker does with the study's job."""
    running.run(study_id)
    return ""


def cancel(study_id: str) -> str:
    """Cancel it."""
    return actions.cancel(planner(), UUID(study_id)).state


def told(study_id: str) -> str:
    """What is known of a study, in the database and on the disk."""
    study = Study.objects.get(pk=study_id)
    folder: Path = queries.study_folder(study.pk)
    trail = AuditEntry.objects.filter(object_id=study_id, action="studies.finish")
    return json.dumps(
        {
            "state": study.state,
            "attempt": study.attempt,
            "hash": study.result_hash,
            "reused": [one["step"] for one in study.found if "reused" in one["found"]],
            "finished": trail.count(),
            "uses": Use.objects.filter(object_id=study_id).count(),
            "inputs": study.inputs.count(),
            "on_disk": sorted(entry.name.split("-")[0] for entry in folder.iterdir()),
        }
    )


def answer() -> None:
    """One line in, one line out: a process of its own for each would cost seconds."""
    for line in sys.stdin:
        name, *arguments = line.split()
        try:
            said = {"said": globals()[name](*arguments)}
        except Exception as fault:
            said = {"fault": repr(fault)}
        # The database may be killed before the next line.
        connection.close()
        print(json.dumps(said), flush=True)  # noqa: T201 (read by the test)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
