"""Two finished studies side by side: what was set differently first, then what that changed.

Every difference is the second study less the first. Where scores come with bands, a difference counts as
more than noise only where the bands do not meet.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.utils.translation import gettext_lazy

from philoxenia_web.studies.models import Study, StudyInput
from philoxenia_web.studies.report.reading import Reading, Row

OTHER_KIND = gettext_lazy(
    "These two ask different things: one where pressure is, the other which actions pay back. Only studies "
    "of the same kind can be compared."
)
_MOST_MOVED = 10
EVERYBODY = "all_residents"


@dataclass(frozen=True)
class Setting:
    """One thing that was set differently. `words` of parameters are the engine's (English)."""

    words: str
    first: str
    second: str
    english: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Moved:
    """A district whose score or rank in an aspect is another one now."""

    district: str
    first: float
    second: float
    first_rank: int | None
    second_rank: int | None
    beyond: bool

    @property
    def difference(self) -> float:
        """Points up or down."""
        return self.second - self.first

    @property
    def rank_change(self) -> int:
        """Places up (towards more pressure) or down."""
        return (self.first_rank or 0) - (self.second_rank or 0)


@dataclass(frozen=True)
class AspectChange:
    """How pressure in one aspect differs, by district."""

    aspect: str
    moved: list[Moved] = field(default_factory=list)

    @property
    def differences(self) -> dict[str, float]:
        """Points by district."""
        return {one.district: one.difference for one in self.moved}

    @property
    def most(self) -> list[Moved]:
        """The districts that changed most; those that did not are not among them."""
        changed = [one for one in self.moved if abs(one.difference) >= 0.05 or one.rank_change]
        return sorted(changed, key=lambda one: (-abs(one.difference), one.district))[:_MOST_MOVED]

    @property
    def changed(self) -> int:
        """How many districts have another score."""
        return sum(abs(one.difference) >= 0.05 for one in self.moved)

    @property
    def largest(self) -> float:
        """Points of the largest change."""
        return max((abs(one.difference) for one in self.moved), default=0.0)

    @property
    def beyond(self) -> int:
        """How many of them lie outside the band they had."""
        return sum(one.beyond for one in self.moved)


@dataclass(frozen=True)
class TotalChange:
    """Arrivals of one series over the horizon, in both."""

    measure: str
    group: str
    first: Row
    second: Row

    @property
    def same_months(self) -> bool:
        """Whether both sum up the same months."""
        return all(self.first[name] == self.second[name] for name in ("first", "last"))


@dataclass(frozen=True)
class GapChange:
    """What a service lacks in the last month both studies tell, in both."""

    service: str
    month: str
    unit: str
    first: Row
    second: Row

    @property
    def difference(self) -> float | None:
        """How much more is short; less than 0: less is."""
        gaps = [row.get("gap_p50") for row in (self.first, self.second)]
        return None if None in gaps else gaps[1] - gaps[0]  # type: ignore[operator]

    @property
    def _width(self) -> float:
        """The wider of the two ranges."""
        bounds = [(row.get("gap_p90"), row.get("gap_p10")) for row in (self.first, self.second)]
        return max((high - low for high, low in bounds if high is not None and low is not None), default=0.0)

    @property
    def matters(self) -> bool:
        """Whether the difference is worth a sentence: at least a fiftieth of the range."""
        return self.difference is not None and abs(self.difference) > 0.02 * self._width

    @property
    def within_range(self) -> bool:
        """Whether each study's own range is wider than the difference."""
        return self.difference is not None and abs(self.difference) < self._width


def pressure_changes(first: Reading, second: Reading) -> list[AspectChange]:
    """Each aspect that both tell, with every district that has a score in both."""
    return [
        AspectChange(aspect, _moved(first.scores_of(aspect), second.scores_of(aspect)))
        for aspect in first.aspects
        if aspect in second.aspects
    ]


def _moved(first: dict[str, Row], second: dict[str, Row]) -> list[Moved]:
    return [
        Moved(
            district,
            row["score"],
            second[district]["score"],
            row.get("rank"),
            second[district].get("rank"),
            _apart(row, second[district]),
        )
        for district, row in first.items()
        if district in second and row["score"] is not None and second[district]["score"] is not None
    ]


def _apart(one: Row, other: Row) -> bool:
    """Whether two bands do not meet; without bands nothing is said to be beyond them."""
    bounds = [one.get("score_low"), one.get("score_high"), other.get("score_low"), other.get("score_high")]
    if any(bound is None for bound in bounds):
        return False
    low, high, other_low, other_high = bounds
    return bool(high < other_low or other_high < low)  # type: ignore[operator]


def arrival_changes(first: Reading, second: Reading) -> list[TotalChange]:
    """Series that both forecast over the same months."""
    known = {_series(row): row for row in _rows(second.findings.arrival_totals)}
    return [
        TotalChange(row["measure"], row["group"], row, known[_series(row)])
        for row in _rows(first.findings.arrival_totals)
        if _series(row) in known
    ]


def _series(row: Row) -> tuple[Any, ...]:
    return row["measure"], row["group"]


def _rows(frame: pl.DataFrame) -> Iterable[Row]:
    return frame.iter_rows(named=True)


def gap_changes(first: Reading, second: Reading) -> list[GapChange]:
    """Services that both tell, in the last month both tell, the largest difference first."""
    months = sorted(set(first.months) & set(second.months))
    if not months:
        return []
    month = months[-1]
    changes = []
    for service, population in first.totals:
        rows = [_in_month(reading, service, month) for reading in (first, second)]
        if population == EVERYBODY and rows[0] and rows[1]:
            changes.append(GapChange(service, month, rows[0].get("unit", ""), rows[0], rows[1]))
    return sorted(changes, key=lambda one: (one.difference is None, -abs(_relative(one)), one.service))


def _relative(one: GapChange) -> float:
    """The difference against what is asked for, so that cubic metres do not hide beds."""
    asked = one.first.get("demand_p50") or 0.0
    return (one.difference or 0.0) / asked if asked else 0.0


def _in_month(reading: Reading, service: str, month: str) -> Row | None:
    rows = reading.totals.get((service, EVERYBODY), [])
    return next((row for row in rows if row["time"] == month), None)


def changed_inputs(first: Study, second: Study) -> list[tuple[str, StudyInput | None, StudyInput | None]]:
    """Tables whose content differs, or that only one of them used."""
    known = [{one.table: one for one in study.inputs.all()} for study in (first, second)]
    tables = sorted(known[0].keys() | known[1].keys())
    pairs = [(table, known[0].get(table), known[1].get(table)) for table in tables]
    return [pair for pair in pairs if _content(pair[1]) != _content(pair[2])]


def _content(one: StudyInput | None) -> str | None:
    return one.content_hash if one else None


def changed_values(first: Study, second: Study) -> list[tuple[str, float | None, float | None, str]]:
    """Parameters set differently: name, value in each (None: the default), the reason given."""
    known = [{one.name: one for one in study.parameters.all()} for study in (first, second)]
    found = []
    for name in sorted(known[0].keys() | known[1].keys()):
        one, other = known[0].get(name), known[1].get(name)
        values = (one.value if one else None, other.value if other else None)
        if values[0] != values[1]:
            found.append((name, *values, (other or one).reason))  # type: ignore[union-attr]
    return found
