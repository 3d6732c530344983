"""Which records of several lists are one person, household or organisation, for a stated purpose and no
longer."""

from philoxenia.linkage.model import Model
from philoxenia.linkage.run import link
from philoxenia.linkage.training import train
from philoxenia.linkage.types import LinkageError, Linked, TrainSpec

__all__ = ["LinkageError", "Linked", "Model", "TrainSpec", "link", "train"]
