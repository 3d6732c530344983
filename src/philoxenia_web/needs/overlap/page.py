"""Which needs come together? The page's picture, figures, map and tables, made from the protected cube."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from philoxenia_web.linkage.runs.queries import RunFacts
from philoxenia_web.needs import words
from philoxenia_web.needs.counting import (
    Counts,
    Figure,
    LinkError,
    by_group,
    counts,
    link_error,
    shown_in_any,
)
from philoxenia_web.needs.cube import EVERYBODY, POPULATIONS, Cube
from philoxenia_web.needs.overlap.asked import Asked, asked
from philoxenia_web.needs.overlap.upset import Bar, Line, drawn_bar, head
from philoxenia_web.needs.places import Places
from philoxenia_web.ui import numbers
from philoxenia_web.ui.tables import Column, Table

MOST_LINES = 14
_KINDS = {"newcomers": "newcomers", "long_term_residents": "long-term"}


@dataclass(frozen=True)
class Explorer:
    """One view of one run: what is asked, counted for newcomers and long-term residents."""

    request: HttpRequest
    run: RunFacts
    cube: Cube
    places: Places

    @cached_property
    def error(self) -> LinkError:
        """What links may have missed or joined wrongly."""
        return link_error(self.run.quality)

    @cached_property
    def usual(self) -> list[str]:
        """The needs, those of most people first."""
        both = [counts(self.cube, self.cube.needs, one, self.error) for one in POPULATIONS]
        total = {
            need: sum(one.at_least[1 << place] for one in both) for place, need in enumerate(self.cube.needs)
        }
        return sorted(total, key=lambda need: -total[need])

    @cached_property
    def asked(self) -> Asked:
        """What the address asks for."""
        return asked(self.request.GET, self.cube, self.usual)

    @cached_property
    def both(self) -> tuple[Counts, ...]:
        """Newcomers, then long-term residents, of the people asked for."""
        wanted = self.asked
        return tuple(
            counts(self.cube, wanted.needs, one, self.error, wanted.grouping, wanted.groups)
            for one in POPULATIONS
        )

    @cached_property
    def found(self) -> list[int]:
        """Combinations with enough people, the most people first."""
        return shown_in_any(self.both, self.asked.exactly)

    @cached_property
    def looked_at(self) -> int:
        """The combination looked at more closely: the one asked for, else the first of several needs."""
        if self.asked.combination:
            return self.asked.bits
        several = [one for one in shown_in_any(self.both, exactly=False) if one.bit_count() > 1]
        return several[0] if several else (self.found[0] if self.found else 0)

    def codes(self, combination: int) -> list[str]:
        """The needs of a combination."""
        return [need for place, need in enumerate(self.asked.needs) if combination >> place & 1]

    def name(self, combination: int) -> str:
        """A combination in words."""
        return self._joint.join(name for place, name in enumerate(self._names) if combination >> place & 1)

    @cached_property
    def _names(self) -> list[str]:
        return [words.need(need) for need in self.asked.needs]

    @cached_property
    def _joint(self) -> str:
        return words.joint()

    def address(self, combination: int) -> str:
        """This page with another combination looked at."""
        return self.asked.address(self.request.path, together=".".join(self.codes(combination)))

    @cached_property
    def lines(self) -> list[Line]:
        """The picture's rows."""
        shown = self.found[:MOST_LINES]
        shares = [
            one.figure(combination, self.asked.exactly).shares for one in self.both for combination in shown
        ]
        longest = max([high or 0.0 for _middle, _low, high in shares] + [1e-9])
        return [self._line(combination, longest) for combination in shown]

    def _line(self, combination: int, longest: float) -> Line:
        bars = tuple(
            self._bar(population, one, combination, longest)
            for population, one in zip(POPULATIONS, self.both, strict=True)
        )
        holds = tuple(bool(combination >> place & 1) for place in range(len(self.asked.needs)))
        said = self.name(combination)
        address = self.address(combination) + "#closer"
        return Line(holds, said, address, bars, combination == self.looked_at, is_rtl())

    def _bar(self, population: str, of: Counts, combination: int, longest: float) -> Bar:
        figure = of.figure(combination, self.asked.exactly)
        middle, low, high = figure.shares
        if middle is None:
            said = (withheld(figure), "", "")
            return Bar(words.population(population), _KINDS[population], None, 0.0, 0.0, *said)
        told, interval = numbers.apart(*figure.bounds)
        ends = (low or 0.0) / longest, (high or 0.0) / longest
        portion = numbers.percent(figure.share)
        return Bar(
            words.population(population), _KINDS[population], middle / longest, *ends, told, interval, portion
        )

    @property
    def picture(self) -> dict[str, Any]:
        """What the template draws."""
        return {
            "head": head([words.need(one) for one in self.asked.needs], is_rtl()),
            "lines": [(line, [(bar, drawn_bar(bar)) for bar in line.bars]) for line in self.lines],
            "more": max(len(self.found) - MOST_LINES, 0),
        }

    @property
    def closer(self) -> dict[str, Any]:
        """The combination looked at: figures of both populations and how much is chance."""
        sides = []
        for population, one in zip(POPULATIONS, self.both, strict=True):
            figure = one.figure(self.looked_at)
            told, interval = numbers.apart(*figure.bounds) if figure.people is not None else ("", "")
            sides.append(
                {
                    "population": words.population(population),
                    "figure": told or withheld(figure),
                    "interval": interval,
                    "share": numbers.percent(figure.share) if figure.share is not None else "",
                    "base": numbers.number(figure.base),
                    "lift": words.lift(one.lift(self.looked_at)) if self.looked_at.bit_count() > 1 else "",
                }
            )
        return {"name": self.name(self.looked_at), "sides": sides}

    @cached_property
    def by_district(self) -> dict[str, dict[str, Counts]]:
        """Counts by population, then district; empty where lists carry no districts."""
        chosen = self.codes(self.looked_at)
        return {one: by_group(self.cube, chosen, one, self.error, "district_id") for one in POPULATIONS}

    @cached_property
    def combinations(self) -> Table:
        """Every combination with enough people, for sorting, finding and taking away."""
        return combinations_table(self)

    @cached_property
    def groups(self) -> Table:
        """The combination looked at, in each group of people side by side."""
        return groups_table(self)


