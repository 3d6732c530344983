"""Cells and words of a profile's page: figures with intervals, bases, and what stands for a hidden one."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from philoxenia.needs.profiles import Profile
from philoxenia.reference import default_parameters
from philoxenia.report.document import Cell
from philoxenia.report.numbers import exact, interval, percent, shown
from philoxenia.report.strips import band_strip

Row = dict[str, Any]
SHARES = 100.0
_SIGNS = {"too few": "× too few asked", "kept back": "× kept back", "small base": "small base"}


@dataclass(frozen=True)
class Told:
    """A profile and how its groups are called."""

    made: Profile

    @cached_property
    def groups(self) -> list[str]:
        """The groups of the spec, in its order."""
        return [group.id for group in self.made.spec.groups]

    @property
    def shown_groups(self) -> list[str]:
        """The groups, then everybody."""
        return [*self.groups, "all"]

    def name(self, group: str) -> str:
        """What a group is called."""
        names = {one.id: one.name for one in self.made.spec.groups} | {"all": "Everybody"}
        return names.get(group, group.replace("_", " ").capitalize())

    @property
    def level(self) -> float:
        """The share of samples whose interval holds the truth."""
        return self.made.spec.level or default_parameters()["needs.interval_level"]

    @property
    def differences(self) -> list[Row]:
        """The differences that may be shown."""
        frame = self.made.tables.get("differences")
        return [] if frame is None else [row for row in frame.rows(named=True) if row["value"] is not None]

    @property
    def clear(self) -> list[Row]:
        """Those that chance would hardly make, all comparisons taken together."""
        chance = 1 - self.level
        return [row for row in self.differences if (row["p_adjusted"] or 0) < chance]


def figure(row: Row, unit: str = "share of") -> Cell:
    """A figure with its interval; a star where its base is small, the reason where it is hidden."""
    if row["value"] is None:
        return Cell(hidden(row))
    weak = " *" if row["mark"] == "small base" else ""
    if unit.startswith("share of"):
        return Cell(share_words(row) + weak, exact(row["value"]))
    return Cell(interval(row["value"], row["low"], row["high"]) + weak, exact(row["value"]))


def share_words(row: Row) -> str:
    """A share in percent with its interval: 34% (29% to 40%)."""
    if row["value"] is None:
        return hidden(row)
    return f"{percent(row['value'])} ({percent(row['low'])} to {percent(row['high'])})"


def base(row: Row) -> Cell:
    """How many answers a figure rests on."""
    if row["base"] is None:
        return Cell(hidden(row))
    return Cell(f"{row['base']:,}{' *' if row['mark'] == 'small base' else ''}")


def hidden(row: Row) -> str:
    """What stands where no figure may."""
    return _SIGNS.get(row["mark"], "–")


def strip(row: Row) -> str:
    """A share as a dot in its band, from 0 to 100 %."""
    if row["value"] is None:
        return ""
    return band_strip(*(SHARES * row[key] for key in ("value", "low", "high")))


def points(share: float) -> str:
    """A difference of shares in percentage points, with its sign."""
    text = shown(SHARES * share, 2)
    return f"+{text}" if share > 0 else text
