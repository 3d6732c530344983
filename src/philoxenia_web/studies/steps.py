"""The steps of a run, in words, for each kind of study; and how the engine's progress becomes numbers."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import models
from django.utils.translation import gettext_lazy as _

from philoxenia_web.attempts.inside import Tell
from philoxenia_web.studies.kinds import Kind

# The first step of every kind.
READ = 1
# What a step may say it found, in the engine's words; the first that is there is shown.
_COUNTED = ("futures", "actions", "plans", "triggers", "rows")
_NUMBERED = re.compile(r"(\d[\d,]*) (\w+)")


class Step(models.IntegerChoices):
    """What a run of pressure and gaps does, in order. The numbers are kept with each study."""

    READ = READ, _("Reading and checking the inputs")
    PRESSURE = 2, _("Pressure today")
    ARRIVALS = 3, _("Who may come")
    LOAD = 4, _("Load and gaps")
    REPORT = 5, _("Writing the report")
    PACK = 6, _("Packing everything for download")


class ForesightStep(models.IntegerChoices):
    """What a run of foresight does, in order."""

    READ = READ, _("Reading and checking the inputs")
    MODEL = 2, _("Who may come, and the model of the city")
    ACTIONS = 3, _("Each action, with and without")
    CHOOSING = 4, _("What the budgets buy best")
    TOGETHER = 5, _("The plans as a whole")
    ROBUST = 6, _("Where plans break, and which sign says so early")
    REPORT = 7, _("Writing the tables and the investment case")
    PACK = 8, _("Packing everything for download")


@dataclass(frozen=True)
class Computed:
    """What a run found: its answer in a sentence, what writes it into a folder, and further settings that
    made it (for the manifest)."""

    headline: str
    write: Callable[[Path], object]
    settings: Mapping[str, object] = field(default_factory=dict)


def steps_of(kind: str) -> Sequence[Step] | Sequence[ForesightStep]:
    """The steps of a kind of study, in order."""
    return list(ForesightStep) if kind == Kind.FORESIGHT else list(Step)


def report_step(kind: Kind) -> int:
    """The step in which a result is written."""
    return ForesightStep.REPORT if kind == Kind.FORESIGHT else Step.REPORT


def pack_step(kind: Kind) -> int:
    """The step in which a result is packed."""
    return ForesightStep.PACK if kind == Kind.FORESIGHT else Step.PACK


def in_numbers(tell: Tell, steps: Mapping[str, int]) -> Callable[[str, float, str], None]:
    """The engine's progress as numbers, which the page says in the reader's language."""

    def hear(title: str, share: float, found: str) -> None:
        step = steps.get(title)
        if step is None:
            return
        tell(step, share, _counted(found) if share >= 1 else {})

    return hear


def _counted(found: str) -> dict[str, int]:
    said = {noun: int(count.replace(",", "")) for count, noun in _NUMBERED.findall(found)}
    told = next(({noun: said[noun]} for noun in _COUNTED if noun in said), {})
    return (
        {"reused": 1}
        if found.startswith("kept")
        else told | ({"kept": said["kept"]} if "kept" in said else {})
    )
