"""How runs are computed: by `philoxenia_web.attempts`, each attempt anew, and nothing printed is kept."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.attempts.child import Child
from philoxenia_web.attempts.holding import Attempts, Held
from philoxenia_web.linkage.models.runs import Run
from philoxenia_web.linkage.runs import results
from philoxenia_web.linkage.runs.runner import AGAIN

_RUNNER = "philoxenia_web.linkage.runs.runner"


class _Runs(Attempts):
    model = Run
    name, job, argument = "linkage run", "linkage.run", "run_id"
    again = frozenset({AGAIN})

    def start(self, held: Held) -> Child:
        """Without a log, because libraries print values."""
        return Child([_RUNNER, str(held.pk), str(held.lease)])

    def begun(self, row: Run) -> None:
        """Nothing of earlier attempts is used, or kept."""
        results.discard_all(row.pk)

    def discard(self, held: Held) -> None:
        """The attempt's folder."""
        results.discard(held.pk, held.lease)

    def keep(self, row: Run, held: Held, summary: dict[str, Any]) -> str:
        """The attempt's folder becomes the run's, while the agreement lives."""
        if not row.agreement.is_live:
            # It ended while we computed: what is sealed opens no more, and nothing of it is kept.
            self.end(row, "ended")
            return ""
        name = results.publish(held.pk, held.lease, held.attempt)
        results.record(row, name, summary, held.found)
        return name

    def tell_failed(self, row: Run) -> None:
        """Without the organisation: a run belongs to several."""
        after = {"state": Run.State.FAILED, "attempt": row.attempt}
        audit.record(SYSTEM, "linkage.run_fail", row, after=after)


ATTEMPTS = _Runs()
take, left_behind = ATTEMPTS.take, ATTEMPTS.left_behind


def run(run_id: UUID | str, stopping: Callable[[], bool] = lambda: False) -> None:
    """Compute a run until it is done, failed or no longer ours; nothing where another worker has it."""
    ATTEMPTS.run(run_id, stopping)
