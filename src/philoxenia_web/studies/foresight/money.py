"""Money as pages write it: in the city's currency, in tables in thousands or millions as their head says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from philoxenia_web.ui import numbers

_THOUSAND, _MILLION = 1e3, 1e6
_UNITS: Mapping[float, Promise] = {
    1.0: gettext_lazy("%(currency)s"),
    _THOUSAND: gettext_lazy("thousand %(currency)s"),
    _MILLION: gettext_lazy("million %(currency)s"),
}


@dataclass(frozen=True)
class Money:
    """How amounts of one page are written. `step`: what a figure of its tables counts."""

    currency: str
    step: float = 1.0

    @property
    def unit(self) -> str:
        """What a figure of a table counts: million CAD."""
        return str(_UNITS[self.step]) % {"currency": self.currency}

    def said(self, amount: float | None) -> str:
        """An amount in a sentence: 57.3 million CAD."""
        return self._with_currency(numbers.number(amount))

    def told(self, row: Mapping[str, Any] | None, scale: float = 1.0) -> str:
        """A mean with the interval of eight in ten futures, in a sentence."""
        figure, between = numbers.apart(*triple(row, scale))
        amount = self._with_currency(figure)
        if not between:
            return amount
        return numbers.together(_("%(amount)s (%(between)s)") % {"amount": amount, "between": between})

    def cell(self, row: Mapping[str, Any] | None, scale: float = 1.0) -> tuple[float | None, ...]:
        """The same for a table, in its unit."""
        return triple(row, scale / self.step)

    def whole(self, amount: float | None, scale: float = 1.0) -> float | None:
        """A lone amount for a table, in its unit."""
        return None if amount is None or not isfinite(amount) else amount * scale / self.step

    def _with_currency(self, figure: str) -> str:
        if figure == numbers.NOT_KNOWN:
            return figure
        return numbers.together(_("%(amount)s %(currency)s") % {"amount": figure, "currency": self.currency})


def money_for(currency: str, amounts: Iterable[float | None]) -> Money:
    """Thousands or millions, so that the largest of a table's amounts has few digits."""
    known = [abs(one) for one in amounts if one is not None and isfinite(one)]
    largest = max(known, default=0.0)
    step = _MILLION if largest >= _MILLION else _THOUSAND if largest >= 10 * _THOUSAND else 1.0
    return Money(currency, step)


def triple(row: Mapping[str, Any] | None, scale: float = 1.0) -> tuple[float | None, ...]:
    """Mean and the bounds of eight in ten futures."""
    if row is None:
        return (None, None, None)
    return tuple(None if row.get(name) is None else row[name] * scale for name in ("mean", "p10", "p90"))


def turned(row: Mapping[str, Any]) -> dict[str, Any]:
    """A summary with its sign turned: what is lost as an amount."""
    whole = {name: -row[name] for name in ("mean", "p50") if row.get(name) is not None}
    pairs = (("p5", "p95"), ("p10", "p90"))
    ends = {low: -row[high] for one in pairs for low, high in (one, one[::-1]) if row.get(high) is not None}
    return {**row, **whole, **ends}
