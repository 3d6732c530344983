"""How far a run is, in words and seconds: what its page says while it waits, runs or has failed."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from philoxenia_web.attempts import progress
from philoxenia_web.attempts.progress import Elapsed, StepSeen, seconds_of_steps, steps_seen
from philoxenia_web.linkage.models.runs import Run
from philoxenia_web.linkage.runs.steps import Step
from philoxenia_web.ui import numbers

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


def fault_words(run: Run) -> str:
    """Why a run failed: our own sentences in the reader's language."""
    return progress.fault_words(run, _FAULTS)


@dataclass(frozen=True)
class Progress(Elapsed):
    """How far a run is."""

    @property
    def share(self) -> float:
        """How much is done, by the time that earlier runs took; 0 to 1."""
        total = sum(self.expected.values())
        return min(0.99, self.elapsed / total) if total else 0.0

    @property
    def steps(self) -> list[StepSeen]:
        """Every step with what it found so far."""
        return steps_seen(self.row, Step, found_words)


def progress_of(run: Run) -> Progress:
    """How far a run is now."""
    return Progress(run, seconds_of_steps(Run.objects.all()), timezone.now())


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
