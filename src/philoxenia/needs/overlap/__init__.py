"""Who lacks what together with what: n needs as bits, one count over 2^n cells, and what follows from it."""

from philoxenia.needs.overlap.cells import overlap
from philoxenia.needs.overlap.types import Overlap
from philoxenia.needs.populations import with_population

__all__ = ["Overlap", "overlap", "with_population"]
