"""Computes a run for a worker: takes it, watches the process that computes, publishes its result once.

Whoever holds the lease may write. A worker that was stopped and wakes up finds its lease gone: what it tries
to write changes nothing, and the result of its process is thrown away.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.linkage.models.runs import Run
from philoxenia_web.linkage.runs import results
from philoxenia_web.linkage.runs.child import Child, memory_limit
from philoxenia_web.linkage.runs.runner import AGAIN

log = logging.getLogger(__name__)

State = Run.State
# A worker writes a heartbeat twice a second; silent for this long, it counts as dead.
SILENCE = timedelta(seconds=10)
MOST_ATTEMPTS = 4
_TICK = 0.5
_DATABASE_WAIT_SECONDS = 600
LOST = (OperationalError, InterfaceError)


@dataclass
class Held:
    """A run this process computes, by the lease it was given."""

    run_id: UUID
    lease: UUID
    attempt: int
    step: int = 0
    step_share: float = 0.0
    found: list[dict[str, Any]] = field(default_factory=list)

    @property
    def rows(self) -> Any:
        """The run's row as long as the lease holds: nothing otherwise."""
        return Run.objects.filter(pk=self.run_id, lease=self.lease, state=State.RUNNING)


def run(run_id: UUID | str, stopping: Callable[[], bool] = lambda: False) -> None:
    """Compute a run until it is done, failed or no longer ours; nothing where another worker has it."""
    wanted = UUID(str(run_id))
    _wait_for_the_dead(wanted, stopping)
    while (held := take(wanted)) is not None:
        if _watched(held, stopping):
            return


def _wait_for_the_dead(run_id: UUID, stopping: Callable[[], bool]) -> None:
    """Where somebody seems to compute it, wait for a heartbeat (they live) or for silence (they do not).

    After a crash the queue hands the job out again before the silence is long enough.
    """
    seen = _heartbeat(run_id)
    while seen is not None and not stopping():
        time.sleep(2 * _TICK)
        now = _heartbeat(run_id)
        if now != seen or Run.objects.filter(pk=run_id, heartbeat__lt=Now() - SILENCE).exists():
            return


def _heartbeat(run_id: UUID) -> datetime | None:
    running = Run.objects.filter(pk=run_id, state=State.RUNNING)
    return running.values_list("heartbeat", flat=True).first()


def left_behind() -> list[UUID]:
    """Runs that wait or run with nobody seen at work on them for a while."""
    silent = Q(state=State.RUNNING, heartbeat__lt=Now() - SILENCE)
    forgotten = Q(state=State.WAITING, asked_at__lt=Now() - SILENCE) & ~Q(pk__in=_with_jobs())
    return list(Run.objects.filter(silent | forgotten).values_list("pk", flat=True))


def _with_jobs() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select args ->> 'run_id' from procrastinate_jobs "
            "where task_name = 'linkage.run' and status in ('todo', 'doing')"
        )
        return [row[0] for row in cursor.fetchall()]


def take(run_id: UUID) -> Held | None:
    """The lease of a run that waits or whose worker fell silent, for one caller only."""
    free = Q(state=State.WAITING) | Q(state=State.RUNNING, heartbeat__lt=Now() - SILENCE)
    with transaction.atomic():
        wanted = Run.objects.select_for_update(skip_locked=True).filter(free, pk=run_id).first()
        if wanted is None:
            return None
        results.discard_all(wanted.pk)
        held = Held(wanted.pk, uuid4(), wanted.attempt + 1)
        if held.attempt > MOST_ATTEMPTS:
            _end(wanted, "interrupted")
            return None
        Run.objects.filter(pk=wanted.pk).update(
            state=State.RUNNING,
            lease=held.lease,
            attempt=held.attempt,
            heartbeat=Now(),
            started_at=Coalesce(F("started_at"), Now()),
            step=0,
            step_share=0,
            found=[],
        )
    return held


