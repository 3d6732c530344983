"""One estimate by district: map, table with intervals, what it is of and where it is from."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from philoxenia.report.maps import quantile_scale
from philoxenia_web.datasets.queries import package
from philoxenia_web.needs import words
from philoxenia_web.needs.districts import estimating
from philoxenia_web.needs.places import Places
from philoxenia_web.ui import numbers
from philoxenia_web.ui.maps import CityMap
from philoxenia_web.ui.tables import Column, Table

if TYPE_CHECKING:
    from philoxenia.needs.small_area import Estimates

EVERYBODY = "all_residents"
_MOST_NAMED = 3
_PRICES = (0.6, 0.8, 1.0, 1.25, 1.5)


@dataclass(frozen=True)
class Topic:
    """One measure of the engine as a page. `is_count`: households that are mapped as a share of the base."""

    measure: str
    title: Promise
    question: Promise
    figure: Promise
    base: Promise
    is_count: bool
    has_price: bool = False


_HOUSEHOLDS, _RENTERS = gettext_lazy("Households"), gettext_lazy("Renter households")
_PER_THOUSAND = gettext_lazy("Able to, per 1,000 renter households")
TOPICS: Mapping[str, Topic] = {
    "unbanked": Topic(
        "unbanked_households",
        gettext_lazy("Without an account"),
        gettext_lazy("Where do households live without an account at a bank?"),
        gettext_lazy("Households without an account"),
        _HOUSEHOLDS,
        is_count=True,
    ),
    "underbanked": Topic(
        "underbanked_households",
        gettext_lazy("With an account, and still short"),
        gettext_lazy("Where do households with an account pay for cash elsewhere?"),
        gettext_lazy("Households with an account who also use lenders or cheque cashing"),
        _HOUSEHOLDS,
        is_count=True,
    ),
    "ownership": Topic(
        "ownership_carrying_rule",
        gettext_lazy("Could own: what a month costs"),
        gettext_lazy("Where do renters live who could carry a home of their own?"),
        _PER_THOUSAND,
        _RENTERS,
        is_count=False,
        has_price=True,
    ),
    "ownership-rule": Topic(
        "ownership_published_rule",
        gettext_lazy("Could own: income of half the price"),
        gettext_lazy("Where do renters earn at least half of what a home costs?"),
        _PER_THOUSAND,
        _RENTERS,
        is_count=False,
        has_price=True,
    ),
    "repairs": Topic(
        "stock_major_repairs",
        gettext_lazy("Homes in need of repair"),
        gettext_lazy("Where do homes need major repairs?"),
        gettext_lazy("Homes in need of major repairs"),
        _HOUSEHOLDS,
        is_count=True,
    ),
}


@dataclass(frozen=True)
class View:
    """One topic for one population."""

    request: HttpRequest
    places: Places
    currency: str

    @property
    def name(self) -> str:
        """The topic asked for."""
        asked = self.request.GET.get("show", "")
        return asked if asked in TOPICS else next(iter(TOPICS))

    @property
    def topic(self) -> Topic:
        """The topic asked for."""
        return TOPICS[self.name]

    @cached_property
    def price(self) -> float | None:
        """The price of a home asked for: one of a few, so that estimates are made once."""
        if not self.topic.has_price:
            return None
        asked = self.request.GET.get("price", "")
        return next((one for one in self.prices if f"{one:.0f}" == asked), self._usual)

    @cached_property
    def _usual(self) -> float:
        return estimating.usual_price()

    @property
    def prices(self) -> list[float]:
        """Prices to choose from, around the city's own."""
        return [round(self._usual * one, -3) if one != 1 else self._usual for one in _PRICES]

    @cached_property
    def estimates(self) -> "Estimates":
        """The engine's. Raises `SmallAreaError`."""
        return estimating.ownership(self.price) if self.topic.has_price else self._counted

    @cached_property
    def _counted(self) -> "Estimates":
        return estimating.ownership(self._usual) if self.name == "repairs" else estimating.accounts()

    @cached_property
    def populations(self) -> list[str]:
        """The populations the measure is known for, everybody first."""
        there = self._of_measure["population"].unique().to_list()
        return [one for one in (EVERYBODY, "newcomers", "long_term_residents") if one in there]

    @cached_property
    def _of_measure(self) -> pl.DataFrame:
        return self.estimates.table.filter(pl.col("measure") == self.topic.measure)

    @cached_property
    def who(self) -> str:
        """The population asked for."""
        asked = self.request.GET.get("who", "")
        return asked if asked in self.populations else next(iter(self.populations), EVERYBODY)

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """A district a row, the highest share first."""
        found = self._of_measure.filter(pl.col("population") == self.who)
        rows = [self._row(row) for row in found.iter_rows(named=True)]
        return sorted(rows, key=lambda row: -(row["mapped"] if row["mapped"] is not None else -1.0))

    def _row(self, row: Mapping[str, Any]) -> dict[str, Any]:
        base = row["base"]
        if base < self._least:
            return {
                "district": row["district_id"],
                "name": self.places.name(row["district_id"]),
                "figure": (None, None, None),
                "share": None,
                "base": base,
                "mapped": None,
            }
        share = row["estimate"] / base if self.topic.is_count else None
        return {
            "district": row["district_id"],
            "name": self.places.name(row["district_id"]),
            "figure": (row["estimate"], row["low"], row["high"]),
            "share": share,
            "base": base,
            "mapped": share if self.topic.is_count else row["estimate"],
        }

    @cached_property
    def _least(self) -> float:
        """Households below which a figure of a district says nothing."""
        return package().parameters["needs.small_base"]

    @property
    def source(self) -> str:
        """Where the estimates are from, in the engine's words."""
        return next(iter(self._of_measure["source"]), "")

    @property
    def total(self) -> float:
        """All districts together."""
        return float(sum(row["figure"][0] or 0.0 for row in self.rows))

    @property
    def base(self) -> float:
        """The households the total is of."""
        return float(sum(row["base"] or 0.0 for row in self.rows))

    @property
    def lead(self) -> str:
        """The answer, one sentence."""
        highest = words.listed([row["name"] for row in self.rows[:_MOST_NAMED]])
        said = {"places": highest, "total": numbers.number(self.total), "base": numbers.number(self.base)}
        if not self.topic.is_count:
            return _("Most are able to in %(places)s.") % said
        said["share"] = numbers.percent(self.total / self.base if self.base else None)
        return _("%(total)s of %(base)s households (%(share)s); the highest shares: %(places)s.") % said

    @property
    def tabs(self) -> list[tuple[str, str, bool]]:
        """The topics."""
        here = reverse("needs-districts")
        return [(str(one.title), f"{here}?show={name}", name == self.name) for name, one in TOPICS.items()]

    @property
    def switch(self) -> list[tuple[str, str, bool]]:
        """The populations."""
        price = f"&price={self.price:.0f}" if self.price else ""
        address = f"{reverse('needs-districts')}?show={self.name}{price}"
        named = {EVERYBODY: _("All households")}
        return [
            (named.get(one, words.population(one)), f"{address}&who={one}", one == self.who)
            for one in self.populations
        ]

    @property
    def map(self) -> CityMap:
        """The share by district, or how many of a thousand."""
        values = {row["district"]: row["mapped"] for row in self.rows}
        form = numbers.percent if self.topic.is_count else numbers.number
        title = (
            _("Share of %(base)s") % {"base": self.topic.base} if self.topic.is_count else self.topic.figure
        )
        scale = quantile_scale(list(values.values()), str(title), form)
        return self.places.map("districts-map", values, scale, str(self.topic.figure))

    @cached_property
    def table(self) -> Table:
        """Every district with its interval and base."""
        share = [Column("share", _("Share"), kind="percent")] if self.topic.is_count else []
        columns = [
            Column("name", _("District"), kind="name", filter=True),
            Column("figure", str(self.topic.figure), kind="interval"),
            *share,
            Column("base", _("%(base)s in all") % {"base": self.topic.base}, kind="whole"),
        ]
        note = _(
            "Low and high hold the true figure in 95 of 100 cases, if the assumptions hold. "
            "%(sign)s: too few households."
        ) % {"sign": numbers.NOT_KNOWN}
        return Table("districts", columns, self.rows, self.request, caption=str(self.topic.figure), note=note)
