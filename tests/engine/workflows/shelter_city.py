"""A city of two districts with a shelter flow in which rates are known, as a package on disk."""

from pathlib import Path

import numpy as np
from tests.engine.cities.conftest import write_city

MONTHS = 66
_SETTINGS = """
[services]
shown = ["shelter", "primary_care"]

[[arrivals.series]]
id = "shelter"
table = "shelter_flow"
time = "month"
group = "group"
groups = ["all"]
measures = ["newly_identified", "returned_from_housing", "returned_to_shelter"]
stock = "actively_homeless"
"""


def write_shelter_city(folder: Path, to_homes: float = 0.06, months: int = MONTHS) -> Path:
    """People come at random to shelters that a share `to_homes` leaves for homes each month; nobody lives."""
    write_city(folder)
    with (folder / "city.toml").open("a", encoding="utf-8") as settings:
        settings.write(_SETTINGS)
    rng = np.random.default_rng(5)
    stock, rows = 1000, []
    for month in range(months):
        new, back, again = (int(value) for value in rng.poisson((80, 10, 20)))
        moved, lost = round(stock * to_homes * rng.uniform(0.8, 1.2)), round(stock * 0.04)
        stock += new + back + again - moved - lost
        when = f"{2019 + month // 12}-{month % 12 + 1:02d}"
        rows.append(f"{when},all,{back},{again},{new},{moved},{lost},{stock}")
    head = (
        "month,group,returned_from_housing,returned_to_shelter,newly_identified,moved_to_housing,"
        "became_inactive,actively_homeless"
    )
    (folder / "tables" / "shelter_flow.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return folder
