"""Who lacks several things at once: Alkire-Foster with any dimensions, cutoffs, weights and k."""

from philoxenia.needs.deprivation.indices import deprivation
from philoxenia.needs.deprivation.types import Deprivation, Dimension

__all__ = ["Deprivation", "Dimension", "deprivation"]
