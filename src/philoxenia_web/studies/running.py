"""Runs a study for a worker: takes it, watches the process that computes, publishes its result once.

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
from philoxenia_web.studies import results
from philoxenia_web.studies.child import Child, memory_limit
from philoxenia_web.studies.models import Study

log = logging.getLogger(__name__)

State = Study.State
# A worker writes a heartbeat twice a second; silent for this long, it counts as dead.
SILENCE = timedelta(seconds=10)
MOST_ATTEMPTS = 4
_TICK = 0.5
_DATABASE_WAIT_SECONDS = 600
LOST = (OperationalError, InterfaceError)


@dataclass
class Held:
    """A study this process runs, by the lease it was given."""

    study_id: UUID
    lease: UUID
    attempt: int
    step: int = 0
    step_share: float = 0.0
    found: list[dict[str, Any]] = field(default_factory=list)

    @property
    def rows(self) -> Any:
        """The study's row as long as the lease holds: nothing otherwise."""
        return Study.objects.filter(pk=self.study_id, lease=self.lease, state=State.RUNNING)


def run(study_id: UUID | str, stopping: Callable[[], bool] = lambda: False) -> None:
    """Run a study until it is done, failed or no longer ours; nothing where another worker has it."""
    wanted = UUID(str(study_id))
    _wait_for_the_dead(wanted, stopping)
    while (held := take(wanted)) is not None:
        if _watched(held, stopping):
            return


def _wait_for_the_dead(study_id: UUID, stopping: Callable[[], bool]) -> None:
    """Where somebody seems to run it, wait for a heartbeat (they live) or for silence (they do not).

    After a crash the queue hands the job out again before the silence is long enough.
    """
    seen = _heartbeat(study_id)
    while seen is not None and not stopping():
        time.sleep(2 * _TICK)
        now = _heartbeat(study_id)
        if now != seen or Study.objects.filter(pk=study_id, heartbeat__lt=Now() - SILENCE).exists():
            return


def _heartbeat(study_id: UUID) -> datetime | None:
    running = Study.objects.filter(pk=study_id, state=State.RUNNING)
    return running.values_list("heartbeat", flat=True).first()


def left_behind() -> list[UUID]:
    """Studies that wait or run with nobody seen at work on them for a while."""
    silent = Q(state=State.RUNNING, heartbeat__lt=Now() - SILENCE)
    forgotten = Q(state=State.WAITING, asked_at__lt=Now() - SILENCE) & ~Q(pk__in=_with_jobs())
    return list(Study.objects.filter(silent | forgotten).values_list("pk", flat=True))


def _with_jobs() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select args ->> 'study_id' from procrastinate_jobs "
            "where task_name = 'studies.run' and status in ('todo', 'doing')"
        )
        return [row[0] for row in cursor.fetchall()]


def take(study_id: UUID) -> Held | None:
    """The lease of a study that waits or whose worker fell silent, for one caller only."""
    free = Q(state=State.WAITING) | Q(state=State.RUNNING, heartbeat__lt=Now() - SILENCE)
    with transaction.atomic():
        study = Study.objects.select_for_update(skip_locked=True).filter(free, pk=study_id).first()
        if study is None:
            return None
        held = Held(study.pk, uuid4(), study.attempt + 1)
        if held.attempt > MOST_ATTEMPTS:
            _end(study, "interrupted")
            return None
        Study.objects.filter(pk=study.pk).update(
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
    """Watch one attempt; whether there is nothing more to do for the study here."""
    log.info("study %s: attempt %d begins", held.study_id, held.attempt)
    limit = memory_limit()
    with Child(held.study_id, held.lease) as child:
        while child.alive:
            for event in child.events(_TICK):
                _note(held, event)
            if not _beat(held):
                log.info("study %s: attempt %d is no longer wanted", held.study_id, held.attempt)
                child.kill()
                results.discard(held.study_id, held.lease)
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
    """Say that we live and how far we are; False where the study was cancelled or taken over."""
    try:
        return bool(
            held.rows.update(heartbeat=Now(), step=held.step, step_share=held.step_share, found=held.found)
        )
    except LOST:
        # The process goes on computing: the database may be back before it is done.
        connection.close()
        return True


def _ended(held: Held, child: Child) -> bool:
    """What the end of the process means for the study."""
    if child.summary is not None and child.exit_code == 0:
        return _conclude(held, lambda: _publish(held, child.summary or {}))
    if child.fault:
        return _conclude(held, lambda: _fail(held, "", child.fault))
    log.warning("study %s: the process ended with %s: %s", held.study_id, child.exit_code, child.last_words())
    if child.exit_code is not None and child.exit_code < 0 and held.attempt < MOST_ATTEMPTS:
        # Killed from outside or by a crash of native code: try again with the steps that were finished.
        _give_back(held)
        return False
    return _conclude(held, lambda: _fail(held, "interrupted" if (child.exit_code or 0) < 0 else "program"))


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
    """Make the result of this attempt the study's one result, unless the lease is gone."""
    with transaction.atomic():
        study = held.rows.select_for_update().first()
        if study is None:
            results.discard(held.study_id, held.lease)
            return
        name = results.publish(held.study_id, held.lease, held.attempt)
        results.record(study, name, summary, held.found)
    results.tidy(held.study_id, name)
    log.info("study %s: done in attempt %d", held.study_id, held.attempt)


def _fail(held: Held, code: str, sentence: str = "") -> None:
    with transaction.atomic():
        study = held.rows.select_for_update().first()
        if study is not None:
            _end(study, code, sentence)
    results.discard(held.study_id, held.lease)


def _end(study: Study, code: str, sentence: str = "") -> None:
    """Mark a study failed. `code` stands for a sentence of ours, shown in the reader's language."""
    Study.objects.filter(pk=study.pk).update(
        state=State.FAILED,
        lease=None,
        heartbeat=None,
        finished_at=Now(),
        fault=f"code:{code}" if code else sentence[:4000],
        version=F("version") + 1,
    )
    audit.record(
        SYSTEM,
        "studies.fail",
        study,
        after={"state": State.FAILED, "attempt": study.attempt},
        organisation_id=study.organisation_id,
    )


def _give_back(held: Held) -> bool:
    """Let another worker, or this one, take it from here."""

    def release() -> None:
        held.rows.update(state=State.WAITING, lease=None, heartbeat=None)

    results.discard(held.study_id, held.lease)
    return _conclude(held, release)
