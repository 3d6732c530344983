"""How studies are computed: by `philoxenia_web.attempts`, with a log, and tidied once they are done."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.attempts.child import Child
from philoxenia_web.attempts.holding import Attempts, Held
from philoxenia_web.studies import queries, results
from philoxenia_web.studies.models import Study

_RUNNER = "philoxenia_web.studies.runner"


class _Studies(Attempts):
    model = Study
    name, job, argument = "study", "studies.run", "study_id"

    def start(self, held: Held) -> Child:
        """With a log, which stays when it fails."""
        folder = queries.study_folder(held.pk)
        folder.mkdir(parents=True, exist_ok=True)
        return Child([_RUNNER, str(held.pk), str(held.lease)], folder / "log.txt")

    def discard(self, held: Held) -> None:
        """The attempt's folder; steps that were finished stay for the next attempt."""
        results.discard(held.pk, held.lease)

    def keep(self, row: Study, held: Held, summary: dict[str, Any]) -> str:
        """The attempt's folder becomes the study's."""
        name = results.publish(held.pk, held.lease, held.attempt)
        results.record(row, name, summary, held.found)
        return name

    def tidy(self, held: Held, name: str) -> None:
        """Nothing stays but the result."""
        results.tidy(held.pk, name)

    def tell_failed(self, row: Study) -> None:
        """For the organisation whose study it is."""
        after = {"state": Study.State.FAILED, "attempt": row.attempt}
        audit.record(SYSTEM, "studies.fail", row, after=after, organisation_id=row.organisation_id)


ATTEMPTS = _Studies()
take, left_behind = ATTEMPTS.take, ATTEMPTS.left_behind


def run(study_id: UUID | str, stopping: Callable[[], bool] = lambda: False) -> None:
    """Run a study until it is done, failed or no longer ours; nothing where another worker has it."""
    ATTEMPTS.run(study_id, stopping)
