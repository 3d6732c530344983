"""What four made actions bring and cost in every future, by 16 cells: behind the made foresight."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PLAN, WITHOUT = "mean_100", "without"
KINDS = ("children", "women", "men", "older")
GROUPS = tuple(f"{who}_{kind}" for who in ("newcomer", "long_term") for kind in KINDS)
CELLS = (*GROUPS, *(f"{group}.homeless" for group in GROUPS))
FUNDERS = {"city": "City of Squares", "province": "The province"}
YEARS, RATE = 5, 0.035
UNCERTAINTIES = {
    "arrival_path": (0.0, 1.0),
    "exit_factor": (0.6, 1.4),
    "rent_growth": (0.0, 0.06),
    "shock.border_closure": (0.0, 1.0),
}
# Title, blueprint, funder, worth a year, cost a year, newcomers' share of it, share of people without a home.
ACTIONS = {
    "rent_support": ("Rent support for vacant flats", "P1", "city", 9.0e6, 3.1e6, 0.7, 0.8),
    "reception_hub": ("Reception hub with 200 beds", "P2", "city", 3.4e6, 3.2e6, 0.8, 0.6),
    "language_classes": ("Language classes in libraries", "P12", "province", 2.6e6, 0.8e6, 0.95, 0.0),
    "cash_for_work": ("Cash for work in parks", "T6", "province", 1.5e6, 2.0e6, 0.5, 0.0),
}
CHOSEN = ("rent_support", "language_classes")


@cache
def drawn(futures: int) -> dict[str, Floats]:
    """(F,) value of each uncertainty; the shock comes (1) or not (0)."""
    luck = np.random.default_rng(7).random((len(UNCERTAINTIES), futures))
    values = {
        name: low + (high - low) * row
        for (name, (low, high)), row in zip(UNCERTAINTIES.items(), luck, strict=True)
    }
    return values | {"shock.border_closure": (values["shock.border_closure"] > 0.7).astype(float)}


def gains(action: str, futures: int) -> Floats:
    """(F, cells): discounted worth by cell; with many arrivals long-term children lose a little."""
    _title, _blueprint, _funder, worth, _cost, newcomers, homeless = ACTIONS[action]
    world = drawn(futures)
    strength = np.clip(1.5 * world["exit_factor"] - 8 * world["rent_growth"] - 0.65, -0.2, 2.0)
    classes = np.array([0.25, 0.35, 0.3, 0.1])
    groups = np.concatenate([newcomers * classes, (1 - newcomers) * classes])
    shares = np.concatenate([(1 - homeless) * groups, homeless * groups])
    gained = discounted(np.full((1, YEARS), worth)) * strength[:, None] * shares[None, :]
    gained[:, CELLS.index("long_term_children")] -= 5e6 * np.maximum(world["arrival_path"] - 0.7, 0)
    return np.asarray(gained)


def costs(action: str, futures: int) -> Floats:
    """(F, years): what is paid, not discounted."""
    factor = 0.9 + 0.2 * drawn(futures)["rent_growth"] / 0.06
    return np.asarray(np.outer(factor, np.full(YEARS, ACTIONS[action][4])))


def discounted(by_year: Floats) -> Floats:
    """(F,): the worth today of amounts (F, years)."""
    return np.asarray(by_year @ (1 + RATE) ** -np.arange(YEARS, dtype=np.float64))


def cells_of(constituency: str) -> list[int]:
    """The places of a constituency's cells."""
    whose = {"newcomers": "newcomer_", "long_term_residents": "long_term_", "homeless_people": ".homeless"}
    part = whose.get(constituency) or f"_{constituency.removesuffix('_people')}"
    if part == "_men":
        return [place for place, cell in enumerate(CELLS) if "_men" in cell]
    return [place for place, cell in enumerate(CELLS) if part in cell]


def income(cell: str) -> float:
    """A made income a year."""
    return 24_000.0 if cell.endswith(".homeless") else 36_000.0 if cell.startswith("newcomer") else 48_000.0


def weighted(gained: Floats) -> Floats:
    """(F, cells): the gains with distribution weights."""
    return np.asarray(gained * np.array([(48_000.0 / income(cell)) ** 1.3 for cell in CELLS]))


def summary(values: Floats) -> tuple[float, ...]:
    """The columns of a distribution, as `TABLES` orders them."""
    losing = values < 0
    error = values.std(ddof=1) / np.sqrt(values.size) if values.size > 1 else float("nan")
    worst = values[losing].mean() if losing.any() else 0.0
    quantiles = np.quantile(values, (0.05, 0.1, 0.5, 0.9, 0.95))
    return tuple(float(one) for one in (values.mean(), *quantiles, losing.mean(), worst, error))


def bands(values: Floats) -> tuple[float, ...]:
    """Mean, p10, p50, p90."""
    return tuple(float(one) for one in (values.mean(), *np.quantile(values, (0.1, 0.5, 0.9))))
