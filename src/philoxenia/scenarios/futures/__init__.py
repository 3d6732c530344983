"""What plans bring in thousands of futures: people, homes, shelters and services of a city by month."""

from philoxenia.scenarios.futures.outcomes import Outcomes
from philoxenia.scenarios.futures.run import simulate, simulate_plain
from philoxenia.scenarios.futures.sampling import Design, sample_futures
from philoxenia.scenarios.futures.types import FuturesError, Lever, LeverKind, Model, Rule, Span

__all__ = [
    "Design",
    "FuturesError",
    "Lever",
    "LeverKind",
    "Model",
    "Outcomes",
    "Rule",
    "Span",
    "sample_futures",
    "simulate",
    "simulate_plain",
]
