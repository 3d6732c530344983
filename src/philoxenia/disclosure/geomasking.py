"""Points of sites moved far enough that nobody can be found by them: donut geomasking (Hampton et al.
2010).

Each site moves in a random direction past a circle that holds at least so many people and within one that
holds so many more; where few live it moves further. Direction and distance follow from a secret key and
the place, never from a public seed: a site gets the same mask in every release, so that nothing is gained
by averaging. Confidential sites are never among the points, and points of people are no business of this
module: they are never published.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from philoxenia.disclosure.types import DisclosureError, Floats
from philoxenia.reference import default_parameters

_KM_PER_DEGREE = 111.195
# Eleven metres: the same building, however its point was rounded, is the same place.
_PLACE_DECIMALS = 4
_KEY_BYTES = 16


@dataclass(frozen=True)
class Geomasked:
    """Masked points. `spatial_k` is, for each site, how many people live as near to the masked point as it
    does.
    """

    frame: pl.DataFrame
    spatial_k: pl.Series
    confidential: int

    @property
    def least_k(self) -> float:
        """The least number of people among whom a site hides; infinite where there are no sites."""
        least = self.spatial_k.min()
        return float("inf") if least is None else float(least)  # type: ignore[arg-type]


def geomask(
    sites: pl.DataFrame,
    key: bytes,
    *,
    confidential: str,
    density: str = "people_per_km2",
    keep: Sequence[str] = (),
    people_low: float = 0,
    people_high: float = 0,
) -> Geomasked:
    """The sites moved past the circle around them that holds `people_low` people and within that of
    `people_high`.

    `sites` has latitude, longitude (degrees), `density` (people a square kilometre around the site) and a
    boolean column named by `confidential`; only columns in `keep` go out with the point. Distances are
    drawn so that every spot of the ring is as likely. Raises `DisclosureError` for short keys, missing
    columns, empty points and densities.
    """
    parameters = default_parameters()
    low = people_low or parameters["disclosure.donut_people_low"]
    high = people_high or parameters["disclosure.donut_people_high"]
    _check(sites, key, confidential, density, keep, (low, high))
    open_sites = sites.filter(~pl.col(confidential))
    latitude, longitude = (open_sites[name].cast(pl.Float64).to_numpy() for name in ("latitude", "longitude"))
    around = open_sites[density].cast(pl.Float64).to_numpy()
    turn, share = _drawn(latitude, longitude, key)
    people = low + share * (high - low)
    distance_km = np.sqrt(people / (np.pi * around))
    frame = open_sites.select(*keep).with_columns(
        latitude=pl.Series(latitude + distance_km * np.sin(turn) / _KM_PER_DEGREE).round(_PLACE_DECIMALS),
        longitude=pl.Series(
            longitude + distance_km * np.cos(turn) / (_KM_PER_DEGREE * np.cos(np.radians(latitude)))
        ).round(_PLACE_DECIMALS),
    )
    return Geomasked(frame, pl.Series("spatial_k", people), sites.height - open_sites.height)


def _drawn(latitude: Floats, longitude: Floats, key: bytes) -> tuple[Floats, Floats]:
    """A direction (radians) and a share from 0 to 1 for each place, which only the key tells."""
    turns, shares = np.empty(len(latitude)), np.empty(len(latitude))
    for row, (north, east) in enumerate(zip(latitude, longitude, strict=True)):
        place = f"{north:.{_PLACE_DECIMALS}f} {east:.{_PLACE_DECIMALS}f}".encode()
        drawn = hmac.digest(key, b"geomask " + place, hashlib.sha256)
        turns[row] = int.from_bytes(drawn[:8], "big") / 2**64 * 2 * np.pi
        shares[row] = int.from_bytes(drawn[8:16], "big") / 2**64
    return turns, shares


def _check(
    sites: pl.DataFrame,
    key: bytes,
    confidential: str,
    density: str,
    keep: Sequence[str],
    people: tuple[float, float],
) -> None:
    needed = ["latitude", "longitude", density, confidential, *keep]
    if missing := [name for name in needed if name not in sites.columns]:
        raise DisclosureError(
            f"The sites have no column {missing[0]!r}. They have: {', '.join(sites.columns)}."
        )
    if {"latitude", "longitude", density, confidential} & set(keep):
        raise DisclosureError("The true point, its density and the mark of confidential sites do not go out.")
    if len(key) < _KEY_BYTES:
        raise DisclosureError(
            f"The secret key is {len(key)} bytes long: take {_KEY_BYTES} random ones or more."
        )
    if sites[confidential].dtype != pl.Boolean or sites[confidential].null_count():
        raise DisclosureError(
            f"The column {confidential!r} must say yes or no for every site, so that none slips through."
        )
    numbers = sites.filter(~pl.col(confidential)).select("latitude", "longitude", density).cast(pl.Float64)
    if numbers.null_count().sum_horizontal().sum() or numbers.select(pl.col(density).min()).item() in (0.0,):
        raise DisclosureError(f"Every open site needs latitude, longitude and a {density!r} above 0.")
    if not 0 < people[0] < people[1]:
        raise DisclosureError("The inner circle must hold fewer people than the outer one, and at least one.")
