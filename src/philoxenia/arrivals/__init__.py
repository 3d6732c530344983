"""How many may come: forecasts with calibrated intervals, and how they would have done."""

from philoxenia.arrivals.backtesting import backtest
from philoxenia.arrivals.forecasting import forecast
from philoxenia.arrivals.types import BacktestResult, ForecastError, ForecastResult, HistoryError

__all__ = ["BacktestResult", "ForecastError", "ForecastResult", "HistoryError", "backtest", "forecast"]
