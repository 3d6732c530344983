"""Masked points lie within their ring, the same in every release, and confidential sites are not among
them.
"""

import numpy as np
import polars as pl
import pytest

from philoxenia.disclosure import DisclosureError
from philoxenia.disclosure.geomasking import Geomasked, geomask

KEY = bytes(range(32))
RANDOM = np.random.default_rng(11)
SITES = pl.DataFrame(
    {
        "site": [f"s{i}" for i in range(400)],
        "latitude": 40 + RANDOM.random(400),
        "longitude": 20 + RANDOM.random(400),
        "people_per_km2": RANDOM.uniform(50, 9000, 400),
        "hidden": [i % 10 == 0 for i in range(400)],
    }
)


def masked(sites: pl.DataFrame = SITES, key: bytes = KEY) -> Geomasked:
    return geomask(sites, key, confidential="hidden", keep=["site"])


def moved_km(found: Geomasked) -> np.ndarray:
    both = found.frame.join(SITES, on="site", suffix="_true", maintain_order="left")
    north = (both["latitude"] - both["latitude_true"]).to_numpy() * 111.195
    east = (both["longitude"] - both["longitude_true"]).to_numpy() * 111.195
    return np.hypot(north, east * np.cos(np.radians(both["latitude_true"].to_numpy())))


def test_a_site_moves_past_so_many_people_and_no_further_than_the_outer_circle() -> None:
    found = masked()
    density = SITES.filter(~pl.col("hidden"))["people_per_km2"].to_numpy()
    people = np.pi * moved_km(found) ** 2 * density
    assert people.min() > 50 * 0.8
    assert people.max() < 500 * 1.2
    assert found.least_k >= 50
    assert np.allclose(people, found.spatial_k.to_numpy(), rtol=0.35)


def test_confidential_sites_are_not_among_the_points_and_true_points_do_not_go_out() -> None:
    found = masked()
    assert found.confidential == 40
    assert not set(found.frame["site"]) & set(SITES.filter("hidden")["site"])
    assert found.frame.columns == ["site", "latitude", "longitude"]


def test_averaging_many_releases_finds_no_site() -> None:
    # Each release holds other sites beside, and lists them in another order; the mask of a site stays.
    releases = [masked(SITES.sample(300, seed=seed, shuffle=True)).frame for seed in range(20)]
    mean = pl.concat(releases).group_by("site").agg(pl.col("latitude", "longitude").mean())
    averaged = Geomasked(mean, pl.Series([], dtype=pl.Float64), 0)
    ring = np.sqrt(50 / (np.pi * mean.join(SITES, on="site", maintain_order="left")["people_per_km2"]))
    assert (moved_km(averaged) > 0.8 * ring.to_numpy()).all()


def test_without_the_key_the_mask_cannot_be_repeated() -> None:
    other = masked(key=b"another key that is long enough")
    assert not masked().frame["latitude"].equals(other.frame["latitude"])


@pytest.mark.parametrize(
    ("sites", "key", "says"),
    [
        (SITES, b"short", "secret key"),
        (SITES.drop("hidden"), KEY, "no column 'hidden'"),
        (SITES.with_columns(hidden=pl.lit(None, dtype=pl.Boolean)), KEY, "slips through"),
        (SITES.with_columns(people_per_km2=pl.lit(0.0)), KEY, "above 0"),
    ],
)
def test_what_would_let_a_site_slip_is_refused(sites: pl.DataFrame, key: bytes, says: str) -> None:
    with pytest.raises(DisclosureError, match=says):
        masked(sites, key)
