"""The engine's estimates for this installation's city, made once for as long as its package stays.

They take seconds, so they are kept in memory and on disk: other processes find them there.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from django.conf import settings

from philoxenia.exchange import City
from philoxenia.lake.files import write_whole
from philoxenia.lake.source import engine_fingerprint
from philoxenia_web.datasets.queries import package
from philoxenia_web.ui.late import Late

if TYPE_CHECKING:
    from philoxenia.needs.small_area import Estimates

_small_area = Late("philoxenia.needs.small_area")

_MOST_KEPT = 8
_KEPT: dict[tuple[str, float | None], tuple[City, "Estimates"]] = {}


def accounts() -> "Estimates":
    """Households without an account, and with one and still short. Raises `SmallAreaError`, a sentence."""
    return _once("accounts", None, _small_area.unbanked_households)


def ownership(price: float) -> "Estimates":
    """Renter households able to carry a home of a price. Raises `SmallAreaError`."""
    return _once("ownership", price, lambda city: _small_area.ownership_potential(city, price))


def usual_price() -> float:
    """The price of a home that the city's parameters name."""
    return float(package().parameters["small_area.home_price"])


def _once(name: str, price: float | None, make: Callable[[City], "Estimates"]) -> "Estimates":
    city: Any = package()
    kept = _KEPT.get((name, price))
    if kept is None or kept[0] is not city:
        while len(_KEPT) >= _MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)))
        kept = _KEPT[name, price] = (city, _on_disk(f"{name}-{price or 0:.0f}", city, make))
    return kept[1]


def _on_disk(name: str, city: City, make: Callable[[City], "Estimates"]) -> "Estimates":
    """Read what another process made of the same files and engine, or make and keep it."""
    files = sorted(one for one in Path(city.path).rglob("*") if one.is_file())
    stamps = [(one.name, one.stat().st_mtime_ns, one.stat().st_size) for one in files]
    mark = hashlib.sha256(repr((engine_fingerprint(), stamps)).encode()).hexdigest()[:20]
    place = Path(settings.ENVIRONMENT.var) / "estimates" / f"{name}-{mark}"
    table, notes = place.with_suffix(".parquet"), place.with_suffix(".json")
    if table.is_file() and notes.is_file():
        return _small_area.Estimates(
            pl.read_parquet(table), tuple(json.loads(notes.read_text(encoding="utf-8")))
        )
    made = make(city)
    place.parent.mkdir(parents=True, exist_ok=True)
    write_whole(notes, lambda path: path.write_text(json.dumps(made.notes), encoding="utf-8"))
    write_whole(table, made.table.write_parquet)
    return made
