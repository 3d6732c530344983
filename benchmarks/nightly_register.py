"""Makes a nightly shelter register of any length, shaped like a city's own: 32 columns, beds or rooms,
blanks, quotes.

The names are made up. The same seed gives the same bytes.
"""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

_SECTORS = ["Families", "Men", "Women", "Youth", "Mixed Adult"]
_SERVICES = [
    "Shelter",
    "Motel/Hotel Shelter",
    "24-Hour Respite Site",
    "Warming Centre",
    "Isolation/Recovery Site",
]
_AREAS = ["Base Shelter and Overnight Services System", "Winter Programs", "Temporary Refugee Response"]
_STREETS = ["Harbour St", "Mill Lane", "College Ave", "Station Rd", "Orchard View Blvd", "Kingsway"]


def _programmes(count: int, rng: np.random.Generator) -> pl.DataFrame:
    number = np.arange(count)
    rooms = rng.random(count) < 0.3
    capacity = rng.integers(8, 180, count)
    street = rng.choice(_STREETS, count)
    return pl.DataFrame(
        {
            "ORGANIZATION_ID": number // 4 + 1,
            "ORGANIZATION_NAME": [f"Open Door Community Services, Branch {i // 4}" for i in number],
            "SHELTER_ID": number // 2 + 1,
            "SHELTER_GROUP": [f"Open Door Residence {i // 2}" for i in number],
            "LOCATION_ID": number + 1000,
            "LOCATION_NAME": [f"Open Door House {i}" for i in number],
            "LOCATION_ADDRESS": [f"{10 + i} {name}" for i, name in zip(number, street, strict=True)],
            "LOCATION_POSTAL_CODE": [f"M{i % 9}A {i % 9}B{i % 7}" for i in number],
            "LOCATION_CITY": ["Sampleton"] * count,
            "LOCATION_PROVINCE": ["ON"] * count,
            "PROGRAM_ID": number + 11000,
            "PROGRAM_NAME": [f"Open Door House {i} - Emergency Program, Main Floor" for i in number],
            "SECTOR": rng.choice(_SECTORS, count),
            "PROGRAM_MODEL": rng.choice(["Emergency", "Transitional"], count, p=[0.8, 0.2]),
            "OVERNIGHT_SERVICE_TYPE": rng.choice(_SERVICES, count),
            "PROGRAM_AREA": rng.choice(_AREAS, count),
            "rooms": rooms,
            "capacity": capacity,
        }
    )


def _night(programmes: pl.DataFrame, day: date, first_id: int, rng: np.random.Generator) -> pl.DataFrame:
    count = programmes.height
    capacity = programmes["capacity"].to_numpy()
    empty = rng.binomial(capacity, 0.03)
    rooms = programmes["rooms"].to_numpy()
    users = np.where(rooms, (capacity - empty) * 2, capacity - empty)
    numbers = pl.DataFrame({"c": capacity, "o": capacity - empty, "e": empty, "z": np.zeros(count, int)})
    rate = (numbers["o"] / numbers["c"] * 100).round(2)

    def of(kind: bool, values: pl.Series) -> pl.Series:
        return values.set(pl.Series(rooms != kind), None)

    return (
        pl.DataFrame(
            {"_id": np.arange(first_id, first_id + count), "OCCUPANCY_DATE": [day.isoformat()] * count}
        )
        .hstack(programmes.drop("rooms", "capacity"))
        .with_columns(
            SERVICE_USER_COUNT=pl.Series(users),
            CAPACITY_TYPE=pl.Series(np.where(rooms, "Room Based Capacity", "Bed Based Capacity")),
            CAPACITY_ACTUAL_BED=of(False, numbers["c"]),
            CAPACITY_FUNDING_BED=of(False, numbers["c"]),
            OCCUPIED_BEDS=of(False, numbers["o"]),
            UNOCCUPIED_BEDS=of(False, numbers["e"]),
            UNAVAILABLE_BEDS=of(False, numbers["z"]),
            CAPACITY_ACTUAL_ROOM=of(True, numbers["c"]),
            CAPACITY_FUNDING_ROOM=of(True, numbers["c"]),
            OCCUPIED_ROOMS=of(True, numbers["o"]),
            UNOCCUPIED_ROOMS=of(True, numbers["e"]),
            UNAVAILABLE_ROOMS=of(True, numbers["z"]),
            OCCUPANCY_RATE_BEDS=of(False, rate),
            OCCUPANCY_RATE_ROOMS=of(True, rate),
        )
    )


def write_register(path: Path, rows: int, seed: int = 1, programmes: int = 400) -> None:
    """Write at least `rows` rows as CSV, a night after the other."""
    rng = np.random.default_rng(seed)
    sites = _programmes(programmes, rng)
    day, written = date(2019, 1, 1), 0
    with path.open("wb") as stream:
        while written < rows:
            night = _night(sites, day, written + 1, rng)
            night.write_csv(stream, include_header=written == 0)
            written += night.height
            day += timedelta(days=1)
