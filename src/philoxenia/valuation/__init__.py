"""What an action brings, to whom, in which futures: dividend, portfolio, robustness, triggers."""

from philoxenia.valuation.discovery import best_box, find_boxes
from philoxenia.valuation.dividend import Dividend, dividend
from philoxenia.valuation.portfolio import Limits, Option, choose
from philoxenia.valuation.robustness import robustness
from philoxenia.valuation.triggers import find_trigger
from philoxenia.valuation.types import Outcomes

__all__ = [
    "Dividend",
    "Limits",
    "Option",
    "Outcomes",
    "best_box",
    "choose",
    "dividend",
    "find_boxes",
    "find_trigger",
    "robustness",
]
