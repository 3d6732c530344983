"""How far a run is, in words and seconds: what its page says while it waits, runs or has failed."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from philoxenia_web.linkage.models.runs import Run
from philoxenia_web.linkage.runs.steps import Step
from philoxenia_web.ui import numbers

_EARLIER = 8

SIGNS = {
    Run.State.WAITING: "waiting",
    Run.State.RUNNING: "waiting",
    Run.State.DONE: "success",
    Run.State.CANCELLED: "attention",
    Run.State.FAILED: "problem",
}

_FAULTS = {
    "interrupted": gettext_lazy(
        "The computation was ended from outside several times, most often because memory ran out. Nothing "
        "was "
        "kept of it. Try again; if it happens again, ask whoever runs this server."
    ),
    "memory": gettext_lazy(
        "Linking these lists needed more memory than this server may give it, and was ended. Nothing was "
        "kept "
        "of it. Ask whoever runs this server."
    ),
    "ended": gettext_lazy("The agreement ended before the run did. Nothing was kept of it."),
    "program": gettext_lazy(
        "The computation stopped because of a fault in the program. The lists are as they were. Whoever "
        "runs this "
        "server finds the place in the log under this run's number."
    ),
}


@dataclass(frozen=True)
class StepSeen:
    """One step of a run for the page. `state` is done, running or ahead."""

    title: str
    state: str
    found: str = ""
    seconds: float | None = None


@dataclass(frozen=True)
class Progress:
    """How far a run is. `expected` says how long each step took in earlier runs, where there are any."""

    run: Run
    expected: dict[int, float]
    now: datetime

    @property
    def elapsed(self) -> float:
        """Seconds since this attempt was begun or, when it ended, how long it took."""
        if self.run.started_at is None:
            return 0.0
        return max(0.0, ((self.run.finished_at or self.now) - self.run.started_at).total_seconds())

    @property
    def share(self) -> float:
        """How much is done, by the time that earlier runs took; 0 to 1."""
        total = sum(self.expected.values())
        return min(0.99, self.elapsed / total) if total else 0.0

    @property
    def elapsed_words(self) -> str:
        """How long it runs, for people."""
        return duration_words(self.elapsed)

    @property
    def steps(self) -> list[StepSeen]:
        """Every step with what it found so far."""
        done = {one["step"]: one for one in self.run.found}
        return [self._seen(step, done.get(step.value)) for step in Step]

    def _seen(self, step: Step, done: dict | None) -> StepSeen:  # type: ignore[type-arg]
        if done is not None:
            return StepSeen(str(step.label), "done", found_words(done.get("found", {})), done.get("seconds"))
        running = self.run.state == Run.State.RUNNING and self.run.step == step.value
        return StepSeen(str(step.label), "running" if running else "ahead")


def progress_of(run: Run) -> Progress:
    """How far a run is now."""
    return Progress(run, _expected_seconds(), timezone.now())


def _expected_seconds() -> dict[int, float]:
    """Seconds each step took, the middle one of the last finished runs."""
    done = Run.objects.filter(state=Run.State.DONE).order_by("-finished_at")
    seen: dict[int, list[float]] = {}
    for found in done.values_list("found", flat=True)[:_EARLIER]:
        for one in found:
            seen.setdefault(one["step"], []).append(one.get("seconds", 0.0))
    return {step: sorted(seconds)[len(seconds) // 2] for step, seconds in seen.items()}


def fault_words(run: Run) -> str:
    """Why a run failed: our own sentences in the reader's language."""
    return (
        str(_FAULTS.get(run.fault.removeprefix("code:"), _FAULTS["program"]))
        if fault_is_ours(run)
        else run.fault
    )


def fault_is_ours(run: Run) -> bool:
    """Whether the sentence is ours (translated) and not the engine's (English)."""
    return run.fault.startswith("code:")


def duration_words(seconds: float) -> str:
    """Seconds below two minutes, minutes above."""
    if seconds < 120:
        return ngettext("%(n)d second", "%(n)d seconds", int(seconds)) % {"n": int(seconds)}
    minutes = round(seconds / 60)
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


def found_words(found: dict[str, int]) -> str:
    """What a step found, in the reader's language."""
    told = [words(found[name]) for name, words in _COUNTED.items() if name in found]
    return _(", ").join(told)


_COUNTED = {
    "lists": lambda n: ngettext("%(n)s list", "%(n)s lists", n) % {"n": numbers.whole(n)},
    "records": lambda n: ngettext("%(n)s record", "%(n)s records", n) % {"n": numbers.whole(n)},
    "pairs": lambda n: (
        ngettext("%(n)s pair of records", "%(n)s pairs of records", n) % {"n": numbers.whole(n)}
    ),
    "people": lambda n: ngettext("%(n)s person", "%(n)s people", n) % {"n": numbers.whole(n)},
    "decisions": lambda n: ngettext("%(n)s decision", "%(n)s decisions", n) % {"n": numbers.whole(n)},
    "doubtful": lambda n: (
        ngettext("%(n)s doubtful pair", "%(n)s doubtful pairs", n) % {"n": numbers.whole(n)}
    ),
}
