"""What a planner says about the futures, in plain words: shocks with their chance, and what ranges mean.

Owns the words and the arithmetic behind them (as the simulator draws: a shock comes at most once, size and
duration from triangles); the numbers are rows of reference/tables/shocks.csv and the study's changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import polars as pl
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from philoxenia.reference import reference_table
from philoxenia_web.studies.foresight import names
from philoxenia_web.ui import numbers

PEOPLE = "persons"
_OFTEN, _SELDOM = (0.1, 0.9), 0.05
_YEAR = 12

RULES: tuple[tuple[str, Promise, Promise], ...] = (
    (
        "first_come",
        gettext_lazy("First come, first served"),
        gettext_lazy(
            "Those who already wait are served before those who ask now; each group in proportion. What "
            "follows: after an influx, whoever came last waits longest, newcomer or not."
        ),
    ),
    (
        "need_first",
        gettext_lazy("Greatest need first"),
        gettext_lazy(
            "Children and older people are served before other adults. What follows: families wait less; "
            "single women and men wait longer when little is left, however long they have waited."
        ),
    ),
    (
        "equal_shares",
        gettext_lazy("Equal shares"),
        gettext_lazy(
            "Everybody who asks gets the same amount, nobody more than they ask for. What follows: nobody is "
            "left with nothing; who needs much gets a smaller part of it."
        ),
    ),
)

# What happens when a shock comes, from its size and how long it lasts.
_HAPPENS: Mapping[str, Promise] = {
    "sudden_influx": gettext_lazy(
        "{low} to {high} more people come within {shortest} to {longest} months, half of them to shelters."
    ),
    "border_closure": gettext_lazy(
        "For {shortest} to {longest} months, {low} to {high} fewer people leave, and that many more of those "
        "on their way come to stay."
    ),
    "relocation_agreement": gettext_lazy(
        "{low} to {high} people come with homes arranged, over {shortest} to {longest} months."
    ),
    "economic_slump": gettext_lazy(
        "For {shortest} to {longest} months, {low} to {high} fewer people leave shelters for a home, as many "
        "more lose theirs, and fewer homes are built."
    ),
    "flood_or_heat": gettext_lazy(
        "In a tenth of the districts {low} to {high} of the people must leave their homes; services "
        "everywhere lose twice that share for {shortest} to {longest} months."
    ),
}
_OTHERWISE = gettext_lazy("Its size is {low} to {high}, and it lasts {shortest} to {longest} months.")


@dataclass(frozen=True)
class Triangle:
    """A range of low, most likely and high."""

    low: float
    likely: float
    high: float

    def moved(self, likely: float) -> "Triangle":
        """The same shape around another most likely value: low and high in proportion."""
        factor = likely / self.likely if self.likely else 1.0
        return Triangle(self.low * factor, likely, self.high * factor)

    def at(self, share: float) -> float:
        """The value that a share of futures stays below."""
        width = self.high - self.low
        if width <= 0:
            return self.likely
        left = (self.likely - self.low) / width
        if share <= left:
            return self.low + sqrt(share * width * (self.likely - self.low))
        return self.high - sqrt((1 - share) * width * (self.high - self.likely))


@dataclass(frozen=True)
class Shock:
    """A named shock as the reference table has it, and as the study wants it."""

    name: str
    unit: str
    description: str
    source: str
    date: str
    default_chance: float
    default_size: Triangle
    default_months: Triangle
    chance: float
    size: Triangle
    months: Triangle
    on: bool

    @property
    def title(self) -> str:
        """What it is called."""
        return names.shock(self.name)

    @property
    def in_people(self) -> bool:
        """Whether its size counts people; otherwise it is a share."""
        return self.unit == PEOPLE

    @property
    def changed(self) -> bool:
        """Whether the study has another number than the table."""
        pairs = (
            (self.chance, self.default_chance),
            (self.size.likely, self.default_size.likely),
            (self.months.likely, self.default_months.likely),
        )
        return not self.on or any(abs(one - other) > 1e-12 for one, other in pairs)

    def share(self, horizon: int) -> float:
        """The share of futures in which it comes within so many months."""
        return 1 - (1 - self.chance) ** (horizon / _YEAR) if self.on else 0.0

    def amount(self, value: float) -> str:
        """A size in words: people, or per cent."""
        return numbers.number(_rounded(value)) if self.in_people else numbers.percent(value)

    def happens(self) -> str:
        """What comes when it comes, eight times in ten."""
        low, high = (self.amount(self.size.at(share)) for share in _OFTEN)
        shortest, longest = (numbers.whole(max(self.months.at(share), 1)) for share in _OFTEN)
        said = str(_HAPPENS.get(self.name, _OTHERWISE))
        return said.format(low=low, high=high, shortest=shortest, longest=longest)

    def usual(self) -> str:
        """The table's own numbers."""
        return _("%(chance)s a year; size %(size)s; %(months)s months") % {
            "chance": numbers.percent(self.default_chance),
            "size": _range(self.default_size, self.amount),
            "months": _range(self.default_months, numbers.number),
        }