def _watched(held: Held, stopping: Callable[[], bool]) -> bool:
    """Watch one attempt; whether there is nothing more to do for the run here."""
    log.info("linkage run %s: attempt %d begins", held.run_id, held.attempt)
    limit = memory_limit()
    with Child(held.run_id, held.lease) as child:
        while child.alive:
            for event in child.events(_TICK):
                _note(held, event)
            if not _beat(held):
                log.info("linkage run %s: attempt %d is no longer wanted", held.run_id, held.attempt)
                child.kill()
                results.discard(held.run_id, held.lease)
                return True
            if stopping():
                child.kill()
                return _give_back(held)
            if child.memory > limit:
                child.kill()
                return _conclude(held, lambda: _fail(held, "memory"))
        for event in child.events(0):
            _note(held, event)
        return _ended(held, child)


def _note(held: Held, event: dict[str, Any]) -> None:
    if "step" not in event:
        return
    held.step, held.step_share = event["step"], event["share"]
    if event["share"] >= 1:
        held.found.append({name: event[name] for name in ("step", "seconds", "found") if name in event})


def _beat(held: Held) -> bool:
    """Say that we live and how far we are; False where the run was cancelled or taken over."""
    try:
        return bool(
            held.rows.update(heartbeat=Now(), step=held.step, step_share=held.step_share, found=held.found)
        )
    except LOST:
        # The process goes on computing: the database may be back before it is done.
        connection.close()
        return True


def _ended(held: Held, child: Child) -> bool:
    """What the end of the process means for the run."""
    if child.summary is not None and child.exit_code == 0:
        return _conclude(held, lambda: _publish(held, child.summary or {}))
    if child.fault:
        return _conclude(held, lambda: _fail(held, "", child.fault))
    log.warning("linkage run %s: the process ended with %s: %s", held.run_id, child.exit_code, child.place)
    code = child.exit_code or 0
    if (code < 0 or code == AGAIN) and held.attempt < MOST_ATTEMPTS:
        # Killed from outside, by a crash of native code, or left by the database: try again.
        _give_back(held)
        return False
    return _conclude(held, lambda: _fail(held, "interrupted" if code < 0 or code == AGAIN else "program"))


def _conclude(held: Held, write: Callable[[], None]) -> bool:
    """Write the end; where the database is away, wait for it: the work is done and must not be lost."""
    deadline = time.monotonic() + _DATABASE_WAIT_SECONDS
    while True:
        try:
            write()
            return True
        except LOST:
            connection.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(_TICK)


def _publish(held: Held, summary: dict[str, Any]) -> None:
    """Make the result of this attempt the run's one result, unless the lease is gone."""
    with transaction.atomic():
        done = held.rows.select_for_update().first()
        if done is None:
            results.discard(held.run_id, held.lease)
            return
        if not done.agreement.is_live:
            # It ended while we computed: what is sealed opens no more, and nothing of it is kept.
            _end(done, "ended")
            results.discard(held.run_id, held.lease)
            return
        name = results.publish(held.run_id, held.lease, held.attempt)
        results.record(done, name, summary, held.found)
    log.info("linkage run %s: done in attempt %d", held.run_id, held.attempt)


def _fail(held: Held, code: str, sentence: str = "") -> None:
    with transaction.atomic():
        failed = held.rows.select_for_update().first()
        if failed is not None:
            _end(failed, code, sentence)
    results.discard(held.run_id, held.lease)


def _end(failed: Run, code: str, sentence: str = "") -> None:
    """Mark a run failed. `code` stands for a sentence of ours, shown in the reader's language."""
    Run.objects.filter(pk=failed.pk).update(
        state=State.FAILED,
        lease=None,
        heartbeat=None,
        finished_at=Now(),
        fault=f"code:{code}" if code else sentence[:4000],
        version=F("version") + 1,
    )
    audit.record(SYSTEM, "linkage.run_fail", failed, after={"state": State.FAILED, "attempt": failed.attempt})


def _give_back(held: Held) -> bool:
    """Let another worker, or this one, take it from here."""

    def release() -> None:
        held.rows.update(state=State.WAITING, lease=None, heartbeat=None)

    results.discard(held.run_id, held.lease)
    return _conclude(held, release)
