"""Tables of city cards: ids, codes, states, times, numbers; no name, no number of a document, no picture."""

from philoxenia_web.cards.models.benefits import Benefit, Mark, Period
from philoxenia_web.cards.models.cards import (
    Application,
    Card,
    Review,
    Seen,
    SigningKey,
    StatusList,
    Withdrawn,
)

__all__ = [
    "Application",
    "Benefit",
    "Card",
    "Mark",
    "Period",
    "Review",
    "Seen",
    "SigningKey",
    "StatusList",
    "Withdrawn",
]