def _range(one: Triangle, words: Any) -> str:
    told = {"likely": words(one.likely), "low": words(one.low), "high": words(one.high)}
    return numbers.together(_("%(likely)s (%(low)s to %(high)s)") % told)


def _rounded(value: float) -> float:
    """Two figures: a range of what may come has no more."""
    return float(f"{value:.2g}")


def shocks_of(changes: Mapping[str, Mapping[str, Any]], table: pl.DataFrame | None = None) -> list[Shock]:
    """Every shock there is, with what a study changes: the reference's, or the city's own in its place.

    As `philoxenia.scenarios.futures.shocks.city_shocks` has them: a chance of 0 takes one out of the city.
    """
    rows = {row["name"]: row for row in reference_table("shocks").iter_rows(named=True)}
    if table is not None:
        rows |= {row["name"]: row for row in table.iter_rows(named=True)}
    there = (row for row in rows.values() if float(row["probability_per_year"]) > 0)
    return [shock_with(row, changes.get(row["name"], {})) for row in there]


def shock_with(row: Mapping[str, Any], change: Mapping[str, Any]) -> Shock:
    """One shock; a chance of 0 takes it out and leaves its other numbers as they were."""
    size = Triangle(*(float(row[column]) for column in ("size_low", "size", "size_high")))
    months = Triangle(*(float(row[column]) for column in ("months_low", "months", "months_high")))
    chance = float(row["probability_per_year"])
    wanted = float(change.get("probability_per_year", chance))
    return Shock(
        name=row["name"],
        unit=row["size_unit"] or "",
        description=row["description"] or "",
        source=row["source"],
        date=str(row["date"] or ""),
        default_chance=chance,
        default_size=size,
        default_months=months,
        chance=wanted if wanted > 0 else chance,
        size=size.moved(float(change.get("size", size.likely))),
        months=months.moved(float(change.get("months", months.likely))),
        on=wanted > 0,
    )


def of_futures(share: float) -> str:
    """In how many futures: about 4 of 10."""
    tens, hundreds = round(share * 10), round(share * 100)
    if share <= 0:
        return _("in no future")
    if share < _SELDOM:
        return _("in about %(n)s of 100 futures") % {"n": max(hundreds, 1)}
    if tens >= 10:
        return _("in nearly every future")
    return _("in about %(n)s of 10 futures") % {"n": max(tens, 1)}


def ahead(months: int) -> str:
    """How far ahead, in words."""
    if months % _YEAR == 0:
        years = months // _YEAR
        return _("within a year") if years == 1 else _("within %(n)s years") % {"n": years}
    return _("within %(n)s months") % {"n": months}


def sentence(shock: Shock, horizon: int) -> str:
    """In about 4 of 10 futures this comes within five years: 700 to 6,000 more people ..."""
    if not shock.on:
        return _("It comes in no future.")
    told = {"often": of_futures(shock.share(horizon)), "when": ahead(horizon), "what": shock.happens()}
    said = _("%(often)s this comes %(when)s: %(what)s") % told
    return said[:1].upper() + said[1:]


def any_sentence(shocks: Sequence[Shock], horizon: int) -> str:
    """In how many futures anything of it comes."""
    none = 1.0
    for shock in shocks:
        none *= 1 - shock.share(horizon)
    if none >= 1:
        return _(
            "No shock comes: the futures differ only in who arrives, rents, exits and what services can do."
        )
    told = {"often": of_futures(1 - none), "when": ahead(horizon)}
    said = _("%(often)s at least one of them comes %(when)s; several may come in the same future.") % told
    return said[:1].upper() + said[1:]


@dataclass(frozen=True)
class Drawing:
    """A triangle as points of an SVG of 240 by 64, with where eight in ten lie."""

    points: str
    inner: str


_WIDE, _HIGH, _EDGE = 240.0, 48.0, 4.0


def drawing(one: Triangle) -> Drawing | None:
    """How likely each value of a range is; None where it is no range."""
    if one.high <= one.low:
        return None

    def across(value: float) -> float:
        return round(_EDGE + (_WIDE - 2 * _EDGE) * (value - one.low) / (one.high - one.low), 1)

    def down(value: float) -> float:
        side = one.likely - one.low if value <= one.likely else one.high - one.likely
        far = value - one.low if value <= one.likely else one.high - value
        return round(_EDGE + (_HIGH - _EDGE) * (1 - (far / side if side else 1.0)), 1)

    low, high = (one.at(share) for share in _OFTEN)
    peak = f"{across(one.likely)},{down(one.likely)}"
    points = f"{across(one.low)},{_HIGH} {peak} {across(one.high)},{_HIGH}"
    # The tip stands inside: it is the most likely value, but may lie outside of eight in ten.
    tip = f"{peak} " if low < one.likely < high else ""
    left, right = f"{across(low)},{_HIGH} {across(low)},{down(low)}", f"{across(high)},{down(high)}"
    return Drawing(points, f"{left} {tip}{right} {across(high)},{_HIGH}")
