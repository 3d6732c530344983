"""Computes a row for a worker: takes it, watches the process that computes, publishes its result once.

Whoever holds the lease may write. A worker that was stopped and wakes up finds its lease gone: what it tries
to write changes nothing, and the result of its process is thrown away.
"""

import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now

from philoxenia_web.attempts.child import Child, memory_limit
from philoxenia_web.attempts.models import Attempted

log = logging.getLogger(__name__)

State = Attempted.State
# A worker writes a heartbeat twice a second; silent for this long, it counts as dead.
SILENCE = timedelta(seconds=10)
MOST_ATTEMPTS = 4
_TICK = 0.5
_DATABASE_WAIT_SECONDS = 600
LOST = (OperationalError, InterfaceError)


@dataclass
class Held:
    """What this process computes, by the lease it was given."""

    pk: UUID
    lease: UUID
    attempt: int
    step: int = 0
    step_share: float = 0.0
    found: list[dict[str, Any]] = field(default_factory=list)

    def note(self, event: dict[str, Any]) -> None:
        """Take down how far the process says it is."""
        if "step" not in event:
            return
        self.step, self.step_share = event["step"], event["share"]
        if event["share"] >= 1:
            self.found.append({name: event[name] for name in ("step", "seconds", "found") if name in event})


class Attempts(ABC):
    """The rows of one table that are computed in attempts, and what an app does with them in its own way."""

    model: type[Attempted]
    # What the log calls a row.
    name: str
    # The job a row waits in, and the argument that names the row.
    job: str
    argument: str
    # How a process ends that may do better when it is tried again.
    again: frozenset[int] = frozenset()

    @abstractmethod
    def start(self, held: Held) -> Child:
        """The process that computes the attempt."""

    @abstractmethod
    def discard(self, held: Held) -> None:
        """Throw away what the attempt wrote."""

    @abstractmethod
    def keep(self, row: Any, held: Held, summary: dict[str, Any]) -> str:
        """Give the result its name and write down that the locked row is done; '' where it may not be kept
        any more.
        """

    @abstractmethod
    def tell_failed(self, row: Any) -> None:
        """Write into the trail that it failed."""

    def begun(self, row: Any) -> None:  # noqa: B027 (for those who have something)
        """What else is to be done before an attempt begins, while the row is locked."""

    def tidy(self, held: Held, name: str) -> None:  # noqa: B027 (for those who have something)
        """What else is to be done once the result is published."""

    def run(self, pk: UUID | str, stopping: Callable[[], bool]) -> None:
        """Compute until it is done, failed or no longer ours; nothing where another worker has it."""
        wanted = UUID(str(pk))
        self._wait_for_the_dead(wanted, stopping)
        while (held := self.take(wanted)) is not None:
            if self._watched(held, stopping):
                return

    def left_behind(self) -> list[UUID]:
        """Those that wait or run with nobody seen at work on them for a while."""
        silent = Q(state=State.RUNNING, heartbeat__lt=Now() - SILENCE)
        forgotten = Q(state=State.WAITING, asked_at__lt=Now() - SILENCE) & ~Q(pk__in=self._with_jobs())
        return list(self.model.objects.filter(silent | forgotten).values_list("pk", flat=True))

    def take(self, pk: UUID) -> Held | None:
        """The lease of one that waits or whose worker fell silent, for one caller only."""
        free = Q(state=State.WAITING) | Q(state=State.RUNNING, heartbeat__lt=Now() - SILENCE)
        with transaction.atomic():
            row = (
                self.model.objects.select_for_update(no_key=True, skip_locked=True)
                .filter(free, pk=pk)
                .first()
            )
            if row is None:
                return None
            self.begun(row)
            held = Held(row.pk, uuid4(), row.attempt + 1)
            if held.attempt > MOST_ATTEMPTS:
                self.end(row, "interrupted")
                return None
            self.model.objects.filter(pk=row.pk).update(
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

    def beat(self, held: Held) -> bool:
        """Say that we live and how far we are; False where it was cancelled or taken over."""
        try:
            return bool(
                self._rows(held).update(
                    heartbeat=Now(), step=held.step, step_share=held.step_share, found=held.found
                )
            )
        except LOST:
            # The process goes on computing: the database may be back before it is done.
            connection.close()
            return True

    def publish(self, held: Held, summary: dict[str, Any]) -> None:
        """Make the result of this attempt the one result, unless the lease is gone."""
        with transaction.atomic():
            row = self._rows(held).select_for_update(no_key=True).first()
            name = self.keep(row, held, summary) if row is not None else ""
            if not name:
                self.discard(held)
                return
        self.tidy(held, name)
        log.info("%s %s: done in attempt %d", self.name, held.pk, held.attempt)

    def fail(self, held: Held, code: str, sentence: str = "") -> None:
        """Mark it failed, unless the lease is gone, and keep nothing of the attempt."""
        with transaction.atomic():
            row = self._rows(held).select_for_update(no_key=True).first()
            if row is not None:
                self.end(row, code, sentence)
        self.discard(held)

    def end(self, row: Any, code: str, sentence: str = "") -> None:
        """Mark a row failed. `code` stands for a sentence of ours, shown in the reader's language."""
        self.model.objects.filter(pk=row.pk).update(
            state=State.FAILED,
            lease=None,
            heartbeat=None,
            finished_at=Now(),
            fault=f"code:{code}" if code else sentence[:4000],
            version=F("version") + 1,
        )
        self.tell_failed(row)

    def give_back(self, held: Held) -> bool:
        """Let another worker, or this one, take it from here."""

        def release() -> None:
            self._rows(held).update(state=State.WAITING, lease=None, heartbeat=None)

        self.discard(held)
        return _conclude(release)

    def _rows(self, held: Held) -> Any:
        """The row as long as the lease holds: nothing otherwise."""
        return self.model.objects.filter(pk=held.pk, lease=held.lease, state=State.RUNNING)

    def _wait_for_the_dead(self, pk: UUID, stopping: Callable[[], bool]) -> None:
        """Where somebody seems to compute it, wait for a heartbeat (they live) or for silence (they do not).

        After a crash the queue hands the job out again before the silence is long enough.
        """
        seen = self._heartbeat(pk)
        while seen is not None and not stopping():
            time.sleep(2 * _TICK)
            silent = self.model.objects.filter(pk=pk, heartbeat__lt=Now() - SILENCE)
            if self._heartbeat(pk) != seen or silent.exists():
                return

    def _heartbeat(self, pk: UUID) -> datetime | None:
        running = self.model.objects.filter(pk=pk, state=State.RUNNING)
        return running.values_list("heartbeat", flat=True).first()

    def _with_jobs(self) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(
                "select args ->> %s from procrastinate_jobs "
                "where task_name = %s and status in ('todo', 'doing')",
                [self.argument, self.job],
            )
            return [row[0] for row in cursor.fetchall()]

    def _watched(self, held: Held, stopping: Callable[[], bool]) -> bool:
        """Watch one attempt; whether there is nothing more to do here."""
        log.info("%s %s: attempt %d begins", self.name, held.pk, held.attempt)
        limit = memory_limit()
        with self.start(held) as child:
            while child.alive:
                for event in child.events(_TICK):
                    held.note(event)
                if not self.beat(held):
                    log.info("%s %s: attempt %d is no longer wanted", self.name, held.pk, held.attempt)
                    child.kill()
                    self.discard(held)
                    return True
                if stopping():
                    child.kill()
                    return self.give_back(held)
                if child.memory > limit:
                    child.kill()
                    return _conclude(lambda: self.fail(held, "memory"))
            for event in child.events(0):
                held.note(event)
            return self._ended(held, child)

    def _ended(self, held: Held, child: Child) -> bool:
        """What the end of the process means."""
        if child.summary is not None and child.exit_code == 0:
            return _conclude(lambda: self.publish(held, child.summary or {}))
        if child.fault:
            return _conclude(lambda: self.fail(held, "", child.fault))
        code = child.exit_code or 0
        log.warning("%s %s: the process ended with %s: %s", self.name, held.pk, code, child.last_words())
        # Killed from outside or by a crash of native code, or left by what it needs.
        interrupted = code < 0 or code in self.again
        if interrupted and held.attempt < MOST_ATTEMPTS:
            self.give_back(held)
            return False
        return _conclude(lambda: self.fail(held, "interrupted" if interrupted else "program"))


def _conclude(write: Callable[[], None]) -> bool:
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
