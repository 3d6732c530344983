"""How far a study is, in words and seconds: what its status page says while it waits, runs or has failed."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from philoxenia_web.attempts import progress
from philoxenia_web.attempts.progress import Elapsed, StepSeen, duration_words, seconds_of_steps, steps_seen
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.steps import steps_of

_FAULTS = {
    "interrupted": gettext_lazy(
        "The computation was ended from outside several times, most often because memory ran out. The "
        "steps that were finished are kept. Try again; if it happens again, ask whoever runs this server."
    ),
    "memory": gettext_lazy(
        "The computation needed more memory than this server may give it and was ended. Look fewer "
        "months ahead, or ask whoever runs this server."
    ),
    "program": gettext_lazy(
        "The computation stopped because of a fault in the program. Your settings are kept. Whoever runs "
        "this server finds the reason in the log under this study's number."
    ),
}


def fault_words(study: Study) -> str:
    """Why a study failed: our own sentences in the reader's language."""
    return progress.fault_words(study, _FAULTS)


@dataclass(frozen=True)
class Progress(Elapsed):
    """How far a study is. `ahead` says how many are asked for before it."""

    row: Study
    ahead: int = 0

    @property
    def share(self) -> float:
        """How much is done, by the time that earlier runs took; 0 to 1."""
        if self.row.is_done:
            return 1.0
        if self.row.state != Study.State.RUNNING:
            return 0.0
        left = self.seconds_left
        return min(0.99, self.elapsed / (self.elapsed + left)) if self.elapsed + left > 0 else 0.0

    @property
    def percent(self) -> int:
        """The same in whole per cent."""
        return int(self.share * 100)

    @property
    def seconds_left(self) -> float:
        """Seconds until the end if it goes as in earlier runs."""
        done = {one["step"]: one.get("seconds", 0.0) for one in self.row.found}
        ahead = sum(seconds for step, seconds in self.expected.items() if step not in done)
        in_step = max(0.0, self.elapsed - sum(done.values()))
        current = self.expected.get(self.row.step, 0.0)
        # A step that takes longer than ever is not said to be over.
        return max(ahead - min(in_step, current * 0.95), 0.0)

    @property
    def left_words(self) -> str:
        """How long it will take, for people: never to the second."""
        return duration_words(max(5.0, 5.0 * round(self.seconds_left / 5)))

    @property
    def steps(self) -> list[StepSeen]:
        """Every step with what it found so far."""
        return steps_seen(self.row, steps_of(self.row.kind), found_words)


def found_words(found: dict[str, int]) -> str:
    """What a step found, in the reader's language."""
    if "tables" in found:
        return _("%(tables)s, %(districts)s") % {
            "tables": ngettext("%(n)d table", "%(n)d tables", found["tables"]) % {"n": found["tables"]},
            "districts": ngettext("%(n)d district", "%(n)d districts", found["districts"])
            % {"n": found["districts"]},
        }
    if "reused" in found:
        return _("kept from an earlier attempt")
    if "rows" in found:
        return ngettext("%(n)s row", "%(n)s rows", found["rows"]) % {"n": f"{found['rows']:n}"}
    if "futures" in found:
        return ngettext("%(n)s future", "%(n)s futures", found["futures"]) % {"n": f"{found['futures']:n}"}
    if "actions" in found:
        said = ngettext("%(n)d action", "%(n)d actions", found["actions"]) % {"n": found["actions"]}
        kept = found.get("kept", 0)
        return (
            _("%(actions)s, %(kept)d kept from an earlier attempt") % {"actions": said, "kept": kept}
            if kept
            else said
        )
    if "triggers" in found:
        return ngettext("%(n)d sign", "%(n)d signs", found["triggers"]) % {"n": found["triggers"]}
    if "plans" in found:
        return ngettext("%(n)d plan", "%(n)d plans", found["plans"]) % {"n": found["plans"]}
    if "files" in found:
        return ngettext("%(n)d file", "%(n)d files", found["files"]) % {"n": found["files"]}
    return ""


def progress_of(study: Study) -> Progress:
    """How far a study is now."""
    return Progress(study, expected_seconds(study.kind), timezone.now(), _waiting_before(study))


def expected_total(kind: str) -> float:
    """Seconds a whole run of this kind took lately; 0 before the first."""
    return sum(expected_seconds(kind).values())


def expected_seconds(kind: str) -> dict[int, float]:
    """Seconds each step took in the last runs of this kind in which it was computed."""
    return seconds_of_steps(Study.objects.filter(kind=kind), without=("reused", "kept"))


def _waiting_before(study: Study) -> int:
    """How many studies are asked for earlier and not done."""
    if study.state != Study.State.WAITING or study.asked_at is None:
        return 0
    return Study.objects.filter(
        state__in=[Study.State.WAITING, Study.State.RUNNING], asked_at__lt=study.asked_at
    ).count()
