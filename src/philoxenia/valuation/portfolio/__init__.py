"""What a budget buys best: actions, sizes and start years under limits, with reasons and proof."""

from philoxenia.valuation.portfolio.choosing import choose
from philoxenia.valuation.portfolio.explaining import reasons
from philoxenia.valuation.portfolio.fronts import budget_curve, pareto
from philoxenia.valuation.portfolio.types import (
    AIMS,
    Aim,
    Limits,
    Option,
    Portfolio,
    Prerequisite,
)

__all__ = [
    "AIMS",
    "Aim",
    "Limits",
    "Option",
    "Portfolio",
    "Prerequisite",
    "budget_curve",
    "choose",
    "pareto",
    "reasons",
]