def withheld(figure: Figure) -> str:
    """Why there is no figure."""
    return _("nearly everybody") if figure.is_nearly_everybody else _("too few to show")


def is_rtl() -> bool:
    """Whether the page runs from right to left."""
    return numbers.locale().text_direction == "rtl"


def combinations_table(view: Explorer) -> Table:
    """A row a combination, both populations side by side."""
    first, second = view.both
    rows = [
        {
            "name": view.name(one),
            "size": one.bit_count(),
            "combination": one,
            **_cells("new", first, one, view.asked.exactly),
            **_cells("long", second, one, view.asked.exactly),
        }
        for one in view.found
    ]
    columns = [
        Column("name", _("Needs together"), kind="name", filter=True),
        Column("size", _("How many"), kind="whole"),
        *_columns("new", _("Newcomers")),
        *_columns("long", _("Long-term residents")),
    ]
    return Table(
        "combinations",
        columns,
        rows,
        view.request,
        caption=_caption(view.asked.exactly),
        # Of the rows shown alone: twelve needs have thousands.
        href=lambda row: view.address(row["combination"]) + "#closer",
        empty=_(
            "No combination of these needs has enough people to show. Choose fewer needs or more people."
        ),
        note=_(
            "Combinations with too few people to show are left out; of nearly everybody no figure is given."
        ),
    )


def _caption(exactly: bool) -> str:
    if exactly:
        return _("People by exactly which of the chosen needs they have")
    return _("People by needs they have together, whatever else they need")


def _cells(key: str, of: Counts, combination: int, exactly: bool) -> dict[str, Any]:
    figure = of.figure(combination, exactly)
    shown = figure.bounds if figure.people is not None else (None, None, None)
    return {
        key: shown,
        f"{key}_share": figure.share,
        f"{key}_lift": of.lift(combination) if figure.people is not None else None,
        f"{key}_base": figure.base,
    }


def _columns(key: str, who: str) -> list[Column]:
    called = {"who": who}
    return [
        Column(key, _("%(who)s") % called, kind="interval"),
        Column(f"{key}_share", _("%(who)s: share") % called, kind="percent"),
        Column(f"{key}_lift", _("%(who)s: times chance") % called, kind="number"),
        Column(f"{key}_base", _("%(who)s: of how many") % called, kind="number"),
    ]


def groups_table(view: Explorer) -> Table:
    """The combination looked at by sex, age and language; a group a row."""
    chosen = view.codes(view.looked_at)
    rows = []
    for grouping in view.cube.tables:
        if grouping in (EVERYBODY, "district_id"):
            continue
        sides = [by_group(view.cube, chosen, one, view.error, grouping) for one in POPULATIONS]
        rows += [
            {
                "grouping": grouping,
                "name": words.group(grouping, group),
                **_cells("new", sides[0][group], (1 << len(chosen)) - 1, False),
                **_cells("long", sides[1][group], (1 << len(chosen)) - 1, False),
            }
            for group in view.cube.tables[grouping].known_groups
        ]
    there = {grouping: words.grouping(grouping) for grouping in view.cube.tables if grouping != EVERYBODY}
    there.pop("district_id", None)
    columns = [
        Column("name", _("Group"), kind="name"),
        Column("grouping", _("By"), filter=len(there) > 1, choices=there),
        *_without_lift(_columns("new", _("Newcomers"))),
        *_without_lift(_columns("long", _("Long-term residents"))),
    ]
    caption = _("%(needs)s together, by group of people") % {"needs": view.name(view.looked_at)}
    return Table("groups", columns, rows, view.request, caption=caption, empty=_("The lists name no groups."))


def _without_lift(columns: Sequence[Column]) -> list[Column]:
    return [one for one in columns if not one.key.endswith("_lift")]
