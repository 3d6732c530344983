"""The engine's estimates for this installation's city, made once for as long as its package stays."""

from collections.abc import Callable
from typing import Any

from philoxenia.exchange import City
from philoxenia.needs.small_area import Estimates, ownership_potential, unbanked_households
from philoxenia_web.datasets.queries import package

_MOST_KEPT = 8
_KEPT: dict[tuple[str, float | None], tuple[City, Estimates]] = {}


def accounts() -> Estimates:
    """Households without an account, and with one and still short. Raises `SmallAreaError`, a sentence."""
    return _once("accounts", None, unbanked_households)


def ownership(price: float | None) -> Estimates:
    """Renter households able to carry a home of a price; the parameter's where none is given."""
    return _once("ownership", price, lambda city: ownership_potential(city, price))


def usual_price() -> float:
    """The price of a home that the city's parameters name."""
    return float(package().parameters["small_area.home_price"])


def _once(name: str, price: float | None, make: Callable[[City], Estimates]) -> Estimates:
    city: Any = package()
    kept = _KEPT.get((name, price))
    if kept is None or kept[0] is not city:
        while len(_KEPT) >= _MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)))
        kept = _KEPT[name, price] = (city, make(city))
    return kept[1]
