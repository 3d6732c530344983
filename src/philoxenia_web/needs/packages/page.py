"""The package for what is asked, counted in the protected cube: whom it reaches, and what each step adds."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from django.http import HttpRequest
from django.utils.translation import gettext as _

from philoxenia_web.needs import words
from philoxenia_web.needs.counting import Figure, LinkError
from philoxenia_web.needs.cube import EVERYBODY, POPULATIONS, Cube
from philoxenia_web.needs.packages.asked import Wanted, named, priced
from philoxenia_web.ui import numbers
from philoxenia_web.ui.late import Late
from philoxenia_web.ui.tables import Column, Table

if TYPE_CHECKING:
    from philoxenia.needs.overlap import Overlap
    from philoxenia.needs.packages import Package

_overlap = Late("philoxenia.needs.overlap")
_packages = Late("philoxenia.needs.packages")
_types = Late("philoxenia.needs.types")


@dataclass(frozen=True)
class Finder:
    """A package of programmes for the people of one protected cube."""

    request: HttpRequest
    cube: Cube
    error: LinkError
    wanted: Wanted
    currency: str

    @cached_property
    def found(self) -> "Package | None":
        """The package; None where nothing can be chosen. Programmes over the budget are left aside."""
        budget = self.wanted.budget
        choice = [one for one in self.wanted.programmes if budget is None or 0 < one.cost <= budget]
        if not choice:
            return None
        try:
            return _packages.packages(
                self.overlap,
                priced(choice, budget is not None),
                budget=float("inf") if budget is None else budget,
                most=self.wanted.most,
                objective=self.wanted.objective,
            )
        except _types.NeedsError:
            return None

    @property
    def overlap(self) -> "Overlap":
        """The protected cells as the engine reads them."""
        table = self.cube.tables[EVERYBODY]
        cells = pl.DataFrame(
            {"population": list(table.populations), "mask": table.mask, "people": table.people},
            schema={"population": pl.String, "mask": pl.Int64, "people": pl.Int64},
        )
        return _overlap.Overlap(cells, self.cube.needs, ("population",))

    @cached_property
    def steps(self) -> list[dict[str, Any]]:
        """A programme a row: what it meets and costs, whom it adds, whom all so far reach."""
        if self.found is None:
            return []
        known, rows, met, spent = named(self.wanted.programmes), [], 0, 0.0
        before = [0.0, 0.0]
        for step, id_ in enumerate(self.found.programmes, 1):
            programme = known[id_]
            met |= self._bits(programme.needs)
            spent += programme.cost
            now = [self._reached(population, met) for population in POPULATIONS]
            added = [self._figure(after - ago) for after, ago in zip(now, before, strict=True)]
            rows.append(
                {
                    "step": step,
                    "name": programme.name,
                    "meets": words.together(programme.needs),
                    "cost": programme.cost,
                    "spent": spent,
                    "new": added[0].bounds,
                    "long": added[1].bounds,
                    "all": self._figure(sum(now)).bounds,
                }
            )
            before = now
        return rows

    @cached_property
    def sides(self) -> list[dict[str, Any]]:
        """Newcomers and long-term residents apart: reached, of those with a need; all their needs met."""
        met = self._bits([need for row in self._chosen() for need in row])
        return [self._side(population, met) for population in POPULATIONS]

    def _chosen(self) -> list[Sequence[str]]:
        known = named(self.wanted.programmes)
        return [known[id_].needs for id_ in self.found.programmes] if self.found else []

    def _side(self, population: str, met: int) -> dict[str, Any]:
        base = self._figure(self._reached(population, self._bits(self.cube.needs)))
        reached = self._figure(self._reached(population, met), base.people)
        fully = self._figure(self._fully(population, met), base.people)
        figure, interval = numbers.apart(*reached.bounds) if reached.people is not None else ("", "")
        return {
            "population": words.population(population),
            "figure": figure or _("too few to show"),
            "interval": interval,
            "share": numbers.percent(reached.share) if reached.share is not None else "",
            "base": numbers.number(base.people),
            "fully": numbers.percent(fully.share) if fully.share is not None else "",
            "part": reached.share or 0.0,
        }

    def _bits(self, needs: Sequence[str]) -> int:
        found = 0
        for need in needs:
            found |= 1 << self.cube.needs.index(need)
        return found

    def _reached(self, population: str, met: int) -> float:
        """People of whom some need is met."""
        table = self.cube.tables[EVERYBODY]
        return float(table.people[(table.population == population) & ((table.mask & met) != 0)].sum())

    def _fully(self, population: str, met: int) -> float:
        """People of whom every need is met."""
        table = self.cube.tables[EVERYBODY]
        whole = (table.mask != 0) & ((table.mask & ~np.int64(met)) == 0)
        return float(table.people[(table.population == population) & whole].sum())

    def _figure(self, people: float, base: float | None = None) -> Figure:
        """With the interval of links and rounding; nothing of too few."""
        if people < self.cube.fewest:
            return Figure(None, base=base)
        moved = max(self.cube.moved.get(EVERYBODY) or (0.0,))
        missed, false = self.error.missed or 0.0, self.error.false or 0.0
        return Figure(people, max(people - moved, 0.0) * (1 - missed), (people + moved) * (1 + false), base)

    @property
    def bound(self) -> list[str]:
        """How good the package is known to be, in sentences."""
        found = self.found
        if found is None:
            return []
        counted = _("needs met") if self.wanted.objective == "needs" else _("people reached")
        upper = numbers.number(found.upper)
        if found.best is not None and found.value >= found.best - 1e-6:
            return [_("No other package within these limits does better: all were compared.")]
        told = [
            _(
                "No package within these limits can do better than %(upper)s (%(counted)s); "
                "this one comes to %(value)s."
            )
            % {"upper": upper, "counted": counted, "value": numbers.number(found.value)}
        ]
        if found.guarantee:
            told.append(
                _(
                    "Taking the best next programme again and again is proven to come to "
                    "%(share)s of the best at least."
                )
                % {"share": numbers.percent(found.guarantee)}
            )
        return told

    @cached_property
    def table(self) -> Table:
        """The steps, for the page and for taking away."""
        money = {"currency": self.currency}
        columns = [
            Column("name", _("Programme"), kind="name"),
            Column("step", _("Step"), kind="whole"),
            Column("meets", _("Meets")),
            Column("cost", _("Cost of a year (%(currency)s)") % money, kind="number"),
            Column("spent", _("Spent so far (%(currency)s)") % money, kind="number"),
            Column("new", _("Newcomers it adds"), kind="interval"),
            Column("long", _("Long-term residents it adds"), kind="interval"),
            Column("all", _("People reached so far"), kind="interval"),
        ]
        return Table(
            "package",
            columns,
            self.steps,
            self.request,
            caption=_("The package, programme by programme"),
            empty=_("No programme can be chosen within these limits."),
            note=_("%(sign)s: too few to show.") % {"sign": numbers.NOT_KNOWN},
        )
