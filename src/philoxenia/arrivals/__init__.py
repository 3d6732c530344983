"""How many may come: forecasts with calibrated intervals, how they would have done, demand behind intake."""

from philoxenia.arrivals.backtesting import backtest
from philoxenia.arrivals.demand import estimate_demand, forecast_demand
from philoxenia.arrivals.forecasting import forecast
from philoxenia.arrivals.types import (
    BacktestResult,
    DemandEstimate,
    ForecastError,
    ForecastResult,
    HistoryError,
)

__all__ = [
    "BacktestResult",
    "DemandEstimate",
    "ForecastError",
    "ForecastResult",
    "HistoryError",
    "backtest",
    "estimate_demand",
    "forecast",
    "forecast_demand",
]
