"""A made-up household survey for examples, tests and benchmarks: drawn from a seed, marked as synthetic.

Blocks are drawn in strata, households in blocks. No figure is that of any city.
"""

from importlib.resources import files

import numpy as np
import polars as pl

_STRATA = ("centre", "east", "west", "port")
_BLOCKS_IN_STRATUM = (60, 45, 80, 30)


def made_up_survey(households: int = 1200, seed: int = 7, blocks: int = 12) -> pl.DataFrame:
    """`households` rows in `blocks` blocks of each of four strata; the columns of `example_spec`."""
    random = np.random.default_rng(seed)
    stratum = random.integers(0, len(_STRATA), households)
    block = random.integers(0, blocks, households)
    # Neighbours are alike: what a block shares makes clusters matter.
    shared = random.normal(0, 0.35, (len(_STRATA), blocks))[stratum, block]
    years = np.round(random.gamma(1.4, 7, households), 1)
    new = years < 5
    members = 1 + random.poisson(1.6 + 0.9 * new)
    children = random.binomial(np.maximum(members - 1, 0), 0.45)
    workers = random.binomial(np.maximum(members - children, 1), np.where(new, 0.42, 0.62))
    income = np.round(workers * np.exp(7.3 + shared - 0.35 * new + random.normal(0, 0.35, households)) + 250)
    tenure = np.where(random.random(households) < np.where(new, 0.04, 0.005), "none", "rents")
    owns = (tenure == "rents") & (random.random(households) < np.where(new, 0.08, 0.5))
    doctor = _doctor(random, new, shared)
    languages = np.where(random.random(households) < np.where(new, 0.38, 0.04), "no", "yes")
    frame = pl.DataFrame(
        {
            "household": np.arange(1, households + 1),
            "stratum": np.array(_STRATA)[stratum],
            "block": block + 1,
            "blocks_in_stratum": np.array(_BLOCKS_IN_STRATUM)[stratum],
            "weight": np.round(
                np.array([30.0, 55.0, 42.0, 25.0])[stratum] * random.uniform(0.7, 1.4, households), 2
            ),
            "district": np.char.add("D", ((stratum * 3 + block % 3) + 1).astype(str)),
            "years_in_city": years,
            "members": members,
            "rooms": np.maximum(1, random.poisson(np.where(new, 1.5, 2.6), households)),
            "children": children,
            "children_at_school": random.binomial(children, np.where(new, 0.86, 0.97)),
            "workers": workers,
            "income": income,
            "tenure": np.where(owns, "owns", tenure),
            "rent": np.where(
                owns | (tenure == "none"),
                0,
                np.round(np.exp(6.6 + 0.3 * shared + random.normal(0, 0.3, households))),
            ),
            "speaks_language": languages,
            "doctor": doctor,
            "synthetic": np.full(households, "synthetic"),
        }
    )
    return frame.with_columns(pl.when(pl.Series(random.random(households) > 0.02)).then("income"))


def _doctor(random: np.random.Generator, new: np.ndarray, shared: np.ndarray) -> np.ndarray:
    needed = random.random(len(new)) < 0.4
    unseen = random.random(len(new)) < np.clip(np.where(new, 0.36, 0.14) - 0.1 * shared, 0, 1)
    found: np.ndarray = np.where(~needed, "not needed", np.where(unseen, "needed, not seen", "needed, seen"))
    return found


def example_spec() -> str:
    """The text of the spec that goes with it."""
    return (files("philoxenia.needs.profiles") / "example.toml").read_text(encoding="utf-8")
