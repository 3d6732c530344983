"""What a case is about: one action or the main plan, its actions, totals, ratio, and the request in words.

Owns the numbers several sections share; ignores how they are laid out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from philoxenia.report.document import Cell
from philoxenia.report.foresight.complete import complete
from philoxenia.report.foresight.types import Foresight
from philoxenia.report.foresight.view import View
from philoxenia.report.types import ReportError

Row = dict[str, Any]
_MOST_TITLES = 6
# A column whose largest amount is this or more has so many decimals.
_DECIMALS = ((10.0, 1), (1.0, 2))
_UNITS = ((1e6, "unit.million"), (1e3, "unit.thousand"), (1.0, "unit.one"))


@dataclass(frozen=True)
class Facts:
    """The subject of a case. `subject`: id of an action or of the main plan; `funder`: id, or empty."""

    found: Foresight
    view: View
    subject: str
    funder: str = ""

    @property
    def is_plan(self) -> bool:
        """Whether the case is that of the whole plan."""
        return self.subject == self.found.main_plan

    @cached_property
    def actions(self) -> list[Row]:
        """The actions of the case, as rows of `actions`; those of a plan with `size`, `start_year`, `cost`,
        `net_mean` of `plan_actions`, the largest net dividend first."""
        rows = {row["action"]: row for row in self.found["actions"].iter_rows(named=True)}
        if not self.is_plan:
            return [rows[self.subject]]
        own = self.found["plan_actions"].filter(pl.col("plan") == self.subject)
        taken = own.sort("net_mean", "action", descending=[True, False])
        return [
            rows.get(row["action"], {"action": row["action"]}) | row for row in taken.iter_rows(named=True)
        ]

    @cached_property
    def totals(self) -> Mapping[str, Row]:
        """Rows of `dividends` of kind total, by name."""
        return {row["name"]: row for row in self.of_kind("total")}

    def of_kind(self, kind: str) -> list[Row]:
        """Rows of `dividends` of one kind."""
        fits = (pl.col("action") == self.subject) & (pl.col("kind") == kind)
        return list(self.found["dividends"].filter(fits).iter_rows(named=True))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to ask for: no action in the plan, or nothing known of it."""
        return not self.actions or not {"net", "gross", "cost"} <= set(self.totals)

    def total(self, name: str) -> str:
        """A total with its interval and currency."""
        row = self.totals[name]
        return self.view.money(row["mean"], row["p10"], row["p90"])

    @property
    def years(self) -> int:
        """Years looked ahead, counted from the first."""
        return max(-(-len(self.found.months) // 12), 1)

    @property
    def first(self) -> str:
        """The first month looked at."""
        return self.view.month(self.found.months[0]) if self.found.months else "–"

    @property
    def last(self) -> str:
        """The last month looked at."""
        return self.view.month(self.found.months[-1]) if self.found.months else "–"

    @cached_property
    def samples(self) -> pl.DataFrame:
        """`samples` of the subject."""
        return self.found["samples"].filter(pl.col("action") == self.subject)

    def ratio(self, weighted: bool = False) -> str:
        """What people gain for one unit of money: mean gain over mean cost; in brackets 8 of 10 futures."""
        cost = self.totals["cost"]["mean"]
        if not cost > 0 or (weighted and "weighted" not in self.totals):
            return "–"
        net = self.totals["weighted" if weighted else "net"]["mean"]
        column, paid = "weighted" if weighted else "net", self.samples["cost"].to_numpy()
        if not (paid > 0).any():
            return self.view.number(net / cost + 1)
        each = self.samples[column].to_numpy()[paid > 0] / paid[paid > 0] + 1
        low, high = np.quantile(each, (0.1, 0.9))
        return self.view.interval(net / cost + 1, float(low), float(high))

    @property
    def title(self) -> str:
        """The title of the case."""
        if self.is_plan:
            return self.view.text("case.title.plan", city=self.found.city.name)
        return self.view.text("case.title.action", action=self.view.name(self.subject))

    @property
    def ask(self) -> str:
        """The request and what it brings, in a few sentences."""
        if self.is_empty:
            return self.view.text("ask.nothing")
        told = [self._request(), *self._share_of_funder(), self._brings()]
        gains = {row["name"]: row for row in self.of_kind("constituency")}
        if {"newcomers", "long_term_residents"} <= set(gains):
            said = {name: self.view.money(row["mean"], row["p10"], row["p90"]) for name, row in gains.items()}
            told.append(
                self.view.text(
                    "ask.groups", newcomers=said["newcomers"], long_term=said["long_term_residents"]
                )
            )
        return " ".join(told)

    def _request(self) -> str:
        view, cost = self.view, self.total("cost")
        if self.is_plan:
            titles = view.listing(self._titles())
            return view.text("ask.plan", cost=cost, years=self.years, count=len(self.actions), titles=titles)
        row = self.actions[0]
        funder = view.name(row["funder"])
        told = view.text(
            "ask.action", funder=funder, cost=cost, years=self.years, title=view.name(row["action"])
        )
        starts = view.text("ask.starts", lead=row["lead_months"], ramp=row["ramp_months"])
        return " ".join(part for part in (told, view.own(row["summary"]), starts) if part)

    def _titles(self) -> list[str]:
        """The actions by name, the largest dividends first; of a long plan the first ones."""
        titles = [self.view.name(row["action"]) for row in self.actions]
        if len(titles) <= _MOST_TITLES:
            return titles
        return [*titles[: _MOST_TITLES - 1], self.view.text("ask.more", count=len(titles) - _MOST_TITLES + 1)]

    def _share_of_funder(self) -> list[str]:
        if not self.funder or not self.is_plan:
            return []
        paid = next((row for row in self.of_kind("funder") if row["name"] == self.funder), None)
        if paid is None:
            return []
        low, high = sorted((abs(paid["p10"]), abs(paid["p90"])))
        cost = self.view.money(abs(paid["mean"]), low, high)
        return [self.view.text("ask.funder", funder=self.view.name(self.funder), cost=cost)]

    def _brings(self) -> str:
        net = self.totals["net"]
        return self.view.text(
            "ask.brings" if net["mean"] >= 0 else "ask.falls_short",
            count=self.found.futures,
            gross=self.total("gross"),
            net=self._middle(net),
            futures=self.view.futures(1 - net["share_losing"]),
        )

    def _middle(self, row: Row) -> str:
        """The size of a mean, rounded as it is beside its interval."""
        figure = self.view.apart(row["mean"], row["p10"], row["p90"])[0].lstrip("\u200e−")
        return self.view.text("money", figure=figure, currency=self.view.currency).strip()

    @property
    def keys(self) -> list[dict[str, str]]:
        """The figures of the first page: figure, interval, sentence."""
        if self.is_empty:
            return []
        view = self.view
        won = f"{100 * (1 - self.totals['net']['share_losing']):.0f}"
        return [
            self._key("cost", view.text("key.cost", years=self.years)),
            self._key("net", view.text("key.net")),
            _apart(self.ratio(), view.text("key.ratio", currency=view.currency or "1")),
            {"figure": view.text("key.of", count=won), "interval": "", "sentence": view.text("key.futures")},
        ]

    def _key(self, name: str, sentence: str) -> dict[str, str]:
        row = self.totals[name]
        unit = unit_of([row["mean"]], self.view)
        first, low, high = self.view.apart(*(row[key] / unit.step for key in ("mean", "p10", "p90")))
        between = self.view.text("legend.between", low=low, high=high) if low else ""
        return {"figure": first, "interval": between, "sentence": f"{unit.words} {sentence}"}


def _apart(interval: str, sentence: str) -> dict[str, str]:
    figure, _bracket, rest = interval.strip("\u2067\u2069").partition(" (")
    return {"figure": figure, "interval": rest.removesuffix(")"), "sentence": sentence}


@dataclass(frozen=True)
class Unit:
    """Money of a table: what one is worth, in words, the decimals of its column, and how a cell says it."""

    step: float
    words: str
    decimals: int
    view: View

    def cell(self, amount: float | None) -> Cell:
        """A lone amount; all of a column have as many decimals, so that they can be compared."""
        if amount is None:
            return Cell("–")
        return Cell(self.view.rounded(amount / self.step, self.decimals), exact=f"{amount:,.0f}")

    def spread(self, middle: float, low: float, high: float) -> Cell:
        """An amount with its interval."""
        parts = (one / self.step for one in (middle, low, high))
        return Cell(self.view.interval(*parts), exact=f"{middle:,.0f}")


def unit_of(amounts: Sequence[float | None], view: View) -> Unit:
    """The unit in which all these amounts are told."""
    largest = max((abs(amount) for amount in amounts if amount is not None), default=0.0)
    step, id_ = next((one for one in _UNITS if largest >= one[0]), _UNITS[-1])
    decimals = next((count for limit, count in _DECIMALS if largest / step >= limit), 2)
    return Unit(step, view.text(id_, currency=view.currency).strip(), decimals, view)


def facts_of(found: Foresight, action: str, funder: str, view: View) -> Facts:
    """The facts of a case. Raises `ReportError` where the action or the funder is not in the study."""
    known = found["actions"]["action"].to_list()
    if action and action not in (*known, found.main_plan):
        raise ReportError(f"There is no action {action!r} in this study. Its actions are: {_listed(known)}.")
    paying = sorted({*found["budgets"]["funder"], *found["actions"]["funder"]} - {None, ""})
    if funder and funder not in paying:
        raise ReportError(f"There is no funder {funder!r} in this study. Its funders are: {_listed(paying)}.")
    return Facts(complete(found), view, action or found.main_plan, funder)


def _listed(ids: list[str]) -> str:
    return ", ".join(ids) if ids else "none"
