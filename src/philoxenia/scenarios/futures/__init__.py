"""What plans bring in thousands of futures: people, homes, shelters and services of a city by month."""

from philoxenia.scenarios.futures.model import model_of
from philoxenia.scenarios.futures.outcomes import Outcomes
from philoxenia.scenarios.futures.run import simulate, simulate_plain
from philoxenia.scenarios.futures.sampling import Design, Method, sample_futures
from philoxenia.scenarios.futures.sentences import summary_of
from philoxenia.scenarios.futures.types import FuturesError, Lever, LeverKind, Model, Rule, Span

__all__ = [
    "Design",
    "FuturesError",
    "Lever",
    "LeverKind",
    "Method",
    "Model",
    "Outcomes",
    "Rule",
    "Span",
    "model_of",
    "sample_futures",
    "simulate",
    "simulate_plain",
    "summary_of",
]
