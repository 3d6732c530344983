"""Which rows of which table make a series, and what is said to run ahead of it."""

from types import SimpleNamespace
from typing import Any, cast

import polars as pl
import pytest

from philoxenia.exchange import City
from philoxenia.reference import default_parameters
from philoxenia.workflows.arrivals_step import find_arrivals
from philoxenia.workflows.series import signal_of

MONTHS = [f"{2018 + m // 12}-{m % 12 + 1:02d}" for m in range(72)]
CLAIMS = [300 + (m * 37) % 91 + 60 * (m // 12 % 2) for m in range(72)]
SIGNAL = {"table": "claims", "measure": "claims", "time": "month"}


def city(explains: dict[str, str]) -> City:
    """Intake of two groups that both follow the claims of two months before; and what city.toml says."""
    led = [float(2 * CLAIMS[max(m - 2, 0)]) for m in range(72)]
    others = [float(3 * CLAIMS[max(m - 2, 0)] + m % 5) for m in range(72)]
    flow = pl.concat(
        pl.DataFrame({"month": MONTHS, "group": group, "intake": values})
        for group, values in (("led", led), ("others", others))
    )
    series = {"table": "flow", "group": "group", "measures": ["intake"]}
    made = SimpleNamespace(
        tables={"flow": flow, "claims": pl.DataFrame({"month": MONTHS, "claims": CLAIMS})},
        arrivals={"series": [series], "signals": [SIGNAL | {"explains": explains}] if explains else []},
        parameters=default_parameters(),
    )
    return cast(City, made)


def middles(explains: dict[str, str], group: str) -> list[float]:
    found = find_arrivals(city(explains), 6, 1).frames["forecasts"]
    medians: list[Any] = found.filter(pl.col("group") == group)["median"].to_list()
    return medians


def test_a_signal_of_one_group_names_it_and_one_of_all_names_none() -> None:
    named = signal_of(city({"measure": "intake", "group": "led"}), "intake")
    of_all = signal_of(city({"measure": "intake"}), "intake")
    assert named is not None
    assert named["group"].unique().to_list() == ["led"]
    assert of_all is not None
    assert of_all.columns == ["time", "value"]
    assert signal_of(city({"measure": "intake"}), "moved") is None


def test_what_explains_one_group_leads_the_forecast_of_that_group_alone() -> None:
    # Bands are learnt over groups together, so others move a little with it, and no more.
    of_all, of_led = {"measure": "intake"}, {"measure": "intake", "group": "led"}
    assert middles(of_led, "led") != pytest.approx(middles({}, "led"), rel=0.05)
    assert middles(of_all, "others") != pytest.approx(middles({}, "others"), rel=0.05)
    assert middles(of_led, "others") == pytest.approx(middles({}, "others"), rel=0.02)


def test_a_signal_of_a_group_that_is_not_there_is_said_and_forecasts_stay() -> None:
    found = find_arrivals(city({"measure": "intake", "group": "lad"}), 6, 1)
    assert any("'lad'" in sentence for sentence in found.notes)
    assert found.frames["forecasts"].equals(find_arrivals(city({}), 6, 1).frames["forecasts"])
