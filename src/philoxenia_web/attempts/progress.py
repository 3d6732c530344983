"""How far an attempt is, in words and seconds: what its page says while it waits, runs or has failed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import IntegerChoices, QuerySet
from django.utils.translation import ngettext

from philoxenia_web.attempts.models import Attempted

# Earlier runs from which the time that is left is told.
_EARLIER = 8


@dataclass(frozen=True)
class StepSeen:
    """One step of a run for the page. `state` is done, running or ahead."""

    title: str
    state: str
    found: str = ""
    seconds: float | None = None


@dataclass(frozen=True)
class Elapsed:
    """A row now. `expected` says how long each step took in earlier runs, where there are any."""

    row: Attempted
    expected: Mapping[int, float]
    now: datetime

    @cached_property
    def elapsed(self) -> float:
        """Seconds since this attempt was begun or, when it ended, how long it took."""
        if self.row.started_at is None:
            return 0.0
        return max(0.0, ((self.row.finished_at or self.now) - self.row.started_at).total_seconds())

    @property
    def elapsed_words(self) -> str:
        """How long it runs, for people."""
        return duration_words(self.elapsed)


def steps_seen(
    row: Attempted, steps: Iterable[IntegerChoices], words: Callable[[dict[str, int]], str]
) -> list[StepSeen]:
    """Every step with what it found so far, said by `words`."""
    done = {one["step"]: one for one in row.found}
    running = row.step if row.state == row.State.RUNNING else None
    return [_seen(step, done.get(step.value), running, words) for step in steps]


def _seen(
    step: IntegerChoices,
    done: Mapping[str, Any] | None,
    running: int | None,
    words: Callable[[dict[str, int]], str],
) -> StepSeen:
    if done is not None:
        return StepSeen(str(step.label), "done", words(done.get("found", {})), done.get("seconds"))
    return StepSeen(str(step.label), "running" if running == step.value else "ahead")


def seconds_of_steps(done: "QuerySet[Any]", without: Sequence[str] = ()) -> dict[int, float]:
    """Seconds each step took, the middle one of the last finished rows.

    Steps that say they found one of `without` were not computed then.
    """
    seen: dict[int, list[float]] = {}
    latest = done.filter(state=Attempted.State.DONE).order_by("-finished_at")
    for found in latest.values_list("found", flat=True)[:_EARLIER]:
        for one in found:
            if not one.get("found", {}).keys() & set(without):
                seen.setdefault(one["step"], []).append(one.get("seconds", 0.0))
    return {step: sorted(seconds)[len(seconds) // 2] for step, seconds in seen.items()}


def fault_words(row: Attempted, sentences: Mapping[str, Any]) -> str:
    """Why it failed: the sentence of ours for its code, in the reader's language, or the engine's."""
    code = row.fault.removeprefix("code:")
    return str(sentences.get(code, sentences["program"])) if fault_is_ours(row) else row.fault


def fault_is_ours(row: Attempted) -> bool:
    """Whether the sentence is ours (translated) and not the engine's (English)."""
    return row.fault.startswith("code:")


def duration_words(seconds: float) -> str:
    """Seconds below two minutes, minutes above."""
    if seconds < 120:
        return ngettext("%(n)d second", "%(n)d seconds", int(seconds)) % {"n": int(seconds)}
    minutes = round(seconds / 60)
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
